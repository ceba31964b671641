"""Binding sites of a chunk: new ones, changes, former IDs, and what is said under each ID."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from curation.importing.loading.journal import Journal, insert_items
from curation.importing.loading.report import RunReport
from curation.importing.loading.site_parts import KIND, as_json, state_of
from curation.importing.loading.store import Store
from curation.importing.planning.planned import Change, Plan
from curation.importing.planning.snapshot import StoredSite
from curation.importing.source.records import BindingSiteRecord
from curation.models import SitePart
from curation.shared.bulk import Bulk
from curation.shared.three_way import evidence_as_json
from proteins.domain.binding_sites import SITE_FIELDS, numbering_of
from proteins.models import BindingSite, FormerSiteID

SITE_COLUMNS: Final = ("tflink_id", "evidence_id", *SITE_FIELDS)


class SiteWriter:
    """Writes the binding sites of plans."""

    def __init__(
        self,
        bulk: Bulk,
        store: Store,
        report: RunReport,
        journal: Journal,
    ) -> None:
        self.bulk = bulk
        self.store = store
        self.tallies = report.tallies
        self.journal = journal
        #: Evidence that sites of the chunk stop pointing at.
        self.replaced: set[int] = set()

    def write(self, plan: Plan, proteins: Mapping[str, int]) -> None:
        self.replaced = set()
        self._forget_parts(plan)
        ids = self.bulk.reserve_ids(BindingSite, len(plan.new_sites))
        self.bulk.insert(
            BindingSite,
            ("id", "tf_id", *SITE_COLUMNS),
            [
                (key, proteins[site.tf], *self._site_values(site))
                for key, site in zip(ids, plan.new_sites, strict=True)
            ],
        )
        self.journal.records_created(
            BindingSite, ids, "binding site", (site.tflink_id for site in plan.new_sites)
        )
        changed = {before.id for before, _ in plan.changed_sites}
        self.journal.stated(BindingSite, {*plan.unchanged_sites, *changed} - plan.regrouped_sites)
        self._change_sites(plan)
        self._write_former_ids(plan, ids)
        self._write_parts(plan, ids)
        numbered = {(site.tf, numbering_of(site.tflink_id)) for site in plan.new_sites}
        numbered.update(
            (site.tf, numbering_of(one))
            for site in (*plan.new_sites, *(after for _, after in plan.changed_sites))
            if site.former_ids
            for one in (site.tflink_id, *site.former_ids)
        )
        self.store.note_numberings(
            (proteins[tf], numbering) for tf, numbering in numbered if tf in proteins
        )
        tally = self.tallies["binding sites"]
        tally.created(ids)
        tally.met(plan.unchanged_sites)
        tally.changed(changed)

    def _forget_parts(self, plan: Plan) -> None:
        """Delete the parts of sites that get others, and the former IDs that are no longer
        theirs; both are journalled."""
        regrouped = [
            (before, after)
            for before, after in plan.changed_sites
            if _is_regrouped(before, after, plan)
        ]
        self.bulk.delete(SitePart, "site_id", [before.id for before, _ in regrouped])
        lost = set[str]()
        for before, after in regrouped:
            lost |= {*before.record.former_ids}.difference((after.tflink_id, *after.former_ids))
            states = (
                state_of(before.record.former_ids, before.parts),
                state_of(after.former_ids, plan.site_parts[after.tflink_id]),
            )
            self.journal.noted(Change(KIND, before.id, after.tflink_id, "parts", *states))
        self.bulk.delete(FormerSiteID, "tflink_id", lost)

    def _write_parts(self, plan: Plan, new_ids: Sequence[int]) -> None:
        if not plan.site_parts:
            return
        keys = {site.tflink_id: key for key, site in zip(new_ids, plan.new_sites, strict=True)}
        keys.update((after.tflink_id, before.id) for before, after in plan.changed_sites)
        rows = [
            (part.tflink_id, keys[tflink_id], json.dumps(as_json(part)))
            for tflink_id, parts in plan.site_parts.items()
            for part in parts
        ]
        self.bulk.insert(SitePart, ("tflink_id", "site_id", "stated"), rows)

    def _change_sites(self, plan: Plan) -> None:
        self.bulk.update(
            BindingSite,
            SITE_COLUMNS,
            [(*self._site_values(after), before.id) for before, after in plan.changed_sites],
        )
        for stored, after in plan.changed_sites:
            before, site = stored.record, (stored.id, after.tflink_id)
            for name in ("tflink_id", *SITE_FIELDS):
                values = (getattr(before, name), getattr(after, name))
                if values[0] != values[1]:
                    self.journal.changed(Change("binding site", *site, name, *values))
            if before.evidence != after.evidence:
                values = (evidence_as_json(before.evidence), evidence_as_json(after.evidence))
                self.journal.changed(Change("binding site", *site, "evidence", *values))
                self.replaced.add(self.store.evidence.ids[before.evidence])

    def _write_former_ids(self, plan: Plan, new_ids: Sequence[int]) -> None:
        """Write the IDs that sites are no longer, or not mainly, listed under."""
        rows = [
            (former, key)
            for key, site in zip(new_ids, plan.new_sites, strict=True)
            for former in site.former_ids
        ]
        rows += [
            (former, stored.id)
            for stored, after in plan.changed_sites
            for former in after.former_ids
            if former not in stored.record.former_ids
        ]
        insert_items(self.bulk, self.journal, FormerSiteID, ("tflink_id", "site_id"), rows)

    def _site_values(self, site: BindingSiteRecord) -> tuple[Any, ...]:
        return (
            site.tflink_id,
            self.store.evidence.ids[site.evidence],
            site.assembly,
            site.chromosome,
            site.start,
            site.end,
            site.strand,
            site.overlaps,
            site.sequence,
        )


def _is_regrouped(before: StoredSite, after: BindingSiteRecord, plan: Plan) -> bool:
    return plan.site_parts.get(after.tflink_id, before.parts) != before.parts
