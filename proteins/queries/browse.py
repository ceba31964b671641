"""A page of the list of all proteins: filtered, in order, from any place on.

Nothing is counted or skipped over. Each order has an index that also holds what is filtered
by: it is read from the place on until the page is full, so that the last page costs what the
first costs, and a filter that nothing matches costs one reading of an index of a few
megabytes. Only proteins that are shown are read themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from proteins.domain import identifiers
from proteins.models import Protein
from proteins.models.querysets import ProteinQuerySet, browse_columns
from proteins.queries.keyset import Cursor, KeysetPage, Steps, steps

PAGE_SIZE: Final = 50

#: Columns that follow from the name, which a place has.
_FLAGS: Final = frozenset({"is_named", "is_unnamed"})

#: The columns of an order, for one protein.
Place = tuple[Any, ...]


def place_in(order: str, text: str) -> Place:
    """Return the place that a URL names: `VALUE.ACCESSION`, or just the accession where
    the order is by accession. Raises `IdentifierError`."""
    value, _, accession = text.rpartition(".")
    accession = identifiers.parse_accession(accession)
    key = order.removeprefix("-")
    if key == "accession" and not value:
        return (accession,)
    if key == "name":
        return (bool(value) == order.startswith("-"), value, accession)
    if key != "accession" and value.isascii() and value.isdigit() and len(value) <= 10:
        number = int(value)
        if number <= identifiers.MAX_INTEGER:
            return (number, accession)
    raise identifiers.IdentifierError(f"{identifiers.shown(text)} is not a place in this order")


def written_place(order: str, protein: Protein) -> str:
    """Return the place of a protein as URLs have it; `place_in` reads it."""
    values = [getattr(protein, column) for column in browse_columns(order) if column not in _FLAGS]
    return ".".join(map(str, values))


@dataclass(frozen=True)
class BrowsePage:
    proteins: list[Protein]
    steps: Steps

    @classmethod
    def read(
        cls, proteins: ProteinQuerySet, order: str, place: Place | None, *, backward: bool
    ) -> BrowsePage:
        """The proteins beyond `place` (before it where `backward`); without one, those at the
        beginning (or end)."""
        rest = proteins if place is None else proteins.beyond(order, place, backward=backward)
        ordered = rest.in_browse_order(order, backward=backward)
        keys = list(ordered.values_list("pk", flat=True)[: PAGE_SIZE + 1])
        # The last page is read from the end without any place.
        page = KeysetPage.of(keys, PAGE_SIZE, Cursor(place or (), order, backward))
        by_key = Protein.objects.with_row_details().in_bulk(page.rows)
        rows = [by_key[key] for key in page.rows if key in by_key]

        def is_any(row: Protein, *, backward: bool) -> bool:
            text = written_place(order, row)
            beyond = proteins.beyond(order, place_in(order, text), backward=backward)
            return bool(beyond.in_browse_order(order, backward=backward).values("pk")[:1])

        # Where one came from there is a page, unless the URL was made up.
        came = place is not None and bool(rows)
        earlier = page.goes_on if backward else came and is_any(rows[0], backward=True)
        later = came and is_any(rows[-1], backward=False) if backward else page.goes_on
        ways = steps(rows, lambda row: written_place(order, row), previous=earlier, following=later)
        return cls(rows, [*ways, ("Last", {"page": "last"})] if rows and later else ways)
