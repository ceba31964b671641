"""The support strip: how the interactions of each side divide into tiers, as bars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, NamedTuple

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
    text,
)

#: Pixels: the picture, where bars begin, a row and the bar in it.
_WIDTH: Final = {Size.WIDE: 760, Size.NARROW: NARROW_WIDTH}
_LEFT: Final = {Size.WIDE: 110, Size.NARROW: 84}
_ROW: Final = 30
_BAR: Final = 18
#: A share that is there is seen, however small.
_LEAST: Final = 1.0


class Segment(NamedTuple):
    tier: Tier
    x: float
    y: int
    width: float


@dataclass(frozen=True)
class Bar:
    label: str
    #: Interactions by tier.
    counts: Mapping[Tier, int]
    y: int

    @property
    def text_y(self) -> int:
        return self.y + 14

    def segments(self, size: Size) -> list[Segment]:
        left, total = _LEFT[size], sum(self.counts.values())
        x, segments = float(left), []
        for tier in TIERS:
            if number := self.counts.get(tier, 0):
                width = max(_LEAST, round((_WIDTH[size] - left) * number / total, 1))
                segments.append(Segment(tier, round(x, 1), self.y, width))
                x += width
        return segments

    @property
    def in_words(self) -> str:
        parts = [
            f"{self.counts[tier]:,} {tier.label}" for tier in TIERS if self.counts.get(tier, 0)
        ]
        return f"{self.label}: {', '.join(parts)}"


@dataclass(frozen=True)
class SupportStrip:
    bars: tuple[Bar, ...]
    #: The columns of its table, with what they mean.
    columns: ClassVar[Mapping[str, str]] = {
        "side": "Regulators or targets of the protein.",
        "tier": "Tier of support.",
        "interactions": "Number of interactions.",
    }

    @classmethod
    def of(cls, sides: Sequence[tuple[str, Mapping[Tier, int]]]) -> SupportStrip:
        """`sides` are labels with interactions by tier; those without any are left out."""
        shown = [(label, counts) for label, counts in sides if sum(counts.values())]
        return cls(
            tuple(Bar(label, counts, 4 + _ROW * row) for row, (label, counts) in enumerate(shown))
        )

    @property
    def height(self) -> int:
        return _ROW * len(self.bars)

    @property
    def label(self) -> str:
        return "; ".join(bar.in_words for bar in self.bars)

    @property
    def rows(self) -> list[tuple[str, str, int]]:
        """Its table: interactions of each side by tier."""
        return [
            (bar.label, tier.label, bar.counts.get(tier, 0)) for bar in self.bars for tier in TIERS
        ]

    @property
    def bare(self) -> list[tuple[str, Drawing]]:
        """The bars as a page has them, which has a legend of its own: one drawing a size, with
        the class of the style sheet that shows it."""
        return [
            (css_class, Drawing.of(Place(_WIDTH[size], self.height), self._shapes(size)))
            for size, css_class in ((Size.WIDE, "wide-only"), (Size.NARROW, "phone-only"))
        ]

    def _shapes(self, size: Size) -> Iterator[SafeString]:
        for bar in self.bars:
            yield text(0, bar.text_y, bar.label)
            for part in bar.segments(size):
                yield box(part.tier.label, part.x, part.y, part.width, _BAR)

    def drawn(self, size: Size) -> Drawing:
        """The picture as a file, with a legend."""
        left, step = (_LEFT[size], 110) if size is Size.WIDE else (0, 86)
        keys = legend(left, self.height + 14, TIER_KEYS, step)
        place = Place(_WIDTH[size], self.height + 22)
        return Drawing.of(place, [*self._shapes(size), *keys])

    @property
    def totals(self) -> list[tuple[Tier, int]]:
        """Interactions of both sides by tier, for the legend."""
        return [(tier, sum(bar.counts.get(tier, 0) for bar in self.bars)) for tier in TIERS]
