"""Files of rows (tables, lists): those that changed are read, loaded chunk by chunk, recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple, TypeVar

from curation.importing.completeness import ReportedPairs
from curation.importing.loading.store import Store
from curation.importing.named import NamedFile, OnProgress
from curation.importing.planning.claims import Claims
from curation.importing.planning.snapshot import Stored
from curation.importing.session import ImportSession
from curation.importing.source.problems import Notes
from curation.importing.source.records import Problem
from curation.importing.source.rules import RULES
from curation.importing.source.tables import TableError, sha256_of
from curation.importing.withdraw import record_table
from curation.models import SourceTable
from proteins.models import Taxon

R = TypeVar("R")
#: Rows in one transaction: enough that its cost is shared, few enough that memory is not.
ROWS_IN_CHUNK: Final = 50_000


class RowFile(NamedTuple):
    """A file of rows that is to be read, with its SHA-256."""

    named: NamedFile
    sha256: str


def changed_files(
    files: Iterable[NamedFile], session: ImportSession, *, force: bool
) -> Iterator[RowFile]:
    """Yield the files that have not been read as they are now, by the present rules; of all,
    where `force`."""
    for named in files:
        try:
            sha256 = sha256_of(named.file)
        except OSError as error:
            reason = f"it cannot be read: {error.strerror}"
            session.refuse(TableError(named.path, None, reason).problem)
            continue
        read = SourceTable.objects.filter(path=named.path, sha256=sha256, rules=RULES)
        if not force and read.exists():
            session.report.pages_skipped += 1
        else:
            yield RowFile(named, sha256)


def load_file(
    file: RowFile,
    read: Callable[[Notes], Iterator[R | Problem]],
    claims_of: Callable[[list[R], Store], Claims],
    session: ImportSession,
    on_row: OnProgress,
    *,
    complete_for: Sequence[Taxon] = (),
    reported: ReportedPairs | None = None,
) -> None:
    """Load the rows that `read` yields, and record the file where it was read to its end.

    What a file that is `complete_for` species lacks of their interactions is then no longer
    reported.
    """
    path = file.named.path
    refused_before = session.report.refused
    rows_read, whole = 0, True
    rows = _sound_rows(path, read, session)
    while chunk := list(islice(rows, ROWS_IN_CHUNK)):
        sound = [row for row in chunk if row is not None]
        if sound:
            _load_chunk(sound, claims_of, session)
        whole = chunk[-1] is not None
        rows_read += len(sound)
        on_row(len(chunk))
    if not whole:  # so that it is read again next time
        session.report.note(f"{path}: not recorded, because it could not be read to its end")
        return
    if not rows_read:
        session.report.note(f"{path}: it has no row that can be read")
    record_table(
        path,
        file.sha256,
        rows=rows_read,
        refused=session.report.refused - refused_before,
        taxa=list(complete_for),
        reported=reported or ReportedPairs(),
        session=session,
    )
    session.report.read([path])


def _sound_rows(
    path: str, read: Callable[[Notes], Iterator[R | Problem]], session: ImportSession
) -> Iterator[R | None]:
    """Yield the rows of a file; None as the last, where it could not be read to its end."""
    notes = Notes(path)
    try:
        for row in read(notes):
            if isinstance(row, Problem):
                session.refuse(row)
            else:
                yield row
    except TableError as error:
        session.refuse(error.problem)
        yield None
    session.report.note(*notes.listed())


def _load_chunk(
    rows: list[R], claims_of: Callable[[list[R], Store], Claims], session: ImportSession
) -> None:
    def claims(store: Store) -> tuple[Claims, Stored]:
        made = claims_of(rows, store)
        return made, store.read(made)

    session.write(claims)
