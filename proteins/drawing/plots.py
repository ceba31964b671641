"""Plots of an enrichment as shapes that a template writes out: bars and volcano.

What the colours say is said by shape, place or text as well.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

Row = Mapping[str, Any]

#: q values from which a line is drawn.
LIMIT: Final = 0.05
#: TFs of bars, and those that the volcano plot names.
MOST_TFS: Final = 20
#: The smallest q that is drawn, in -log10; beyond it a bar ends at the edge.
_LARGEST: Final = 300.0
_LEFT, _WIDTH, _ROW, _TOP, _EDGE = 120, 760, 26, 20, 20
#: Characters of a label, and of one of a phone's drawing.
_LABEL, _SHORT_LABEL = 14, 8
#: Width of a drawing for phones, and where its bars begin.
PHONE: Final = (326, 66)


class Bar(NamedTuple):
    label: str
    y: int
    width: float
    #: Where the ring of the usual test is.
    ring: float
    text: str

    @property
    def text_y(self) -> int:
        return self.y + 12

    @property
    def ring_y(self) -> float:
        return self.y + 7.5


class Tick(NamedTuple):
    x: float
    label: str


@dataclass(frozen=True)
class Bars:
    """-log10 of q_degree as bars from `left`, with a ring at that of the usual q."""

    bars: list[Bar]
    ticks: list[Tick]
    limit: float
    height: int
    width: int = _WIDTH
    left: int = _LEFT

    @classmethod
    def of(cls, rows: Sequence[Row], width: int = _WIDTH, left: int = _LEFT) -> Bars:
        shown = rows[:MOST_TFS]
        logs = [_log(row[name]) for row in shown for name in ("q_degree", "q")]
        largest = max([*logs, 2.0])
        scale = (width - left - _EDGE) / largest
        longest = _LABEL if width == _WIDTH else _SHORT_LABEL
        bars = [
            Bar(
                label_of(row, longest), _TOP + 6 + place * _ROW,
                round(_log(row["q_degree"]) * scale, 1),
                round(left + _log(row["q"]) * scale, 1),
                f"{label_of(row)}: degree-adjusted q {row['q_degree']:.2g}, "
                f"hypergeometric q {row['q']:.2g}",
            )
            for place, row in enumerate(shown)
        ]  # fmt: skip
        ticks = [Tick(round(left + value * scale, 1), str(value)) for value in _steps(largest)]
        limit = round(left + _log(LIMIT) * scale, 1)
        return cls(bars, ticks, limit, _TOP + len(bars) * _ROW + 46, width, left)

    @property
    def top(self) -> int:
        return _TOP

    @property
    def bottom(self) -> int:
        return self.height - 38

    @property
    def middle(self) -> int:
        return (self.left + self.width) // 2


def _steps(largest: float) -> list[int]:
    """Round numbers from 0 to the largest, six at most."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if largest / step < 6 or step == 100)
    return list(range(0, int(largest) + 1, step))


class Point(NamedTuple):
    x: float
    y: float
    label: str
    text: str


@dataclass(frozen=True)
class Volcano:
    """log2 of the odds ratio against -log10 of p_degree."""

    #: The first of those called, by name.
    points: list[Point]
    #: The other ones called, and those that are not, each as the `d` of one path of dots.
    called: str
    others: str
    number: int
    zero: float
    width: int = _WIDTH
    height: int = 360

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Volcano:
        odds = [math.log2(row["odds_ratio"]) for row in rows]
        widest = max([abs(value) for value in odds] + [1.0])
        tallest = max([_log(row["p_degree"]) for row in rows] + [1.0])
        points: list[Point] = []
        called = others = ""
        for row, value in zip(rows, odds, strict=True):
            x = round(40 + (value / widest + 1) / 2 * (_WIDTH - 160), 1)
            y = round(330 - _log(row["p_degree"]) / tallest * 300, 1)
            if row["q_degree"] > LIMIT:
                others += f"M{x:g} {y:g}h0"
            elif len(points) == MOST_TFS:
                called += f"M{x:g} {y:g}h0"
            else:
                label = label_of(row)
                text = f"{label}: odds ratio {row['odds_ratio']:.2g}, p {row['p_degree']:.2g}"
                points.append(Point(x, y, label, text))
        return cls(points, called, others, len(rows), round(40 + (_WIDTH - 160) / 2, 1))


def _log(value: float) -> float:
    return min(-math.log10(value), _LARGEST) if value > 0 else _LARGEST


def label_of(row: Row, longest: int = _LABEL) -> str:
    label = str(row["tf_name"] or row["tf"])
    return label if len(label) <= longest else label[: longest - 1] + "…"
