"""Files of rows (tables, lists): those that changed are read, loaded chunk by chunk, recorded."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Generic, NamedTuple, TypeVar

from curation.importing.completeness import ReportedPairs
from curation.importing.loading.store import Store
from curation.importing.named import NamedFile, OnProgress
from curation.importing.planning.claims import Claims
from curation.importing.planning.planned import Plan
from curation.importing.planning.snapshot import Stored
from curation.importing.session import ImportSession
from curation.importing.source.problems import Notes
from curation.importing.source.records import Problem
from curation.importing.source.tables import TableError, sha256_of
from curation.importing.withdraw import record_table
from curation.models import SourceTable
from proteins.models import Taxon

R = TypeVar("R")
#: Rows in one transaction: enough that its cost is shared, few enough that memory is not.
ROWS_IN_CHUNK = 50_000


class RowFile(NamedTuple):
    """A file of rows that is to be read, with its SHA-256."""

    named: NamedFile
    sha256: str


def _no_dataset(_: NamedFile) -> str:
    return ""


def changed_files(
    files: Iterable[NamedFile],
    session: ImportSession,
    *,
    force: bool,
    dataset_of: Callable[[NamedFile], str] = _no_dataset,
) -> Iterator[RowFile]:
    """Yield the files that have not been read as they are now, by the present rules and for the
    same dataset; of all, where `force`."""
    for named in files:
        try:
            sha256 = sha256_of(named.file)
        except OSError as error:
            reason = f"it cannot be read: {error.strerror}"
            session.refuse(TableError(named.path, None, reason).problem)
            continue
        read = SourceTable.objects.filter(
            path=named.path,
            sha256=sha256,
            dataset=dataset_of(named),
            rules__in=session.present_rules,
        )
        if not force and read.exists():
            session.report.pages_skipped += 1
        else:
            yield RowFile(named, sha256)


class FileOfRows(ABC, Generic[R]):
    """One file of rows on its way into the database: read and loaded chunk by chunk, then
    recorded, where it was read to its end."""

    def __init__(self, file: RowFile, session: ImportSession) -> None:
        self.file = file
        self.path = file.named.path
        self.session = session
        self.rows = 0
        self.is_whole = True

    @abstractmethod
    def read(self, notes: Notes) -> Iterator[R | Problem]:
        """Return its rows and what is refused of them; `notes` collects what is odd."""

    @abstractmethod
    def load_chunk(self, rows: list[R]) -> None:
        """Load a chunk of rows, in a transaction."""

    def why_not_recorded(self) -> str:
        """Return why a file that was read to its end is read again next time; mostly nothing."""
        return ""

    def record(self, refused: int) -> None:
        """Record the file, with how much of it was refused."""
        self.record_complete_for([], ReportedPairs(), refused)

    def record_complete_for(self, taxa: list[Taxon], reported: ReportedPairs, refused: int) -> None:
        """Record the file; what it lacks of the interactions of `taxa` is withdrawn."""
        if taxa:
            self.session.before_all_is_read()
        record_table(
            self.path,
            self.file.sha256,
            rows=self.rows,
            refused=refused,
            taxa=taxa,
            reported=reported,
            session=self.session,
        )

    def load(self, on_row: OnProgress) -> None:
        report = self.session.report
        refused_before = report.refused
        rows = self._sound_rows()
        while chunk := list(islice(rows, ROWS_IN_CHUNK)):
            self.load_chunk(chunk)
            self.rows += len(chunk)
            on_row(len(chunk))
        if not self.is_whole:
            report.add_notes(f"{self.path}: not recorded, because it could not be read to its end")
            return
        if not self.rows:
            report.add_notes(f"{self.path}: it has no row that can be read")
        if why := self.why_not_recorded():
            report.add_notes(f"{self.path}: not recorded, because {why}")
        else:
            self.record(report.refused - refused_before)
        report.read([self.path])

    def _sound_rows(self) -> Iterator[R]:
        notes = Notes(self.path)
        try:
            for row in self.read(notes):
                if isinstance(row, Problem):
                    self.session.refuse(row)
                else:
                    yield row
        except TableError as error:
            self.session.refuse(error.problem)
            self.is_whole = False
        self.session.report.add_notes(*notes.listed())

    def check_species(self, species: set[str]) -> None:
        """Note where the file's name says another species than its rows."""
        named = self.session.species.of_table(self.path)
        if named is not None and species and species != {named}:
            rows = ", ".join(sorted(species))
            self.session.report.add_notes(
                f"{self.path}: its name says {named}, its rows are of {rows}"
            )


class FileOfClaims(FileOfRows[R]):
    """A file of rows that are claims, which the planner weighs against what is stored."""

    @abstractmethod
    def claims_of(self, rows: list[R], store: Store) -> Claims:
        """Return what a chunk of rows states."""

    def loaded(self, plan: Plan) -> None:
        """Do what follows on a chunk."""

    def load_chunk(self, rows: list[R]) -> None:
        def claims(store: Store) -> tuple[Claims, Stored]:
            made = self.claims_of(rows, store)
            return made, store.read(made)

        self.loaded(self.session.write(claims))
