"""Counts of targets and overlaps, in one pass over the interactions of a species.

Each TF's targets are marked in a row of bits, one a unit, so that a unit counts once however many
of its accessions the TF regulates; this takes no sorting, and no memory to speak of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from proteins.analysis.core.edges import Edges
from proteins.analysis.core.units import Units

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
_SEED: Final = 20_261_130


@dataclass(frozen=True)
class Matrix:
    """Which TF regulates which unit under a filter: what is counted, without the lists themselves.

    `tfs` are those with any target at all, by primary key; `regulators` has the number of TFs of
    each unit.
    """

    edges: Edges
    units: Units
    keep: Bools
    tfs: Ints
    targets: Ints
    regulators: Ints
    #: The same for TFs of the same targets.
    signature: NDArray[np.uint64]

    def rows(self) -> Iterator[tuple[int, Ints]]:
        """Yield each TF with its units, in the order of `tfs`."""
        for tf, target, kind in self.edges.segments():
            units = np.unique(self.units_of(target, kind))
            if len(units):
                yield tf, units

    def units_of(self, target: NDArray[np.int32], kind: NDArray[np.uint32]) -> Ints:
        """The units of those rows that the filter lets through, as often as they occur."""
        units = units_at(self.units, target[self.keep[kind]])
        return units[units >= 0]


def units_at(units: Units, proteins: NDArray[np.int32] | Ints) -> Ints:
    """The unit of each protein, -1 where it has none: one that came after the units, or that is
    no more."""
    inside = proteins < len(units.of)
    result = np.full(len(proteins), -1, dtype=np.int64)
    result[inside] = units.of[proteins[inside]]
    return result


def matrix_of(edges: Edges, units: Units, keep: Bools) -> Matrix:
    """Count targets and regulators; `keep` says of each kind whether the filter lets it through."""
    lots = np.random.default_rng(_SEED).integers(0, 2**63, units.number, dtype=np.uint64)
    regulators = np.zeros(units.number, dtype=np.int64)
    marks = np.zeros(units.number, dtype=bool)
    counted = []
    empty = Matrix(edges, units, keep, *(np.zeros(0, np.int64),) * 3, np.zeros(0, np.uint64))
    for tf, target, kind in edges.segments():
        own = int(tf) < len(units.of) and units.of[tf] >= 0
        hits = empty.units_of(target, kind) if own else ()
        if not len(hits):
            continue
        marks[:] = False
        marks[hits] = True
        regulators += marks
        signature = np.bitwise_xor.reduce(lots[marks])
        counted.append((tf, int(np.count_nonzero(marks)), signature))
    return Matrix(
        edges,
        units,
        keep,
        np.array([each[0] for each in counted], dtype=np.int64),
        np.array([each[1] for each in counted], dtype=np.int64),
        regulators,
        np.array([each[2] for each in counted], dtype=np.uint64),
    )


@dataclass(frozen=True)
class Overlaps:
    """Of each TF of a matrix: its targets within the background, and within the list."""

    targets: Ints
    overlap: Ints
    #: The number of TFs of each unit of the background; 0 outside.
    regulators: Ints


def overlaps(matrix: Matrix, background: Bools, query: Bools) -> Overlaps:
    """Count within a background and a list, each as a mark a unit.

    Where the background leaves no target out, the matrix's own counts hold, and only rows of
    the list are looked at.
    """
    if not np.any(matrix.regulators[~background]):
        overlap = _hits(matrix, query & background)
        return Overlaps(matrix.targets, overlap, matrix.regulators)
    targets = np.zeros(len(matrix.tfs), dtype=np.int64)
    overlap = np.zeros(len(matrix.tfs), dtype=np.int64)
    regulators = np.zeros(matrix.units.number, dtype=np.int64)
    for place, marks in enumerate(_marks(matrix)):
        marks &= background
        regulators += marks
        targets[place] = np.count_nonzero(marks)
        overlap[place] = np.count_nonzero(marks & query)
    return Overlaps(targets, overlap, regulators)


def _hits(matrix: Matrix, query: Bools) -> Ints:
    return np.fromiter(
        (np.count_nonzero(marks & query) for marks in _marks(matrix)), np.int64, len(matrix.tfs)
    )


def _marks(matrix: Matrix) -> Iterator[Bools]:
    wanted = set(matrix.tfs.tolist())
    for tf, target, kind in matrix.edges.segments():
        if tf in wanted:
            marks = np.zeros(matrix.units.number, dtype=bool)
            marks[matrix.units_of(target, kind)] = True
            yield marks
