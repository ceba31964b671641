"""One import from start to end: find the files, read them, load them chunk by chunk.

This is what commands call. A file whose SHA-256 is that of the last time is skipped, which
is also how an import that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from curation.importing.completeness import (
    LargeChangeError,
    ReportedPairs,
    is_large,
    scales_stored,
)
from curation.importing.loading.journal import Events
from curation.importing.loading.report import RunReport, shown_path
from curation.importing.loading.store import Store
from curation.importing.planning.claims import Claims, claims_of_pages, claims_of_rows
from curation.importing.planning.plan import pages_of_other_species
from curation.importing.planning.planned import Change, Plan
from curation.importing.planning.snapshot import Stored
from curation.importing.session import ImportSession, OnProblem, import_session
from curation.importing.source.kinds import INTERACTION_KINDS, Kind, kind_of, read_interactions
from curation.importing.source.pages import PageError, read_page, read_page_data
from curation.importing.source.pairs import Scan, scan_table
from curation.importing.source.problems import Notes
from curation.importing.source.records import PageRecord, Problem, Withdrawal
from curation.importing.source.rules import RULES
from curation.importing.source.tables import TableError, TableRow, sha256_of
from curation.importing.withdraw import record_table
from curation.models import FORMER_ACCESSION, ImportRun, SourcePage, SourceTable
from proteins.models import Taxon

__all__ = ["RunReport", "find_pages", "import_pages", "import_tables"]

#: Pages, and rows of a table, in one transaction: enough that its cost is shared, few
#: enough that memory is not.
PAGES_IN_CHUNK = 200
ROWS_IN_CHUNK = 50_000

OnProgress = Callable[[int], None]
OnStart = Callable[[ImportRun], None]
#: What a file (or folder) is called in records and messages, where that is not its place.
NameOf = Callable[[Path], str]


def quiet(*_: object) -> None:
    pass


def find_pages(paths: Iterable[Path]) -> list[Path]:
    """Return the files of `paths`, each once: files as named, folders' `.md` files in order.

    Raises `FileNotFoundError` for a path that does not exist.
    """
    files_by_path: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            files_by_path.update(dict.fromkeys(sorted(path.rglob("*.md"))))
        elif path.exists():
            files_by_path[path] = None
        else:
            raise FileNotFoundError(path)
    # `pages/x.md` and `./pages/x.md` are one file, and one SourcePage.
    return list(dict.fromkeys(Path(os.path.normpath(path)) for path in files_by_path))


def import_pages(
    paths: Sequence[Path],
    *,
    force: bool = False,
    dry_run: bool = False,
    name_of: NameOf = str,
    on_start: OnStart = quiet,
    on_progress: OnProgress = quiet,
    on_problem: OnProblem = quiet,
    events: Events | None = None,
) -> RunReport:
    """Import pages (files or folders) and return what happened.

    `force` reads files that have not changed as well. A file is known again by what `name_of`
    calls it. `on_start` is given the run's record, `on_progress` is called after each page,
    `on_problem` for each thing refused; what is refused never stops the rest. Raises
    `FileNotFoundError` before anything is written where a path does not exist, and
    `ImportBusyError` where another import is running.
    """
    files = find_pages(paths)
    named = [shown_path(name_of(path)) for path in paths]
    with import_session(
        "import_pages", named, on_problem=on_problem, events=events, dry_run=dry_run
    ) as session:
        on_start(session.run)
        read = SourcePage.objects.filter(rules=RULES).values_list("path", "sha256")
        imported = {} if force else dict(read)
        pages = _read_pages(files, name_of, imported, session, on_progress)
        while chunk := list(islice(pages, PAGES_IN_CHUNK)):
            _load_pages(chunk, session)
    return session.report


def _check_name(path: str) -> None:
    """Raise `PageError` where a file's name cannot be stored."""
    longest = SourcePage._meta.get_field("path").max_length or 0
    reason = ""
    if shown_path(path) != path:
        reason = "the file's name is not UTF-8"
    elif len(path) > longest:
        reason = f"the file's name has {len(path):,} characters; {longest:,} are the most"
    if reason:
        raise PageError(shown_path(path), "page", None, reason)


def _read_pages(
    files: Iterable[Path],
    name_of: NameOf,
    imported: dict[str, str],
    session: ImportSession,
    on_progress: OnProgress,
) -> Iterator[PageRecord]:
    for file in files:
        path = name_of(file)
        try:
            _check_name(path)
            data = read_page_data(file, path, settings.IMPORT_MAX_PAGE_BYTES)
            sha256 = hashlib.sha256(data).hexdigest()
            if imported.get(path) == sha256:
                session.report.pages_skipped += 1
            else:
                yield read_page(data, path, sha256, species=session.species)
        except PageError as error:
            session.refuse(error.problem)
        on_progress(1)


def _load_pages(pages: list[PageRecord], session: ImportSession) -> None:
    other_species: list[Problem] = []

    def claims_of(store: Store) -> tuple[Claims, Stored]:
        former = store.read_former()
        claims = claims_of_pages(pages, former, store.spellings)
        stored = store.read(claims)
        other_species[:] = pages_of_other_species(claims, stored)
        if other_species:
            refused = {problem.file for problem in other_species}
            accepted = [page for page in pages if page.path not in refused]
            claims = claims_of_pages(accepted, former, store.spellings)
            stored = store.read(claims)
        return claims, stored

    plan = session.write(claims_of, lambda plan, ids: _keep_pages(plan, ids, session))
    session.report.pages_read += len(plan.pages)
    session.report.add_notes(*(note for page in plan.pages for note in page.notes))
    for problem in other_species:
        session.refuse(problem)


def _keep_pages(plan: Plan, proteins: dict[str, int], session: ImportSession) -> None:
    """Record the pages of a chunk; what it replaces is journalled for undo."""
    before = {
        page.path: page for page in SourcePage.objects.filter(path__in=[p.path for p in plan.pages])
    }
    for page in before.values():
        session.journal.noted(Change("page", page.pk, page.path, "row", _page_values(page), None))
    now = timezone.now()
    former = session.store.former
    rows = SourcePage.objects.bulk_create(
        (
            SourcePage(
                path=page.path,
                sha256=page.sha256,
                generation=page.generation,
                protein_id=proteins[former.get(page.accession, page.accession)],
                run=session.run,
                imported_at=now,
                downloads=dict(page.downloads),
                unknown_keys=_unknown_keys(page, former),
                rows_refused=len(page.problems),
                rules=RULES,
            )
            for page in plan.pages
        ),
        update_conflicts=True,
        unique_fields=["path"],
        update_fields=[
            "sha256",
            "generation",
            "protein",
            "run",
            "imported_at",
            "downloads",
            "unknown_keys",
            "rows_refused",
            "rules",
        ],
    )
    session.journal.created_pages(row.path for row in rows if row.path not in before)


def _unknown_keys(page: PageRecord, former: Mapping[str, str]) -> dict[str, object]:
    """Return what there is no place for; of a page of a former name, that as well."""
    keys = dict(page.unknown_keys)
    return keys | {FORMER_ACCESSION: page.accession} if page.accession in former else keys


def _page_values(page: SourcePage) -> list[object]:
    return [
        page.sha256,
        page.generation,
        page.protein_id,
        page.run_id,
        page.imported_at.isoformat(),
        page.downloads,
        page.unknown_keys,
        page.rows_refused,
        page.rules,
    ]


def import_tables(
    files: Sequence[Path],
    *,
    complete: bool = False,
    confirmed: bool = False,
    force: bool = False,
    dry_run: bool = False,
    name_of: NameOf = str,
    on_start: OnStart = quiet,
    on_progress: OnProgress = quiet,
    on_problem: OnProblem = quiet,
    events: Events | None = None,
) -> RunReport:
    """Import tables of interactions and return what happened.

    A table whose name says All, or any where `complete`, is complete for its species: those
    interactions that it lacks are marked as no longer reported. Every other table is a part.
    `on_progress` is called with a number of rows as they are read. Raises as `import_pages`
    does, and `LargeChangeError` before anything is written where a complete table does not
    look complete and that was not `confirmed`.
    """
    for file in files:
        if not file.exists():
            raise FileNotFoundError(file)
    named = {Path(path): name_of(Path(path)) for path in map(os.path.normpath, files)}
    with import_session(
        "import_tables",
        [shown_path(name) for name in named.values()],
        on_problem=on_problem,
        events=events,
        dry_run=dry_run,
    ) as session:
        on_start(session.run)
        session.report.documents = "tables"
        tables = list(new_tables(named, session, force=force, complete=complete))
        reported = ReportedPairs()
        scans = {
            table.path: scan_table(table.file, session.species, reported)
            for table in tables
            if table.complete
        }
        _check_completeness(scans, reported, session, confirmed=confirmed)
        for table in tables:
            scan = scans.get(table.path)
            _load_table(table, scan.species if scan else set(), reported, session, on_progress)
    return session.report


@dataclass(frozen=True, slots=True)
class NewTable:
    """A table that is to be read."""

    file: Path
    path: str
    sha256: str
    complete: bool
    kind: Kind


def new_tables(
    named: Mapping[Path, str],
    session: ImportSession,
    *,
    force: bool,
    complete: bool,
    kinds: Collection[Kind] = INTERACTION_KINDS,
    what: str = "table of interactions",
) -> Iterator[NewTable]:
    """Yield the tables that have not been read as they are now, by the present rules; one of
    none of these `kinds` is refused, as no `what`."""
    for file, path in named.items():
        try:
            _check_name(path)
            sha256 = sha256_of(file)
        except PageError as error:
            session.refuse(error.problem)
            continue
        except OSError as error:
            session.refuse(TableError(path, None, f"it cannot be read: {error.strerror}").problem)
            continue
        read = SourceTable.objects.filter(path=path, sha256=sha256, rules=RULES)
        if not force and read.exists():
            session.report.pages_skipped += 1
        else:
            try:
                kind = kind_of(file, path)
            except TableError as error:
                session.refuse(error.problem)
                continue
            if kind.kind not in kinds:
                reason = kind.message or f"the file is a {kind.kind.value}, not a {what}"
                session.refuse(TableError(path, 1, reason).problem)
                continue
            yield NewTable(file, path, sha256, complete or kind.claims_complete, kind.kind)


def _check_completeness(
    scans: Mapping[str, Scan], reported: ReportedPairs, session: ImportSession, *, confirmed: bool
) -> None:
    """Raise `LargeChangeError` where what is called complete does not look it."""
    names = {name for scan in scans.values() for name in scan.species}
    taxa = list(Taxon.objects.filter(scientific_name__in=names))
    doubts = [
        f"{path} is taken as complete for {taxon.scientific_name}, but it has only "
        f"{_scales_in_words(scan.scales)} rows, where the database has both small-scale and "
        "large-scale evidence."
        for path, scan in scans.items()
        for taxon in taxa
        if taxon.scientific_name in scan.species
        and len(scan.scales) == 1
        and len(scales_stored(taxon)) == 2
    ]
    withdrawals = reported.withdrawals(taxa)
    session.report.withdrawals = [one for one in withdrawals if is_large(one.number, one.stored)]
    doubts += [_would_withdraw(scans, one) for one in session.report.withdrawals]
    if doubts and not confirmed:
        raise LargeChangeError(" ".join(doubts))


def _would_withdraw(scans: Mapping[str, Scan], withdrawal: Withdrawal) -> str:
    paths = [path for path, scan in scans.items() if withdrawal.species in scan.species]
    return f"{', '.join(paths)} would mark {withdrawal} as no longer reported."


def _scales_in_words(scales: Iterable[str]) -> str:
    return " and ".join(
        {"Yes": "small-scale", "No": "large-scale"}.get(scale, scale) for scale in scales
    )


def _load_table(
    table: NewTable,
    species: set[str],
    reported: ReportedPairs,
    session: ImportSession,
    on_row: OnProgress,
) -> None:
    refused_before = session.report.refused
    rows_read, whole, met = 0, True, set[str]()
    rows = _read_rows(table, session)
    while chunk := list(islice(rows, ROWS_IN_CHUNK)):
        chunk_rows = [row for row in chunk if row is not None]
        _load_rows(chunk_rows, table.path, session)
        met.update({row.tf.species for row in chunk_rows})
        whole = chunk[-1] is not None
        rows_read += len(chunk)
        on_row(len(chunk))
    check_species(table.path, met, session)
    refused = session.report.refused - refused_before
    if not whole or not rows_read:
        # It could not be read to its end, so that it is read again next time.
        session.report.add_notes(
            f"{table.path}: not recorded, because {why_not_recorded(rows_read)}"
        )
        return
    record_table(
        table.path,
        table.sha256,
        rows=rows_read,
        refused=refused,
        taxa=list(Taxon.objects.filter(scientific_name__in=species)),
        reported=reported,
        session=session,
    )
    session.report.pages_read += 1
    if not table.complete:
        session.report.add_notes(
            f"{table.path}: read as a part of its species' interactions, so nothing was marked "
            "as no longer reported"
        )


def check_species(path: str, species: set[str], session: ImportSession) -> None:
    """Report a table whose name says another species than its rows."""
    named = session.species.of_table(path)
    if named is not None and species and species != {named}:
        rows = ", ".join(sorted(species))
        session.report.add_notes(f"{path}: its name says {named}, its rows are of {rows}")


def why_not_recorded(rows: int) -> str:
    return "it could not be read to its end" if rows else "it has no rows"


def _read_rows(table: NewTable, session: ImportSession) -> Iterator[TableRow | None]:
    """Yield the rows of a table; None as the last, where it could not be read to its end."""
    notes = Notes(table.path)
    try:
        for row in read_interactions(table.file, table.path, session.species, notes):
            if isinstance(row, Problem):
                session.refuse(row)
            else:
                yield row
    except TableError as error:
        session.refuse(error.problem)
        yield None
    session.report.add_notes(*notes.listed())


def _load_rows(rows: list[TableRow], path: str, session: ImportSession) -> None:
    def claims_of(store: Store) -> tuple[Claims, Stored]:
        claims = claims_of_rows(rows, path, store.read_former(), store.spellings)
        return claims, store.read(claims)

    session.write(claims_of)
