"""Which combinations of source databases report the interactions of each species.

Interactions are counted by evidence from the arrays, a pass over four bytes of each (12 million
take some tenths of a second, once for each state of the content); a species without arrays is
counted by its database if it is small. Evidence, of which there is little, says the rest.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from django.db.models import Count, Sum

from proteins.analysis import species, store
from proteins.analysis.core.edges import Edges
from proteins.caching.shared import shared
from proteins.domain.tiers import Tier
from proteins.drawing.overlap import Combination
from proteins.models import Evidence, EvidenceSource, Interaction, Protein, SourceDatabase
from proteins.queries.snapshot import consistent_read

#: The combinations of a species by its primary key, and of all by None; the most frequent first.
_BySpecies = Mapping[int | None, Sequence[Combination]]


def combinations_of(taxon: int | None = None) -> Sequence[Combination]:
    """The combinations of a species, or of all; requests of one state of the content share them.

    Raises `NotReadyError` while the arrays of a large species are yet to be written.
    """
    return _read().get(taxon, ())


@shared
def _read() -> _BySpecies:
    with consistent_read():
        listed = Protein.objects.filter(target_count__gt=0).order_by().values_list("taxon")
        totals = dict(listed.annotate(Sum("target_count")))
        numbers: dict[int | None, Counter[int]] = {
            taxon: _by_evidence(taxon, total) for taxon, total in totals.items()
        }
        numbers[None] = sum(numbers.values(), Counter[int]())
        evidence = _Evidence.read()
    return {taxon: evidence.combinations(counted) for taxon, counted in numbers.items()}


def _by_evidence(taxon: int, total: int) -> Counter[int]:
    """Public interactions of a species, `total` in all, by the primary key of their evidence."""
    if store.newest(taxon) is not None:
        return counted(species.read_edges(taxon))
    if total > species.READ_AT_ONCE:
        raise species.NotReadyError
    rows = Interaction.objects.public().filter(tf__taxon=taxon).order_by()
    return Counter(dict(rows.values_list("evidence").annotate(Count("pk"))))


def counted(edges: Edges) -> Counter[int]:
    """Interactions by evidence."""
    numbers = np.zeros(len(edges.kinds), np.int64)
    for _, _, kinds in edges.segments():
        numbers += np.bincount(kinds, minlength=len(numbers))
    sums: Counter[int] = Counter()
    for (evidence, *_), number in zip(edges.kinds.tolist(), numbers.tolist(), strict=True):
        if number:
            sums[evidence] += number
    return sums


class _Evidence(NamedTuple):
    """The tier and the databases of each Evidence row."""

    tiers: Mapping[int, int]
    sources: Mapping[int, Sequence[str]]

    @classmethod
    def read(cls) -> _Evidence:
        labels = {one.pk: str(one) for one in SourceDatabase.objects.select_related("via")}
        sources: defaultdict[int, list[str]] = defaultdict(list)
        links = EvidenceSource.objects.order_by().values_list("evidence_id", "source_id")
        for evidence, source in links.iterator():
            sources[evidence].append(labels[source])
        return cls(dict(Evidence.objects.order_by().values_list("pk", "tier")), sources)

    def combinations(self, numbers: Mapping[int, int]) -> list[Combination]:
        sums: defaultdict[tuple[str, ...], Counter[Tier]] = defaultdict(Counter)
        for evidence, number in numbers.items():
            sources = tuple(sorted(self.sources.get(evidence, ())))
            sums[sources][Tier(self.tiers[evidence])] += number
        listed = [Combination(sources, tiers) for sources, tiers in sums.items()]
        return sorted(listed, key=lambda each: (-each.total, each.sources))
