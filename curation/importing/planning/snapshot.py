"""What the database holds of the records that a chunk speaks of: values, no Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from curation.importing.planning.claims import NO_PAGE, Claims, species_problem
from curation.importing.source.records import BindingSiteRecord, Problem
from proteins.domain.binding_sites import (
    PhysicalKey,
    Place,
    may_be_one,
    numbering_of,
    physical_key,
)
from proteins.domain.support import SupportContent

#: Pinned fields of one record, each with the value that the source gave at that time.
Pins = Mapping[str, Any]
#: Fields of a binding site by which it is recognised under another ID.
_OF_PLACE = frozenset({"assembly", "chromosome", "start", "end", "strand"})


@dataclass(slots=True)
class StoredProtein:
    """A protein as it stands; `generation` is the newest of its own pages."""

    id: int
    species: str
    name: str
    is_tf: bool
    is_target: bool
    declared_interactions: int | None
    has_page: bool
    in_table: bool
    generation: int = NO_PAGE
    gene_ids: set[int] = field(default_factory=set)
    jaspar_matrices: set[str] = field(default_factory=set)
    #: (species, identifier) -> (id, whether TFLink lists it)
    orthologs: dict[tuple[str, str], tuple[int, bool]] = field(default_factory=dict)
    pins: Pins = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredPair:
    id: int
    support: SupportContent
    #: `Reporting`, as stored.
    reporting: int
    reported: bool
    pins: Pins
    #: `ReviewStatus`, as stored.
    status: int = 0
    #: Whether a curator added it, and no document has stated it yet.
    is_curated: bool = False


@dataclass(frozen=True, slots=True)
class StoredSite:
    id: int
    record: BindingSiteRecord
    pins: Pins
    #: What was said under each ID of one with several (`site_groups`); none for most.
    parts: tuple[BindingSiteRecord, ...] = ()

    @property
    def place(self) -> Place | None:
        """Its place as the sources gave it, whatever a curator changed of it."""
        stated = {name: value for name, value in self.pins.items() if name in _OF_PLACE}
        return replace(self.record, **stated).place if stated else self.record.place

    @property
    def numberings(self) -> set[str]:
        return {numbering_of(one) for one in (self.record.tflink_id, *self.record.former_ids)}


@dataclass(slots=True)
class Stored:
    proteins: dict[str, StoredProtein] = field(default_factory=dict)
    pairs: dict[tuple[str, str], StoredPair] = field(default_factory=dict)
    #: By each of their IDs, current and former.
    sites: dict[str, StoredSite] = field(default_factory=dict)
    #: Those at places of sites that are stored under none of their IDs.
    sites_at: dict[PhysicalKey, list[StoredSite]] = field(default_factory=dict)
    #: Species whose whole table is in: what it lacks is no longer reported.
    complete_species: frozenset[str] = frozenset()

    def site_by_id(self, stated: BindingSiteRecord) -> StoredSite | None:
        """Return the stored site that has one of the IDs of a statement."""
        for one in (stated.tflink_id, *stated.former_ids):
            if one in self.sites:
                return self.sites[one]
        return None

    def site(self, stated: BindingSiteRecord) -> StoredSite | None:
        """Return the stored site that a statement is about: by its IDs, then by its place,
        where that is the only one which it may be."""
        by_id = self.site_by_id(stated)
        if by_id is not None:
            return by_id
        place = stated.place if self.sites_at else None
        if place is None:
            return None
        numbering = numbering_of(stated.tflink_id)
        there = [
            site
            for site in self.sites_at.get(physical_key(place), ())
            if numbering not in site.numberings
            and site.place is not None
            and may_be_one(site.place, place)
        ]
        return there[0] if len(there) == 1 else None


def foreign_problem(
    claims: Claims, stored: Stored, foreign: str, file: str, section: str, line: int | None
) -> Problem:
    """Return the problem of a statement whose protein is stored with another species."""
    existing, here = stored.proteins[foreign].species, claims.proteins[foreign].species
    return species_problem(foreign, existing, here, file=file, section=section, line=line)
