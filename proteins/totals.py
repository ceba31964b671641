"""How many rows a list has, at a cost that does not grow with the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

#: So many rows are counted one by one at most; from an index, in some hundredths of a second.
COUNTED: Final = 250_000


@dataclass(frozen=True)
class Total:
    """How many rows there are; an estimate where it is not exact."""

    count: int
    is_exact: bool = True

    def at_least(self, seen: int) -> Total:
        """With what was seen already, which an estimate may fall short of."""
        return self if self.is_exact else Total(max(self.count, seen), is_exact=False)


def counted(queryset: QuerySet[Any], most: int = COUNTED) -> Total:
    """Count rows one by one, up to `most`; beyond, there are more than that."""
    found = queryset.order_by().values("pk")[: most + 1].count()
    return Total(found, found <= most)
