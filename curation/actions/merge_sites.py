"""The binding sites of two proteins that become one.

Sites of the secondary become the primary's. Where both have the same physical site, one record
stays, under its newest ID, with the other as a former ID and the evidence of both. What a
curator pinned of either stays apart, as it is: nobody's word is merged away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone

from curation.actions.merge_interactions import RecordChanges, record_revisions
from curation.actions.writing import ChangeContext
from curation.importing.planning.site_claims import merged_site
from curation.importing.source.records import BindingSiteRecord
from curation.models import UNDECIDED, Comment, Pin, Proposal, ProposalState, RecordKind, SitePart
from curation.records import Values, records_of
from curation.shared.evidence import drop_unused, evidence_for
from curation.shared.three_way import evidence_as_json
from proteins.domain.binding_sites import SITE_FIELDS, age_of_id, physical_sites
from proteins.domain.evidence import EvidenceContent
from proteins.models import BindingSite, FormerSiteID, Protein
from proteins.queries.evidence import read_evidence

_KIND: Final = RecordKind.BINDING_SITE
_RECORDS: Final = records_of(_KIND)


@dataclass
class SiteMerger:
    """Moves the sites of `old` to `new` and unites them; `closing` is what those who proposed
    something for a site that goes are told."""

    old: Protein
    new: Protein
    context: ChangeContext
    closing: str

    def carry_out(self) -> None:
        unions = list(self._unions())
        absorbed = {site.pk for union in unions for site in union[1:]}
        moved = BindingSite.objects.filter(tf=self.old).exclude(pk__in=absorbed)
        change = {"tf": [self.old.accession, self.new.accession]}
        rows = moved.order_by("pk").values_list("pk", "tflink_id")
        record_revisions(
            (RecordChanges(_KIND, key, name, change) for key, name in rows), self.context
        )
        moved.update(tf=self.new)
        for first, *others in unions:
            first.tf = self.new
            self._unite(first, others)

    def _unions(self) -> Iterator[list[BindingSite]]:
        """Yield the sites that become one, that of the newest ID first."""
        if not BindingSite.objects.filter(tf=self.new).exists():
            return
        both = BindingSite.objects.filter(tf__in=[self.old, self.new]).order_by("pk")
        pinned = Pin.objects.filter(kind=_KIND).values("record_id")
        sites = list(both.exclude(pk__in=pinned).prefetch_related("former_ids"))
        evidence = read_evidence({site.evidence_id for site in sites})
        records = {
            site.pk: self._record(site, evidence[site.evidence_id].content) for site in sites
        }
        for same in physical_sites(sites, lambda site: records[site.pk].place):
            if len({site.tf_id for site in same}) > 1:
                yield sorted(same, key=lambda site: age_of_id(site.tflink_id))

    def _record(self, site: BindingSite, content: EvidenceContent) -> BindingSiteRecord:
        fields = {name: getattr(site, name) for name in SITE_FIELDS}
        former = tuple(one.tflink_id for one in site.former_ids.all())
        return BindingSiteRecord(
            site.tflink_id, self.new.accession, content, **fields, former_ids=former
        )

    def _unite(self, site: BindingSite, others: list[BindingSite]) -> None:
        before = _RECORDS.values(site)
        united = self._record(site, site.evidence.content())
        for other in others:
            united = merged_site(united, self._record(other, other.evidence.content()))
        replaced = {one.evidence_id for one in (site, *others)}
        gone = [(other.pk, other.tflink_id, _RECORDS.values(other)) for other in others]
        self._follow(site, others)
        BindingSite.objects.filter(pk__in=[other.pk for other in others]).delete()
        FormerSiteID.objects.bulk_create(
            FormerSiteID(tflink_id=other.tflink_id, site=site) for other in others
        )
        for name in SITE_FIELDS:
            setattr(site, name, getattr(united, name))
        site.evidence = evidence_for(united.evidence)
        site.save()
        drop_unused(replaced - {site.evidence_id})
        self._record_revisions(site, before, evidence_as_json(united.evidence), gone)

    def _record_revisions(
        self,
        site: BindingSite,
        before: Values,
        evidence: Any,
        gone: Iterable[tuple[int, str, Values]],
    ) -> None:
        after = {**_RECORDS.values(site), "evidence": evidence}
        changes = {
            name: [before[name], value] for name, value in after.items() if value != before[name]
        }
        revisions = [RecordChanges(_KIND, site.pk, site.tflink_id, changes)] if changes else []
        for key, name, values in gone:
            lost = {field: [value, None] for field, value in values.items()}
            revisions.append(RecordChanges(_KIND, key, name, lost))
        record_revisions(revisions, self.context)

    def _follow(self, site: BindingSite, others: list[BindingSite]) -> None:
        """Close proposals for what is absorbed; let comments and former IDs follow."""
        of_others = {"kind": _KIND, "record_id__in": [other.pk for other in others]}
        Proposal.objects.filter(**of_others, state__in=UNDECIDED).update(
            state=ProposalState.SUPERSEDED,
            decision_reason=self.closing,
            decided_by=self.context.user,
            decided_at=timezone.now(),
        )
        Comment.objects.filter(**of_others).update(record_id=site.pk, record_key=site.tflink_id)
        FormerSiteID.objects.filter(site__in=others).update(site=site)
        # What a person has united stays in one piece.
        SitePart.objects.filter(site=site).delete()
