"""What a publication's page shows: what it says of itself, and everything that it supports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from proteins.models import BindingSite, Citation, Evidence, SourceDatabase, Statement
from proteins.models.querysets import EvidenceQuerySet
from proteins.queries.coverage import Coverage
from proteins.queries.supported_interactions import (
    SORTED,
    WEAKEST,
    Bounded,
    Place,
    SupportedPage,
    interactions_counted,
    sites_counted,
    sorted_page,
    supported_page,
)

#: Binding sites that are named; the API lists all of them.
SITES: Final = 20
#: Statements that are listed, likewise.
STATEMENTS: Final = 20
#: Interactions that are sorted in a request, where their number has been counted: 10,000 take 0.1
#: to 0.2 s, and a database paper is cited by millions.
MOST_SORTED: Final = 10_000


#: Chooses among evidence; the same query where it leaves nothing out.
Choose = Callable[[EvidenceQuerySet], EvidenceQuerySet]


class Part(NamedTuple):
    """Which part of what something supports a page shows: from a place on, or back from one,
    or where it is sorted by a number."""

    choose: Choose = lambda evidence: evidence
    after: Place | None = None
    before: Place | None = None
    order: str = ""
    number: int = 1


@dataclass(frozen=True)
class Supported:
    """What some evidence supports: a page of interactions, and the first binding sites by
    TFLink ID (where there are very many, some)."""

    page: SupportedPage
    interactions: Bounded
    sites: Bounded
    first_sites: list[BindingSite]
    #: Whether it supports anything at all, which no filter changes.
    is_anything: bool
    #: The number of the page, where interactions are sorted.
    number: int | None = None

    @classmethod
    def read(cls, evidence: EvidenceQuerySet, part: Part, total: int | None = None) -> Supported:
        """`total` is the number of all interactions, where that has been counted."""
        chosen = part.choose(evidence)
        if chosen is evidence and total is not None:
            interactions = Bounded(total, is_more=False)
        else:
            interactions = interactions_counted(chosen)
        sites = sites_counted(chosen)
        is_anything = bool(interactions.number or sites.number or total)
        if chosen is not evidence and not is_anything and total is None:
            is_anything = bool(interactions_counted(evidence).number)
        # More are not sorted, but read in the order of their support.
        is_sorted = part.order.removeprefix("-") in SORTED and _is_sortable(interactions)
        is_reversed = part.order == WEAKEST
        return cls(
            sorted_page(chosen, part.order, part.number)
            if is_sorted
            else supported_page(chosen, part.after, part.before, is_reversed=is_reversed),
            interactions,
            sites,
            _first_sites(chosen, sites),
            is_anything,
            part.number if is_sorted else None,
        )

    @property
    def is_sortable(self) -> bool:
        return _is_sortable(self.interactions)


def _is_sortable(interactions: Bounded) -> bool:
    return not interactions.is_more and interactions.number <= MOST_SORTED


@dataclass(frozen=True)
class PublicationPage:
    citation: Citation
    #: The databases whose own paper it is.
    describes: list[SourceDatabase]
    supported: Supported
    #: What its interactions add up to; None where they are too many to be counted now.
    coverage: Coverage | None
    #: What sources state on its grounds, one more than is listed.
    stated: list[Statement]

    @classmethod
    def read(cls, citation: Citation, part: Part, coverage: Coverage | None) -> PublicationPage:
        described = SourceDatabase.objects.with_publication().filter(publication=citation)
        evidence = Evidence.objects.citing(citation.pmid)
        total = coverage.interactions if coverage else None
        stated = Statement.objects.of_citation(citation)[: STATEMENTS + 1]
        return cls(
            citation,
            list(described),
            Supported.read(evidence, part, total),
            coverage,
            list(stated),
        )

    @property
    def statements(self) -> list[Statement]:
        return self.stated[:STATEMENTS]

    @property
    def has_more_statements(self) -> bool:
        return len(self.stated) > STATEMENTS

    @property
    def is_public(self) -> bool:
        """Whether there is anything that the public may see: what it supported may have been
        rejected; and which databases there are is no secret."""
        return self.supported.is_anything or bool(self.describes)


def _first_sites(evidence: EvidenceQuerySet, sites: Bounded) -> list[BindingSite]:
    if not sites.number:
        return []
    rows = BindingSite.objects.filter(evidence__in=evidence.values("pk")).order_by()
    # No index has the sites of some evidence in order: few are sorted, and of many some will do.
    if not sites.is_more:
        rows = rows.order_by("tflink_id")
    listed = list(rows.select_related("tf__taxon")[:SITES])
    return sorted(listed, key=lambda site: site.tflink_id)
