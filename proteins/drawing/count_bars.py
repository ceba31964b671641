"""Bars of a few counts, each with a label that links: the TFs of a publication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

#: Pixels: the picture, where bars begin, a row and the bar within it; room for a number.
WIDTH: Final = 360
_LEFT: Final = 104
_ROW: Final = 24
_BAR: Final = 15
_NUMBER: Final = 50
#: Letters of a label that fit before a bar.
_LABEL: Final = 13


class CountBar(NamedTuple):
    label: str
    url: str
    number: int
    y: int
    width: float

    @property
    def shown(self) -> str:
        """Its label, as far as there is room."""
        return self.label if len(self.label) <= _LABEL else f"{self.label[: _LABEL - 1]}…"

    @property
    def bar_y(self) -> int:
        return self.y + (_ROW - _BAR) // 2

    @property
    def text_y(self) -> int:
        return self.y + 16

    @property
    def end(self) -> float:
        return round(_LEFT + self.width + 6, 1)


@dataclass(frozen=True)
class CountBars:
    bars: tuple[CountBar, ...]

    width = WIDTH
    left = _LEFT
    label_x = _LEFT - 8
    row = _ROW
    bar = _BAR

    @classmethod
    def of(cls, counts: Sequence[tuple[str, str, int]]) -> CountBars:
        """`counts` are labels, URLs and numbers, in their order."""
        largest = max((number for _, _, number in counts), default=0) or 1
        factor = (WIDTH - _LEFT - _NUMBER) / largest
        return cls(
            tuple(
                CountBar(label, url, number, _ROW * place, max(1.0, round(number * factor, 1)))
                for place, (label, url, number) in enumerate(counts)
            )
        )

    @property
    def height(self) -> int:
        return _ROW * len(self.bars)

    @property
    def in_words(self) -> str:
        return ", ".join(f"{bar.label} {bar.number:,}" for bar in self.bars)
