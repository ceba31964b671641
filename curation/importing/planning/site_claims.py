"""Binding sites of a chunk: one claim for each ID, or for those that a page has as one.

TFLink renumbered its sites, so that documents of two generations list one site under two IDs.
Statements under one ID are about one site, and so are those under two which one page lists for
the same place; others of one place are grouped with what is stored there (`site_groups`).

The ID of the newest numbering is the site's, the others are former ones; where statements
disagree, that under the newest ID counts, and of several under one ID the last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from curation.importing.source.records import BindingSiteRecord, Problem
from proteins.domain.binding_sites import age_of_id


class SiteClaim(NamedTuple):
    """The statement about one site, and where it is; a tuple, for there are millions."""

    record: BindingSiteRecord
    file: str


@dataclass(slots=True)
class SiteClaims:
    """Claims by the ID that leads; `aliases` maps the other IDs to that."""

    by_id: dict[str, SiteClaim] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)

    def __iter__(self) -> Iterator[SiteClaim]:
        return iter(self.by_id.values())

    def ids(self) -> list[str]:
        """Every ID, current and former, of the chunk's sites."""
        return [*self.by_id, *self.aliases]

    def take(self, record: BindingSiteRecord, file: str) -> Problem | None:
        """Take in a statement; return a problem where its ID is that of another TF's site."""
        by_id = self.by_id
        if not record.former_ids and not self.aliases and record.tflink_id not in by_id:
            by_id[record.tflink_id] = SiteClaim(record, file)
            return None
        keys = {self.aliases.get(one, one) for one in (record.tflink_id, *record.former_ids)}
        stated = [by_id[key].record for key in sorted(keys & by_id.keys())]
        for other in stated:
            if other.tf != record.tf:
                return site_problem(record, other.tf, file)
        for other in stated:
            record = merged_site(by_id.pop(other.tflink_id).record, record)
        self._put(SiteClaim(with_current_id(record), file))
        return None

    def _put(self, claim: SiteClaim) -> None:
        self.by_id[claim.record.tflink_id] = claim
        self.aliases.update(dict.fromkeys(claim.record.former_ids, claim.record.tflink_id))


def site_problem(site: BindingSiteRecord, existing_tf: str, file: str) -> Problem:
    return Problem(
        file,
        "binding_sites",
        site.line,
        f"{site.tflink_id} is a binding site of {existing_tf} elsewhere, of {site.tf} here",
    )


def merged_site(existing: BindingSiteRecord, stated: BindingSiteRecord) -> BindingSiteRecord:
    """Return what both say of one site: its IDs, place, sequence, evidence.

    What is `stated` counts where they disagree, unless its ID is the older one.
    """
    leads = existing.tflink_id == stated.tflink_id or _is_newer(stated, existing)
    first, second = (stated, existing) if leads else (existing, stated)
    placed = first if first.start is not None else second
    return BindingSiteRecord(
        tflink_id=first.tflink_id,
        tf=existing.tf,
        evidence=existing.evidence.united(stated.evidence),
        assembly=placed.assembly or first.assembly or second.assembly,
        chromosome=placed.chromosome or second.chromosome,
        start=placed.start,
        end=placed.end,
        strand=placed.strand or first.strand or second.strand,
        overlaps=first.overlaps if first.overlaps is not None else second.overlaps,
        sequence=first.sequence or second.sequence,
        former_ids=_former_ids(first, second),
        line=stated.line,
    )


def _is_newer(one: BindingSiteRecord, other: BindingSiteRecord) -> bool:
    return age_of_id(one.tflink_id) < age_of_id(other.tflink_id)


def _former_ids(*sites: BindingSiteRecord) -> tuple[str, ...]:
    if not any(site.former_ids for site in sites) and sites[0].tflink_id == sites[1].tflink_id:
        return ()
    ids = {one for site in sites for one in (site.tflink_id, *site.former_ids)}
    return tuple(sorted(ids - {sites[0].tflink_id}))


def with_current_id(site: BindingSiteRecord) -> BindingSiteRecord:
    """Return a site with the newest of its IDs as its own, the others in order."""
    if not site.former_ids:
        return site
    current, *former = sorted((site.tflink_id, *site.former_ids), key=age_of_id)
    return replace(site, tflink_id=current, former_ids=tuple(sorted(former)))


def without_ids(site: BindingSiteRecord, taken: Iterable[str]) -> BindingSiteRecord:
    """Return a site without those former IDs that are other sites'."""
    ids = set(site.former_ids).difference(taken)
    return (
        site if len(ids) == len(site.former_ids) else replace(site, former_ids=tuple(sorted(ids)))
    )
