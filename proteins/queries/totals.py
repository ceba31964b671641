"""How many rows a list has, at a cost that does not grow with the table.

Where that is cheap it is counted, or taken from the counters of proteins. Elsewhere it
is an estimate from some rows from all over the table, and marked as one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db.models import Model, QuerySet

#: Limit of rows that are counted, which an index alone answers in some hundredths of a second.
COUNTED: Final = 250_000
#: Limit of rows that are read for an estimate.
READ: Final = 20_000
#: Rows that are read to tell whether most match.
FOR_SHARE: Final = 4_000
#: From so many places of a table they are taken.
PLACES: Final = 40
ENDS: Final = ("pk", "-pk")
_SIGNIFICANT: Final = 3


@dataclass(frozen=True)
class Total:
    """How many rows there are; an estimate where it is not exact."""

    count: int
    is_exact: bool = True

    @classmethod
    def about(cls, count: float) -> Total:
        """An estimate, with as many digits as can mean something."""
        whole = max(round(count), 0)
        return cls(round(whole, _SIGNIFICANT - len(str(whole))), is_exact=False)

    def __str__(self) -> str:
        return f"{self.count:,}" if self.is_exact else f"about {self.count:,}"

    def at_least(self, seen: int) -> Total:
        """With what was seen already, which an estimate may fall short of."""
        return self if self.is_exact else Total(max(self.count, seen), is_exact=False)


def counted(rows: QuerySet[Any], most: int = COUNTED) -> Total:
    """Count rows one by one up to `most`; if there are more, their number is estimated."""
    number = rows.order_by().values("pk")[: most + 1].count()
    return Total(number) if number <= most else estimate(rows)


def estimate(rows: QuerySet[Any]) -> Total:
    """Estimate the number of rows by those in some places of their table."""
    sample = _Sample.of(rows.model)
    if sample.is_whole:
        return Total(rows.order_by().count())
    return Total.about(sample.number(rows) / sample.part)


class Share(NamedTuple):
    """Which part of their table some rows are, and how many the others are; estimated."""

    part: float
    others: float


def share(rows: QuerySet[Any]) -> Share:
    """Estimate the share of rows in their table, from few rows of it."""
    sample = _Sample.of(rows.model, FOR_SHARE)
    number = sample.number(rows)
    return Share(number / sample.size, (sample.size - number) / sample.part)


@dataclass(frozen=True)
class _Sample:
    """The rows in some places of a table, by ranges of primary keys."""

    rows: QuerySet[Any]
    #: Of how many primary keys, and which part that is of all.
    size: int
    part: float

    @classmethod
    def of(cls, model: type[Model], read: int = READ) -> _Sample:
        table = model._default_manager
        # In one query, SQLite would read all of an index.
        first, last = (table.order_by(end).values_list("pk", flat=True).first() for end in ENDS)
        first = first or 0
        span, size = (last or 0) - first + 1, read // PLACES
        if span <= read:
            return cls(table.order_by().values("pk"), span, 1)
        starts = (first + span * place // PLACES for place in range(PLACES))
        # Apart, lest a planner begin with the filtered rows, and read all of them; and united,
        # lest SQLite read all of a narrow index instead of so many ranges.
        first_place, *others = (
            table.order_by().filter(pk__gte=start, pk__lt=start + size).values("pk")
            for start in starts
        )
        return cls(first_place.union(*others, all=True), size * PLACES, size * PLACES / span)

    @property
    def is_whole(self) -> bool:
        return self.part == 1

    def number(self, rows: QuerySet[Any]) -> int:
        """How many of `rows` are among them."""
        chosen = rows.order_by()
        return (chosen if self.is_whole else chosen.filter(pk__in=self.rows)).count()
