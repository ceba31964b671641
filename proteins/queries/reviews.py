"""What reviews of interactions say to readers: for pages, the API and files."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple, Protocol

from proteins.models import Interaction, Review, ReviewStatus


class ReviewFacts(NamedTuple):
    """Why an interaction has its review status: a reason of the list, a text, a publication."""

    reason: str
    text: str
    pmid: int | None
    at: datetime

    @property
    def says_something(self) -> bool:
        return bool(self.reason or self.text or self.pmid)

    @property
    def why(self) -> str:
        """Reason and text on one line."""
        return on_one_line(self.reason, self.text)


def on_one_line(reason: str | None, text: str | None) -> str:
    """What a review gives as its reason, on one line; empty where it gives none."""
    return ": ".join(filter(None, (reason, " ".join((text or "").split()))))


class _Row(Protocol):
    @property
    def pk(self) -> int: ...

    @property
    def status(self) -> int: ...


def read_reviews(interactions: Collection[int]) -> dict[int, ReviewFacts]:
    """The reviews of these interactions, by primary key; of those that have one."""
    if not interactions:
        return {}
    rows = Review.objects.filter(pk__in=interactions).order_by()
    columns = ("pk", "reason__name", "text", "pmid", "change__at")
    return {
        key: ReviewFacts(reason or "", text, pmid, at)
        for key, reason, text, pmid, at in rows.values_list(*columns)
    }


def reviews_of(rows: Iterable[_Row]) -> dict[int, ReviewFacts]:
    """The reviews of rows; few are reviewed, and of the others nothing is read."""
    return read_reviews([row.pk for row in rows if row.status != ReviewStatus.UNREVIEWED])


def review_of(interaction: Interaction) -> ReviewFacts | None:
    """The review of one interaction; None where it has none."""
    return reviews_of([interaction]).get(interaction.pk)
