"""The matrix of an enrichment: which of the best TFs regulate which genes of the list.

Squares are of three kinds: with small-scale evidence, without, and not reported.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from proteins.drawing.figure import Drawing, Place, shortened
from proteins.drawing.grid import NOT_REPORTED, ROW, Grid, Line
from proteins.drawing.plots import label_of

Row = Mapping[str, Any]

MOST_TFS: Final = 25
MOST_GENES: Final = 30
SMALL, OTHER, NONE = "small-scale", "large-scale or not stated", "not reported"
_CLASSES: Final = {SMALL: "strong", OTHER: "repeated", NONE: NOT_REPORTED}
#: Pixels of a column, of the labels at the left and above; letters of those above.
_STEP, _LEFT, _TOP, _HEAD_LABEL = 30, 112, 88, 12


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
    def drawing(self) -> Drawing:
        # Names of genes lean over the edge.
        width = _LEFT + len(self.genes) * _STEP + 56
        heads = [shortened(name, _HEAD_LABEL) for _, name in self.genes]
        lines = [
            Line(
                name,
                [_CLASSES[self.kinds.get((tf, gene), NONE)] for gene, _ in self.genes],
            )
            for tf, name in self.tfs
        ]
        place = Place(width, _TOP + len(self.tfs) * ROW)
        return Drawing.of(place, Grid(_LEFT, _TOP, _STEP).shapes(heads, lines))

    @property
    def label(self) -> str:
        pairs = sum((tf, gene) in self.kinds for tf, _ in self.tfs for gene, _ in self.genes)
        return (
            f"{pairs} of {len(self.tfs) * len(self.genes)} pairs of {len(self.tfs)} TFs and "
            f"{len(self.genes)} genes are reported"
        )

    def table(self) -> list[list[str]]:
        """The same as rows of text, heads first."""
        heads = ["tf", "tf_name", *(name for _, name in self.genes)]
        rows = [
            [tf, name, *(self.kinds.get((tf, gene), NONE) for gene, _ in self.genes)]
            for tf, name in self.tfs
        ]
        return [heads, *rows]
