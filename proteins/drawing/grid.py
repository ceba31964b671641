"""A grid of squares with labels at the left and slanted heads above: what matrices have in common.

Squares of one class are one path, whatever their number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.utils.safestring import SafeString

from proteins.drawing.figure import path, text

#: Pixels from one row to the next, the height of a square, and the space between two columns.
ROW: Final = 22
_CELL, _GAP = 18, 4
#: The class of a square of what is not reported.
NOT_REPORTED: Final = "chr"


class Line(NamedTuple):
    """A row: its label, and the class of each of its squares."""

    label: str
    classes: Sequence[str]


@dataclass(frozen=True)
class Grid:
    #: Where squares begin, and pixels from one column to the next.
    left: int
    top: int
    step: float

    def shapes(self, heads: Sequence[str], lines: Sequence[Line]) -> Iterator[SafeString]:
        for place, words in enumerate(heads):
            yield self._head(self.left + (place + 0.5) * self.step, words)
        squares: defaultdict[str, list[str]] = defaultdict(list)
        for number, line in enumerate(lines):
            y = self.top + number * ROW
            yield text(self.left - 10, y + 13, line.label, anchor="end")
            for place, css_class in enumerate(line.classes):
                squares[css_class].append(self._square(self.left + place * self.step, y))
        for css_class, parts in squares.items():
            yield path(css_class, "".join(parts))

    def _head(self, x: float, words: str) -> SafeString:
        slanted = text(0, 0, words, sub=True)
        place = f"translate({x:.1f} {self.top - 6}) rotate(-52)"
        return SafeString(f'<g transform="{place}">{slanted}</g>')

    def _square(self, x: float, y: float) -> str:
        width = self.step - _GAP
        return f"M{x:.4g} {y}h{width:.3g}v{_CELL}h-{width:.3g}z"
