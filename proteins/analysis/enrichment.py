"""Which TFs regulate a list of genes more often than expected.

A request and its answer as plain values; the statistics are in `core`. Page, API and files show
the same rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, overload

import numpy as np
from numpy.typing import NDArray

from proteins import release_store
from proteins.analysis import evidence, identifiers
from proteins.analysis.core import enrichment as core
from proteins.analysis.core.corrections import Correction
from proteins.analysis.core.counting import Within, units_at, within
from proteins.analysis.core.edges import Edges
from proteins.analysis.core.enrichment import Fitted, Statistics
from proteins.analysis.core.hits import Hits, hits
from proteins.analysis.identifiers import Candidate, Outcome, Used
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


@dataclass(frozen=True)
class _Read:
    """A request with what it is answered from."""

    species: Species
    counted: Counted
    background: Bools
    #: What became of a background that was given as a list.
    listed: Outcome | None
    outcome: Outcome
    #: The proteins of the list that are in the background, one a unit, and their units.
    genes: tuple[Candidate, ...]
    units: Ints

    @property
    def query(self) -> Bools:
        return _marks(self.background, self.units)


def enrich(request: Request) -> Result:
    """Answer a request, within a read snapshot of the caller."""
    read = _read(request)
    matrix, query = read.counted.matrix, read.query
    counts, fitted = _within(request, read.counted, read.background)
    every, *chosen = hits(matrix, read.units, _choices(matrix.edges))
    tested = np.flatnonzero(counts.targets >= max(request.min_targets, 1))
    statistics = core.statistics(
        every.numbers, counts.targets, tested, query, read.background, fitted, request.correction
    )
    order = _order(request.sort, statistics, [read.species.tfs[tf] for tf in matrix.tfs[tested]])
    table = _Table(read, statistics, tested, every, _Chosen(*chosen))
    shown = order[: request.limit].tolist()
    return Result(
        read.outcome,
        read.listed,
        len(tested),
        statistics.background,
        statistics.query,
        table.rows(shown),
        read.species.change_number,
        small_scale=table.small_scale(shown),
    )


def targets_of(request: Request, accession: str) -> list[int]:
    """The primary keys of what a TF regulates of a list, in the list's order."""
    read = _read(request)
    matrix = read.counted.matrix
    tf = Protein.objects.filter(accession=accession, taxon=request.taxon).values_list("pk").first()
    if tf is None:
        return []
    target, kind = matrix.edges.of_tf(tf[0])
    target = target[matrix.keep[kind]]
    units = units_at(matrix.units, target)
    place = np.full(matrix.units.number + 1, -1, dtype=np.int64)
    place[read.units] = np.arange(len(read.units))
    is_hit = place[units] >= 0
    order = np.lexsort((target[is_hit], place[units][is_hit]))
    return [int(key) for key in target[is_hit][order]]


def _read(request: Request) -> _Read:
    species = read_species(request.taxon)
    filters = request.filters or evidence.filters_of({}, request.taxon)
    edges, keep = evidence.chosen(filters, species.edges)
    counted = species.counted(request.unit, edges, keep)
    background, listed = _background(request, species, counted)
    outcome = identifiers.resolved(request.identifiers, species, request.unit)
    units = species.units(request.unit).of
    _leave_out(outcome, lambda pk: bool(background[units[pk]]))
    genes: dict[int, Candidate] = {}
    for one in outcome.used:
        for protein in one.proteins:
            genes.setdefault(int(units[protein.pk]), protein)
    inside = {unit: gene for unit, gene in genes.items() if background[unit]}
    return _Read(
        species, counted, background, listed, outcome, tuple(inside.values()), _array(inside)
    )


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


def _within(request: Request, counted: Counted, background: Bools) -> tuple[Within, Fitted]:
    counts = within(counted.matrix, background)
    if request.background is Background.LIST:
        return counts, core.fit(counts.targets, counts.regulators, background)
    return counts, counted.fitted(every=request.background is Background.SPECIES)


class Listed(Sequence[str]):
    """Some genes of a list, looked up when they are read: a list of thousands has a million hits,
    and few of them are shown."""

    __slots__ = ("_places", "_values")

    def __init__(self, values: NDArray[np.object_], places: NDArray[np.int32]) -> None:
        self._values, self._places = values, places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        chosen = self._values[self._places[place]]
        return str(chosen) if isinstance(place, int) else [str(each) for each in chosen]

    def __iter__(self) -> Iterator[str]:
        return iter(self.tolist())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self.tolist() == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(self.tolist())

    def tolist(self) -> list[str]:
        """All of them; writers of JSON call this."""
        values: list[str] = self._values[self._places].tolist()
        return values


@dataclass(frozen=True)
class _Chosen:
    """The hits that an experiment of small scale supports, and those of an effect."""

    small_scale: Hits
    activated: Hits
    repressed: Hits


class _Table:
    """The results as rows."""

    def __init__(
        self, read: _Read, statistics: Statistics, tested: Ints, hits: Hits, chosen: _Chosen
    ) -> None:
        self._read, self._statistics, self._tested = read, statistics, tested
        self._hits, self._chosen = hits, chosen
        self._tfs = read.counted.matrix.tfs[tested]
        self._accessions = np.array([gene.accession for gene in read.genes], dtype=object)
        self._names = np.array([gene.name for gene in read.genes], dtype=object)

    def rows(self, shown: Sequence[int]) -> list[Row]:
        """The rows of the results at some places among those tested."""
        columns, twins = self._columns(shown), self._twins()
        places = self._tested[shown].tolist()
        tfs = self._tfs[shown].tolist()
        genes = _gene_ids(tfs)
        rows = []
        for number, (place, tf) in enumerate(zip(places, tfs, strict=True)):
            accession, name = self._read.species.tfs[tf]
            row: Row = {"tf": accession, "tf_name": name, "tf_gene_ids": genes.get(tf, [])}
            row |= {column: values[number] for column, values in columns.items()}
            hits = self._hits.of(place)
            row["same_targets_as"] = twins.get(tf, [])
            row["genes"] = Listed(self._accessions, hits)
            row["gene_names"] = Listed(self._names, hits)
            rows.append({column: row[column] for column in COLUMNS})
        return rows

    def small_scale(self, shown: Sequence[int]) -> Mapping[str, Sequence[str]]:
        """Of each TF with any, by accession, its genes of small-scale experiments."""
        hits = self._chosen.small_scale
        return {
            self._read.species.tfs[int(self._tfs[place])][0]: Listed(self._accessions, own)
            for place in shown
            if len(own := hits.of(int(self._tested[place])))
        }

    def _columns(self, shown: Sequence[int]) -> Mapping[str, list[Any]]:
        """Numbers by column, one a row."""
        statistics, places = self._statistics, self._tested[shown]
        arrays = {
            name: values[shown]
            for name in COLUMNS
            if isinstance(values := getattr(statistics, name, None), np.ndarray)
        }
        arrays["query"] = np.full(len(shown), statistics.query)
        arrays["background"] = np.full(len(shown), statistics.background)
        arrays["small_scale_overlap"] = self._chosen.small_scale.numbers[places]
        arrays["activated"] = self._chosen.activated.numbers[places]
        arrays["repressed"] = self._chosen.repressed.numbers[places]
        units = self._read.counted.matrix.units.of
        arrays["in_query"] = self._read.query[units[self._tfs[shown]]]
        return {name: values.tolist() for name, values in arrays.items()}

    def _twins(self) -> Mapping[int, list[str]]:
        """Of each TF the accessions of those tested with the same targets, if any."""
        signatures = self._read.counted.matrix.signature[self._tested].tolist()
        groups: defaultdict[int, list[int]] = defaultdict(list)
        for tf, signature in zip(self._tfs.tolist(), signatures, strict=True):
            groups[signature].append(tf)
        names = self._read.species.tfs
        return {
            tf: sorted(names[other][0] for other in group if other != tf)
            for group in groups.values()
            if len(group) > 1
            for tf in group
        }


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


def _gene_ids(keys: Sequence[int]) -> Mapping[int, list[int]]:
    ids: defaultdict[int, list[int]] = defaultdict(list)
    for start in range(0, len(keys), _CHUNK):
        rows = GeneID.objects.filter(protein__in=keys[start : start + _CHUNK])
        for protein, gene in rows.order_by("ncbi_gene_id").values_list(
            "protein_id", "ncbi_gene_id"
        ):
            ids[protein].append(gene)
    return ids


def _choices(edges: Edges) -> tuple[Bools, Bools, Bools]:
    """Which kinds rest on an experiment of small scale, and which have which effect."""
    effects = edges.kinds[:, 1]
    return (
        _small_scale(edges),
        np.isin(effects, [Effect.ACTIVATION, Effect.BOTH]),
        np.isin(effects, [Effect.REPRESSION, Effect.BOTH]),
    )


def _small_scale(edges: Edges) -> Bools:
    """Whether each kind rests on an experiment of small scale."""
    rows = Evidence.objects.at_scale(SmallScale.YES).order_by()
    keys = np.fromiter(rows.values_list("pk", flat=True), np.int64)
    return np.isin(edges.kinds[:, 0], keys)
