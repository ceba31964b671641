"""Files of binding sites of one import: annotation tables, downloads of one TF, sequences.

A file is read in chunks, each a transaction, so that an import that was interrupted goes on
where it stopped: what is stored already is unchanged. No file marks sites as no longer
reported: of a complete table, a note says how many stored sites of its species it lacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from curation.importing.loading.store import Store
from curation.importing.named import OnProgress
from curation.importing.planning.claims import Claims, claims_of_sites
from curation.importing.planning.planned import Plan
from curation.importing.rows import FileOfClaims, RowFile
from curation.importing.session import ImportSession
from curation.importing.source.kinds import Kind
from curation.importing.source.problems import Notes
from curation.importing.source.records import BindingSiteRecord, Problem
from curation.importing.source.sequences import read_sequences
from curation.importing.source.site_tables import SiteRow, read_sites
from proteins.models import BindingSite

_FETCH = 10_000


def load_sites(
    files: Iterable[RowFile], session: ImportSession, on_row: OnProgress, *, complete: bool
) -> None:
    """Load tables of binding sites, then sequences: they are of sites that a table or a page
    states."""
    for file in sorted(files, key=lambda one: one.named.kind.kind is Kind.SEQUENCES):
        _SiteFile(file, session, complete=complete).load(on_row)


class _SiteFile(FileOfClaims[SiteRow | BindingSiteRecord]):
    """One file on its way into the database."""

    def __init__(self, file: RowFile, session: ImportSession, *, complete: bool) -> None:
        super().__init__(file, session)
        self._is_sequences = file.named.kind.kind is Kind.SEQUENCES
        self._complete = complete or file.named.kind.claims_complete
        self._species: set[str] = set()
        #: Sequences of sites that are not stored.
        self._unmatched = 0

    def read(self, notes: Notes) -> Iterator[SiteRow | BindingSiteRecord | Problem]:
        file = self.file.named.file
        if self._is_sequences:
            return read_sequences(file, self.path)
        return read_sites(file, self.path, self.session.species, notes)

    def claims_of(self, rows: list[SiteRow | BindingSiteRecord], store: Store) -> Claims:
        self._species.update({row.tf.species for row in rows if isinstance(row, SiteRow)})
        return claims_of_sites(rows, self.path, store.read_former(), store.spellings)

    def loaded(self, plan: Plan) -> None:
        self._unmatched += len(plan.unmatched_sites)

    def why_not_recorded(self) -> str:
        if not self._unmatched:
            return ""
        return (
            f"{self._unmatched:,} of its sequences are of sites that are not stored: "
            "import the table of these sites first"
        )

    def record(self, refused: int) -> None:
        self.check_species(self._species)
        super().record(refused)
        if self._complete and not self._is_sequences:
            self._note_absent_sites()

    def _note_absent_sites(self) -> None:
        """Note how many stored sites of its species a complete table lacks: they stay."""
        met = self.session.report.tallies["binding sites"].has
        stored = BindingSite.objects.filter(tf__taxon__scientific_name__in=self._species)
        keys = stored.order_by().values_list("pk", flat=True).iterator(chunk_size=_FETCH)
        absent = sum(not met(key) for key in keys)
        if absent:
            self.session.report.add_notes(
                f"{self.path}: {absent:,} stored binding sites of its species are not in it; "
                "they stay as they are"
            )
