"""Paths and loops among TFs and their targets, by accession.

Counts are exact and made from sets, without walking each path. What is listed is found from the
strongest step down: a path is as strong as its weakest step.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from proteins.analysis.core.edges import Edges

Bools = NDArray[np.bool_]
LONGEST: Final = 3


class Step(NamedTuple):
    """What is known of one interaction: how strong it is, and its sign, 0 where it has none."""

    strength: int
    sign: int


@dataclass(frozen=True)
class Graph:
    """The interactions of a species under a filter, with a step for each kind."""

    edges: Edges
    keep: Bools
    steps: list[Step]

    def step(self, tf: int, target: int) -> Step:
        """The step of an interaction that there is."""
        return self._out[tf][target]

    def targets(self, tf: int) -> Mapping[int, Step]:
        return self._out[tf]

    @cached_property
    def _out(self) -> _Lazy:
        return _Lazy(self)

    @cached_property
    def tfs(self) -> frozenset[int]:
        return frozenset(tf for tf, _, kind in self.edges.segments() if self.keep[kind].any())

    def regulators(self, target: int) -> frozenset[int]:
        """The TFs of a target."""
        return frozenset(
            tf
            for tf, targets, kind in self.edges.segments()
            if (place := int(np.searchsorted(targets, target))) < len(targets)
            and targets[place] == target
            and self.keep[kind[place]]
        )

    def among(self, nodes: Collection[int]) -> Iterator[tuple[int, int]]:
        """Yield the interactions whose ends are both among some proteins."""
        members = np.array(sorted(nodes), dtype=np.int32)
        for tf in sorted(nodes):
            targets, kind = self.edges.of_tf(tf)
            chosen = self.keep[kind] & np.isin(targets, members)
            for target in targets[chosen].tolist():
                yield tf, target


class _Lazy(dict[int, dict[int, Step]]):
    """The targets of each TF with their steps, read when first needed."""

    def __init__(self, graph: Graph) -> None:
        super().__init__()
        self._graph = graph

    def __missing__(self, tf: int) -> dict[int, Step]:
        targets, kind = self._graph.edges.of_tf(tf)
        chosen = self._graph.keep[kind]
        steps = [self._graph.steps[number] for number in kind[chosen].tolist()]
        self[tf] = dict(zip(targets[chosen].tolist(), steps, strict=True))
        return self[tf]


class Walk(NamedTuple):
    """Proteins one after the other, each regulating the next."""

    nodes: tuple[int, ...]
    strength: int
    #: The product of the steps' signs; 0 where a step has none.
    sign: int


def path_of(graph: Graph, nodes: tuple[int, ...]) -> Walk:
    steps = [graph.step(tf, target) for tf, target in pairwise(nodes)]
    sign = 1
    for step in steps:
        sign *= step.sign
    return Walk(nodes, min(step.strength for step in steps), sign)


class Paths(NamedTuple):
    #: How many there are of each length, from 1.
    counts: list[int]
    walks: list[Walk]


def paths(graph: Graph, start: int, end: int, longest: int, limit: int) -> Paths:
    """Return the simple paths between two proteins: the shortest first, of one length those
    whose weakest step is the strongest."""
    last = graph.regulators(end) - {start, end}
    first = set(graph.targets(start)) - {start, end}
    direct = end in graph.targets(start) and start != end
    middle = sorted(first & last)
    counts = [int(direct), len(middle)]
    inner = sorted(first & graph.tfs) if longest >= LONGEST else []
    counts.append(sum(len(_seconds(graph, one, last)) for one in inner))

    def listed() -> Iterator[Walk]:
        if direct:
            yield path_of(graph, (start, end))
        if longest > 1:
            yield from _strongest(path_of(graph, (start, one, end)) for one in middle)
        yield from _long(graph, start, end, inner, last)

    return Paths(counts[:longest], list(islice(listed(), limit)))


def _seconds(graph: Graph, one: int, last: frozenset[int]) -> frozenset[int]:
    return (last & graph.targets(one).keys()) - {one}


def _strongest(walks: Iterator[Walk]) -> list[Walk]:
    return sorted(walks, key=lambda each: -each.strength)


def _long(
    graph: Graph, start: int, end: int, inner: list[int], last: frozenset[int]
) -> Iterator[Walk]:
    """Yield paths of three steps from the strongest level down, without holding them all."""
    levels = sorted({step.strength for step in graph.steps}, reverse=True)
    for level in levels:
        for one in inner:
            if graph.step(start, one).strength < level:
                continue
            for two in sorted(_seconds(graph, one, last)):
                each = path_of(graph, (start, one, two, end))
                if each.strength == level:
                    yield each


class Loop(NamedTuple):
    """A feed-forward loop: X regulates Y, and both regulate Z."""

    x: int
    y: int
    z: int
    strength: int
    #: Whether X's way by Y has the sign of its own; None where a sign is not known.
    is_coherent: bool | None


def loops(
    graph: Graph, members: Collection[int], *, within: bool, limit: int
) -> tuple[int, list[Loop]]:
    """Return how many feed-forward loops there are around or `within` some proteins, and the
    strongest of them.

    Around: each of these proteins is X, Y or Z of the loop.
    """
    wanted = frozenset(members)
    pairs = list(_pairs(graph, wanted, within=within))
    count = 0
    for x, y in pairs:
        count += len(_closing(graph, x, y, wanted, within=within))
    levels = sorted({step.strength for step in graph.steps}, reverse=True)
    listed = islice(_by_level(graph, pairs, wanted, levels, within=within), limit)
    return count, list(listed)


def _pairs(graph: Graph, wanted: frozenset[int], *, within: bool) -> Iterator[tuple[int, int]]:
    tfs = wanted & graph.tfs if within else graph.tfs
    for x in sorted(tfs):
        for y in sorted((tfs & graph.targets(x).keys()) - {x}):
            yield x, y


def _closing(
    graph: Graph, x: int, y: int, wanted: frozenset[int], *, within: bool
) -> Collection[int]:
    """The Z of a pair that belong to the question."""
    if within:
        return (graph.targets(x).keys() & graph.targets(y).keys() & wanted) - {x, y}
    if wanted <= {x, y}:
        return (graph.targets(x).keys() & graph.targets(y).keys()) - {x, y}
    rest = wanted - {x, y}
    if len(rest) > 1:
        return ()
    return graph.targets(x).keys() & graph.targets(y).keys() & rest


def _by_level(
    graph: Graph,
    pairs: list[tuple[int, int]],
    wanted: frozenset[int],
    levels: list[int],
    *,
    within: bool,
) -> Iterator[Loop]:
    for level in levels:
        for x, y in pairs:
            first = graph.step(x, y)
            if first.strength < level:
                continue
            for z in sorted(_closing(graph, x, y, wanted, within=within)):
                direct, second = graph.step(x, z), graph.step(y, z)
                if min(first.strength, second.strength, direct.strength) == level:
                    signs = direct.sign, first.sign * second.sign
                    coherent = signs[0] == signs[1] if all(signs) else None
                    yield Loop(x, y, z, level, coherent)
