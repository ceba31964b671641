"""Lists of a species' proteins (`*_browse.csv`) of one import."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from curation.importing.loading.store import Store
from curation.importing.named import OnProgress
from curation.importing.planning.claims import Claims, claims_of_list
from curation.importing.rows import RowFile, load_file
from curation.importing.session import ImportSession
from curation.importing.source.browse import read_browse
from curation.importing.source.problems import Notes
from curation.importing.source.records import ListedProtein, Problem


def load_lists(files: Iterable[RowFile], session: ImportSession, on_row: OnProgress) -> None:
    """Load what lists state of proteins: function and declared number; names and gene IDs
    where none are known."""
    for file in files:
        _load(file, session, on_row)


def _load(file: RowFile, session: ImportSession, on_row: OnProgress) -> None:
    path = file.named.path

    def read(notes: Notes) -> Iterator[ListedProtein | Problem]:
        return read_browse(file.named.file, path, session.species, notes)

    def claims_of(rows: list[ListedProtein], store: Store) -> Claims:
        return claims_of_list(rows, path, store.read_former())

    load_file(file, read, claims_of, session, on_row)
