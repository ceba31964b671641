"""A page of the list of all proteins: filtered, in order, from any place on.

Each order has an index that also holds what is filtered by: it is read from the place on until
the page is full, so that the last page costs what the first costs, and a filter that nothing
matches costs one reading of an index of a few megabytes. Only proteins that are shown are read
themselves. The first pages have numbers, and skip over those before them in that index: a
thousand entries at most. Pages beyond begin after the row where another ended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from django.db.models import Count

from proteins.caching.bounded import BoundedCache
from proteins.caching.shared import shared
from proteins.domain import facets, identifiers
from proteins.models import Protein
from proteins.models.querysets import ProteinQuerySet, browse_columns
from proteins.queries.keyset import Cursor, KeysetPage, Steps, steps

PAGE_SIZE: Final = 25
#: Pages from the first that have a number.
NUMBERED: Final = 20

#: Selections whose facets are shared while nothing is written: a megabyte each.
_COUNTED: Final = 8

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
class BrowseFacets:
    """How many proteins of a selection each filter would leave.

    They are grouped by what they are filtered by: a hundred thousand proteins have a few
    thousand different texts of facets.
    """

    total: int
    tfs: int
    targets: int
    #: By primary key.
    taxa: Counter[int]
    #: By each word of `proteins.domain.facets`, and by the set of those that a group has together.
    words: Counter[str]
    groups: Mapping[int, int]
    alphabet: facets.Alphabet

    @classmethod
    def read(cls, proteins: ProteinQuerySet) -> Self:
        columns = ("taxon", "is_tf", "is_target", "facets")
        tfs = targets = 0
        taxa: Counter[int] = Counter()
        texts: Counter[str] = Counter()
        rows = proteins.order_by().values(*columns).annotate(number=Count("pk"))
        for taxon, is_tf, is_target, text, number in rows.values_list(*columns, "number"):
            tfs += number * is_tf
            targets += number * is_target
            taxa[taxon] += number
            texts[text] += number
        alphabet = facets.Alphabet()
        groups = {alphabet.set_of_text(text): number for text, number in texts.items()}
        words = alphabet.numbers(groups)
        return cls(texts.total(), tfs, targets, taxa, words, groups, alphabet)

    def with_any(self, words: Iterable[str]) -> int:
        """How many have one of these facets, or more."""
        wanted = self.alphabet.set_of(words)
        return sum(number for own, number in self.groups.items() if own & wanted)


@shared
def _counted() -> BoundedCache[object, BrowseFacets]:
    return BoundedCache(_COUNTED)


def browse_facets(proteins: ProteinQuerySet, filters: object) -> BrowseFacets:
    """The facets of the proteins that some filters choose: the pages of a list share them, in
    whatever order, for all proteins are read."""
    counted = _counted()
    stored = counted.get(filters)
    if stored is None:
        stored = BrowseFacets.read(proteins)
        counted.put(filters, stored)
    return stored


@dataclass(frozen=True)
class BrowsePage:
    proteins: list[Protein]
    steps: Steps
    #: None where it begins at a place.
    number: int | None = None

    @classmethod
    def read(
        cls,
        proteins: ProteinQuerySet,
        order: str,
        place: Place | None,
        *,
        backward: bool,
        number: int = 1,
    ) -> BrowsePage:
        """The proteins beyond `place` (before it where `backward`); without one, those at the
        end where `backward`, else those of the page of this number."""
        rest = proteins if place is None else proteins.beyond(order, place, backward=backward)
        ordered = rest.in_browse_order(order, backward=backward)
        first = (number - 1) * PAGE_SIZE
        keys = list(ordered.values_list("pk", flat=True)[first : first + PAGE_SIZE + 1])
        # The last page is read from the end without any place.
        page = KeysetPage.of(keys, PAGE_SIZE, Cursor(place or (), order, backward))
        by_key = Protein.objects.with_names().in_bulk(page.rows)
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
        if rows and later:
            ways.append(("Last", {"page": "last"}))
        return cls(rows, ways, None if place or backward else number)
