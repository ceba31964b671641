"""Interactions and binding sites as plain values, for files of any length.

Rows are read in batches. Of the proteins and the evidence that they name a writer makes what
it needs once, and that is kept, up to a bound, because a few thousand of them stand behind
millions of rows; what it was made from is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, Generic, NamedTuple, TypeVar

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from proteins.exports.values import EvidenceFacts, ProteinFacts, read_evidence, read_proteins
from proteins.models import BindingSite, Interaction, changed_at

#: Rows that are written together: few enough to begin at once.
BATCH = 2_000
#: Of how many proteins and rows of evidence is kept what was made, some 30 MB.
KEPT = 30_000

Row = TypeVar("Row", "InteractionFacts", "SiteFacts")
Value = TypeVar("Value")
Made = TypeVar("Made")
Tf = TypeVar("Tf")
Support = TypeVar("Support")


class InteractionFacts(NamedTuple):
    """An interaction by row numbers; `changed` is a moment (UTC) that begins `yyyy-mm-dd`."""

    tf: int
    target: int
    evidence: int
    effect: int
    status: int
    reporting: int
    changed: str


class SiteFacts(NamedTuple):
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


INTERACTION_FIELDS = (
    "tf_id", "target_id", "evidence_id", "effect", "status", "reporting",
    # As the database writes it: to make a moment of each took a third of the time of a file.
    Cast(changed_at(), TextField()),
)  # fmt: skip
SITE_FIELDS = ("tf_id", "evidence_id", *SiteFacts._fields[2:])


@dataclass(frozen=True)
class Batch(Generic[Row, Tf, Support]):
    """Some rows, with what was made of the proteins and the evidence that they name."""

    rows: list[Row]
    proteins: Mapping[int, Tf]
    evidence: Mapping[int, Support]


class Facts(NamedTuple):
    """What is read of that which rows name."""

    with_orthologs: bool = True


@dataclass(frozen=True)
class Batches(Generic[Row]):
    """Rows in the order of a queryset, a batch at a time.

    They come from one statement: what is written meanwhile changes nothing.
    """

    queryset: QuerySet[Any]
    columns: tuple[Any, ...]
    row: Callable[[Iterable[Any]], Row]
    #: The proteins that rows name, by row number.
    named: Callable[[list[Row]], set[int]]
    facts: Facts

    def made(
        self, protein: Callable[[ProteinFacts], Tf], evidence: Callable[[EvidenceFacts], Support]
    ) -> Iterator[Batch[Row, Tf, Support]]:
        """With what `protein` and `evidence` make of what they name, each once."""
        read = partial(read_proteins, with_orthologs=self.facts.with_orthologs)
        most = most_kept(self.queryset)
        proteins, supports = _Kept(read, protein, most), _Kept(read_evidence, evidence, most)
        rows = self.queryset.values_list(*self.columns).iterator(chunk_size=BATCH)
        for batch in _batches(map(self.row, rows)):
            evidence_ids = {row.evidence for row in batch}
            yield Batch(batch, proteins.of(self.named(batch)), supports.of(evidence_ids))


def most_kept(rows: object) -> int:
    """Of how many proteins, and rows of evidence, may be kept what is made for `rows`. A query
    of somebody has a bound; who reads the same species again and again may allow more."""
    return getattr(rows, "most_kept", KEPT)


class _Kept(Generic[Value, Made]):
    """What was made of rows, by row number; the oldest goes when there is too much."""

    def __init__(
        self,
        read: Callable[[set[int]], dict[int, Value]],
        make: Callable[[Value], Made],
        most: int,
    ) -> None:
        self._read, self._make, self._most = read, make, most
        self._made: dict[int, Made] = {}

    def of(self, ids: set[int]) -> Mapping[int, Made]:
        """Return a mapping that holds all of `ids`; those that are not kept yet are read."""
        made = self._made
        if missing := ids.difference(made):
            if (beyond := len(made) + len(missing) - self._most) > 0:
                # A good part at once, so that it is seldom done.
                others = (key for key in made if key not in ids)
                for key in list(islice(others, max(beyond, self._most // 4))):
                    del made[key]
            made.update({key: self._make(read) for key, read in self._read(missing).items()})
        return made


def interactions(
    queryset: QuerySet[Interaction], facts: Facts | None = None
) -> Batches[InteractionFacts]:
    def named(rows: list[InteractionFacts]) -> set[int]:
        return {row.tf for row in rows} | {row.target for row in rows}

    row = InteractionFacts._make
    return Batches(queryset, INTERACTION_FIELDS, row, named, facts or Facts())


def binding_sites(queryset: QuerySet[BindingSite]) -> Batches[SiteFacts]:
    def named(rows: list[SiteFacts]) -> set[int]:
        return {row.tf for row in rows}

    facts = Facts(with_orthologs=False)
    return Batches(queryset, SITE_FIELDS, SiteFacts._make, named, facts)


def _batches(rows: Iterable[Value]) -> Iterator[list[Value]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        yield batch
