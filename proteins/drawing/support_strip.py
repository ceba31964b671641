"""The support strip: how the interactions of each side divide into tiers, as bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from proteins.domain.tiers import Tier

#: Tiers from left to right, the strongest first.
TIERS: Final = tuple(sorted(Tier, reverse=True))
#: Pixels: the picture, where bars begin, and a row.
WIDTH: Final = 760
_LEFT: Final = 110
_ROW: Final = 30
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

    @property
    def segments(self) -> list[Segment]:
        total, x = sum(self.counts.values()), float(_LEFT)
        segments = []
        for tier in TIERS:
            if number := self.counts.get(tier, 0):
                width = max(_LEAST, round((WIDTH - _LEFT) * number / total, 1))
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

    width = WIDTH

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
    def totals(self) -> list[tuple[Tier, int]]:
        """Interactions of both sides by tier, for the legend."""
        return [(tier, sum(bar.counts.get(tier, 0) for bar in self.bars)) for tier in TIERS]
