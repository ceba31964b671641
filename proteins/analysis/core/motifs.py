"""Feed-forward loops of a whole species, counted and not listed: X regulates Y, and both
regulate Z."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from proteins.analysis.core.counting import Matrix, scan
from proteins.analysis.core.hits import hits

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
#: Targets that are counted at once, as rows of bits: 8 megabytes for 4,000 TFs.
_SLICE: Final = 2**14


@dataclass(frozen=True)
class Motifs:
    """Pairs of TFs of which X regulates Y, by place among `tfs`, and the loops that each closes."""

    tfs: Ints
    x: Ints
    y: Ints
    loops: Ints
    #: Pairs that regulate each other, and TFs that regulate themselves.
    mutual: int
    autoregulated: int

    @property
    def total(self) -> int:
        return int(self.loops.sum())

    def best(self, limit: int) -> Ints:
        """The places of the pairs that close most loops."""
        order: Ints = np.lexsort((self.y, self.x, -self.loops))[:limit]
        return order[self.loops[order] > 0]


def motifs_of(matrix: Matrix) -> Motifs:
    """Count the loops of every pair: the common targets of X and Y but X and Y themselves.

    The cost is that of TFs x targets of theirs that are TFs x targets / 64, whatever the number
    of loops is. Units are proteins.
    """
    number = len(matrix.tfs)
    (among,) = hits(matrix, matrix.units.of[matrix.tfs].astype(np.int64))
    x, y = np.repeat(np.arange(number), among.numbers), among.places.astype(np.int64)
    loops = _common(matrix, among.starts, y)
    is_self = x == y
    own = np.zeros(number, dtype=bool)
    own[x[is_self]] = True
    returns = np.isin(y * number + x, x * number + y, assume_unique=True)
    # Y is a target of X, and X of Y where the pair returns: neither is a Z of its own pair.
    loops -= own[y]
    loops -= own[x] & returns
    pairs = ~is_self
    return Motifs(
        matrix.tfs,
        x[pairs],
        y[pairs],
        loops[pairs],
        int(np.count_nonzero(returns & pairs)) // 2,
        int(np.count_nonzero(own)),
    )


def _common(matrix: Matrix, starts: Ints, y: Ints) -> Ints:
    """How many targets X and Y of each pair have in common; pairs are in the order of X."""
    common = np.zeros(len(y), dtype=np.int64)
    for first in range(0, matrix.units.number, _SLICE):
        bits = _bits(matrix, first)
        for x, row in enumerate(bits):
            part = slice(int(starts[x]), int(starts[x + 1]))
            both = np.bitwise_count(bits[y[part]] & row)
            common[part] += both.sum(axis=1, dtype=np.int64)
    return common


def _bits(matrix: Matrix, first: int) -> NDArray[np.uint64]:
    """Which of some units each TF regulates, a bit a unit."""
    number_of = np.full(matrix.units.number, -1, dtype=np.int32)
    chosen = number_of[first : first + _SLICE]
    chosen[:] = np.arange(len(chosen))
    bits = np.zeros((len(matrix.tfs), _SLICE // 8), dtype=np.uint8)
    # Of all TFs the place in the matrix, which those without a target lack.
    place_of = np.full(len(matrix.edges.sizes[0]), -1, dtype=np.int64)
    place_of[matrix.places] = np.arange(len(matrix.places))
    for scanned in scan(matrix.edges, matrix.units, matrix.keep, number_of):
        marks = np.zeros((len(scanned.tfs), _SLICE), dtype=bool)
        marks[scanned.place, scanned.number] = True
        places = place_of[scanned.first : scanned.first + len(scanned.tfs)]
        bits[places[places >= 0]] = np.packbits(marks[places >= 0], axis=1)
    return bits.view(np.uint64)
