"""Which source database reports which regulator, or target, of a protein: a matrix.

A filled cell has the colour of the tier of the whole interaction: the sources do not state what
each database alone would be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString

from proteins.drawing.figure import (
    NARROW_WIDTH,
    TIER_KEYS,
    Drawing,
    Place,
    Size,
    legend,
    shortened,
)
from proteins.drawing.grid import NOT_REPORTED, ROW, Grid, Line
from proteins.queries.source_matrix import MOST_ROWS, SourceMatrix

#: Pixels: the picture, where cells begin, the widest cell, room at the right for the last head.
_WIDTH: Final = {Size.WIDE: 760, Size.NARROW: NARROW_WIDTH}
_LEFT: Final = {Size.WIDE: 116, Size.NARROW: 84}
_STEP: Final = {Size.WIDE: 44, Size.NARROW: 34}
_RIGHT: Final = {Size.WIDE: 90, Size.NARROW: 46}
_LABEL: Final = {Size.WIDE: 15, Size.NARROW: 10}
#: Databases that a phone has room for; the table has all.
_COLUMNS: Final = {Size.WIDE: 30, Size.NARROW: 12}
_FOOT: Final = {Size.WIDE: 34, Size.NARROW: 54}
_HEAD: Final = 118
_HEAD_LABEL: Final = {Size.WIDE: 20, Size.NARROW: 13}


def place_of(rows: int, size: Size) -> Place:
    """The room of a matrix of so many interactions, of which it draws the first."""
    return Place(_WIDTH[size], _HEAD + ROW * min(rows, MOST_ROWS) + _FOOT[size])


@dataclass(frozen=True)
class MatrixFigure:
    matrix: SourceMatrix

    @property
    def noun(self) -> str:
        return "targets" if self.matrix.side == "targets" else "regulators"

    @property
    def label(self) -> str:
        """The result in words: what most databases report, and which database reports most."""
        matrix = self.matrix
        first, columns = matrix.rows[0], matrix.columns
        numbers = ", ".join(f"{column.label} {column.number:,}" for column in columns)
        return (
            f"Source databases of {matrix.total:,} {self.noun} of {matrix.protein.label}: "
            f"{first.label} is in {len(first.sources)} of {len(columns)}. "
            f"{self.noun.capitalize()} of each: {numbers}."
        )

    @property
    def columns(self) -> dict[str, str]:
        sources = {
            column.label: "“yes” where the database reports it; else empty."
            for column in self.matrix.columns
        }
        return {
            "accession": "UniProt accession of the regulator or target.",
            "name": "Its name.",
            "tier": "Tier of support of the interaction.",
            "databases": "Number of databases that report it.",
            **sources,
        }

    @property
    def rows(self) -> list[list[object]]:
        return [
            [
                row.accession, row.label, row.tier.label, len(row.sources),
                *("yes" if column.key in row.sources else "" for column in self.matrix.columns),
            ]
            for row in self.matrix.rows
        ]  # fmt: skip

    def drawn(self, size: Size) -> Drawing:
        return Drawing.of(place_of(self.matrix.total, size), self._shapes(size))

    def _shapes(self, size: Size) -> Iterator[SafeString]:
        left, columns = _LEFT[size], self.matrix.columns[: _COLUMNS[size]]
        room = (_WIDTH[size] - left - _RIGHT[size]) / max(len(columns), 1)
        step = min(_STEP[size], round(room, 1))
        heads = [shortened(column.label, _HEAD_LABEL[size]) for column in columns]
        lines = [
            Line(
                shortened(row.label, _LABEL[size]),
                [
                    row.tier.label if column.key in row.sources else NOT_REPORTED
                    for column in columns
                ],
            )
            for row in self.matrix.rows
        ]
        yield from Grid(left, _HEAD, step).shapes(heads, lines)
        yield from _legend(size, _HEAD + len(self.matrix.rows) * ROW + 20)


def _legend(size: Size, y: float) -> Iterator[SafeString]:
    keys = (*TIER_KEYS, (NOT_REPORTED, "Not reported"))
    in_line = len(keys) if size is Size.WIDE else 3
    yield from legend(0, y, keys[:in_line], 104)
    yield from legend(0, y + 20, keys[in_line:], 104)
