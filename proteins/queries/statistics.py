"""How much there is, in all and of each species.

The counters of proteins are summed, and are exact at any time. Binding sites,
publications of a species, and interactions by scale were counted at the end of an import
(`proteins.hooks.PublicationCounts`): with the date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from proteins import hooks
from proteins.domain.evidence import SmallScale
from proteins.models import Taxon
from proteins.queries import visibility
from proteins.queries.home import added_up, publications, sums_by_species


@dataclass(frozen=True)
class Numbers:
    """None where it was not counted yet."""

    proteins: int
    tfs: int
    targets: int
    interactions: int
    interactions_by_scale: Mapping[str, int] | None
    binding_sites: int | None
    citations: int | None


@dataclass(frozen=True)
class SpeciesNumbers:
    taxon: Taxon
    numbers: Numbers


@dataclass(frozen=True)
class Statistics:
    total: Numbers
    species: tuple[SpeciesNumbers, ...]
    sources: int
    methods: int
    #: When what is not exact was counted.
    counted_at: datetime | None

    @classmethod
    def read(cls) -> Statistics:
        counted = hooks.publication_counts()
        rows = {row.pop("species"): row for row in sums_by_species()}
        species = tuple(
            SpeciesNumbers(taxon, _numbers(rows[taxon.pk], taxon.code, counted))
            for taxon in Taxon.objects.all()
            if taxon.pk in rows
        )
        return cls(
            _total([one.numbers for one in species], counted),
            species,
            visibility.sources().count(),
            visibility.methods().count(),
            counted.at if counted else None,
        )


def _numbers(sums: dict[str, Any], code: str, counted: hooks.PublicationCounts | None) -> Numbers:
    scales = sites = citations = None
    if counted is not None:
        citations = counted.numbers.get(code, 0)
        if counted.scales is not None:
            none: Mapping[str, int] = dict.fromkeys((scale.label for scale in SmallScale), 0)
            scales = counted.scales.get(code, none)
        if counted.sites is not None:
            sites = counted.sites.get(code, 0)
    return Numbers(**sums, interactions_by_scale=scales, binding_sites=sites, citations=citations)


def _total(species: list[Numbers], counted: hooks.PublicationCounts | None) -> Numbers:
    scales = [numbers.interactions_by_scale for numbers in species]
    sites = [numbers.binding_sites for numbers in species]
    return Numbers(
        **added_up(species),
        interactions_by_scale={
            scale.label: sum(of_scale[scale.label] for of_scale in scales if of_scale)
            for scale in SmallScale
        }
        if all(scales)
        else None,
        binding_sites=None if None in sites else sum(number or 0 for number in sites),
        # One publication may speak of several species: those of each are not added up.
        citations=publications(visibility.citations(), counted),
    )
