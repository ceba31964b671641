"""Interactions of one species as arrays: sorted by TF and target, 8 bytes each.

`kind` says by number which evidence, effect, review status and state of reporting an interaction
has: hundreds of thousands share some thousands of them (`Kinds`). So a filter is evaluated once a
kind, not once an interaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Kind(NamedTuple):
    """What interactions have in common: evidence by primary key, the other three by value."""

    evidence: int
    effect: int
    status: int
    reporting: int


class Row(NamedTuple):
    """One interaction; proteins by primary key."""

    tf: int
    target: int
    kind: Kind


#: The kind of each row, by number.
Kinds = NDArray[np.unsignedinteger[Any]]
Segment = tuple[NDArray[np.int32], Kinds]


class Block(NamedTuple):
    """The rows of some TFs one after the other, with where each TF's begin and the last's end."""

    #: The place of the first TF among all.
    first: int
    tfs: Ints
    starts: Ints
    target: NDArray[np.int32]
    kind: Kinds


@dataclass(frozen=True)
class Edges:
    """Each TF's targets and kinds are from `starts[i]` to `starts[i + 1]`.

    Of the TFs in `later`, what is there holds in place of that: their rows have changed since.
    """

    tfs: Ints
    starts: Ints
    target: NDArray[np.int32]
    kind: Kinds
    kinds: NDArray[np.int64]  # one row a kind, in the columns of `Kind`
    later: Mapping[int, Segment] = field(default_factory=dict)
    #: What was counted of the stored rows, which edges with later ones have in common.
    _stored: dict[str, Ints] = field(default_factory=dict, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.target)

    @cached_property
    def sizes(self) -> tuple[Ints, Ints]:
        """All TFs by primary key, and how many rows each has."""
        if not self.later:
            return self.tfs, np.diff(self.starts)
        sizes = dict(zip(self.tfs.tolist(), np.diff(self.starts).tolist(), strict=True))
        sizes |= {tf: len(target) for tf, (target, _) in self.later.items()}
        tfs = sorted(sizes)
        return np.array(tfs, dtype=np.int64), np.array([sizes[tf] for tf in tfs], dtype=np.int64)

    def blocks(self, rows: int, tfs: int) -> Iterator[Block]:
        """Yield all rows in the order of TFs, so many of so many TFs at once, a TF always whole."""
        every, sizes = self.sizes
        ends = np.append(0, np.cumsum(sizes))
        first = 0
        while first < len(every):
            within = int(np.searchsorted(ends, ends[first] + rows, "right")) - 1
            last = min(max(within, first + 1), first + tfs)
            part = every[first:last]
            yield Block(first, part, ends[first : last + 1] - ends[first], *self._rows_of(part))
            first = last

    def _rows_of(self, tfs: Ints) -> Segment:
        """The rows of TFs that follow each other."""
        if not self.later.keys().isdisjoint(tfs.tolist()):
            segments = [self.of_tf(tf) for tf in tfs.tolist()]
            targets, kinds = zip(*segments, strict=True)
            return np.concatenate(targets), np.concatenate(kinds)
        places = np.searchsorted(self.tfs, tfs[[0, -1]])
        rows = slice(int(self.starts[places[0]]), int(self.starts[places[1] + 1]))
        return self.target[rows], self.kind[rows]

    def segments(self) -> Iterator[tuple[int, NDArray[np.int32], Kinds]]:
        """Yield each TF with its targets and their kinds, in the order of primary keys."""
        places = {int(tf): place for place, tf in enumerate(self.tfs.tolist())}
        for tf in sorted({*places, *self.later}):
            if tf in self.later:
                yield (tf, *self.later[tf])
            else:
                first, last = int(self.starts[places[tf]]), int(self.starts[places[tf] + 1])
                yield tf, self.target[first:last], self.kind[first:last]

    def rows_of_kinds(self) -> Ints:
        """How many interactions are of each kind."""
        if "kinds" not in self._stored:
            self._stored["kinds"] = np.bincount(self.kind)
        rows = np.zeros(len(self.kinds), np.int64)
        rows[: len(self._stored["kinds"])] = self._stored["kinds"]
        for tf, (_, kind) in self.later.items():
            rows -= np.bincount(self._stored_segment(tf)[1], minlength=len(rows))
            rows += np.bincount(kind, minlength=len(rows))
        return rows

    def stored_targets(self) -> Ints:
        """The targets of the stored rows, each once."""
        if "targets" not in self._stored:
            seen = np.zeros(int(self.target.max(initial=0)) + 1, dtype=bool)
            seen[self.target] = True
            self._stored["targets"] = np.flatnonzero(seen)
        return self._stored["targets"]

    def of_tf(self, tf: int) -> Segment:
        """The targets of one TF and their kinds; empty where it has none."""
        return self.later[tf] if tf in self.later else self._stored_segment(tf)

    def _stored_segment(self, tf: int) -> Segment:
        place = int(np.searchsorted(self.tfs, tf))
        if place == len(self.tfs) or self.tfs[place] != tf:
            return self.target[:0], self.kind[:0]
        part = slice(int(self.starts[place]), int(self.starts[place + 1]))
        return self.target[part], self.kind[part]


def edges_of(rows: Iterable[Row]) -> Edges:
    """Lay rows out as arrays, in whatever order they come."""
    numbers: dict[Kind, int] = {}
    flat = np.fromiter(
        (
            value
            for row in rows
            for value in (row.tf, row.target, numbers.setdefault(row.kind, len(numbers)))
        ),
        np.int64,
    ).reshape(-1, 3)
    order = np.lexsort((flat[:, 1], flat[:, 0]))
    flat = flat[order]
    tfs, first = np.unique(flat[:, 0], return_index=True)
    kinds = np.array(list(numbers), dtype=np.int64).reshape(-1, len(Kind._fields))
    return Edges(
        tfs.astype(np.int64),
        np.append(first, len(flat)).astype(np.int64),
        flat[:, 1].astype(np.int32),
        flat[:, 2].astype(np.uint32),
        kinds,
    )


def with_changes(edges: Edges, changed: Iterable[Row], gone: Iterable[tuple[int, int]]) -> Edges:
    """Lay changed rows over arrays; pairs of (TF, target) that have gone are left out."""
    changed = list(changed)
    if not changed and not (gone := set(gone)):
        return edges
    numbers = {Kind(*kind): number for number, kind in enumerate(edges.kinds.tolist())}
    later: dict[int, dict[int, int | None]] = {}
    for tf, target in gone:
        later.setdefault(tf, {})[target] = None
    for row in changed:
        number = numbers.setdefault(row.kind, len(numbers))
        later.setdefault(row.tf, {})[row.target] = number
    kinds = np.array(list(numbers), dtype=np.int64).reshape(-1, len(Kind._fields))
    segments = {tf: _overlaid(edges.of_tf(tf), rows) for tf, rows in later.items()}
    return replace(edges, kinds=kinds, later=segments)


def _overlaid(segment: Segment, rows: Mapping[int, int | None]) -> Segment:
    target, kind = segment
    keep = ~np.isin(target, np.fromiter(rows, np.int32, len(rows)))
    added = [(key, number) for key, number in rows.items() if number is not None]
    both = np.concatenate([target[keep], np.array([key for key, _ in added], dtype=np.int32)])
    kinds = np.concatenate([kind[keep], np.array([number for _, number in added], dtype=np.uint32)])
    order = np.argsort(both, kind="stable")
    return both[order], kinds[order]
