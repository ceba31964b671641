"""Which TFs regulate a list of genes more often than expected.

A request and its answer as plain values; the statistics are in `core`. Page, API and files show
the same rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from proteins import release_store
from proteins.analysis import evidence, identifiers
from proteins.analysis.core import enrichment as core
from proteins.analysis.core.corrections import Correction
from proteins.analysis.core.counting import Matrix, Overlaps, overlaps, units_at
from proteins.analysis.core.edges import Edges
from proteins.analysis.core.enrichment import Fitted, Statistics
from proteins.analysis.identifiers import Outcome, Used
from proteins.analysis.species import Counted, Species, Unit, read_species
from proteins.domain.evidence import SmallScale
from proteins.filters.interactions import InteractionFilterSet
from proteins.models import Effect, Evidence, GeneID, Protein, Taxon

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
_CHUNK: Final = 5_000

#: Of a result, in their order.
COLUMNS: Final = (
    "tf", "tf_name", "tf_gene_ids", "overlap", "targets", "query", "background", "expected",
    "fold", "odds_ratio", "ci_low", "ci_high", "p", "q", "expected_degree", "p_degree",
    "q_degree", "small_scale_overlap", "activated", "repressed", "in_query", "same_targets_as",
    "genes", "gene_names",
)  # fmt: skip
#: Those by which results can be sorted, a hyphen before it for the largest first.
SORTS: Final = (
    "q_degree", "p_degree", "q", "p", "fold", "odds_ratio", "overlap", "targets", "expected",
    "expected_degree", "tf_name",
)  # fmt: skip
DEFAULT_SORT: Final = "q_degree"

#: One result by column.
Row = dict[str, Any]


class Background(StrEnum):
    """Which genes a list is drawn from."""

    TARGETS = "targets"
    SPECIES = "species"
    LIST = "list"


@dataclass(frozen=True)
class Request:
    taxon: Taxon
    identifiers: Sequence[str]
    background: Background = Background.TARGETS
    background_identifiers: Sequence[str] = ()
    unit: Unit = Unit.GENE
    min_targets: int = 1
    correction: Correction = Correction.BH
    sort: str = DEFAULT_SORT
    limit: int | None = None
    #: The interactions' filters, validated.
    filters: InteractionFilterSet | None = None


@dataclass(frozen=True)
class Result:
    query: Outcome
    #: What became of a background that was given as a list.
    background: Outcome | None
    tests: int
    background_size: int
    query_size: int
    rows: list[Row]
    change_number: int
    release: str = field(default_factory=release_store.latest_name)
    #: Of each TF the genes of `rows` that an experiment of small scale supports.
    small_scale: Mapping[str, list[str]] = field(default_factory=dict)


def enrich(request: Request) -> Result:
    """Answer a request, within a read snapshot of the caller."""
    species = read_species(request.taxon)
    filters = request.filters or evidence.filters_of({}, request.taxon)
    edges, keep = evidence.chosen(filters, species.edges)
    counted = species.counted(request.unit, edges, keep)
    background, listed = _background(request, species, counted)
    outcome = identifiers.resolved(request.identifiers, species, request.unit)
    units = species.units(request.unit).of
    query = _marks(background, units[_array(outcome.proteins)])
    _leave_out(outcome, lambda pk: bool(background[units[pk]]))
    query &= background
    within, fitted = _within(request, counted, background, query)
    tested = np.flatnonzero(within.targets >= max(request.min_targets, 1))
    statistics = core.statistics(
        within.overlap, within.targets, tested, query, background, fitted, request.correction
    )
    hits = _Hits(species, counted.matrix, request.unit, outcome, query)
    rows = _rows(request, counted.matrix, tested, statistics, hits)
    return Result(
        outcome,
        listed,
        len(tested),
        statistics.background,
        statistics.query,
        rows,
        species.change_number,
        small_scale=hits.small_scale,
    )


def targets_of(request: Request, accession: str) -> list[int]:
    """The primary keys of what a TF regulates of a list, in the list's order."""
    species = read_species(request.taxon)
    filters = request.filters or evidence.filters_of({}, request.taxon)
    edges, keep = evidence.chosen(filters, species.edges)
    counted = species.counted(request.unit, edges, keep)
    background, _ = _background(request, species, counted)
    outcome = identifiers.resolved(request.identifiers, species, request.unit)
    query = _marks(background, species.units(request.unit).of[_array(outcome.proteins)])
    tf = Protein.objects.filter(accession=accession, taxon=request.taxon).values_list("pk").first()
    hits = _Hits(species, counted.matrix, request.unit, outcome, query & background)
    return hits.proteins_of(tf[0]) if tf else []


def _array(values: Iterable[int]) -> Ints:
    return np.fromiter(values, np.int64)


def _marks(like: Bools, units: Ints | NDArray[np.int32]) -> Bools:
    marks = np.zeros_like(like)
    marks[units] = True
    return marks


def _background(
    request: Request, species: Species, counted: Counted
) -> tuple[Bools, Outcome | None]:
    targets: Bools = counted.matrix.regulators > 0
    if request.background is Background.TARGETS:
        return targets, None
    if request.background is Background.SPECIES:
        return np.ones_like(targets), None
    outcome = identifiers.resolved(request.background_identifiers, species, request.unit)
    units = species.units(request.unit).of
    return _marks(targets, units[_array(outcome.proteins)]), outcome


def _leave_out(outcome: Outcome, is_inside: Callable[[int], bool]) -> None:
    """Let what is not in the background be reported as that."""
    inside: list[Used] = []
    outside: list[Used] = []
    for one in outcome.used:
        within = any(is_inside(protein.pk) for protein in one.proteins)
        (inside if within else outside).append(one)
    outcome.used, outcome.not_in_background = inside, outside


def _within(
    request: Request, counted: Counted, background: Bools, query: Bools
) -> tuple[Overlaps, Fitted]:
    within = overlaps(counted.matrix, background, query)
    if request.background is Background.LIST:
        return within, core.fit(within.targets, within.regulators, background)
    return within, counted.fitted(every=request.background is Background.SPECIES)


def _rows(
    request: Request,
    matrix: Matrix,
    tested: Ints,
    statistics: Statistics,
    hits: _Hits,
) -> list[Row]:
    tfs = matrix.tfs[tested]
    names = _names(tfs.tolist())
    order = _order(request.sort, statistics, [names[tf] for tf in tfs.tolist()])
    order = order[: request.limit]
    twins = _twins(matrix, tfs, names)
    genes = _gene_ids(tfs[order].tolist())
    columns = {
        name: getattr(statistics, name)[order].tolist()
        for name in COLUMNS
        if isinstance(getattr(statistics, name, None), np.ndarray)
    }
    rows = []
    for place, tf in enumerate(tfs[order].tolist()):
        accession, name = names[tf]
        row: Row = {"tf": accession, "tf_name": name, "tf_gene_ids": genes.get(tf, [])}
        row |= {column: values[place] for column, values in columns.items()}
        row |= {"query": statistics.query, "background": statistics.background}
        row |= hits.of(tf, accession) | {"same_targets_as": twins.get(tf, [])}
        rows.append({column: row[column] for column in COLUMNS})
    return rows


def _order(sort: str, statistics: Statistics, names: list[tuple[str, str]]) -> Ints:
    """The places of results in their order: by a column, then by fold, then by name."""
    column = sort.removeprefix("-")
    by_name = np.array([name.casefold() or accession for accession, name in names], dtype=str)
    values = by_name if column == "tf_name" else getattr(statistics, column)
    if column == "tf_name" and sort.startswith("-"):
        return np.argsort(by_name, kind="stable")[::-1]
    if sort.startswith("-"):
        values = -values
    return np.lexsort((by_name, -statistics.fold, values)).astype(np.int64)


def _names(keys: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Accession and name of proteins by primary key."""
    names = {}
    for start in range(0, len(keys), _CHUNK):
        proteins = Protein.objects.filter(pk__in=keys[start : start + _CHUNK]).order_by()
        for pk, *both in proteins.values_list("pk", "accession", "name"):
            names[pk] = (both[0], both[1])
    return names


def _gene_ids(keys: Sequence[int]) -> Mapping[int, list[int]]:
    ids: defaultdict[int, list[int]] = defaultdict(list)
    for start in range(0, len(keys), _CHUNK):
        rows = GeneID.objects.filter(protein__in=keys[start : start + _CHUNK])
        for protein, gene in rows.order_by("ncbi_gene_id").values_list(
            "protein_id", "ncbi_gene_id"
        ):
            ids[protein].append(gene)
    return ids


def _twins(
    matrix: Matrix, tfs: Ints, names: Mapping[int, tuple[str, str]]
) -> Mapping[int, list[str]]:
    """Of each TF the accessions of those tested with the same targets, if any."""
    signatures = dict(zip(matrix.tfs.tolist(), matrix.signature.tolist(), strict=True))
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for tf in tfs.tolist():
        groups[signatures[tf]].append(tf)
    return {
        tf: sorted(names[other][0] for other in group if other != tf)
        for group in groups.values()
        if len(group) > 1
        for tf in group
    }


class _Hits:
    """The genes of the list that a TF regulates, with what is known of each."""

    def __init__(
        self, species: Species, matrix: Matrix, unit: Unit, outcome: Outcome, query: Bools
    ) -> None:
        self._matrix, self._query = matrix, query
        self._units = species.units(unit)
        self._in_query = {int(unit) for unit in np.flatnonzero(query)}
        kinds = matrix.edges.kinds
        self._small = _small_scale(matrix.edges)
        effects = kinds[:, 1]
        self._activated = np.isin(effects, [Effect.ACTIVATION, Effect.BOTH])
        self._repressed = np.isin(effects, [Effect.REPRESSION, Effect.BOTH])
        #: Of each unit of the list its place there, and by place the first protein that is of it.
        self._rank = np.full(self._units.number, -1, dtype=np.int64)
        proteins: dict[int, tuple[str, str]] = {}
        for one in outcome.used:
            for protein in one.proteins:
                number = int(self._units.of[protein.pk])
                proteins.setdefault(number, (protein.accession, protein.name))
        self._rank[list(proteins)] = np.arange(len(proteins))
        # Arrays of objects: a list of thousands has a million hits.
        self._accessions = np.array([each[0] for each in proteins.values()], dtype=object)
        self._names = np.array([each[1] for each in proteins.values()], dtype=object)
        #: Of each TF that was read, by accession, its genes of small-scale experiments.
        self.small_scale: dict[str, list[str]] = {}

    def proteins_of(self, tf: int) -> list[int]:
        target, units, _ = self._read(tf)
        order = np.lexsort((target, self._rank[units]))
        return [int(key) for key in target[order]]

    def _read(self, tf: int) -> tuple[NDArray[np.int32], Ints, NDArray[np.uint32]]:
        """The hits of a TF: proteins, the units that they are of, and kinds of evidence."""
        target, kind = self._matrix.edges.of_tf(tf)
        passing = self._matrix.keep[kind]
        target, kind = target[passing], kind[passing]
        units = units_at(self._units, target)
        hit = (units >= 0) & self._query[units]
        return target[hit], units[hit], kind[hit]

    def of(self, tf: int, accession: str) -> Row:
        _, units, kind = self._read(tf)
        genes = np.unique(self._rank[units])
        if (small := self._small[kind]).any():
            places = np.unique(self._rank[units[small]])
            self.small_scale[accession] = self._accessions[places].tolist()
        return {
            "small_scale_overlap": _distinct(units, self._small[kind]),
            "activated": _distinct(units, self._activated[kind]),
            "repressed": _distinct(units, self._repressed[kind]),
            "in_query": int(self._units.of[tf]) in self._in_query,
            "genes": self._accessions[genes].tolist(),
            "gene_names": self._names[genes].tolist(),
        }


def _distinct(units: Ints, chosen: Bools) -> int:
    return len(np.unique(units[chosen])) if chosen.any() else 0


def _small_scale(edges: Edges) -> Bools:
    """Whether each kind rests on an experiment of small scale."""
    rows = Evidence.objects.at_scale(SmallScale.YES).order_by()
    keys = np.fromiter(rows.values_list("pk", flat=True), np.int64)
    return np.isin(edges.kinds[:, 0], keys)
