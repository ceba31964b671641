"""Looks publications up, in batches, each stored as soon as it is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Protocol

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured

from curation.actions import ActionError, BusyError
from curation.literature.entrez import EntrezError, PubMed, RefusedError, Service
from curation.literature.files import read_publications
from curation.literature.publication import Publication
from curation.literature.store import StoreReport, store_publications
from curation.permissions import Right, demand
from proteins.models import Citation

#: The batch size that NCBI recommends.
BATCH: Final = 200
#: What a response lacks is requested again, in batches of this size, before it is unknown.
CONFIRMED_AT_ONCE: Final = 20
#: After so many batches in a row that fail for good, the others are not tried.
STOP_AFTER: Final = 3
#: PubMed IDs that a line of a report names.
_LISTED: Final = 20
#: How many a person at the desk may look up at once.
DESK_LIMIT: Final = 200
#: Publications of uploaded files that are stored at once: some seconds.
DESK_FILE_LIMIT: Final = 2_000
#: A person waits for the page: seconds for one answer, between two tries, and in all (web
#: servers end a request after 30).
_DESK_TIMEOUT: Final = 10.0
_DESK_TRIES: Final = 2
_DESK_WAIT: Final = 3.0
_DESK_IN_ALL: Final = 20.0


class PublicationService(Protocol):
    """A source of publications by PubMed ID; raises `EntrezError` where it cannot respond."""

    def publications(self, pmids: Sequence[int]) -> dict[int, Publication]: ...


@dataclass
class LookupReport:
    """What a look-up came to; lists hold PubMed IDs, or sentences about them."""

    matched: int = 0
    stored: StoreReport = field(default_factory=StoreReport)
    failures: list[str] = field(default_factory=list)
    #: How many were not looked up, because their batch failed or was not tried any more.
    left: int = 0

    def add(self, matched: int, stored: StoreReport) -> None:
        self.matched += matched
        for name, items in vars(stored).items():
            getattr(self.stored, name).extend(items)

    def lines(self) -> Iterator[str]:
        """The report for a person, line by line."""
        stored = self.stored
        looked_up = self.matched + len(stored.unknown)
        if looked_up or not self.left:
            yield (
                f"{_number(looked_up, 'publication')} looked up: {self.matched:,} found in PubMed, "
                f"{len(stored.unknown):,} not known to it, "
                f"{_number(len(stored.changed), 'record')} changed."
            )
        if stored.retracted:
            yield f"Newly marked as retracted: {_pmids(stored.retracted)}."
        if stored.unknown:
            yield f"Not known to PubMed: {_pmids(stored.unknown)}."
        if stored.overruled:
            yield f"Kept as curators have it, against PubMed: {'; '.join(stored.overruled)}."
        for problem in stored.problems:
            yield f"Left out: {problem}"
        if self.left:
            yield f"{_number(self.left, 'publication')} not looked up; run it again for the rest."


def service_from_settings() -> Service:
    """Return the service to request from; raises `ImproperlyConfigured`, which says what to set."""
    try:
        return Service(
            url=settings.NCBI_EUTILS_URL,
            email=settings.NCBI_EMAIL.strip(),
            api_key=settings.NCBI_API_KEY.strip(),
            timeout=settings.NCBI_TIMEOUT,
            tries=settings.NCBI_TRIES,
        )
    except ValueError as error:
        raise ImproperlyConfigured(str(error)) from error


def look_up(
    pmids: Sequence[int],
    pubmed: PublicationService,
    *,
    user: User | None = None,
    dry_run: bool = False,
    on_progress: Callable[[int], object] = lambda _: None,
    on_failure: Callable[[str], object] = lambda _: None,
) -> LookupReport:
    """Request publications that are cited here from PubMed, and store each batch as it arrives.

    What arrived stays when a later batch fails or the program is stopped. A batch that
    fails is reported and passed over; after `STOP_AFTER` in a row, or where PubMed refuses the
    request itself, the others are left.
    """
    report, in_a_row = LookupReport(), 0
    for at in range(0, len(pmids), BATCH):
        batch = pmids[at : at + BATCH]
        try:
            publications = _confirmed(batch, pubmed)
            missing = [pmid for pmid in batch if pmid not in publications]
            stored = store_publications(
                publications.values(), unknown=missing, user=user, dry_run=dry_run
            )
            report.add(len(publications), stored)
            in_a_row = 0
        except (EntrezError, BusyError) as error:
            in_a_row += 1
            report.left += len(batch)
            report.failures.append(str(error))
            others = f" and {len(batch) - 1:,} more" if len(batch) > 1 else ""
            on_failure(f"PMID {batch[0]}{others}: {error}")
            if in_a_row == STOP_AFTER or isinstance(error, RefusedError):
                report.left += max(0, len(pmids) - at - BATCH)
                break
        on_progress(len(batch))
    return report


def _confirmed(batch: Sequence[int], pubmed: PublicationService) -> dict[int, Publication]:
    """Return the publications of a batch; what the response lacks is requested once more.

    A service in trouble responds with nothing at all, or with a part, as if that were all.
    """
    publications = pubmed.publications(batch)
    missing = [pmid for pmid in batch if pmid not in publications]
    for at in range(0, len(missing), CONFIRMED_AT_ONCE):
        publications = publications | pubmed.publications(missing[at : at + CONFIRMED_AT_ONCE])
    return publications


def look_up_at_desk(*, user: User | None, pmids: Iterable[int]) -> LookupReport:
    """Look up what a curator chose, with as much patience as a page has.

    Raises `PermissionDenied`, `ActionError` for more than `DESK_LIMIT` at once and
    `ImproperlyConfigured`; failures are in the report.
    """
    demand(user, Right.CHANGE)
    chosen = sorted(set(pmids))
    if len(chosen) > DESK_LIMIT:
        raise ActionError(
            f"{len(chosen):,} are chosen; {DESK_LIMIT} at most are looked up at once. "
            "For more there is the command fetch_citations."
        )
    service = service_from_settings()
    patience = replace(
        service,
        timeout=min(service.timeout, _DESK_TIMEOUT),
        tries=min(service.tries, _DESK_TRIES),
        longest_wait=_DESK_WAIT,
        in_all=_DESK_IN_ALL,
    )
    return look_up(chosen, PubMed(patience), user=user)


def take_in_files(
    paths: Iterable[Path],
    pmids: Sequence[int],
    *,
    user: User | None = None,
    dry_run: bool = False,
) -> LookupReport:
    """Store what files say of those among `pmids` that they hold; nothing of a broken one.

    A file is part of PubMed: what it lacks is not unknown. Raises `PublicationError` before
    anything is stored, where one of the files is broken, and `BusyError`.
    """
    publications = _publications_in(paths, pmids)
    return _stored(
        [publications[pmid] for pmid in sorted(publications)], user=user, dry_run=dry_run
    )


def take_in_files_at_desk(*, user: User | None, paths: Iterable[Path]) -> LookupReport:
    """Store what files that a curator uploads say of publications here, as many as a page waits
    for: those looked up longest ago first, so that the same file again goes on with the others.

    Raises `PermissionDenied`, `PublicationError` and `BusyError`.
    """
    demand(user, Right.CHANGE)
    every = Citation.objects.order_by().values_list("pmid", flat=True)
    publications = _publications_in(paths, list(every))
    order = Citation.objects.with_pmids(publications).longest_ago_first()
    chosen = list(order.values_list("pmid", flat=True)[:DESK_FILE_LIMIT])
    report = _stored([publications[pmid] for pmid in chosen], user=user)
    report.left += len(publications) - len(chosen)
    return report


def _publications_in(paths: Iterable[Path], pmids: Sequence[int]) -> dict[int, Publication]:
    publications: dict[int, Publication] = {}
    for path in paths:
        publications |= read_publications(path, pmids, max_bytes=settings.NCBI_MAX_FILE_BYTES)
    return publications


def _stored(
    publications: Sequence[Publication], *, user: User | None = None, dry_run: bool = False
) -> LookupReport:
    report = LookupReport()
    for at in range(0, len(publications), BATCH):
        batch = publications[at : at + BATCH]
        report.add(len(batch), store_publications(batch, user=user, dry_run=dry_run))
    return report


def cited_pmids(pmids: Iterable[int]) -> list[int]:
    """Return those that are publications here, in order."""
    cited = Citation.objects.with_pmids(pmids).order_by("pmid")
    return list(cited.values_list("pmid", flat=True))


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _pmids(pmids: Sequence[int]) -> str:
    more = f" and {len(pmids) - _LISTED:,} more" if len(pmids) > _LISTED else ""
    return ", ".join(map(str, pmids[:_LISTED])) + more
