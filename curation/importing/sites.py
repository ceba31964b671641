"""Import of binding sites: annotation tables, downloads of one TF, and files of sequences.

A file is read in chunks, each a transaction, so that an import that was interrupted goes on
where it stopped: what is stored already is unchanged. No file marks sites as no longer
reported: of a complete table, a note says how many stored sites of its species it lacks.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from django.db import transaction

from curation.importing.loading.journal import Events
from curation.importing.loading.report import RunReport, shown_path
from curation.importing.loading.store import Store
from curation.importing.planning.claims import Claims, claims_of_sites
from curation.importing.planning.snapshot import Stored
from curation.importing.run import (
    ROWS_IN_CHUNK,
    NameOf,
    NewTable,
    OnProgress,
    OnStart,
    check_species,
    new_tables,
    quiet,
    why_not_recorded,
)
from curation.importing.session import ImportSession, OnProblem, import_session
from curation.importing.source.kinds import SITE_KINDS, Kind
from curation.importing.source.problems import Notes, TableError
from curation.importing.source.records import BindingSiteRecord, Problem
from curation.importing.source.sequences import read_sequences
from curation.importing.source.site_tables import SiteRow, read_sites
from curation.importing.withdraw import record
from curation.shared.lock import wait_for_curators
from proteins.models import BindingSite

_FETCH = 10_000


def import_sites(
    files: Sequence[Path],
    *,
    complete: bool = False,
    confirmed: bool = False,  # noqa: ARG001 (as `import_tables`; nothing here is withdrawn)
    force: bool = False,
    dry_run: bool = False,
    name_of: NameOf = str,
    on_start: OnStart = quiet,
    on_progress: OnProgress = quiet,
    on_problem: OnProblem = quiet,
    events: Events | None = None,
) -> RunReport:
    """Import tables and sequences of binding sites and return what happened.

    Sequences are read last: they are of sites that a table or a page states. Parameters and
    errors are those of `import_tables`.
    """
    for file in files:
        if not file.exists():
            raise FileNotFoundError(file)
    named = {Path(path): name_of(Path(path)) for path in map(os.path.normpath, files)}
    with import_session(
        "import_sites",
        [shown_path(name) for name in named.values()],
        on_problem=on_problem,
        events=events,
        dry_run=dry_run,
    ) as session:
        on_start(session.run)
        session.report.documents = "files of binding sites"
        tables = new_tables(
            named,
            session,
            force=force,
            complete=complete,
            kinds=SITE_KINDS | {Kind.SEQUENCES},
            what="file of binding sites",
        )
        for table in sorted(tables, key=lambda one: one.kind is Kind.SEQUENCES):
            _File(table, session, on_progress).load()
    return session.report


class _File:
    """One file on its way into the database."""

    def __init__(self, table: NewTable, session: ImportSession, on_row: OnProgress) -> None:
        self.table = table
        self.session = session
        self.on_row = on_row
        self.rows = 0
        self.species: set[str] = set()
        self.is_whole = True
        #: Sequences of sites that are not stored.
        self.unmatched = 0

    def load(self) -> None:
        refused_before = self.session.report.refused
        rows = self._rows()
        while chunk := list(islice(rows, ROWS_IN_CHUNK)):
            self._load_chunk(chunk)
        check_species(self.table.path, self.species, self.session)
        if why := self._why_not_recorded():
            self.session.report.add_notes(f"{self.table.path}: not recorded, because {why}")
            return
        self._record(self.session.report.refused - refused_before)
        self.session.report.pages_read += 1
        if self.table.complete and self.table.kind is not Kind.SEQUENCES:
            self._note_absent_sites()

    def _why_not_recorded(self) -> str:
        if self.unmatched:
            return (
                f"{self.unmatched:,} of its sequences are of sites that are not stored: "
                "import the table of these sites first"
            )
        return "" if self.is_whole and self.rows else why_not_recorded(self.rows)

    def _record(self, refused: int) -> None:
        with transaction.atomic():
            wait_for_curators()
            record(self.table.path, self.table.sha256, self.rows, refused, [], self.session)
            self.session.journal.store(self.session.run)

    def _rows(self) -> Iterator[SiteRow | BindingSiteRecord]:
        """Yield what is read; `is_whole` is False where that was not possible to the end."""
        notes = Notes(self.table.path)
        try:
            for item in self._read(notes):
                if isinstance(item, Problem):
                    self.session.refuse(item)
                else:
                    yield item
        except TableError as error:
            self.session.refuse(error.problem)
            self.is_whole = False
        self.session.report.add_notes(*notes.listed())

    def _read(self, notes: Notes) -> Iterator[SiteRow | BindingSiteRecord | Problem]:
        if self.table.kind is Kind.SEQUENCES:
            return read_sequences(self.table.file, self.table.path)
        return read_sites(self.table.file, self.table.path, self.session.species, notes)

    def _load_chunk(self, chunk: list[SiteRow | BindingSiteRecord]) -> None:
        path = self.table.path

        def claims_of(store: Store) -> tuple[Claims, Stored]:
            claims = claims_of_sites(chunk, path, store.read_former(), store.spellings)
            return claims, store.read(claims)

        plan = self.session.write(claims_of)
        self.unmatched += len(plan.unmatched_sites)
        self.species.update({row.tf.species for row in chunk if isinstance(row, SiteRow)})
        self.rows += len(chunk)
        self.on_row(len(chunk))

    def _note_absent_sites(self) -> None:
        """Note how many stored sites of its species a complete table lacks: they stay."""
        met = self.session.report.tallies["binding sites"].has
        stored = BindingSite.objects.filter(tf__taxon__scientific_name__in=self.species)
        keys = stored.order_by().values_list("pk", flat=True).iterator(chunk_size=_FETCH)
        absent = sum(not met(key) for key in keys)
        if absent:
            self.session.report.add_notes(
                f"{self.table.path}: {absent:,} stored binding sites of its species are not in "
                "it; they stay as they are"
            )
