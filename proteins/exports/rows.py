"""Interactions and binding sites as plain values, for files of any length.

Rows are read in batches. Of the proteins and the evidence that they name a writer makes what
it needs once, and that is cached, up to a limit, because a few thousand of them are in
millions of rows; what it was made from is not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from proteins.caching.bounded import BoundedCache
from proteins.exports.values import ProteinFacts, read_proteins
from proteins.models import changed_at
from proteins.queries.evidence import EvidenceFacts, read_evidence
from proteins.queries.reviews import ReviewFacts, reviews_of

#: Rows that are written together: few enough to begin at once.
BATCH = 2_000
#: Proteins, and rows of evidence, of which is cached what was made: some 30 MB.
CACHE_LIMIT = 30_000

Row = TypeVar("Row", "InteractionFacts", "SiteFacts")
Value = TypeVar("Value")
Tf = TypeVar("Tf")
Support = TypeVar("Support")


class Rows(Protocol):
    """Rows in an order, which can be read several times: a query, or the spool of a release."""

    @property
    def cache_limit(self) -> int: ...

    def values(self, *columns: Any) -> Iterator[tuple[Any, ...]]:
        """The columns of each row, from one statement: later writes change nothing."""
        ...

    def read_proteins(self, ids: Iterable[int]) -> Mapping[int, ProteinFacts]:
        """Proteins that rows name, without orthologs and without names by sources."""
        ...

    def read_evidence(self, ids: Collection[int]) -> Mapping[int, EvidenceFacts]: ...


@dataclass(frozen=True)
class QueryRows:
    """The rows of a query, in its order."""

    queryset: QuerySet[Any]
    cache_limit: int = CACHE_LIMIT

    def values(self, *columns: Any) -> Iterator[tuple[Any, ...]]:
        return iter(self.queryset.values_list(*columns).iterator(chunk_size=BATCH))

    def read_proteins(self, ids: Iterable[int]) -> Mapping[int, ProteinFacts]:
        return read_proteins(ids, with_orthologs=False)

    def read_evidence(self, ids: Collection[int]) -> Mapping[int, EvidenceFacts]:
        return read_evidence(ids)


class InteractionFacts(NamedTuple):
    """An interaction by primary keys; `changed` is a moment (UTC) as the database writes it."""

    pk: int
    tf: int
    target: int
    evidence: int
    effect: int
    status: int
    reporting: int
    changed: str

    @property
    def proteins(self) -> tuple[int, ...]:
        return self.tf, self.target


class SiteFacts(NamedTuple):
    pk: int
    tf: int
    evidence: int
    tflink_id: str
    assembly: str
    chromosome: str
    start: int | None
    end: int | None
    strand: str
    overlaps: int | None
    sequence: str

    @property
    def proteins(self) -> tuple[int, ...]:
        return (self.tf,)


INTERACTION_FIELDS = (
    "pk", "tf_id", "target_id", "evidence_id", "effect", "status", "reporting",
    # As the database writes it: to make a moment of each took a third of the time of a file.
    Cast(changed_at(), TextField()),
)  # fmt: skip
SITE_FIELDS = ("pk", "tf_id", "evidence_id", *SiteFacts._fields[3:])


@dataclass(frozen=True)
class Batch(Generic[Row, Tf, Support]):
    """Some rows, with what was made of the proteins and the evidence that they name."""

    rows: list[Row]
    proteins: Mapping[int, Tf]
    evidence: Mapping[int, Support]
    #: Of interactions that are reviewed, by primary key.
    reviews: Mapping[int, ReviewFacts]


class Caches(NamedTuple):
    """What was made of proteins and of evidence, by primary key."""

    proteins: BoundedCache[int, Any]
    evidence: BoundedCache[int, Any]

    @classmethod
    def of(cls, limit: int) -> Caches:
        return cls(BoundedCache(limit), BoundedCache(limit))


@dataclass(frozen=True)
class Batches(Generic[Row]):
    """Rows in their order, a batch at a time."""

    rows: Rows
    columns: tuple[Any, ...]
    row: Callable[[Iterable[Any]], Row]
    with_orthologs: bool = False
    with_names: bool = False

    def made(
        self,
        protein: Callable[[ProteinFacts], Tf],
        evidence: Callable[[EvidenceFacts], Support] | None = None,
        caches: Caches | None = None,
    ) -> Iterator[Batch[Row, Tf, Support]]:
        """With what `protein` and `evidence` make of what rows name, each once; no evidence
        is read where nothing is made of it."""
        caches = caches or Caches.of(self.rows.cache_limit)
        for batch in batched(map(self.row, self.rows.values(*self.columns))):
            named = {key for row in batch for key in row.proteins}
            yield Batch(
                batch,
                caches.proteins.of(named, _making(self._read_proteins, protein)),
                caches.evidence.of(
                    {row.evidence for row in batch}, _making(self.rows.read_evidence, evidence)
                )
                if evidence
                else {},
                _reviews(batch),
            )

    def _read_proteins(self, ids: Iterable[int]) -> Mapping[int, ProteinFacts]:
        if self.with_orthologs or self.with_names:
            return read_proteins(
                ids, with_orthologs=self.with_orthologs, with_names=self.with_names
            )
        return self.rows.read_proteins(ids)


def _reviews(rows: Sequence[InteractionFacts | SiteFacts]) -> dict[int, ReviewFacts]:
    return reviews_of(row for row in rows if isinstance(row, InteractionFacts))


def _making(
    read: Callable[[set[int]], Mapping[int, Any]], make: Callable[[Any], Value]
) -> Callable[[set[int]], dict[int, Value]]:
    return lambda ids: {key: make(value) for key, value in read(ids).items()}


def interactions(rows: Rows, *, with_orthologs: bool = False) -> Batches[InteractionFacts]:
    return Batches(rows, INTERACTION_FIELDS, InteractionFacts._make, with_orthologs)


def binding_sites(rows: Rows) -> Batches[SiteFacts]:
    return Batches(rows, SITE_FIELDS, SiteFacts._make)


def batched(rows: Iterable[Value]) -> Iterator[list[Value]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        yield batch
