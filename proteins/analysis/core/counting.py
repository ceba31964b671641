"""Counts of targets and overlaps, in one pass over the interactions of a species.

Rows are read by blocks of some hundred thousand, each as whole arrays, in which a unit counts once
however many of its accessions a TF regulates; this takes no sorting, and no memory to speak of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from proteins.analysis.core.edges import Edges, Kinds
from proteins.analysis.core.units import Units

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
_SEED: Final = 20_261_130
#: Rows that are read at once, and cells of the table of TFs and units that is made of them:
#: a few megabytes.
_ROWS: Final = 2**18
_CELLS: Final = 2**22


@dataclass(frozen=True)
class Matrix:
    """Which TF regulates which unit under a filter: what is counted, without the lists themselves.

    `tfs` are those with any target at all, by primary key; `regulators` has the number of TFs of
    each unit.
    """

    edges: Edges
    units: Units
    keep: Bools
    #: Of each of `tfs` the place among those of the edges.
    places: Ints
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

    def units_of(self, target: NDArray[np.int32], kind: Kinds) -> Ints:
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


@dataclass(frozen=True)
class _Counts:
    """Of each TF its numbers and signature, of each unit how many TFs regulate it."""

    targets: Ints
    signatures: NDArray[np.uint64]
    regulators: Ints


def matrix_of(edges: Edges, units: Units, keep: Bools) -> Matrix:
    """Count targets and regulators; `keep` says of each kind whether the filter lets it through."""
    counts = _counted(edges, units, keep, np.ones(units.number, dtype=bool))
    places = np.flatnonzero(counts.targets)
    tfs, _ = edges.sizes
    return Matrix(
        edges,
        units,
        keep,
        places,
        tfs[places],
        counts.targets[places],
        counts.regulators,
        counts.signatures[places],
    )


def _counted(edges: Edges, units: Units, keep: Bools, chosen: Bools) -> _Counts:
    """Count among chosen units. TFs that are none of the species' proteins have no targets."""
    lots = np.random.default_rng(_SEED).integers(0, 2**63, units.number, dtype=np.uint64)
    number_of = np.where(chosen, np.arange(units.number, dtype=np.int32), np.int32(-1))
    tfs, _ = edges.sizes
    counts = _Counts(
        np.zeros(len(tfs), np.int64),
        np.zeros(len(tfs), np.uint64),
        np.zeros(units.number, np.int64),
    )
    for scanned in scan(edges, units, keep, number_of):
        hits = scanned.distinct() if units.are_shared else scanned
        numbers = np.bincount(hits.place, minlength=len(scanned.tfs))
        some = np.flatnonzero(numbers)
        part = slice(scanned.first, scanned.first + len(numbers))
        counts.targets[part] = numbers
        counts.regulators[:] += np.bincount(hits.number, minlength=units.number)
        starts = np.append(0, np.cumsum(numbers))[some]
        if len(some):
            signatures = np.bitwise_xor.reduceat(lots[hits.number], starts)
            counts.signatures[scanned.first + some] = signatures
    return counts


@dataclass(frozen=True)
class Scanned:
    """Those rows of some TFs that a filter and a choice of units let through."""

    first: int
    tfs: Ints
    #: Of each row its TF's place among `tfs`, its unit's number, and its kind.
    place: Ints
    number: NDArray[np.int32]
    kind: Kinds
    #: How many units are numbered.
    width: int

    @property
    def cell(self) -> Ints:
        """Where each row is in a table of `tfs` and units."""
        return self.place * self.width + self.number

    def distinct(self) -> Scanned:
        """Each unit of a TF once, however many of its proteins the TF regulates."""
        rows = np.arange(len(self.place), dtype=np.int32)
        # Of rows in one cell the last one stays; what was never written is never read.
        last = np.empty(len(self.tfs) * self.width, dtype=np.int32)
        last[cell := self.cell] = rows
        kept = last[cell] == rows
        return replace(
            self, place=self.place[kept], number=self.number[kept], kind=self.kind[kept]
        )


def scan(edges: Edges, units: Units, keep: Bools, number_of: NDArray[np.int32]) -> Iterator[Scanned]:
    """Yield the rows of all TFs by blocks, as few that what is made of them is small.

    `number_of` has the number of each unit, counted from 0, and -1 of those that are left out.
    """
    width = int(number_of.max(initial=-1)) + 1
    # The last is that of proteins that came after the units.
    number_of_protein = np.append(number_at(number_of, units.of), np.int32(-1))
    for block in edges.blocks(_ROWS, max(_CELLS // max(width, 1), 1)):
        numbers = number_of_protein.take(block.target, mode="clip")
        rows = np.flatnonzero(numbers >= 0)
        kind = block.kind[rows]
        passing = keep[kind]
        if not (is_own := units_at(units, block.tfs) >= 0).all():
            place = np.searchsorted(block.starts, rows, "right") - 1
            passing &= is_own[place]
        if not passing.all():
            rows, kind = rows[passing], kind[passing]
        numbers_of_rows = np.diff(np.searchsorted(rows, block.starts))
        place = np.repeat(np.arange(len(block.tfs)), numbers_of_rows)
        yield Scanned(block.first, block.tfs, place, numbers[rows], kind, width)


def number_at(number_of: NDArray[np.int32], units: NDArray[np.int32]) -> NDArray[np.int32]:
    """The number of each unit, -1 of none."""
    return np.append(number_of, np.int32(-1))[units]


@dataclass(frozen=True)
class Within:
    """Of each TF of a matrix: its targets within the background."""

    targets: Ints
    #: The number of TFs of each unit of the background; 0 outside.
    regulators: Ints


def within(matrix: Matrix, background: Bools) -> Within:
    """Count within a background, a mark a unit.

    Where the background leaves no target out, the matrix's own counts hold.
    """
    if not np.any(matrix.regulators[~background]):
        return Within(matrix.targets, matrix.regulators)
    counts = _counted(matrix.edges, matrix.units, matrix.keep, background)
    return Within(counts.targets[matrix.places], counts.regulators)
