"""One import from start to end: find the files, read them, load them chunk by chunk.

This is what commands call. A file whose SHA-256 is that of the last time is skipped, which
is also how an import that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from curation.importing.loading.journal import Events
from curation.importing.loading.report import RunReport, shown_path
from curation.importing.loading.store import Store
from curation.importing.planning.claims import Claims, claims_of_pages, claims_of_rows
from curation.importing.planning.plan import pages_of_other_species
from curation.importing.planning.planned import Change, Plan
from curation.importing.planning.snapshot import Stored
from curation.importing.session import ImportSession, OnProblem, import_session
from curation.importing.source.pages import PageError, read_page, read_page_data
from curation.importing.source.records import PageRecord, Problem
from curation.importing.source.tables import TableError, TableRow, read_table, sha256_of
from curation.importing.withdraw import withdraw_missing
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


def _quiet(*_: object) -> None:
    pass


def find_pages(paths: Iterable[Path]) -> list[Path]:
    """Return the files of `paths`, each once: files as named, folders' `.md` files in order.

    Raises `FileNotFoundError` for a path that does not exist.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(sorted(path.rglob("*.md"))))
        elif path.exists():
            found[path] = None
        else:
            raise FileNotFoundError(path)
    # `pages/x.md` and `./pages/x.md` are one file, and one SourcePage.
    return list(dict.fromkeys(Path(os.path.normpath(path)) for path in found))


def import_pages(
    paths: Sequence[Path],
    *,
    force: bool = False,
    dry_run: bool = False,
    name_of: NameOf = str,
    on_start: OnStart = _quiet,
    on_progress: OnProgress = _quiet,
    on_problem: OnProblem = _quiet,
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
        known = {} if force else dict(SourcePage.objects.values_list("path", "sha256"))
        pages = _read_pages(files, name_of, known, session, on_progress)
        while chunk := list(islice(pages, PAGES_IN_CHUNK)):
            _load_pages(chunk, session)
    return session.report


def _check_name(path: str) -> None:
    """Raise `PageError` where a file's name cannot be kept with what it says."""
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
    known: dict[str, str],
    session: ImportSession,
    on_progress: OnProgress,
) -> Iterator[PageRecord]:
    for file in files:
        path = name_of(file)
        try:
            _check_name(path)
            data = read_page_data(file, path, settings.IMPORT_MAX_PAGE_BYTES)
            sha256 = hashlib.sha256(data).hexdigest()
            if known.get(path) == sha256:
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
            kept = [page for page in pages if page.path not in refused]
            claims = claims_of_pages(kept, former, store.spellings)
            stored = store.read(claims)
        return claims, stored

    plan = session.write(claims_of, lambda plan, ids: _keep_pages(plan, ids, session))
    session.report.pages_read += len(plan.pages)
    for problem in other_species:
        session.refuse(problem)


def _keep_pages(plan: Plan, proteins: dict[str, int], session: ImportSession) -> None:
    """Record the pages of a chunk; what stood there before is kept for taking back."""
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
    ]


def import_tables(
    files: Sequence[Path],
    *,
    force: bool = False,
    dry_run: bool = False,
    name_of: NameOf = str,
    on_start: OnStart = _quiet,
    on_progress: OnProgress = _quiet,
    on_problem: OnProblem = _quiet,
    events: Events | None = None,
) -> RunReport:
    """Import whole-species tables and return what happened.

    Interactions of a species that its table lacks are marked as no longer reported, unless
    some of the table was refused. `on_progress` is called with a number of rows as they are
    read. Raises as `import_pages` does.
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
        for file, name in named.items():
            _load_table(file, name, session, on_progress, force=force)
    return session.report


def _load_table(
    file: Path, path: str, session: ImportSession, on_row: OnProgress, *, force: bool
) -> None:
    try:
        _check_name(path)
        sha256 = sha256_of(file)
    except PageError as error:
        session.refuse(error.problem)
        return
    except OSError as error:
        session.refuse(TableError(path, None, f"it cannot be read: {error.strerror}").problem)
        return
    if not force and SourceTable.objects.filter(path=path, sha256=sha256).exists():
        session.report.pages_skipped += 1
        return
    refused_before = session.report.refused
    species: set[str] = set()
    rows_read = 0
    rows = _read_rows(file, path, session)
    while chunk := list(islice(rows, ROWS_IN_CHUNK)):
        _load_rows(chunk, path, session)
        species.update({row.tf.species for row in chunk})
        rows_read += len(chunk)
        on_row(len(chunk))
    _check_species(path, species, session)
    complete = session.report.refused == refused_before
    _end_table(path, sha256, rows_read, species if complete else set(), session)


def _check_species(path: str, species: set[str], session: ImportSession) -> None:
    """Report a table whose name says another species than its rows."""
    named = session.species.of_table(path)
    if named is not None and species and species != {named}:
        rows = ", ".join(sorted(species))
        session.report.notes.append(f"{path}: its name says {named}, its rows are of {rows}")


def _read_rows(file: Path, path: str, session: ImportSession) -> Iterator[TableRow]:
    try:
        for row in read_table(file, path, session.species):
            if isinstance(row, Problem):
                session.refuse(row)
            else:
                yield row
    except TableError as error:
        session.refuse(error.problem)


def _load_rows(rows: list[TableRow], path: str, session: ImportSession) -> None:
    def claims_of(store: Store) -> tuple[Claims, Stored]:
        claims = claims_of_rows(rows, path, store.read_former(), store.spellings)
        return claims, store.read(claims)

    session.write(claims_of)


def _end_table(
    path: str, sha256: str, rows: int, species: set[str], session: ImportSession
) -> None:
    """Record a table that was read to its end, and mark what it lacks.

    One of which something was refused is not complete: it is neither recorded, so that it
    is read again, nor taken as saying that anything is no longer reported.
    """
    if not species:
        why = "not all of it went in" if rows or session.report.refused else "it has no rows"
        session.report.notes.append(
            f"{path}: nothing was marked as no longer reported, because {why}"
        )
        return
    withdraw_missing(path, sha256, rows, Taxon.objects.filter(scientific_name__in=species), session)
    session.report.pages_read += 1
