"""Hooks: what other packages provide to public pages, such as the history of a record.

A registry of typed callables, so that this package imports none of their providers: these
register when the site starts (`AppConfig.ready`). Without a provider, a page shows that there
is nothing. A kind is a word such as `interaction` or `protein`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol


@dataclass(frozen=True)
class Event:
    """Something that happened to a record: a sentence without the name of a person, and what
    it changed, a line each."""

    at: datetime
    text: str
    details: tuple[str, ...] = ()
    is_by_curator: bool = False


@dataclass(frozen=True)
class History:
    """The newest events of a record; `is_cut` where there are older ones."""

    events: tuple[Event, ...] = ()
    is_cut: bool = False


@dataclass(frozen=True)
class OpenReport:
    """A report about a record that is not decided yet, as a sentence."""

    at: datetime
    text: str


class Bounded(NamedTuple):
    """How many there are, counted up to a bound."""

    number: int
    is_more: bool = False


HistoryReader = Callable[[str, int], History]
ReportReader = Callable[[str, int], tuple[OpenReport, ...]]
UnderReviewReader = Callable[[int], Bounded]

_history: list[HistoryReader] = []
_open_reports: list[ReportReader] = []
_under_review: list[UnderReviewReader] = []


def register(*, history: HistoryReader, open_reports: ReportReader) -> None:
    """Register the providers of history and reports, in place of earlier ones."""
    _history[:] = [history]
    _open_reports[:] = [open_reports]


def history(kind: str, record_id: int) -> History:
    """What happened to a record, the newest first; bounded by the provider."""
    return _history[0](kind, record_id) if _history else History()


def register_under_review(reader: UnderReviewReader) -> None:
    _under_review[:] = [reader]


def interactions_under_review(protein_id: int) -> Bounded:
    """How many interactions of a protein something is open about."""
    return _under_review[0](protein_id) if _under_review else Bounded(0)


def open_reports(kind: str, record_id: int) -> tuple[OpenReport, ...]:
    """What is open about a record, the newest first; bounded by the provider."""
    return _open_reports[0](kind, record_id) if _open_reports else ()


@dataclass(frozen=True)
class Change:
    """One of the newest changes of all: a sentence without the name of a person, after the
    record that it is about and its URL; both are empty where it is about no single one
    that the public may see."""

    at: datetime
    text: str
    record: str = ""
    url: str = ""


@dataclass(frozen=True)
class PublicationCounts:
    """How many publications support the interactions of each species (by its code), as counted
    at a given time: that takes a pass over all interactions, which no page makes."""

    at: datetime
    numbers: Mapping[str, int]
    #: How many support something, whatever the species; None where it was not counted yet.
    total: int | None = None
    #: Of each species its binding sites, and its interactions by the scale of the experiments
    #: that support them; None where they were not counted yet.
    sites: Mapping[str, int] | None = None
    scales: Mapping[str, Mapping[str, int]] | None = None
    #: What each source database (by its key) and each detection method (by its name) supports:
    #: `interactions`, and their `tfs`.
    sources: Mapping[str, Mapping[str, int]] | None = None
    methods: Mapping[str, Mapping[str, int]] | None = None


ChangesReader = Callable[[int], tuple[Change, ...]]
CountsReader = Callable[[], PublicationCounts | None]

_newest_changes: list[ChangesReader] = []
_publication_counts: list[CountsReader] = []


def register_home(*, newest_changes: ChangesReader, publication_counts: CountsReader) -> None:
    """Register the providers of what the home page shows beside the records themselves."""
    _newest_changes[:] = [newest_changes]
    _publication_counts[:] = [publication_counts]


def newest_changes(limit: int) -> tuple[Change, ...]:
    """What happened to public records lately, the newest first; bounded by the provider."""
    return _newest_changes[0](limit) if _newest_changes else ()


def publication_counts() -> PublicationCounts | None:
    """The numbers of publications that were counted last, if ever."""
    return _publication_counts[0]() if _publication_counts else None


@dataclass(frozen=True)
class PageKeys:
    """What published pages of a protein have that no record holds: the names of its downloads
    by key, and keys of other kinds as they were written."""

    downloads: Mapping[str, str] = field(default_factory=dict)
    unknown: Mapping[str, object] = field(default_factory=dict)


PageKeysReader = Callable[[Collection[int]], Mapping[int, PageKeys]]

_page_keys: list[PageKeysReader] = []


def register_page_keys(reader: PageKeysReader) -> None:
    _page_keys[:] = [reader]


def page_keys(protein_ids: Collection[int]) -> Mapping[int, PageKeys]:
    """Keys of the published pages of proteins, of those that have any; one query."""
    return _page_keys[0](protein_ids) if _page_keys else {}


class ResultError(Exception):
    """A result that cannot be stored; the text is for the reader."""


@dataclass(frozen=True)
class StoredResult:
    """A question about a list of genes with its answer, as it was at one moment."""

    question: str
    content: Mapping[str, Any]
    created_at: datetime
    expires_at: datetime


class ResultStore(Protocol):
    """Where readers store results, each under a token that nobody can guess."""

    def store(
        self, question: str, content: Mapping[str, Any], *, species: str = "", genes: int = 0
    ) -> str:
        """Store a result and return its token; raises `ResultError`.

        The name of the species and the number of genes are for who looks after the store.
        """

    def read(self, token: str) -> StoredResult | None:
        """Return the result of a token until it expires."""

    def delete(self, token: str) -> bool:
        """Delete the result of a token; return whether there was one."""


_results: list[ResultStore] = []


def register_results(store: ResultStore) -> None:
    _results[:] = [store]


def results() -> ResultStore | None:
    """Where results are stored; None where nothing stores them."""
    return _results[0] if _results else None


@dataclass(frozen=True)
class Tallies:
    """How many interactions of each TF some filters let through: of the TFs that have any, in the
    order of primary keys. Of those in `uncounted` that is not known."""

    tfs: Sequence[int]
    numbers: Sequence[int]
    uncounted: Collection[int]


#: Of some evidence by primary key (None for any; read if it is needed), of some values of other
#: columns, and of some TFs (None for all); None where it cannot be counted without their table.
TallyReader = Callable[
    [Iterable[int] | None, Mapping[str, Collection[int]], Sequence[int] | None], Tallies | None
]

_tallies: list[TallyReader] = []


def register_tallies(reader: TallyReader) -> None:
    _tallies[:] = [reader]


def tallies(
    evidence: Iterable[int] | None,
    verdicts: Mapping[str, Collection[int]],
    tfs: Sequence[int] | None = None,
) -> Tallies | None:
    """Interactions by TF; None where nothing counts them."""
    return _tallies[0](evidence, verdicts, tfs) if _tallies else None
