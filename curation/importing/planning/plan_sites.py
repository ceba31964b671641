"""What a chunk says of binding sites against what is stored and pinned."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from curation.importing.planning.claims import Claims
from curation.importing.planning.planned import Change, Plan
from curation.importing.planning.site_claims import (
    SiteClaim,
    merged_site,
    site_problem,
    without_ids,
)
from curation.importing.planning.site_groups import SiteGroup, groups_at, places_of_several
from curation.importing.planning.snapshot import Stored, StoredSite, foreign_problem
from curation.importing.source.records import BindingSiteRecord
from curation.shared.three_way import evidence_as_json, evidence_from_json
from proteins.domain.binding_sites import SITE_FIELDS


def plan_sites(plan: Plan, claims: Claims, stored: Stored, foreign: Collection[str]) -> None:
    sound = [
        stated for stated in claims.sites if _is_site_sound(plan, claims, stored, foreign, stated)
    ]
    contents = {stated.record.evidence for stated in sound}
    plan.pmids.update(pmid for content in contents for pmid in content.pmids)
    # A file of sequences describes no protein, and no site that is not stored.
    several = places_of_several(
        [stated for stated in sound if stated.record.tf in claims.proteins], stored
    )
    grouped = {stated.record.tflink_id for there in several.values() for stated in there}
    for key, there in several.items():
        for group in groups_at(key, there, stored):
            _plan_group(plan, group)
    # Several claims may turn out to be about one stored site.
    merged: dict[int, tuple[StoredSite, StoredSite]] = {}
    for stated in sound:
        record = stated.record
        if record.tflink_id in grouped:
            continue
        before = stored.site(record)
        if before is None:
            new = plan.new_sites if record.tf in claims.proteins else plan.unmatched_sites
            new.append(record)
        else:
            _, existing = merged.get(before.id, (before, before))
            merged[before.id] = before, _with_statement(plan, existing, record, stored)
    for before, after in merged.values():
        _plan_stored_site(plan, before, after.record, after.parts)


def _is_site_sound(
    plan: Plan, claims: Claims, stored: Stored, foreign: Collection[str], stated: SiteClaim
) -> bool:
    """Whether a claim is of the species and of the TF that its site is stored with; there is
    a problem where it is not."""
    record = stated.record
    if record.tf in foreign:
        where = (stated.file, "binding_sites", record.line)
        plan.problems.append(foreign_problem(claims, stored, record.tf, *where))
        return False
    existing = stored.site_by_id(record) if stored.sites else None
    if existing is not None and existing.record.tf != record.tf:
        plan.problems.append(site_problem(record, existing.record.tf, stated.file))
        return False
    return True


def _with_statement(
    plan: Plan, site: StoredSite, stated: BindingSiteRecord, stored: Stored
) -> StoredSite:
    """Return a stored site with a statement about it, and with what its parts say then."""
    ids = {stated.tflink_id, *stated.former_ids}
    taken = {one for one in ids if one in stored.sites and stored.sites[one].id != site.id}
    stated = without_ids(stated, taken)
    parts = site.parts
    is_new_id = ids.isdisjoint((site.record.tflink_id, *site.record.former_ids))
    if is_new_id:
        parts = (*(parts or (site.record,)), stated)
    else:
        parts = tuple(
            merged_site(part, stated)
            if not ids.isdisjoint((part.tflink_id, *part.former_ids))
            else part
            for part in parts
        )
    return replace(site, record=_unpinned_site(plan, site, stated), parts=parts)


def _plan_group(plan: Plan, group: SiteGroup) -> None:
    """Plan the site of parts that were grouped again."""
    before, stated = group.site, group.claims
    if before is None:
        record = group.record
        plan.new_sites.append(record)
        if group.records:
            plan.site_parts[record.tflink_id] = group.records
        return
    after = group.record
    if before.pins:
        after = before.record
        for claim in stated:
            after = _unpinned_site(plan, replace(before, record=after), claim.record)
    if not stated and (after, group.records) == (before.record, before.parts):
        return
    if not stated:
        plan.regrouped_sites.add(before.id)
    _plan_stored_site(plan, before, after, group.records)


def _plan_stored_site(
    plan: Plan, before: StoredSite, after: BindingSiteRecord, parts: tuple[BindingSiteRecord, ...]
) -> None:
    if (after, parts) == (before.record, before.parts):
        plan.unchanged_sites.append(before.id)
        return
    plan.changed_sites.append((before, after))
    if parts != before.parts:
        plan.site_parts[after.tflink_id] = parts


def _unpinned_site(plan: Plan, stored: StoredSite, stated: BindingSiteRecord) -> BindingSiteRecord:
    """Return what a site becomes; statements about its pinned fields are settled instead."""
    record, pins = stored.record, stored.pins
    after = merged_site(record, stated)
    if not pins:
        return after
    then = _with_fields(record, pins)
    now = merged_site(then, stated)
    for name in pins:
        values = [_site_value(site, name) for site in (record, now, then)]
        change = Change("binding site", stored.id, record.tflink_id, name, *values[:2])
        plan.settle(change, values[2])
    return _with_fields(after, {name: _site_value(record, name) for name in pins})


def _site_value(site: BindingSiteRecord, name: str) -> Any:
    value = getattr(site, name)
    return evidence_as_json(value) if name == "evidence" else value


def _with_fields(site: BindingSiteRecord, values: Mapping[str, Any]) -> BindingSiteRecord:
    always = ("tflink_id", "tf", "evidence", "former_ids", *SITE_FIELDS)
    fields = {name: getattr(site, name) for name in always}
    for name, value in values.items():
        fields[name] = evidence_from_json(value) if name == "evidence" else value
    return BindingSiteRecord(**fields)
