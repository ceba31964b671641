"""Bars of the species: how many interactions each has, by tier of support."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Final, NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString

from proteins.domain.tiers import Tier
from proteins.drawing.figure import (
    NARROW_WIDTH,
    TIER_KEYS,
    TIERS,
    Drawing,
    Place,
    Size,
    box,
    legend,
    shortened,
    text,
)

#: Pixels: a row, and the bar within it; where bars begin; room for the number at the end.
_ROW: Final = 34
_BAR: Final = 16
_WIDTH: Final = {Size.WIDE: 760, Size.NARROW: NARROW_WIDTH}
_LEFT: Final = {Size.WIDE: 190, Size.NARROW: 152}
_NUMBER: Final = 80
_LEAST: Final = 1.0
#: Letters of a name that its room holds.
_LETTERS: Final = 24


class Species(NamedTuple):
    name: str
    url: str
    #: Its interactions by tier.
    tiers: Mapping[Tier, int]

    @property
    def total(self) -> int:
        return sum(self.tiers.values())


@dataclass(frozen=True)
class SpeciesBars:
    """`species` in any order; the one with most interactions is drawn first."""

    species: Sequence[Species]
    columns: ClassVar[Mapping[str, str]] = {
        "species": "Scientific name of the species.",
        "tier": "Tier of support.",
        "interactions": "Number of interactions.",
    }

    @cached_property
    def ranked(self) -> list[Species]:
        return sorted(self.species, key=lambda one: -one.total)

    @property
    def rows(self) -> list[tuple[str, str, int]]:
        """Its table: interactions of each species by tier."""
        return [
            (one.name, tier.label, one.tiers.get(tier, 0)) for one in self.ranked for tier in TIERS
        ]

    @property
    def label(self) -> str:
        words = ", ".join(f"{one.name} {one.total:,}" for one in self.ranked)
        return f"Interactions by species and support: {words}"

    @property
    def height(self) -> int:
        return _ROW * len(self.ranked)

    @property
    def totals(self) -> list[tuple[Tier, int]]:
        """Interactions of all species by tier, for the legend."""
        return [(tier, sum(one.tiers.get(tier, 0) for one in self.species)) for tier in TIERS]

    @property
    def bare(self) -> list[tuple[str, Drawing]]:
        """The bars as a page has them, each a link to its species: one drawing a size, with the
        class of the style sheet that shows it."""
        return [
            (css_class, Drawing.of(Place(_WIDTH[size], self.height), self._links(size)))
            for size, css_class in ((Size.WIDE, "wide-only"), (Size.NARROW, "phone-only"))
        ]

    def _links(self, size: Size) -> Iterator[SafeString]:
        for place, one in enumerate(self.ranked):
            area = format_html(
                '<rect class="area" x="0" y="{}" width="{}" height="{}" rx="5"/>',
                place * _ROW,
                _WIDTH[size],
                _ROW - 4,
            )
            shapes = SafeString("".join(self._row(place, one, size)))
            yield format_html('<a href="{}">{}{}</a>', one.url, area, shapes)

    def _row(self, place: int, one: Species, size: Size) -> Iterator[SafeString]:
        """The name, the bar from the lowest tier on (so that the rare ones are at its free end)
        and the number of a species."""
        y, left = place * _ROW, _LEFT[size]
        yield text(left - 12, y + 20, shortened(one.name, _LETTERS), anchor="end")
        largest = max((each.total for each in self.ranked), default=0) or 1
        x, factor = float(left), (_WIDTH[size] - left - _NUMBER) / largest
        for tier in reversed(TIERS):
            if number := one.tiers.get(tier, 0):
                width = max(_LEAST, number * factor)
                yield box(tier.label, x, y + (_ROW - _BAR) // 2 - 2, width, _BAR)
                x += width
        yield text(x + 9, y + 20, f"{one.total:,}", sub=True)

    def drawn(self, size: Size) -> Drawing:
        """The picture as a file, with a legend."""
        rows = (self._row(place, one, size) for place, one in enumerate(self.ranked))
        keys = legend(0, self.height + 14, TIER_KEYS, 110 if size is Size.WIDE else 82)
        shapes = [shape for row in rows for shape in row]
        return Drawing.of(Place(_WIDTH[size], self.height + 22), [*shapes, *keys])
