"""TFs of the same, or nearly the same, targets: mostly two records of one factor, or one that
bears another's name as an alias."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from proteins.analysis.core.counting import Matrix

#: From this share of common targets among all of both, and with so many targets.
SIMILAR: Final = 0.95
FEWEST: Final = 5


class Pair(NamedTuple):
    """Two TFs by primary key, with how many targets they share of how many of both."""

    one: int
    other: int
    common: int
    union: int

    @property
    def jaccard(self) -> float:
        return self.common / self.union


def similar_pairs(matrix: Matrix, share: float = SIMILAR, fewest: int = FEWEST) -> Iterator[Pair]:
    """Yield the pairs of TFs with at least `fewest` targets each that share so many.

    Sets are compared as rows of bits, and only with those of nearly the same size.
    """
    enough = np.flatnonzero(matrix.targets >= fewest)
    order = enough[np.argsort(matrix.targets[enough], kind="stable")]
    place_of = {int(matrix.tfs[place]): place for place in enough.tolist()}
    bits = {}
    for tf, units in matrix.rows():
        if tf in place_of:
            marks = np.zeros(matrix.units.number, dtype=bool)
            marks[units] = True
            bits[place_of[tf]] = np.packbits(marks)
    for first, one in enumerate(order.tolist()):
        for other in order[first + 1 :].tolist():
            sizes = int(matrix.targets[one]), int(matrix.targets[other])
            if sizes[0] < share * sizes[1]:
                break
            common = int(np.bitwise_count(bits[one] & bits[other]).sum())
            union = sum(sizes) - common
            if common >= share * union:
                yield Pair(int(matrix.tfs[one]), int(matrix.tfs[other]), common, union)


def groups(pairs: Sequence[Pair]) -> list[list[int]]:
    """Return TFs that are joined by pairs, each group once."""
    near: defaultdict[int, set[int]] = defaultdict(set)
    for pair in pairs:
        near[pair.one].add(pair.other)
        near[pair.other].add(pair.one)
    seen: set[int] = set()
    joined = []
    for tf in near:
        if tf in seen:
            continue
        group, waiting = set(), [tf]
        while waiting:
            one = waiting.pop()
            if one not in group:
                group.add(one)
                waiting.extend(near[one])
        seen |= group
        joined.append(sorted(group))
    return joined
