"""The matrix of an enrichment: which of the best TFs regulate which genes of the list.

Squares are of three kinds, each one path: with small-scale evidence, without, and not reported.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from proteins.drawing.plots import label_of

Row = Mapping[str, Any]

MOST_TFS: Final = 25
MOST_GENES: Final = 30
SMALL, OTHER, NONE = "small-scale", "large-scale or not stated", "not reported"
_CLASSES: Final = {SMALL: "strong", OTHER: "repeated", NONE: "none"}
#: Pixels of a square with the space after it, of the labels at the left and above.
_STEP_X, _STEP_Y, _WIDE, _HIGH, _LEFT, _TOP = 30, 22, 26, 18, 112, 88


class Label(NamedTuple):
    x: int
    y: int
    text: str


class Squares(NamedTuple):
    """All squares of one kind: a class of the style sheet and the `d` of a path."""

    name: str
    path: str


@dataclass(frozen=True)
class GeneMatrix:
    tfs: list[tuple[str, str]]
    genes: list[tuple[str, str]]
    #: Of TF and gene, by accession.
    kinds: Mapping[tuple[str, str], str]

    @classmethod
    def of(cls, rows: Sequence[Row], small_scale: Mapping[str, Collection[str]]) -> GeneMatrix:
        """The first TFs that have hits, and the genes that most of them regulate."""
        shown = [row for row in rows[:MOST_TFS] if row["genes"]]
        counts: Counter[str] = Counter()
        names: dict[str, str] = {}
        kinds = {}
        for row in shown:
            small = set(small_scale.get(row["tf"], ()))
            for gene, name in zip(row["genes"], row["gene_names"], strict=True):
                counts[gene] += 1
                names[gene] = name or gene
                kinds[row["tf"], gene] = SMALL if gene in small else OTHER
        genes = sorted(counts, key=lambda gene: (-counts[gene], names[gene]))[:MOST_GENES]
        return cls(
            [(row["tf"], label_of(row)) for row in shown],
            [(gene, names[gene]) for gene in genes],
            kinds,
        )

    @property
    def width(self) -> int:
        # Names of genes lean over the edge.
        return _LEFT + len(self.genes) * _STEP_X + 56

    @property
    def height(self) -> int:
        return _TOP + len(self.tfs) * _STEP_Y

    @property
    def label(self) -> str:
        pairs = sum(kind != NONE for _, _, kind in self.cells())
        return (
            f"{pairs} of {len(self.tfs) * len(self.genes)} pairs of {len(self.tfs)} TFs and "
            f"{len(self.genes)} genes are reported"
        )

    def cells(self) -> Iterator[tuple[int, int, str]]:
        """The row, column and kind of each square."""
        for row, (tf, _) in enumerate(self.tfs):
            for column, (gene, _) in enumerate(self.genes):
                yield row, column, self.kinds.get((tf, gene), NONE)

    @property
    def squares(self) -> list[Squares]:
        paths = dict.fromkeys(_CLASSES, "")
        for row, column, kind in self.cells():
            x, y = _LEFT + column * _STEP_X, _TOP + row * _STEP_Y
            paths[kind] += f"M{x} {y}h{_WIDE}v{_HIGH}h-{_WIDE}z"
        return [Squares(_CLASSES[kind], path) for kind, path in paths.items() if path]

    @property
    def tf_labels(self) -> list[Label]:
        return [
            Label(_LEFT - 8, _TOP + 13 + row * _STEP_Y, name)
            for row, (_, name) in enumerate(self.tfs)
        ]

    @property
    def gene_labels(self) -> list[Label]:
        return [
            Label(_LEFT + _WIDE // 2 + column * _STEP_X + 4, _TOP - 6, _short(name))
            for column, (_, name) in enumerate(self.genes)
        ]

    def table(self) -> list[list[str]]:
        """The same as rows of text, heads first."""
        heads = ["tf", "tf_name", *(name for _, name in self.genes)]
        rows = [
            [tf, name, *(self.kinds.get((tf, gene), NONE) for gene, _ in self.genes)]
            for tf, name in self.tfs
        ]
        return [heads, *rows]


def _short(name: str) -> str:
    return name if len(name) <= 12 else f"{name[:11]}…"
