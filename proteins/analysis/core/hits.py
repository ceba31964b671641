"""The units of a list that each TF regulates, in the order of the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proteins.analysis.core.counting import Matrix, Scanned, scan

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Places = NDArray[np.int32]


@dataclass(frozen=True)
class Hits:
    """The hits of each TF of a matrix, one TF after the other, as places in the list."""

    starts: Ints
    places: Places

    @property
    def numbers(self) -> Ints:
        return np.diff(self.starts)

    def of(self, tf: int) -> Places:
        """The hits of a TF by its place in the matrix."""
        return self.places[self.starts[tf] : self.starts[tf + 1]]


def hits(matrix: Matrix, listed: Ints, choices: Sequence[Bools] = ()) -> list[Hits]:
    """Return the hits of a list of units, and for each choice of kinds those of such a kind."""
    number_of = np.full(matrix.units.number, -1, dtype=np.int32)
    number_of[listed] = np.arange(len(listed))
    every = np.ones(len(matrix.keep), dtype=bool)
    parts: list[list[tuple[Ints, Places]]] = [[] for _ in range(1 + len(choices))]
    for scanned in scan(matrix.edges, matrix.units, matrix.keep, number_of):
        for choice, own in zip((every, *choices), parts, strict=True):
            own.append(_hits(scanned, choice))
    return [_joined(matrix, own) for own in parts]


def _hits(scanned: Scanned, choice: Bools) -> tuple[Ints, Places]:
    """How many hits each TF has, and their places in order."""
    number, width = len(scanned.tfs), scanned.width
    chosen = choice[scanned.kind]
    if not chosen.any():
        return np.zeros(number, np.int64), np.zeros(0, np.int32)
    marks = np.zeros(number * width, dtype=bool)
    marks[scanned.cell if chosen.all() else scanned.cell[chosen]] = True
    cells = np.flatnonzero(marks)
    begins = np.arange(number + 1) * width
    numbers = np.diff(np.searchsorted(cells, begins))
    return numbers, (cells - np.repeat(begins[:-1], numbers)).astype(np.int32)


def _joined(matrix: Matrix, parts: Sequence[tuple[Ints, Places]]) -> Hits:
    # Those that are not in the matrix have none.
    numbers = np.concatenate([np.zeros(0, np.int64), *(each for each, _ in parts)])
    places = np.concatenate([np.zeros(0, np.int32), *(each for _, each in parts)])
    return Hits(np.append(0, np.cumsum(numbers[matrix.places])), places)
