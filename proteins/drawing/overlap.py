"""Which combinations of source databases report interactions: an UpSet plot.

Rows are combinations, the most frequent first; dots say which databases each consists of, a bar
how many interactions it reports, and a strip how these divide into tiers. Bars have a
logarithmic scale: most interactions have one database, and the others would be too short to see.

Lex A. and others (2014), "UpSet: Visualization of Intersecting Sets", doi
10.1109/TVCG.2014.2346248.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    path,
    shortened,
    text,
    tier_segments,
)

#: Combinations that are drawn; the table has all.
SHOWN: Final = 15
#: Pixels of a row: one line, or on a phone a line of words and a bar.
_ROW: Final = {Size.WIDE: 22, Size.NARROW: 40}
#: Room above the rows and below them.
_HEAD: Final = {Size.WIDE: 144, Size.NARROW: 26}
_FOOT: Final = 26
_WIDTH: Final = {Size.WIDE: 760, Size.NARROW: NARROW_WIDTH}
#: The room of a figure of all rows.
PLACES: Final = {
    size: Place(_WIDTH[size], _HEAD[size] + SHOWN * _ROW[size] + _FOOT) for size in Size
}
#: Pixels between two columns of dots, of the strip of tiers, and of the number at a bar.
_DOTS: Final = 22
_STRIP: Final = 150
_NUMBER: Final = 84
_NAME: Final = 20


class Combination(NamedTuple):
    """Source databases that are named together, by their labels in the order of names."""

    sources: tuple[str, ...]
    tiers: Mapping[Tier, int]

    @property
    def total(self) -> int:
        return sum(self.tiers.values())

    @property
    def label(self) -> str:
        return " + ".join(self.sources) or "no database stated"


@dataclass(frozen=True)
class SourceOverlap:
    #: Of all species, or of which.
    species: str
    combinations: Sequence[Combination]

    columns: ClassVar[Mapping[str, str]] = {
        "databases": "Source databases that report the interactions together, and no other.",
        "interactions": "Number of interactions.",
        **{tier.label: f"Those whose support is {tier.label}." for tier in TIERS},
    }

    @property
    def rows(self) -> list[tuple[object, ...]]:
        return [
            (list(each.sources), each.total, *(each.tiers.get(tier, 0) for tier in TIERS))
            for each in self.combinations
        ]

    @cached_property
    def total(self) -> int:
        return sum(each.total for each in self.combinations)

    @property
    def label(self) -> str:
        first = self.combinations[0]
        several = sum(each.total for each in self.combinations if len(each.sources) > 1)
        return (
            f"Combinations of source databases that report interactions{self.species}. "
            f"{several:,} of {self.total:,} interactions have several databases; the most "
            f"frequent combination is {first.label} ({first.total:,})."
        )

    def drawn(self, size: Size) -> Drawing:
        shown = self.combinations[:SHOWN]
        draw = self._wide if size is Size.WIDE else self._narrow
        height = _HEAD[size] + len(shown) * _ROW[size] + _FOOT
        # The room of all rows is kept, so that a page knows it beforehand.
        return Drawing.of(PLACES[size], draw(shown, height))

    def _wide(self, shown: Sequence[Combination], height: int) -> Iterator[SafeString]:
        names = self._names(shown)
        head, row = _HEAD[Size.WIDE], _ROW[Size.WIDE]
        columns = {name: 14 + place * _DOTS for place, name in enumerate(names)}
        left = len(names) * _DOTS + 16
        room = _WIDTH[Size.WIDE] - left - _NUMBER - _STRIP - 12
        strip = _WIDTH[Size.WIDE] - _STRIP
        yield from _heads(columns, left, strip, head)
        for place, each in enumerate(shown):
            y = head + place * row
            yield from _dots([columns[name] for name in each.sources], columns.values(), y + 8)
            yield from self._bar(each, left, y, room)
            yield from tier_segments(each.tiers, strip, y + 1, _STRIP, 14)
        yield from legend(left, height - 8, TIER_KEYS, 100)

    def _narrow(self, shown: Sequence[Combination], height: int) -> Iterator[SafeString]:
        room = NARROW_WIDTH - _NUMBER - 60
        yield text(0, 14, "Interactions (log scale)", sub=True)
        yield text(NARROW_WIDTH, 14, "Tiers", sub=True, anchor="end")
        for place, each in enumerate(shown):
            y = _HEAD[Size.NARROW] + place * _ROW[Size.NARROW]
            yield text(0, y + 10, shortened(each.label, 44))
            yield from self._bar(each, 0, y + 14, room)
            yield from tier_segments(each.tiers, NARROW_WIDTH - 52, y + 15, 52, 14)
        yield from legend(0, height - 8, TIER_KEYS, 86)

    def _bar(self, each: Combination, x: float, y: float, room: float) -> Iterator[SafeString]:
        largest = self.combinations[0].total
        width = room * math.log10(1 + each.total) / math.log10(1 + largest)
        yield box("repeated", x, y + 1, max(width, 1), 14)
        yield text(x + width + 6, y + 13, f"{each.total:,}")

    @staticmethod
    def _names(shown: Sequence[Combination]) -> list[str]:
        """The databases of the combinations, those of most interactions first."""
        totals: dict[str, int] = {}
        for each in shown:
            for name in each.sources:
                totals[name] = totals.get(name, 0) + each.total
        return sorted(totals, key=lambda name: (-totals[name], name))


def _heads(columns: Mapping[str, int], left: int, strip: int, head: int) -> Iterator[SafeString]:
    for name, x in columns.items():
        # Upwards, as there is no room for them side by side.
        yield format_html(
            '<text class="sub" transform="translate({} {}) rotate(-90)">{}</text>',
            x + 4, head - 10, shortened(name, _NAME),
        )  # fmt: skip
    yield text(left, head - 10, "Interactions (log scale)", sub=True)
    yield text(strip, head - 10, "Tiers of support", sub=True)


def _dots(filled: Sequence[int], columns: Iterable[int], y: float) -> Iterator[SafeString]:
    for x in columns:
        css_class = "strong" if x in filled else "chr"
        yield format_html('<circle class="{}" cx="{}" cy="{}" r="5"/>', css_class, x, y)
    if len(filled) > 1:
        yield path("strong-line", f"M{min(filled)} {y}H{max(filled)}")
