"""How the interactions of one side of a protein divide by what filters choose among."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Final, NamedTuple

from django.db.models import Q

from proteins.caching.bounded import BoundedCache
from proteins.caching.shared import shared
from proteins.domain.evidence import SmallScale
from proteins.domain.methods import MethodClass, classes_in
from proteins.domain.tiers import Tier
from proteins.models import Evidence, EvidenceCitation
from proteins.models.querysets import InteractionQuerySet

#: Evidence that is given by primary key; to read more again takes less than to name it.
LISTED: Final = 500
#: Evidence that the public requests of one state share, in each worker: some 10 MB.
CACHED: Final = 20_000


class Described(NamedTuple):
    """What one Evidence row is, for counts; sources by primary key."""

    tier: Tier
    small_scale: SmallScale
    classes: tuple[MethodClass, ...]
    sources: tuple[int, ...]
    #: The PubMed IDs of its publications.
    pmids: tuple[int, ...]


def among(column: str, evidence: Collection[int], sides: Iterable[InteractionQuerySet]) -> Q:
    """The condition that `column` is one of the evidence of the sides of a protein."""
    if len(evidence) <= LISTED:
        return Q(**{f"{column}__in": list(evidence)})
    of_sides = (Q(**{f"{column}__in": rows.order_by().values("evidence")}) for rows in sides)
    return reduce(or_, of_sides)


def described(
    evidence: Collection[int], sides: Sequence[InteractionQuerySet]
) -> dict[int, Described]:
    """The evidence of the sides of a protein by primary key, in two queries."""
    return _cached().of(evidence, lambda missing: _read(missing, sides))


@shared
def _cached() -> BoundedCache[int, Described]:
    return BoundedCache(CACHED)


def _read(evidence: Collection[int], sides: Sequence[InteractionQuerySet]) -> dict[int, Described]:
    rows = Evidence.objects.filter(among("pk", evidence, sides)).order_by()
    stored: dict[int, tuple[int, int, int]] = {}
    sources: defaultdict[int, list[int]] = defaultdict(list)
    for pk, tier, scale, classes, source in rows.values_list(
        "pk", "tier", "small_scale", "method_classes", "sources"
    ):
        stored[pk] = (tier, scale, classes)
        if source is not None:
            sources[pk].append(source)
    links = EvidenceCitation.objects.order_by().filter(among("evidence", evidence, sides))
    pmids: defaultdict[int, list[int]] = defaultdict(list)
    for pk, pmid in links.values_list("evidence_id", "citation__pmid"):
        pmids[pk].append(pmid)
    return {
        pk: Described(
            Tier(tier),
            SmallScale(scale),
            classes_in(classes),
            tuple(sorted(sources[pk])),
            tuple(pmids[pk]),
        )
        for pk, (tier, scale, classes) in stored.items()
    }


def _constant(rows: Collection[Described]) -> frozenset[str]:
    values: dict[str, set[Any]] = {
        "tier": {row.tier for row in rows},
        "methods": {row.classes for row in rows},
        "sources": {row.sources for row in rows},
    }
    return frozenset(name for name, distinct in values.items() if len(distinct) == 1)


@dataclass(frozen=True)
class SideFacets:
    """Interactions by tier, scale, class of method and source database (by primary key)."""

    tiers: Counter[Tier]
    scales: Counter[SmallScale]
    classes: Counter[MethodClass]
    sources: Counter[int]
    #: What is the same for all of them: "tier", "methods", "sources".
    constant: frozenset[str] = frozenset()
    #: How many have an effect.
    effects: int = 0

    @classmethod
    def of(
        cls, numbers: Mapping[int, int], rows: Mapping[int, Described], effects: int = 0
    ) -> SideFacets:
        """`numbers` are interactions by evidence."""
        constant = _constant([rows[key] for key, number in numbers.items() if number])
        facets = cls(Counter(), Counter(), Counter(), Counter(), constant, effects)
        for key, number in numbers.items():
            row = rows[key]
            facets.tiers[row.tier] += number
            facets.scales[row.small_scale] += number
            for each in row.classes:
                facets.classes[each] += number
            for source in row.sources:
                facets.sources[source] += number
        return facets
