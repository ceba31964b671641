"""Two proteins become one: a secondary accession is merged into its primary."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.models import User
from django.utils import timezone

from curation.actions.merge_interactions import InteractionMerger
from curation.actions.merge_plan import (
    MergePlan,
    Side,
    partners_of_united,
    plan_merge,
    united_protein,
    why_not_merged,
)
from curation.actions.merge_sites import SiteMerger
from curation.actions.writing import (
    ActionError,
    ChangeContext,
    check_seen,
    clean_reason,
    record_revision,
    writing,
)
from curation.models import (
    FORMER_ACCESSION,
    UNDECIDED,
    Comment,
    Pin,
    Proposal,
    ProposalState,
    RecordKind,
    Revision,
    SourcePage,
    Verb,
)
from curation.permissions import Right
from curation.records import records_of
from curation.records.counts import recount
from curation.records.facets import refacet
from curation.shared.changes import record_gone
from proteins.models import GoneReason, Protein, SecondaryAccession

_RECORDS: Final = records_of(RecordKind.PROTEIN)


def merge_protein(
    *,
    user: User | None,
    secondary: Protein,
    primary: Protein,
    reason: str,
    seen: int | None = None,
) -> Revision:
    """Let `primary` take over all that `secondary` has, and its accession as a secondary one.

    Interactions are re-pointed; where both have the same one they are united, by the rules
    of `merge_plan`: evidence of both, the more severe of two verdicts. Lists are united; the
    primary's name stays, also where a curator named the other. What was pinned of either
    stays pinned, with what the sources of both gave. Returns the primary's revision.

    `seen` is the newest version of the two that the person had before them. Raises
    `ActionError` for one protein twice or two species, and without a reason. It cannot be
    taken back: what belonged to which is in the history only.
    """
    with writing(user, Right.CHANGE, reason):
        context = ChangeContext(
            verb=Verb.MERGED,
            user=user,
            reason=clean_reason(reason, demanded_for="merge two proteins"),
        )
        old, new = _RECORDS.get(secondary.pk), _RECORDS.get(primary.pk)
        if why := why_not_merged(old, new):
            raise ActionError(f"{old} cannot be merged into {new}: {why}")
        for record in (old, new):
            check_seen(RecordKind.PROTEIN, record.pk, seen)
        return _Merge(plan_merge(old, new), context).carry_out()


class _Merge:
    """One merge; the caller is within `writing`."""

    def __init__(self, plan: MergePlan, context: ChangeContext) -> None:
        self.plan = plan
        self.old, self.new = plan.secondary, plan.primary
        self.context = context
        self.closing = f"{self.old.accession} has been merged into {self.new.accession}."

    def carry_out(self) -> Revision:
        InteractionMerger(self.plan, self.context, self.closing).carry_out()
        SiteMerger(self.old, self.new, self.context, self.closing).carry_out()
        self._move_proposals_and_comments()
        revision = self._unite_proteins()
        recount([self.new.pk])
        refacet([self.new.pk, *partners_of_united(self.plan)])
        return revision

    def _move_proposals_and_comments(self) -> None:
        """Close proposals for the secondary, and let comments follow to the primary."""
        of_old = {"kind": RecordKind.PROTEIN, "record_id": self.old.pk}
        Proposal.objects.filter(**of_old, state__in=UNDECIDED).update(
            state=ProposalState.SUPERSEDED,
            decision_reason=self.closing,
            decided_by=self.context.user,
            decided_at=timezone.now(),
        )
        Comment.objects.filter(**of_old).update(
            record_id=self.new.pk, record_key=self.new.accession
        )

    def _unite_proteins(self) -> Revision:
        old, new = self._side(self.old), self._side(self.new)
        values, pinned = united_protein(old, new)
        changes = {
            name: [new.values[name], value]
            for name, value in values.items()
            if value != new.values[name]
        }
        self._keep_pins(pinned)
        for page in SourcePage.objects.filter(protein=self.old):
            page.unknown_keys.setdefault(FORMER_ACCESSION, self.old.accession)
            page.protein = self.new
            page.save(update_fields=["protein", "unknown_keys"])
        if self.old.has_page and not self.new.has_page:
            Protein.objects.filter(pk=self.new.pk).update(has_page=True)
        _RECORDS.write(self.new, {name: after for name, (_, after) in changes.items()})
        SecondaryAccession.objects.filter(protein=self.old).update(protein=self.new)
        gone = {name: [value, None] for name, value in old.values.items()}
        record_revision(RecordKind.PROTEIN, self.old.pk, self.old.accession, gone, self.context)
        record_gone(RecordKind.PROTEIN, [self.old.accession], GoneReason.MERGED)
        self.old.delete()
        SecondaryAccession.objects.create(accession=old.accession, protein=self.new)
        return record_revision(
            RecordKind.PROTEIN, self.new.pk, self.new.accession, changes, self.context
        )

    def _side(self, protein: Protein) -> Side:
        pins = Pin.objects.filter(kind=RecordKind.PROTEIN, record_id=protein.pk)
        sources = dict(pins.values_list("field", "source_value"))
        return Side(protein.accession, _RECORDS.values(protein), sources)

    def _keep_pins(self, pinned: dict[str, Any]) -> None:
        """Let the primary have these pins and no others, each by who spoke on the field."""
        of_both = Pin.objects.filter(
            kind=RecordKind.PROTEIN, record_id__in=[self.old.pk, self.new.pk]
        )
        # The primary's own come last, and lead.
        by_field = {
            pin.field: pin for pin in sorted(of_both, key=lambda pin: pin.record_id == self.new.pk)
        }
        remaining = [by_field[name] for name in pinned]
        of_both.exclude(pk__in=[pin.pk for pin in remaining]).delete()
        for pin in remaining:
            pin.record_id, pin.source_value = self.new.pk, pinned[pin.field]
            pin.save(update_fields=["record_id", "source_value"])
