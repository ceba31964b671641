"""The sites of one place, worked out anew from what documents say under each of their IDs.

TFLink renumbered its sites, and a site that leaves strand, assembly or source open may turn out
to be either of two: which statements are about one site depends on all of those of its place. So
a site that has several IDs has a part for each, what was said under it (`StoredSite.parts`), and
with every new ID at a place its parts are grouped again: the result is the same in whatever order
documents come. Parts under IDs of one numbering are different sites.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final, TypeAlias

from curation.importing.planning.site_claims import (
    SiteClaim,
    merged_site,
    with_current_id,
    without_ids,
)
from curation.importing.planning.snapshot import Stored, StoredSite
from curation.importing.source.records import BindingSiteRecord
from proteins.domain.binding_sites import (
    PhysicalKey,
    Place,
    Stated,
    age_of_id,
    agree,
    numbering_of,
    physical_key,
    stated_of,
)

#: Limit of different statements at one place that are compared, against hostile documents:
#: published ones have a handful.
MOST_AT_A_PLACE: Final = 200
#: The numberings of the IDs of parts, and what they state of their place.
_Kind: TypeAlias = tuple[frozenset[str], Stated]


@dataclass(slots=True)
class Part:
    """What documents say of a site under one ID, or under those that one page has as one."""

    record: BindingSiteRecord
    #: The stored site that it is a part of.
    site: StoredSite | None = None
    #: Those of the chunk.
    claims: list[SiteClaim] = field(default_factory=list)

    @property
    def ids(self) -> set[str]:
        return {self.record.tflink_id, *self.record.former_ids}

    @property
    def place(self) -> Place | None:
        """Its place as the sources gave it, of a site with pinned fields too."""
        return self.site.place if self.site and self.site.pins else self.record.place

    @property
    def numberings(self) -> frozenset[str]:
        return frozenset(map(numbering_of, self.ids))

    @property
    def stated(self) -> Stated:
        return stated_of(self.place) if self.place else ("", "", "")

    @property
    def leads(self) -> bool:
        """Whether its site is stored under its ID."""
        return self.site is not None and self.site.record.tflink_id in self.ids

    def take(self, claim: SiteClaim, others: Iterable[Part]) -> None:
        taken = {one for other in others if other is not self for one in other.ids}
        self.record = merged_site(self.record, without_ids(claim.record, taken))
        self.claims.append(claim)


@dataclass(slots=True)
class SiteGroup:
    """The parts of one physical site, that of the newest ID first."""

    parts: list[Part]

    @property
    def site(self) -> StoredSite | None:
        """The stored site that it is, None for a new one."""
        return next((part.site for part in self.parts if part.leads), None)

    @property
    def claims(self) -> list[SiteClaim]:
        return [claim for part in self.parts for claim in part.claims]

    @property
    def record(self) -> BindingSiteRecord:
        first, *others = (part.record for part in self.parts)
        for other in others:
            first = merged_site(first, other)
        return with_current_id(first)

    @property
    def records(self) -> tuple[BindingSiteRecord, ...]:
        """Its parts where there are several, as they are stored."""
        return tuple(part.record for part in self.parts) if len(self.parts) > 1 else ()


def places_of_several(
    claims: Sequence[SiteClaim], stored: Stored
) -> dict[PhysicalKey, list[SiteClaim]]:
    """Return the claims at each place where an ID is new and another numbering, or a stored site,
    has the same place."""
    if not stored.sites_at and len({numbering_of(one.record.tflink_id) for one in claims}) < 2:
        return {}
    at: dict[PhysicalKey, list[SiteClaim]] = {}
    for claim in claims:
        place = claim.record.place
        if place is not None:
            at.setdefault(physical_key(place), []).append(claim)
    return {key: there for key, there in at.items() if _is_of_several(key, there, stored)}


def _is_of_several(key: PhysicalKey, claims: Sequence[SiteClaim], stored: Stored) -> bool:
    if all(stored.site_by_id(claim.record) for claim in claims):
        return False
    numberings = {numbering_of(claim.record.tflink_id) for claim in claims}
    return len(numberings) > 1 or key in stored.sites_at


def groups_at(key: PhysicalKey, claims: Iterable[SiteClaim], stored: Stored) -> list[SiteGroup]:
    """Return the physical sites at a place: of what is stored there and of what is claimed."""
    parts = [part for site in _sites_at(key, claims, stored) for part in _parts_of(site)]
    for claim in claims:
        ids = {claim.record.tflink_id, *claim.record.former_ids}
        existing = next((part for part in parts if not ids.isdisjoint(part.ids)), None)
        if existing is None:
            parts.append(Part(claim.record, claims=[claim]))
        else:
            existing.take(claim, parts)
    parts.sort(key=_age)
    return [group for same in _belonging_together(parts) for group in _of(sorted(same, key=_age))]


def _sites_at(
    key: PhysicalKey, claims: Iterable[SiteClaim], stored: Stored
) -> Iterable[StoredSite]:
    there = [*stored.sites_at.get(key, ())]
    there += [site for claim in claims if (site := stored.site_by_id(claim.record))]
    return {site.id: site for site in there if site.record.tf == key.tf}.values()


def _parts_of(site: StoredSite) -> Iterator[Part]:
    """Yield the parts of a stored site; one that a curator spoke of stays in one piece."""
    for record in (not site.pins and site.parts) or (site.record,):
        yield Part(record, site)


def _of(parts: Iterable[Part]) -> Iterator[SiteGroup]:
    """Yield the sites of parts that belong together: each has one ID of a numbering, and those
    that are stored stay several, for an import deletes no site."""
    groups: list[list[Part]] = []
    for part in parts:
        for group in groups:
            is_stored = part.leads and any(one.leads for one in group)
            if not is_stored and all(part.numberings.isdisjoint(one.numberings) for one in group):
                group.append(part)
                break
        else:
            groups.append([part])
    yield from map(SiteGroup, groups)


def _belonging_together(parts: Sequence[Part]) -> Iterable[list[Part]]:
    """Return parts, the newest first, in lists of those which are of one site.

    Two of different numberings are where neither may be anything else: each states the same
    as the other and nothing else does, or each is all that the other may be. So a part more
    can take parts from one another, and never brings stored sites together.
    """
    alike: dict[_Kind, list[Part]] = {}
    for part in parts:
        alike.setdefault((part.numberings, part.stated), []).append(part)
    together = {id(part): [part] for part in parts}
    single = [kind for kind, same in alike.items() if len(same) == 1]
    if len(alike) <= MOST_AT_A_PLACE:
        possible = {kind: [one for one in alike if _may_be(kind, one)] for kind in single}
        for one, other in combinations(single, 2):
            if _is_only(one, other, possible) and _is_only(other, one, possible):
                _unite(together, alike[one][0], alike[other][0])
    return {id(group): group for group in together.values()}.values()


def _may_be(one: _Kind, other: _Kind) -> bool:
    return one[0].isdisjoint(other[0]) and agree(one[1], other[1])


def _is_only(one: _Kind, other: _Kind, possible: Mapping[_Kind, Sequence[_Kind]]) -> bool:
    """Whether a part is the only one of its numbering that states what the other does, or that
    the other may be."""
    rivals = [kind for kind in possible[other] if not kind[0].isdisjoint(one[0])]
    return rivals == [one] or (
        one[1] == other[1] and [kind for kind in rivals if kind[1] == other[1]] == [one]
    )


def _unite(together: dict[int, list[Part]], one: Part, other: Part) -> None:
    first, second = together[id(one)], together[id(other)]
    if first is not second:
        first += second
        together.update((id(part), first) for part in second)


def _age(part: Part) -> tuple[bool, str]:
    return age_of_id(part.record.tflink_id)
