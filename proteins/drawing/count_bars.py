"""Bars of counts, those of most: the TFs of a publication with the number of its interactions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, NamedTuple

from django.utils.safestring import SafeString

from proteins.drawing.figure import NARROW_WIDTH, Drawing, Place, Size, box, shortened, text

#: Bars that are drawn; the table has all counts.
DRAWN: Final = 10
#: Pixels: the picture, where bars begin, a row and the bar within it; room for a number. A page
#: has the narrow one, beside other things.
_WIDTH: Final = {Size.WIDE: 480, Size.NARROW: NARROW_WIDTH}
_LEFT: Final = 92
_ROW: Final = 24
_BAR: Final = 15
_NUMBER: Final = 52
#: Letters of a label that fit before a bar.
_LABEL: Final = 12


class Count(NamedTuple):
    accession: str
    label: str
    number: int


class CountBar(NamedTuple):
    of: Count
    y: int
    width: float

    @property
    def shown(self) -> str:
        """Its label, as far as there is room."""
        return shortened(self.of.label, _LABEL)

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
    """`counts` are those of all, in their order."""

    counts: Sequence[Count]

    #: The columns of its table, with what they mean.
    columns: ClassVar = {
        "accession": "UniProt accession of the TF.",
        "tf": "Name of the TF.",
        "interactions": "Number of its interactions that cite the publication.",
    }
    width = NARROW_WIDTH
    left = _LEFT
    label_x = _LEFT - 8
    row = _ROW
    bar = _BAR

    @property
    def rows(self) -> Sequence[Count]:
        return self.counts

    @property
    def bars(self) -> list[CountBar]:
        return self._bars(Size.NARROW)

    def _bars(self, size: Size) -> list[CountBar]:
        drawn = self.counts[:DRAWN]
        factor = (_WIDTH[size] - _LEFT - _NUMBER) / max((one.number for one in drawn), default=1)
        return [
            CountBar(one, _ROW * place, max(1.0, round(one.number * factor, 1)))
            for place, one in enumerate(drawn)
        ]

    @property
    def height(self) -> int:
        return _ROW * min(len(self.counts), DRAWN)

    @property
    def label(self) -> str:
        words = ", ".join(f"{one.label} {one.number:,}" for one in self.counts[:DRAWN])
        rest = len(self.counts) - DRAWN
        return f"{words}, and {rest:,} TFs with fewer" if rest > 0 else words

    def drawn(self, size: Size) -> Drawing:
        return Drawing.of(Place(_WIDTH[size], self.height), self._shapes(size))

    def _shapes(self, size: Size) -> Iterator[SafeString]:
        for bar in self._bars(size):
            yield text(self.label_x, bar.text_y, bar.shown, anchor="end")
            yield box("supported", _LEFT, bar.bar_y, bar.width, _BAR)
            yield text(bar.end, bar.text_y, f"{bar.of.number:,}", sub=True)
