"""All files of one species: each resource, class of evidence and format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from django.conf import settings
from django.utils.text import slugify

from proteins.api.formats import BINDING_SITES, INTERACTIONS, Format
from proteins.api.records import Record, RecordMaker
from proteins.api.release_redirect import ALL, CLASSES
from proteins.api.tables import FileRows
from proteins.domain.evidence import SmallScale
from proteins.domain.statements import StatementState
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
from proteins.releases.writing import write_packed

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
            for name, scale in SCALES.items():
                rows = SpoolRows(spool, scale, self.progress.tick)
                texts = file_format.write(FileRows(rows, partial(_records, resource, rows)))
                self._write(
                    (resource, taxon, name),
                    (file_format.name, file_format.suffix, file_format.media_type),
                    spool.number(scale),
                    texts,
                )

    def _proteins(self, taxon: Taxon, counts: SpeciesCounts) -> None:
        if not Protein.objects.filter(taxon=taxon).exists():
            return

        def counted() -> Iterator[protein_tables.Record]:
            for record in protein_tables.proteins(taxon):
                counts.proteins += 1
                counts.transcription_factors += record["is_tf"]
                counts.targets += record["is_target"]
                counts.orthologs += len(record["orthologs"])
                yield record

        for resource, name, table, _ in protein_tables.TABLES:
            counts.proteins = counts.transcription_factors = counts.targets = counts.orthologs = 0
            texts = table(counted())
            kind = (name, name, _TABLE_TYPES[name])
            self._write((resource, taxon, ""), kind, None, texts)
            rows = getattr(counts, resource)
            self.files[-1] = self.files[-1]._replace(rows=rows)

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
        resource, taxon, evidence_class = what
        name, suffix, media_type = kind
        parts = ("TFLink", self.release, taxon.code, resource, evidence_class)
        file_name = f"{'_'.join(filter(None, parts))}.{suffix}.gz"
        written = write_packed(self.folder / file_name, texts)
        self.files.append(
            ReleaseFile(
                name=file_name,
                resource=resource,
                species=taxon.code,
                taxon=taxon.ncbi_taxon_id,
                evidence_class=evidence_class,
                format=name,
                media_type=media_type,
                rows=rows,
                size=written.size,
                sha256=written.sha256,
            )
        )
