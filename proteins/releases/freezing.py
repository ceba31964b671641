"""All files of one species: each resource, class of evidence and format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from django.conf import settings
from django.utils.text import slugify

from proteins.api.formats import BINDING_SITES, INTERACTIONS, Format, Writer
from proteins.api.records import Record, RecordMaker
from proteins.api.release_redirect import ALL, CLASSES
from proteins.api.tables import FileRows
from proteins.domain.evidence import SmallScale
from proteins.domain.statements import StatementState
from proteins.exports.lines import Lines
from proteins.exports.rows import INTERACTION_FIELDS, SITE_FIELDS
from proteins.exports.statement_table import statement_table
from proteins.models import Dataset, Evidence, Protein, Statement, Taxon
from proteins.release_store import ReleaseFile
from proteins.releases import protein_tables
from proteins.releases.rows import (
    Spool,
    SpoolRows,
    Tick,
    read_interactions,
    read_sites,
)
from proteins.releases.writing import PackedFile, packing

#: The classes of evidence, each with the scale of its rows.
SCALES: Final[Mapping[str, SmallScale | None]] = {
    ALL: None,
    CLASSES["yes"]: SmallScale.YES,
    CLASSES["no"]: SmallScale.NO,
}
#: Media types of the tables that the API has no list of.
_TABLE_TYPES: Final = {"tsv": "text/tab-separated-values", "jsonl": "application/jsonl"}


def _records(resource: str, rows: SpoolRows) -> Iterator[list[Record]]:
    """Records whose URLs are those of SITE_URL, or relative where that is not set."""
    maker = RecordMaker(settings.SITE_URL, rows.cache_limit)
    make = maker.interactions if resource == "interactions" else maker.sites
    for batch in make(rows):
        yield [record for _, record in batch]


@dataclass
class SpeciesCounts:
    """What a release holds of a species; interactions and sites by class of evidence."""

    code: str
    ncbi_taxon_id: int
    scientific_name: str
    proteins: int = 0
    transcription_factors: int = 0
    targets: int = 0
    orthologs: int = 0
    interactions: dict[str, int] = field(default_factory=dict)
    binding_sites: dict[str, int] = field(default_factory=dict)
    statements: int = 0

    def count(self, record: protein_tables.Record) -> None:
        """Count a protein and its orthologs."""
        self.proteins += 1
        self.transcription_factors += record["is_tf"]
        self.targets += record["is_target"]
        self.orthologs += len(record["orthologs"])


class Progress(NamedTuple):
    """Receives the progress: the rows to come of a species, and rows as they pass."""

    begin: Callable[[str, int], object]
    tick: Tick


@dataclass
class Freezer:
    """Writes the content of one read snapshot into the folder of a new release."""

    release: str
    folder: Path
    progress: Progress
    files: list[ReleaseFile] = field(default_factory=list)
    species: list[SpeciesCounts] = field(default_factory=list)
    evidence: set[int] = field(default_factory=set)
    #: Datasets by the fold of their names, and those that are in each file of statements.
    datasets: dict[str, Dataset] = field(default_factory=dict)
    statement_files: dict[str, list[Dataset]] = field(default_factory=dict)

    def freeze(self) -> None:
        """Within a consistent read: every species that has anything."""
        accessions = dict(Protein.objects.order_by().values_list("pk", "accession"))
        stored = Evidence.objects.order_by().values_list("pk", "small_scale")
        scales = {key: SmallScale(scale) for key, scale in stored}
        for taxon in Taxon.objects.order_by("ncbi_taxon_id"):
            self._species(taxon, accessions, scales)

    def _species(
        self, taxon: Taxon, accessions: Mapping[int, str], scales: Mapping[int, SmallScale]
    ) -> None:
        counts = SpeciesCounts(taxon.code, taxon.ncbi_taxon_id, taxon.scientific_name)
        self._proteins(taxon, counts)
        if not counts.proteins:
            return
        self.species.append(counts)
        self._statements(taxon, counts)
        for resource, read, fields, formats in (
            ("interactions", read_interactions, INTERACTION_FIELDS, INTERACTIONS),
            ("binding-sites", read_sites, SITE_FIELDS, BINDING_SITES),
        ):
            spool = Spool(self.folder / "rows", fields, scales)
            spool.fill(read(taxon, accessions))
            self.evidence |= spool.evidence
            numbers = {name: spool.number(scale) for name, scale in SCALES.items()}
            numbers["not-stated"] = spool.number(SmallScale.NOT_STATED)
            if resource == "interactions":
                counts.interactions = numbers
            else:
                counts.binding_sites = numbers
            if numbers[ALL]:
                rows = sum(numbers[name] for name in SCALES) * len(formats)
                self.progress.begin(f"{taxon.code} {resource}", rows)
                self._supported(resource, taxon, spool, formats)
            spool.path.unlink()

    def _supported(
        self, resource: str, taxon: Taxon, spool: Spool, formats: Iterable[Format]
    ) -> None:
        for file_format in formats:
            write, files = file_format.write, _Files(self, resource, taxon, file_format, spool)
            if isinstance(write, Lines):
                files.write_lines(write)
            else:
                files.write_each(write)

    def _proteins(self, taxon: Taxon, counts: SpeciesCounts) -> None:
        if not Protein.objects.filter(taxon=taxon).exists():
            return

        tables = protein_tables.TABLES
        with ExitStack() as stack:
            files = [
                stack.enter_context(packing(self.path((table.resource, taxon, ""), table.format)))
                for table in tables
            ]
            for table, file in zip(tables, files, strict=True):
                file.write(table.head)
            for record in protein_tables.proteins(taxon):
                counts.count(record)
                for table, file in zip(tables, files, strict=True):
                    file.write(table.text(record))
        for table, file in zip(tables, files, strict=True):
            kind = (table.format, table.format, _TABLE_TYPES[table.format])
            self.add((table.resource, taxon, ""), kind, getattr(counts, table.resource), file)

    def _statements(self, taxon: Taxon, counts: SpeciesCounts) -> None:
        """Write what datasets state, and by itself what is passed on under its licence only."""
        active = Statement.objects.public().filter(
            state=StatementState.ACTIVE, interaction__tf__taxon=taxon
        )
        named = Dataset.objects.filter(statements__in=active).distinct().order_by("fold")
        datasets = list(named)
        groups = {"csv": [dataset for dataset in datasets if not dataset.is_share_alike]}
        for dataset in datasets:
            if dataset.is_share_alike:
                groups[f"csv-{slugify(dataset.name) or dataset.pk}"] = [dataset]
        for name, group in groups.items():
            rows = active.filter(dataset__in=group)
            if number := rows.count():
                counts.statements += number
                self.datasets.update({dataset.fold: dataset for dataset in group})
                self.statement_files[name] = group
                own = name.removeprefix("csv").lstrip("-")
                kind = (name, "csv", "text/csv")
                self._write(("statements", taxon, own), kind, number, statement_table(rows))
                self.files[-1] = self.files[-1]._replace(evidence_class="")

    def _write(
        self,
        what: tuple[str, Taxon, str],
        kind: tuple[str, str, str],
        rows: int | None,
        texts: Iterable[str],
    ) -> None:
        with packing(self.path(what, kind[1])) as file:
            for text in texts:
                file.write(text)
        self.add(what, kind, rows, file)

    def path(self, what: tuple[str, Taxon, str], suffix: str) -> Path:
        """The file of a resource, a species and a class of evidence."""
        resource, taxon, evidence_class = what
        parts = ("TFLink", self.release, taxon.code, resource, evidence_class)
        return self.folder / f"{'_'.join(filter(None, parts))}.{suffix}.gz"

    def add(
        self,
        what: tuple[str, Taxon, str],
        kind: tuple[str, str, str],
        rows: int | None,
        file: PackedFile,
    ) -> None:
        resource, taxon, evidence_class = what
        name, _, media_type = kind
        self.files.append(
            ReleaseFile(
                name=file.path.name,
                resource=resource,
                species=taxon.code,
                taxon=taxon.ncbi_taxon_id,
                evidence_class=evidence_class,
                format=name,
                media_type=media_type,
                rows=rows,
                size=file.written.size,
                sha256=file.written.sha256,
            )
        )


@dataclass(frozen=True)
class _Files:
    """The files of a resource of a species in one format: of all rows, and of each class."""

    freezer: Freezer
    resource: str
    taxon: Taxon
    format: Format
    spool: Spool

    def write_lines(self, lines: Lines[FileRows]) -> None:
        """Make the text of each row once, for all files that have it."""
        scales, tick = self.spool.row_scales(), self.freezer.progress.tick
        with ExitStack() as stack:
            files = {
                scale: stack.enter_context(packing(self._path(name)))
                for name, scale in SCALES.items()
            }
            for file in files.values():
                file.write(lines.head)
            for texts in lines.texts(self._rows(None, lambda _: None)):
                of_batch = list(islice(scales, len(texts)))
                for scale, file in files.items():
                    own = texts if scale is None else _at(scale, texts, of_batch)
                    file.write("".join(own))
                    tick(len(own))
        for name, scale in SCALES.items():
            self._add(name, scale, files[scale])

    def write_each(self, write: Writer) -> None:
        """Write each file by itself: what is in it depends on all its rows."""
        for name, scale in SCALES.items():
            with packing(self._path(name)) as file:
                for text in write(self._rows(scale, self.freezer.progress.tick)):
                    file.write(text)
            self._add(name, scale, file)

    def _rows(self, scale: SmallScale | None, tick: Tick) -> FileRows:
        rows = SpoolRows(self.spool, scale, tick)
        return FileRows(rows, partial(_records, self.resource, rows))

    def _path(self, name: str) -> Path:
        return self.freezer.path((self.resource, self.taxon, name), self.format.suffix)

    def _add(self, name: str, scale: SmallScale | None, file: PackedFile) -> None:
        kind = (self.format.name, self.format.suffix, self.format.media_type)
        self.freezer.add((self.resource, self.taxon, name), kind, self.spool.number(scale), file)


def _at(scale: SmallScale, texts: list[str], scales: list[SmallScale]) -> list[str]:
    return [text for text, each in zip(texts, scales, strict=True) if each is scale]
