"""Lists of a species' proteins (`*_browse.csv`) of one import: what they state of functions and
declared numbers, and names and gene IDs where none are known."""

from __future__ import annotations

from collections.abc import Iterator

from curation.importing.loading.store import Store
from curation.importing.planning.claims import Claims, claims_of_list
from curation.importing.rows import FileOfClaims
from curation.importing.source.browse import read_browse
from curation.importing.source.problems import Notes
from curation.importing.source.records import ListedProtein, Problem


class ProteinList(FileOfClaims[ListedProtein]):
    """A list of proteins on its way into the database."""

    def read(self, notes: Notes) -> Iterator[ListedProtein | Problem]:
        return read_browse(self.file.named.file, self.path, self.session.species, notes)

    def claims_of(self, rows: list[ListedProtein], store: Store) -> Claims:
        return claims_of_list(rows, self.path, store.read_former())
