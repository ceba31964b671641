"""Plots of an enrichment as shapes that a template writes out: bars, volcano, TF x gene matrix.

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
#: TFs of bars and of the matrix, genes of the matrix.
MOST_TFS: Final = 20
MOST_GENES: Final = 30
#: The smallest q that is drawn, in -log10; beyond it a bar ends at the edge.
_LARGEST: Final = 300.0
_LEFT, _WIDTH, _ROW = 120, 760, 26


class Bar(NamedTuple):
    label: str
    y: int
    width: float
    #: Where the ring of the usual test is.
    ring: float
    text: str


@dataclass(frozen=True)
class Bars:
    """-log10 of q_degree as bars, with a ring at that of the usual q."""

    bars: list[Bar]
    height: int
    limit: float
    largest: float
    left: int = _LEFT
    width: int = _WIDTH

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Bars:
        shown = rows[:MOST_TFS]
        logs = [_log(row[name]) for row in shown for name in ("q_degree", "q")]
        largest = max([*logs, 2.0])
        scale = (_WIDTH - _LEFT - 60) / largest
        bars = [
            Bar(
                _label(row), place * _ROW, round(_log(row["q_degree"]) * scale, 1),
                round(_LEFT + _log(row["q"]) * scale, 1),
                f"{_label(row)}: q by degree {row['q_degree']:.2g}, usual q {row['q']:.2g}",
            )
            for place, row in enumerate(shown)
        ]  # fmt: skip
        limit = round(_LEFT + _log(LIMIT) * scale, 1)
        return cls(bars, len(bars) * _ROW + 24, limit, round(largest, 1))


class Point(NamedTuple):
    x: float
    y: float
    label: str
    is_called: bool
    text: str


@dataclass(frozen=True)
class Volcano:
    """log2 of the odds ratio against -log10 of p_degree."""

    points: list[Point]
    zero: float
    width: int = _WIDTH
    height: int = 360

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Volcano:
        odds = [math.log2(row["odds_ratio"]) for row in rows]
        widest = max([abs(value) for value in odds] + [1.0])
        tallest = max([_log(row["p_degree"]) for row in rows] + [1.0])
        points = []
        for row, value in zip(rows, odds, strict=True):
            called = row["q_degree"] <= LIMIT
            x = round(40 + (value / widest + 1) / 2 * (_WIDTH - 160), 1)
            y = round(330 - _log(row["p_degree"]) / tallest * 300, 1)
            text = f"{_label(row)}: odds ratio {row['odds_ratio']:.2g}, p {row['p_degree']:.2g}"
            points.append(Point(x, y, _label(row) if called else "", called, text))
        labelled = sum(bool(point.label) for point in points)
        if labelled > MOST_TFS:
            best = {_label(row) for row in rows[:MOST_TFS]}
            points = [p if p.label in best else p._replace(label="") for p in points]
        return cls(points, round(40 + (_WIDTH - 160) / 2, 1))


class Cell(NamedTuple):
    x: int
    y: int
    text: str


class Label(NamedTuple):
    x: int
    y: int
    text: str


@dataclass(frozen=True)
class Matrix:
    """Which of the best TFs regulate which genes of the list."""

    cells: list[Cell]
    tfs: list[Label]
    genes: list[Label]
    height: int
    left: int = _LEFT
    width: int = _WIDTH

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Matrix:
        shown = [row for row in rows[:MOST_TFS] if row["genes"]]
        counts: dict[str, int] = {}
        names: dict[str, str] = {}
        for row in shown:
            for gene, name in zip(row["genes"], row["gene_names"], strict=True):
                counts[gene] = counts.get(gene, 0) + 1
                names[gene] = name or gene
        genes = sorted(counts, key=lambda gene: (-counts[gene], names[gene]))[:MOST_GENES]
        columns = {gene: _LEFT + 10 + 21 * place for place, gene in enumerate(genes)}
        cells = [
            Cell(columns[gene], 100 + 22 * place, f"{_label(row)} regulates {names[gene]}")
            for place, row in enumerate(shown)
            for gene in row["genes"]
            if gene in columns
        ]
        tfs = [Label(_LEFT, 112 + 22 * place, _label(row)) for place, row in enumerate(shown)]
        heads = [Label(x + 12, 92, names[gene]) for gene, x in columns.items()]
        return cls(cells, tfs, heads, 108 + 22 * len(shown))


def _log(value: float) -> float:
    return min(-math.log10(value), _LARGEST) if value > 0 else _LARGEST


def _label(row: Row) -> str:
    label = str(row["tf_name"] or row["tf"])
    return label if len(label) <= 14 else label[:13] + "…"
