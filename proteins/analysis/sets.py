"""Questions about sets of proteins: common targets, shared regulators, subnetworks, paths, loops.

All count accessions. An answer is plain values, the rows of a table among them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from proteins import release_store
from proteins.analysis import evidence, identifiers
from proteins.analysis.core import graphs, sharing
from proteins.analysis.core.edges import Kind
from proteins.analysis.core.graphs import Graph, Step
from proteins.analysis.identifiers import Outcome
from proteins.analysis.species import Counted, Species, Unit, read_species
from proteins.domain.tiers import Tier
from proteins.filters.interactions import InteractionFilterSet
from proteins.models import Effect, Evidence, Protein, Taxon

#: Interactions of a subnetwork, and rows of any other answer.
MAX_INTERACTIONS: Final = 20_000
MAX_ROWS: Final = 1_000
_CHUNK: Final = 5_000
_SIGNS: Final = {Effect.ACTIVATION: 1, Effect.REPRESSION: -1}
_SIGN_WORDS: Final = {1: "activation", -1: "repression", 0: None}

Row = dict[str, Any]


@dataclass(frozen=True)
class Question:
    """A list of proteins of a species, and the filters of the interactions' list."""

    taxon: Taxon
    identifiers: Sequence[str]
    filters: InteractionFilterSet


@dataclass
class Answer:
    """What became of the list, numbers by name, and rows."""

    query: Outcome
    change_number: int
    numbers: Row
    rows: list[Row] = field(default_factory=list)
    release: str = field(default_factory=release_store.latest_name)


class TooLargeError(Exception):
    """An answer of more interactions than are given."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"they have {number:,} interactions among them, and at most {MAX_INTERACTIONS:,} are "
            "given: choose fewer proteins, or stronger evidence"
        )


class _Read:
    """A question with what it is answered from."""

    def __init__(self, question: Question) -> None:
        self.species: Species = read_species(question.taxon)
        edges, keep = evidence.chosen(question.filters, self.species.edges)
        self.edges, self.keep = edges, keep
        self.counted: Counted = self.species.counted(Unit.PROTEIN, edges, keep)
        self.query = identifiers.resolved(question.identifiers, self.species, Unit.PROTEIN)
        self.keys = list(dict.fromkeys(self.query.proteins))

    def graph(self) -> Graph:
        return Graph(self.edges, self.keep, _steps(self.edges.kinds))

    def answer(self, numbers: Row, rows: list[Row]) -> Answer:
        return Answer(self.query, self.species.change_number, numbers, rows)

    def proteins_of(self, units: Iterable[int]) -> list[int]:
        """The primary keys of units, which are proteins each by itself."""
        return [int(self.species.keys[unit]) for unit in units]


def common_targets(question: Question, at_least: int | None) -> Answer:
    """The targets that so many of some TFs share, all of them where no number is given."""
    read = _Read(question)
    matrix = read.counted.matrix
    present = set(matrix.tfs.tolist())
    tfs = [tf for tf in read.keys if tf in present]
    wanted = at_least or max(len(tfs), 1)
    counts = sharing.regulated_by(matrix, tfs)
    shared = [unit for unit, number in counts.items() if number >= wanted]
    expected = sharing.expected_targets(matrix, read.counted.fitted(every=False), tfs, wanted)
    targets = read.proteins_of(shared)
    pairs = [(tf, target) for target in targets for tf in tfs]
    rows = _shared(read.graph(), targets, pairs, 1, "regulators")
    numbers = {
        "tfs": len(tfs),
        "at_least": wanted,
        "common": len(shared),
        "union": len(counts),
        "expected": expected,
    }
    return read.answer(numbers, rows)


def shared_regulators(question: Question, at_least: int | None) -> Answer:
    """The TFs that so many of some genes share, all of them where no number is given."""
    read = _Read(question)
    graph = read.graph()
    wanted = at_least or max(len(read.keys), 1)
    counts: Counter[int] = Counter()
    for gene in read.keys:
        counts.update(graph.regulators(gene))
    shared = [tf for tf, number in counts.items() if number >= wanted]
    units = read.species.proteins.of[np.array(read.keys, dtype=np.int64)].tolist()
    fitted = read.counted.fitted(every=False)
    expected = sharing.expected_regulators(fitted, units, wanted)
    pairs = [(tf, gene) for tf in shared for gene in read.keys]
    rows = _shared(graph, shared, pairs, 0, "targets")
    numbers = {
        "genes": len(read.keys),
        "at_least": wanted,
        "shared": len(shared),
        "union": len(counts),
        "expected": expected,
    }
    return read.answer(numbers, rows)


def subnetwork(question: Question, bridges: int = 0) -> tuple[Answer, list[tuple[int, int]]]:
    """All interactions among some proteins, and up to so many TFs that regulate most of them."""
    read = _Read(question)
    graph = read.graph()
    bridging = _bridges(read, bridges) if bridges else []
    nodes = [*read.keys, *bridging]
    pairs = list(graph.among(nodes))
    if len(pairs) > MAX_INTERACTIONS:
        raise TooLargeError(len(pairs))
    names = _names(nodes)
    rows = [
        _interaction(names, graph, pair)
        for pair in sorted(pairs, key=lambda pair: (names[pair[0]], names[pair[1]]))
    ]
    numbers = {
        "proteins": len(read.keys),
        "bridges": [names[tf][0] for tf in bridging],
        "interactions": len(pairs),
    }
    return read.answer(numbers, rows), pairs


def _bridges(read: _Read, number: int) -> list[int]:
    """TFs outside the list that regulate two or more of it, those of most first."""
    units = read.species.proteins.of[np.array(read.keys, dtype=np.int64)]
    marks = np.zeros(read.species.proteins.number, dtype=bool)
    marks[units] = True
    matrix, listed = read.counted.matrix, set(read.keys)
    counts = {
        tf: hits
        for tf, own in matrix.rows()
        if tf not in listed and (hits := int(marks[own].sum())) > 1
    }
    return sorted(counts, key=lambda tf: (-counts[tf], tf))[:number]


def paths(question: Question, longest: int, limit: int) -> Answer:
    """The simple paths from the first protein of the list to the second."""
    read = _Read(question)
    ends = [one.proteins[0].pk for one in read.query.used]
    if len(ends) < 2:
        return read.answer({"counts": [0] * longest}, [])
    paths_between = graphs.paths(read.graph(), ends[0], ends[1], longest, limit)
    names = _names([node for walk in paths_between.walks for node in walk.nodes])
    rows = [
        {
            "length": len(walk.nodes) - 1,
            "proteins": [names[node][0] for node in walk.nodes],
            "names": [names[node][1] for node in walk.nodes],
            "weakest": Tier(walk.strength).label,
            "effect": _SIGN_WORDS[walk.sign],
        }
        for walk in paths_between.walks
    ]
    return read.answer({"counts": paths_between.counts}, rows)


def loops(question: Question, *, within: bool, limit: int) -> Answer:
    """Feed-forward loops around some proteins, or within a list."""
    read = _Read(question)
    in_species = read.counted.motifs.total
    if not read.keys:
        return read.answer({"loops": 0, "in_species": in_species}, [])
    count, listed = graphs.loops(read.graph(), read.keys, within=within, limit=limit)
    names = _names([node for loop in listed for node in (loop.x, loop.y, loop.z)])
    rows = [
        {
            **{place: names[getattr(loop, place)][0] for place in "xyz"},
            **{f"{place}_name": names[getattr(loop, place)][1] for place in "xyz"},
            "weakest": Tier(loop.strength).label,
            "coherent": loop.is_coherent,
        }
        for loop in listed
    ]
    return read.answer({"loops": count, "in_species": in_species}, rows)


def loop_counts(question: Question, limit: int) -> Answer:
    """How many feed-forward loops a species has, and the pairs of TFs that close most of them.

    The list of the question is of no account.
    """
    read = _Read(question)
    motifs = read.counted.motifs
    best = motifs.best(limit)
    pairs = np.stack([motifs.tfs[motifs.x[best]], motifs.tfs[motifs.y[best]]], axis=1).tolist()
    rows = [
        {
            "x": read.species.tfs[x][0],
            "x_name": read.species.tfs[x][1],
            "y": read.species.tfs[y][0],
            "y_name": read.species.tfs[y][1],
            "loops": number,
        }
        for (x, y), number in zip(pairs, motifs.loops[best].tolist(), strict=True)
    ]
    numbers = {
        "loops": motifs.total,
        "pairs": len(motifs.loops),
        "pairs_with_loops": int(np.count_nonzero(motifs.loops)),
        "mutual_pairs": motifs.mutual,
        "autoregulated": motifs.autoregulated,
    }
    return read.answer(numbers, rows)


def _steps(kinds: NDArray[np.int64]) -> list[Step]:
    """How strong each kind is (its evidence's tier), and its sign."""
    keys = set(kinds[:, 0].tolist())
    tiers = dict(Evidence.objects.filter(pk__in=keys).order_by().values_list("pk", "tier"))
    return [
        Step(tiers.get(kind.evidence, 0), _SIGNS.get(Effect(kind.effect), 0))
        for kind in (Kind(*values) for values in kinds.tolist())
    ]


def _shared(
    graph: Graph,
    keys: Sequence[int],
    pairs: Sequence[tuple[int, int]],
    end: int,
    partners: str,
) -> list[Row]:
    """A row for each of `keys`, which are at one `end` of pairs, those with most partners first."""
    there: dict[int, list[tuple[int, int]]] = {key: [] for key in keys}
    for pair in pairs:
        if pair[1] in graph.targets(pair[0]):
            there[pair[end]].append(pair)
    names = _names([protein for pair in pairs for protein in pair])
    order = sorted(
        keys, key=lambda key: (-len(there[key]), not names[key][1], names[key][1].casefold(), key)
    )
    return [
        {
            "accession": names[key][0],
            "name": names[key][1],
            "number": len(there[key]),
            partners: [names[pair[1 - end]][0] for pair in there[key]],
            "interactions": [_interaction(names, graph, pair) for pair in there[key]],
        }
        for key in order
    ]


def _interaction(names: dict[int, tuple[str, str]], graph: Graph, pair: tuple[int, int]) -> Row:
    (tf, tf_name), (target, target_name) = names[pair[0]], names[pair[1]]
    step = graph.step(*pair)
    return {
        "id": f"{tf}-{target}",
        "tf": tf,
        "tf_name": tf_name,
        "target": target,
        "target_name": target_name,
        "tier": Tier(step.strength).label,
        "effect": _SIGN_WORDS[step.sign],
    }


def _names(keys: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Accession and name of proteins by primary key."""
    listed = sorted(set(keys))
    names = {}
    for start in range(0, len(listed), _CHUNK):
        proteins = Protein.objects.filter(pk__in=listed[start : start + _CHUNK]).order_by()
        for pk, accession, name in proteins.values_list("pk", "accession", "name"):
            names[pk] = accession, name
    return names
