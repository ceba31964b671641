"""Bars of the species: how many interactions each has, by the scale of their evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from proteins.domain.evidence import SmallScale

#: Scales from left to right, each with its class: the rare one at the free end, where it is seen.
SCALES: Final = (
    (SmallScale.NO, "single", "Large-scale"),
    (SmallScale.NOT_STATED, "repeated", "Scale not stated"),
    (SmallScale.YES, "strong", "Small-scale"),
)
#: Pixels: a row, and the bar within it; room for the number at its end.
_ROW: Final = 34
_BAR: Final = 16
_NUMBER: Final = 80
_LEAST: Final = 1.0


class Segment(NamedTuple):
    css_class: str
    x: float
    y: int
    width: float


@dataclass(frozen=True)
class SpeciesBar:
    label: str
    url: str
    total: int
    segments: tuple[Segment, ...]
    y: int
    end: float

    @property
    def text_y(self) -> int:
        return self.y + 20


@dataclass(frozen=True)
class SpeciesBars:
    """The picture, `width` pixels wide, with labels of `left` pixels."""

    bars: tuple[SpeciesBar, ...]
    width: int
    left: int
    label: str

    @classmethod
    def of(
        cls, species: Sequence[tuple[str, str, Mapping[str, int]]], width: int, left: int
    ) -> SpeciesBars:
        """`species` are names, URLs, and interactions by the label of their scale."""
        ranked = sorted(species, key=lambda one: -sum(one[2].values()))
        largest = max((sum(scales.values()) for _, _, scales in ranked), default=0) or 1
        factor = (width - left - _NUMBER) / largest
        bars = tuple(
            _bar(name, url, scales, left, _ROW * row, factor)
            for row, (name, url, scales) in enumerate(ranked)
        )
        words = ", ".join(f"{bar.label} {bar.total:,}" for bar in bars)
        return cls(bars, width, left, f"Interactions by species: {words}")

    @property
    def height(self) -> int:
        return _ROW * len(self.bars)

    @property
    def label_x(self) -> int:
        return self.left - 12


def _bar(
    name: str, url: str, scales: Mapping[str, int], left: int, y: int, factor: float
) -> SpeciesBar:
    x, segments = float(left), []
    for scale, css_class, _ in SCALES:
        if number := scales.get(scale.label, 0):
            width = max(_LEAST, round(number * factor, 1))
            segments.append(Segment(css_class, round(x, 1), y + (_ROW - _BAR) // 2 - 2, width))
            x += width
    return SpeciesBar(name, url, sum(scales.values()), tuple(segments), y, round(x + 9, 1))
