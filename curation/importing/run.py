"""One import from start to end: find the files, read them, load them chunk by chunk.

This is what commands call. Each chunk of pages is one transaction.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from curation.importing.bulk import Bulk, bulk_for
from curation.importing.claims import claims_of_pages
from curation.importing.load import Loader
from curation.importing.pages import PageError, read_page_file
from curation.importing.plan import make_plan, pages_of_other_species
from curation.importing.records import PageRecord, Problem
from curation.importing.report import RunReport
from curation.importing.store import Store
from curation.models import ImportRun, RunState, SourcePage

__all__ = ["RunReport", "find_pages", "import_pages"]

#: Pages in one transaction: enough that its cost is shared, few enough that memory is not.
PAGES_IN_CHUNK = 200

OnPage = Callable[[], None]
OnProblem = Callable[[Problem], None]


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
    on_page: OnPage = lambda: None,
    on_problem: OnProblem = lambda _: None,
) -> RunReport:
    """Import pages (files or folders) and return what happened.

    `on_page` is called after each page is read, `on_problem` for each thing refused. What
    is refused never stops the rest. Raises `FileNotFoundError` before anything is written
    where a path does not exist.
    """
    files = find_pages(paths)
    run = ImportRun.objects.create(command="import_pages", paths=[str(path) for path in paths])
    report = RunReport(run_id=run.pk)

    def refuse(problem: Problem) -> None:
        report.refuse(problem)
        on_problem(problem)

    try:
        bulk = bulk_for()
        store = Store(bulk)
        loader = Loader(bulk, store, report)
        for chunk in _chunks(_read(files, refuse, on_page), PAGES_IN_CHUNK):
            report.pages_read += _load_chunk(chunk, store, loader, run, refuse)
    except BaseException:
        _finish(run, report, RunState.FAILED)
        raise
    _finish(run, report, RunState.FINISHED)
    return report


def _read(files: Iterable[Path], refuse: OnProblem, on_page: OnPage) -> Iterator[PageRecord]:
    for file in files:
        try:
            yield read_page_file(file, str(file), settings.IMPORT_MAX_PAGE_BYTES)
        except PageError as error:
            refuse(error.problem)
        on_page()


def _chunks(pages: Iterator[PageRecord], size: int) -> Iterator[list[PageRecord]]:
    while chunk := list(islice(pages, size)):
        yield chunk


def _load_chunk(
    pages: list[PageRecord], store: Store, loader: Loader, run: ImportRun, refuse: OnProblem
) -> int:
    """Load one chunk whole or not at all; return how many of its pages went in."""
    with transaction.atomic():
        claims = claims_of_pages(pages)
        stored = store.read(claims)
        other_species = pages_of_other_species(claims, stored)
        if other_species:
            refused = {problem.file for problem in other_species}
            claims = claims_of_pages(page for page in pages if page.path not in refused)
            stored = store.read(claims)
        plan = make_plan(claims, stored)
        proteins = loader.write(plan)
        _keep_pages(loader.bulk, plan.pages, proteins, run)
    for problem in (*other_species, *plan.problems):
        refuse(problem)
    return len(plan.pages)


def _keep_pages(
    bulk: Bulk, pages: list[PageRecord], proteins: dict[str, int], run: ImportRun
) -> None:
    now = timezone.now()
    SourcePage.objects.bulk_create(
        (
            SourcePage(
                path=page.path,
                sha256=page.sha256,
                generation=page.generation,
                protein_id=proteins[page.accession],
                run=run,
                imported_at=now,
                downloads=dict(page.downloads),
                unknown_keys=dict(page.unknown_keys),
            )
            for page in pages
        ),
        update_conflicts=True,
        unique_fields=["path"],
        update_fields=[
            "sha256", "generation", "protein", "run", "imported_at", "downloads", "unknown_keys",
        ],  # fmt: skip
    )


def _finish(run: ImportRun, report: RunReport, state: RunState) -> None:
    run.state = state
    run.finished_at = timezone.now()
    run.pages_read = report.pages_read
    run.pages_refused = report.pages_refused
    run.rows_refused = report.rows_refused
    run.counts = report.counts()
    run.problems = [str(problem) for problem in report.problems]
    run.save()
