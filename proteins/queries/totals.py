"""How many rows a list has, at a cost that does not grow with the table.

Where that is cheap it is counted, or taken from the counters of proteins. Elsewhere it
is an estimate from some rows from all over the table, and marked as one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

#: Limit of rows that are counted, which an index alone answers in some hundredths of a second.
COUNTED: Final = 250_000
#: Limit of rows that are read for an estimate.
READ: Final = 20_000
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
    table = rows.model._default_manager
    # In one query, SQLite would read all of an index.
    first, last = (table.order_by(end).values_list("pk", flat=True).first() for end in ENDS)
    span, size = (last or 0) - (first or 0) + 1, READ // PLACES
    if span <= READ:
        return Total(rows.order_by().count())
    starts = ((first or 0) + span * place // PLACES for place in range(PLACES))
    # Apart, lest a planner begin with the filtered rows, and read all of them; and united, lest
    # SQLite read all of a narrow index instead of so many ranges.
    first_place, *others = (
        table.order_by().filter(pk__gte=start, pk__lt=start + size).values("pk") for start in starts
    )
    taken = first_place.union(*others, all=True)
    number = rows.order_by().filter(pk__in=taken).values("pk").count()
    return Total.about(number * span / (size * PLACES))
