"""Pages of one import: those that changed are read, and loaded chunk by chunk."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from django.conf import settings
from django.utils import timezone

from curation.importing.loading.store import Store
from curation.importing.named import NamedFile, OnProgress
from curation.importing.page_statements import load_page_statements
from curation.importing.planning.claims import Claims, claims_of_pages
from curation.importing.planning.plan import pages_of_other_species
from curation.importing.planning.planned import Change, Plan
from curation.importing.planning.snapshot import Stored
from curation.importing.session import ImportSession
from curation.importing.source.pages import PageError, read_page, read_page_data
from curation.importing.source.records import PageRecord, Problem
from curation.models import FORMER_ACCESSION, SourcePage

#: Pages in one transaction: enough that its cost is shared, few enough that memory is not.
PAGES_IN_CHUNK = 200


def load_pages(
    files: Iterable[NamedFile], session: ImportSession, *, force: bool, on_progress: OnProgress
) -> None:
    """Load pages; unless `force`, those that are as they were read by the present rules are
    skipped. `on_progress` is called after each."""
    read = SourcePage.objects.filter(rules__in=session.present_rules).values_list("path", "sha256")
    imported = {} if force else dict(read)
    pages = _read_pages(files, imported, session, on_progress)
    while chunk := list(islice(pages, PAGES_IN_CHUNK)):
        _load_chunk(chunk, session)


def _read_pages(
    files: Iterable[NamedFile],
    imported: Mapping[str, str],
    session: ImportSession,
    on_progress: OnProgress,
) -> Iterator[PageRecord]:
    for file, path, _ in files:
        try:
            data = read_page_data(file, path, settings.IMPORT_MAX_PAGE_BYTES)
            sha256 = hashlib.sha256(data).hexdigest()
            if imported.get(path) == sha256:
                session.report.pages_skipped += 1
            else:
                yield read_page(data, path, sha256, species=session.species)
        except PageError as error:
            session.refuse(error.problem)
        on_progress(1)


def _load_chunk(pages: list[PageRecord], session: ImportSession) -> None:
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

    unstated: list[Problem] = []

    def then(plan: Plan, ids: dict[str, int]) -> None:
        unstated[:] = load_page_statements(plan.pages, session)
        _record_pages(plan, ids, session, Counter(problem.file for problem in unstated))

    plan = session.write(claims_of, then)
    session.report.read(page.path for page in plan.pages)
    session.report.add_notes(*(note for page in plan.pages for note in page.notes))
    for problem in (*other_species, *unstated):
        session.refuse(problem)


def _record_pages(
    plan: Plan, proteins: dict[str, int], session: ImportSession, unstated: Counter[str]
) -> None:
    """Record the pages of a chunk; what it replaces is journalled for undo."""
    before = {
        page.path: page for page in SourcePage.objects.filter(path__in=[p.path for p in plan.pages])
    }
    for page in before.values():
        session.journal.noted(Change("page", page.pk, page.path, "row", _page_values(page), None))
    now = timezone.now()
    former = session.store.former
    refused = unstated + Counter(problem.file for problem in plan.problems)
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
                rows_refused=refused[page.path],
                rules=session.rules_of(refused[page.path]),
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
