"""Files of names, and of what became of identifiers, of one import.

Each is of a source, UniProt or NCBI Gene, in a version that is stated once: with the option, or
by the head of the file. What a source states in a new version replaces what it stated before, for
the proteins that the file speaks of.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from curation.importing.loading.load_fates import FateLoader, Outcome
from curation.importing.loading.load_names import NameLoader, StatedNames
from curation.importing.named import NamedFile, OnProgress
from curation.importing.rows import FileOfRows, RowFile, changed_files
from curation.importing.session import ImportSession
from curation.importing.source import names as source
from curation.importing.source.kinds import NAME_SOURCES, Kind
from curation.importing.source.problems import Notes, TableError
from curation.importing.source.records import Problem
from curation.importing.withdraw import record
from curation.models import RunChunk, SourceTable
from proteins.models import GeneID, NameSource, Protein, Taxon, TaxonName

#: The order in which files are read: names of a gene ID that is replaced come first.
_ORDER: Final = (
    Kind.UNIPROT, Kind.GENE_INFO, Kind.SECONDARY, Kind.DELETED, Kind.GENE_HISTORY,
)  # fmt: skip
#: Merges the first of two proteins, by accession, into the second.
Merge = Callable[[str, str], None]


@dataclass(frozen=True)
class NameOptions:
    """How files of names are imported.

    `version` is that of their source; a source that has none yet needs one, unless the file
    states it. `apply` merges proteins whose accession was merged, and gene IDs that were
    replaced are; without it both are proposed.
    """

    version: str = ""
    apply: Merge | None = None


class NameFiles:
    """The files of names of one import."""

    def __init__(
        self,
        files: Sequence[NamedFile],
        session: ImportSession,
        options: NameOptions,
        *,
        force: bool,
    ) -> None:
        self._session = session
        self._options = options
        self._versions: dict[str, str] = {}
        sources = {NAME_SOURCES[file.kind.kind] for file in files}
        self._is_ambiguous = bool(options.version) and len(sources) > 1
        files = [file for file in files if self._has_version(file)]
        self._files = [
            changed
            for file in files
            for changed in changed_files(
                [file],
                session,
                force=force or _speaks_of_more(file),
                dataset_of=self._dataset_of,
            )
        ]

    def _dataset_of(self, file: NamedFile) -> str:
        """Return the source and version that a file is of."""
        return f"{NAME_SOURCES[file.kind.kind]} {self._versions[file.path]}"

    def _has_version(self, file: NamedFile) -> bool:
        """Whether it is clear of which version a file is; else it is refused."""
        name = NAME_SOURCES[file.kind.kind]
        try:
            if self._is_ambiguous:
                reason = "a version is of one source: import files of UniProt and of NCBI apart"
                raise TableError(file.path, None, reason)
            version = self._options.version or _version_of(file) or _newest_version(name)
            if not version:
                reason = (
                    f"names of {name} are new here: import_names needs the version of the file "
                    "(--of-version) this once"
                )
                raise TableError(file.path, None, reason)
        except TableError as error:
            self._session.refuse(error.problem)
            return False
        self._versions[file.path] = version
        return True

    def load(self, on_row: OnProgress) -> None:
        files = sorted(self._files, key=lambda file: _ORDER.index(file.named.kind.kind))
        for file in files:
            name = NAME_SOURCES[file.named.kind.kind]
            stored = self._stored_source(name, self._versions[file.named.path])
            _FILES[file.named.kind.kind](file, self._session, self._options, stored).load(on_row)

    def _stored_source(self, name: str, version: str) -> NameSource:
        """Return the source of a file in its version."""

        def work() -> NameSource:
            stored, made = NameSource.objects.get_or_create(name=name, version=version)
            if made:
                self._session.journal.created(NameSource, [stored.pk])
            return stored

        return self._session.attempt(work)


def _speaks_of_more(file: NamedFile) -> bool:
    """Whether proteins, or gene IDs, have come in since a file was read: it may name them."""
    table = SourceTable.objects.filter(path=file.path).first()
    if table is None:
        return False
    later = RunChunk.objects.filter(run_id__gt=table.run_id)
    return any(
        later.filter(created__has_key=model._meta.label).exists() for model in (Protein, GeneID)
    )


def _version_of(file: NamedFile) -> str:
    """Return the version that the head of a list of accessions states."""
    if file.kind.kind not in (Kind.SECONDARY, Kind.DELETED):
        return ""
    return source.release_of(file.file, file.path)


def _newest_version(name: str) -> str:
    versions = NameSource.objects.filter(name=name).order_by("-pk")
    return versions.values_list("version", flat=True).first() or ""


class _NameFile(FileOfRows[Any]):
    """A file of a source of names on its way into the database."""

    def __init__(
        self, file: RowFile, session: ImportSession, options: NameOptions, stored: NameSource
    ) -> None:
        super().__init__(file, session)
        self.source = stored
        self.options = options

    def read(self, notes: Notes) -> Iterator[Any]:
        self.notes = notes
        return self.records()

    @abstractmethod
    def records(self) -> Iterator[Any]:
        """Return what the file says of proteins that are here, and what is refused."""

    @property
    def taxa(self) -> frozenset[str]:
        """The taxon IDs, as texts, of the species here and of their strains."""
        ids = map(str, Taxon.objects.values_list("ncbi_taxon_id", flat=True))
        return frozenset(ids) | frozenset(TaxonName.objects.values_list("name", flat=True))

    def record(self, refused: int) -> None:
        """Record the file with the source and version that it was read for."""
        self.session.attempt(
            lambda: record(
                self.path, self.file.sha256, self.rows, refused, [], self.session,
                dataset=str(self.source),
            )
        )  # fmt: skip

    def name_loader(self) -> NameLoader:
        session = self.session
        return NameLoader(session.bulk, session.report, session.journal, session.run, self.source)

    def fate_loader(self) -> FateLoader:
        session = self.session
        return FateLoader(session.bulk, session.report, session.journal, session.run, self.source)


class _UniProtFile(_NameFile):
    """A UniProt table of names: a row is all that it says of a protein."""

    def records(self) -> Iterator[source.NamesRecord | Problem]:
        rows = Protein.objects.order_by().values_list("accession", "pk", "taxon__scientific_name")
        self._proteins = {accession: (key, species) for accession, key, species in rows.iterator()}
        self._lines: dict[str, int] = {}
        file = self.file.named.file
        self._kinds = source.kinds_of_uniprot(file, self.path)
        for item in source.read_uniprot(file, self.path, self._proteins.keys()):
            if isinstance(item, Problem):
                yield item
            elif reason := self._why_not(item):
                yield Problem(self.path, "table", item.line, reason)
            else:
                yield item

    def _why_not(self, row: source.NamesRecord) -> str:
        """Return why a row is refused; mostly nothing."""
        first = self._lines.setdefault(row.accession, row.line)
        if first != row.line:
            return f"{row.accession} is in line {first} already"
        species = self._proteins[row.accession][1]
        if row.taxon and self.session.species.scientific(row.taxon) not in (None, species):
            return f"{row.accession} is a protein of {species}, not of the organism {row.taxon}"
        return ""

    def load_chunk(self, rows: list[source.NamesRecord]) -> None:
        stated = {
            self._proteins[row.accession][0]: StatedNames(row.accession, [*row.names])
            for row in rows
        }
        self.session.attempt(lambda: self.name_loader().write(stated, self._kinds))


class _GeneInfoFile(_NameFile):
    """NCBI's gene_info: what it says of a protein is in the rows of all its genes."""

    def records(self) -> Iterator[tuple[int, StatedNames] | Problem]:
        proteins: dict[str, list[tuple[int, str]]] = defaultdict(list)
        rows = GeneID.objects.order_by().values_list(
            "ncbi_gene_id", "protein_id", "protein__accession"
        )
        for gene, key, accession in rows.iterator():
            proteins[str(gene)].append((key, accession))
        stated: dict[int, StatedNames] = {}
        file = self.file.named.file
        for item in source.read_gene_info(file, self.path, self.taxa, proteins.keys()):
            if isinstance(item, Problem):
                yield item
                continue
            for key, accession in proteins[str(item.gene_id)]:
                one = stated.setdefault(key, StatedNames(accession))
                one.names += item.names
                one.references += item.references
        yield from stated.items()

    def load_chunk(self, rows: list[tuple[int, StatedNames]]) -> None:
        kinds = source.kinds_of_gene_info()
        stated = dict(rows)
        self.session.attempt(lambda: self.name_loader().write(stated, kinds, with_references=True))


class _FateFile(_NameFile):
    """A file that says what became of identifiers: a list of people's decisions to make."""

    def load_chunk(self, rows: list[Any]) -> None:
        outcome = self.session.attempt(lambda: self.write(dict(rows)))
        self.session.report.add_notes(*(f"{self.path}: {note}" for note in outcome.notes))
        for accession, successor in outcome.merged if self.options.apply else ():
            self._merge(accession, successor)

    def write(self, rows: Mapping[Any, Any]) -> Outcome:
        return self.fate_loader().write_accessions(rows)

    def _merge(self, accession: str, successor: str) -> None:
        merge = self.options.apply
        assert merge is not None  # noqa: S101  (the caller looked)
        self.session.attempt(lambda: merge(accession, successor))


class _SecondaryFile(_FateFile):
    """sec_ac.txt: an accession that was divided has a line for each entry."""

    def records(self) -> Iterator[tuple[str, list[str]] | Problem]:
        here = set(Protein.objects.order_by().values_list("accession", flat=True).iterator())
        concerned: set[str] = set()
        for item in source.read_secondary(self.file.named.file, self.path):
            if isinstance(item, Problem):
                yield item
            elif item.accession in here or item.successor in here:
                concerned.add(item.accession)
        successors: dict[str, list[str]] = {}
        for item in source.read_secondary(self.file.named.file, self.path):
            if not isinstance(item, Problem) and item.accession in concerned:
                successors.setdefault(item.accession, []).append(item.successor)
        yield from successors.items()


class _DeletedFile(_FateFile):
    """delac_sp.txt or delac_tr.txt."""

    def records(self) -> Iterator[tuple[str, list[str]] | Problem]:
        here = set(Protein.objects.order_by().values_list("accession", flat=True).iterator())
        for item in source.read_deleted(self.file.named.file, self.path, here):
            yield item if isinstance(item, Problem) else (item.accession, [])


class _GeneHistoryFile(_FateFile):
    """NCBI's gene_history."""

    def records(self) -> Iterator[tuple[int, int | None] | Problem]:
        genes = GeneID.objects.order_by().values_list("ncbi_gene_id", flat=True)
        here = set(map(str, genes.iterator()))
        for item in source.read_gene_history(self.file.named.file, self.path, self.taxa, here):
            yield item if isinstance(item, Problem) else (item.gene_id, item.successor)

    def write(self, rows: Mapping[Any, Any]) -> Outcome:
        return self.fate_loader().write_genes(rows, apply=self.options.apply is not None)


_FILES: Final[Mapping[Kind, type[_NameFile]]] = {
    Kind.UNIPROT: _UniProtFile,
    Kind.GENE_INFO: _GeneInfoFile,
    Kind.SECONDARY: _SecondaryFile,
    Kind.DELETED: _DeletedFile,
    Kind.GENE_HISTORY: _GeneHistoryFile,
}
