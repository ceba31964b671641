"""What the home page shows: numbers of each species, and the newest changes.

Numbers are sums over proteins, each of which has its own counters: interactions are never
counted here. Even so every protein is read, so that the page is cached until the next write
(`proteins.caching.conditional`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from proteins import hooks
from proteins.domain.tiers import Tier
from proteins.models import TIER_COUNTERS, Citation, Protein, Taxon
from proteins.models.querysets import CitationQuerySet

#: The newest changes that are shown.
CHANGES: Final = 8
#: Publications that are counted one by one.
FEW: Final = 20_000
#: What the counters of proteins add up to.
SUMS: Final = {
    "proteins": Count("*"),
    "tfs": Count("is_tf", filter=Q(is_tf=True)),
    "targets": Count("is_target", filter=Q(is_target=True)),
    "interactions": Coalesce(Sum("target_count"), 0),
}
#: Counted at both ends, and so twice.
_TIERS: Final = {column: Coalesce(Sum(column), 0) for column in TIER_COUNTERS.values()}


@dataclass(frozen=True)
class Numbers:
    """`publications` is None where they were not counted yet."""

    proteins: int
    tfs: int
    targets: int
    interactions: int
    #: Interactions by tier of support.
    tiers: Mapping[Tier, int]
    publications: int | None
    binding_sites: int | None = None


@dataclass(frozen=True)
class Home:
    species: tuple[tuple[Taxon, Numbers], ...]
    total: Numbers
    #: When the publications of each species were counted.
    counted_at: datetime | None
    changes: tuple[hooks.Change, ...]

    @classmethod
    def read(cls) -> Home:
        counted = hooks.publication_counts()
        rows = {row.pop("species"): row for row in sums_by_species(_TIERS)}
        species = tuple(
            (
                taxon,
                Numbers(
                    **_with_tiers(rows[taxon.pk]),
                    publications=counted.numbers.get(taxon.code, 0) if counted else None,
                    binding_sites=counted.sites.get(taxon.code, 0)
                    if counted and counted.sites is not None
                    else None,
                ),
            )
            for taxon in Taxon.objects.all()
            if taxon.pk in rows
        )
        return cls(
            species,
            _total([numbers for _, numbers in species], counted),
            counted.at if counted else None,
            hooks.newest_changes(CHANGES),
        )


def tiers_by_species() -> list[tuple[Taxon, Mapping[Tier, int]]]:
    """The interactions of each species that has any, by tier of support."""
    rows = {row["species"]: _with_tiers(row) for row in sums_by_species(_TIERS)}
    return [
        (taxon, rows[taxon.pk]["tiers"])
        for taxon in Taxon.objects.all()
        if taxon.pk in rows and rows[taxon.pk]["interactions"]
    ]


def _with_tiers(sums: Mapping[str, Any]) -> dict[str, Any]:
    """The sums of a species with those by tier as one mapping."""
    higher = {tier: sums[column] // 2 for tier, column in TIER_COUNTERS.items()}
    lowest = sums["interactions"] - sum(higher.values())
    others = {name: value for name, value in sums.items() if name not in _TIERS}
    return {**others, "tiers": higher | {Tier.SINGLE: lowest}}


def sums_by_species(more: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """A row for each species that has proteins, with `more` sums than `SUMS`."""
    # From an index that has all that is added up.
    rows: QuerySet[Any, Any] = Protein.objects.order_by().values(species=F("taxon"))
    return list(rows.annotate(**SUMS, **(more or {})))


def added_up(species: Iterable[Any]) -> dict[str, int]:
    """The sums of several species together."""
    rows = list(species)
    return {name: sum(getattr(numbers, name) for numbers in rows) for name in SUMS}


def _total(species: list[Numbers], counted: hooks.PublicationCounts | None) -> Numbers:
    # A publication may speak of several species: their sum would count it more than once.
    return Numbers(
        **added_up(species),
        publications=publications(Citation.objects.cited(), counted),
        tiers=sum((Counter(numbers.tiers) for numbers in species), Counter[Tier]()),
        binding_sites=sum(numbers.binding_sites or 0 for numbers in species)
        if any(numbers.binding_sites is not None for numbers in species)
        else None,
    )


def publications(cited: CitationQuerySet, counted: hooks.PublicationCounts | None) -> int:
    """How many publications support something (`cited`): exact where there are few, else as
    counted by the last import. Each of hundreds of thousands (curated statements bring one each)
    would be looked up among the links of evidence."""
    total = counted.total if counted else None
    return cited.count() if total is None or total <= FEW else total
