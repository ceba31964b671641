"""Interactions and binding sites of one species in an order that is content: by the accession
of the TF, then of the target, or by TFLink ID. Primary keys differ between databases.

They are read once, some TFs at a time, into a file beside the release, from which every
format of every class of evidence is written. So no database sorts millions of rows, and
memory holds those of some TFs only.
"""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet

from proteins.domain.evidence import SmallScale
from proteins.exports.rows import BATCH, INTERACTION_FIELDS, SITE_FIELDS, Caches
from proteins.exports.values import ProteinFacts, read_proteins
from proteins.models import BindingSite, Interaction, Protein, Taxon
from proteins.queries.evidence import EvidenceFacts, read_evidence

Fields = tuple[Any, ...]
#: Proteins, and rows of evidence, of which is cached what was read and made: more than a species
#: has, because thirty files are written of them.
FACTS_LIMIT: Final = 150_000
#: TFs whose rows are read together: the limit, and about how many rows they have.
_TFS: Final = 200
_ROWS: Final = 20_000

Rows = list[tuple[Any, ...]]
Tick = Callable[[int], object]


@dataclass
class Spool:
    """The rows of one species in a file, and how many there are at each scale."""

    path: Path
    fields: Fields
    scales: Mapping[int, SmallScale]
    counts: Counter[SmallScale] = field(default_factory=Counter)
    #: The rows of evidence that were met.
    evidence: set[int] = field(default_factory=set)
    #: What the rows name, read once for all files. No species has more.
    facts: Caches = field(default_factory=lambda: Caches.of(FACTS_LIMIT))

    def fill(self, batches: Iterable[Rows]) -> None:
        scale_of, evidence_of = self._scale(), itemgetter(self.fields.index("evidence_id"))
        with self.path.open("wb") as file:
            for batch in batches:
                self.evidence.update(map(evidence_of, batch))
                self.counts.update(map(scale_of, batch))
                pickle.dump(batch, file, pickle.HIGHEST_PROTOCOL)

    def number(self, scale: SmallScale | None) -> int:
        return self.counts.total() if scale is None else self.counts[scale]

    def batches(self, scale: SmallScale | None) -> Iterator[Rows]:
        """The rows at a scale; at any, where none is given."""
        scale_of = self._scale()
        with self.path.open("rb") as file:
            while True:
                try:
                    batch: Rows = pickle.load(file)  # noqa: S301  (it is our own, of just now)
                except EOFError:
                    return
                if scale is not None:
                    batch = [row for row in batch if scale_of(row) is scale]
                if batch:
                    yield batch

    def row_scales(self) -> Iterator[SmallScale]:
        """The scale of each row, in order."""
        scale_of = self._scale()
        for batch in self.batches(None):
            yield from map(scale_of, batch)

    def _scale(self) -> Callable[[tuple[Any, ...]], SmallScale]:
        at, scales = self.fields.index("evidence_id"), self.scales
        return lambda row: scales[row[at]]


@dataclass(frozen=True)
class SpoolRows:
    """The rows of a spool at a scale, which writers may read several times. `tick` gets their
    number as they are read for the first time."""

    spool: Spool
    scale: SmallScale | None
    tick: Tick
    cache_limit: int = FACTS_LIMIT
    #: How many times it was read.
    _reads: Counter[str] = field(default_factory=Counter)

    def values(self, *columns: Any) -> Iterator[tuple[Any, ...]]:
        tick = self.tick if not self._reads["times"] else lambda _: None
        self._reads["times"] += 1
        pick = itemgetter(*map(self.spool.fields.index, columns))
        for batch in self.spool.batches(self.scale):
            yield from map(pick, batch)
            tick(len(batch))

    def read_proteins(self, ids: Iterable[int]) -> Mapping[int, ProteinFacts]:
        return self.spool.facts.proteins.of(
            set(ids), lambda missing: read_proteins(missing, with_orthologs=False)
        )

    def read_evidence(self, ids: Collection[int]) -> Mapping[int, EvidenceFacts]:
        return self.spool.facts.evidence.of(ids, read_evidence)


def read_interactions(taxon: Taxon, accessions: Mapping[int, str]) -> Iterator[Rows]:
    """The public interactions of a species' TFs, in order."""
    tf, target = (INTERACTION_FIELDS.index(name) for name in ("tf_id", "target_id"))
    return _read(
        taxon,
        Interaction.objects.public(),
        INTERACTION_FIELDS,
        lambda row: (accessions[row[tf]], accessions[row[target]]),
    )


def read_sites(taxon: Taxon, accessions: Mapping[int, str]) -> Iterator[Rows]:
    """The binding sites of a species' TFs, in order."""
    tf, tflink_id = (SITE_FIELDS.index(name) for name in ("tf_id", "tflink_id"))
    return _read(
        taxon,
        BindingSite.objects.all(),
        SITE_FIELDS,
        lambda row: (accessions[row[tf]], row[tflink_id]),
    )


def _read(
    taxon: Taxon,
    rows: QuerySet[Any],
    fields: Fields,
    key: Callable[[tuple[Any, ...]], tuple[str, str]],
) -> Iterator[Rows]:
    for tfs in _some_tfs(taxon, rows):
        chosen = rows.filter(tf__in=tfs).order_by().values_list(*fields)
        ordered = sorted(chosen.iterator(chunk_size=BATCH), key=key)
        for at in range(0, len(ordered), BATCH):
            yield ordered[at : at + BATCH]


def _some_tfs(taxon: Taxon, rows: QuerySet[Any]) -> Iterator[list[int]]:
    """The TFs of a species that have rows, some at a time, by accession."""
    any_row = Exists(rows.order_by().filter(tf=OuterRef("pk")))
    tfs = Protein.objects.filter(any_row, taxon=taxon)
    some: list[int] = []
    expected = 0
    # Databases order text by their own rules.
    for _, key, targets in sorted(tfs.values_list("accession", "pk", "target_count")):
        some.append(key)
        expected += targets
        if len(some) == _TFS or expected >= _ROWS:
            yield some
            some, expected = [], 0
    if some:
        yield some
