"""Actions on interactions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from curation.actions.writing import (
    ActionError,
    ChangeContext,
    change_record,
    check_seen,
    clean_reason,
    record_revision,
    writing,
)
from curation.models import UNDECIDED, Proposal, RecordKind, Revision, Verb
from curation.permissions import Right, demand
from curation.records import records_of
from curation.records.counts import count_interaction
from curation.records.facets import refacet
from curation.records.pins import pin_changes, release_pins
from curation.shared.changes import record_gone, this_change
from curation.shared.support import drop_unused_support, support_for
from curation.shared.three_way import evidence_from_json
from proteins.domain.support import Role, SupportContent
from proteins.models import Effect, GoneReason, Interaction, Protein, Reporting, ReviewStatus

#: What a change of the review status to this one is called.
VERBS = {
    ReviewStatus.UNREVIEWED: Verb.REOPENED,
    ReviewStatus.CONFIRMED: Verb.CONFIRMED,
    ReviewStatus.DISPUTED: Verb.DISPUTED,
    ReviewStatus.REJECTED: Verb.REJECTED,
}


def add_interaction(
    *,
    user: User | None,
    tf: Protein,
    target: Protein,
    values: Mapping[str, Any],
    reason: str = "",
) -> Interaction:
    """Store a new interaction, count it and return it.

    `values` holds `evidence`, and `effect` and `status` where there are any. Raises
    `ActionError` where the two are there as TF and target already, or are of two species.
    """
    with writing(user, Right.CHANGE, reason):
        context = ChangeContext(verb=Verb.ADDED, user=user, reason=clean_reason(reason))
        return create_interaction(tf, target, values, context)


def create_interaction(
    tf: Protein, target: Protein, values: Mapping[str, Any], context: ChangeContext
) -> Interaction:
    """Add an interaction for any user; the caller is within `writing`."""
    check_new_pair(tf, target)
    records = records_of(RecordKind.INTERACTION)
    interaction = Interaction(
        tf=tf, target=target, reporting=Reporting.CURATED, change_id=this_change()
    )
    if "evidence" not in values:
        raise ValidationError({"evidence": ["Say what supports it."]})
    cleaned = records.clean(interaction, values)
    stated = evidence_from_json(cleaned["evidence"])
    interaction.support = support_for(SupportContent.of({Role.DESK: stated}))
    interaction.evidence = interaction.support.evidence
    interaction.effect = cleaned.get("effect", Effect.UNKNOWN)
    interaction.status = ReviewStatus(cleaned.get("status", ReviewStatus.UNREVIEWED))
    clean_reason(context.reason, demanded_for=_reason_demanded_for(interaction.status))
    interaction.save()
    if interaction.effect != Effect.UNKNOWN:
        stated_effect = {"effect": [int(Effect.UNKNOWN), int(interaction.effect)]}
        pin_changes(
            kind=RecordKind.INTERACTION,
            record_id=interaction.pk,
            changes=stated_effect,
            user=context.speaker,
        )
    if interaction.status != ReviewStatus.REJECTED:
        count_interaction(interaction, +1)
        refacet([tf.pk, target.pk])
    stored = records.values(interaction)
    changes = {name: [None, value] for name, value in stored.items()}
    record_revision(RecordKind.INTERACTION, interaction.pk, interaction.key, changes, context)
    return interaction


def check_new_pair(tf: Protein, target: Protein) -> None:
    """Raise `ActionError` where no interaction of these two can be added."""
    if tf.taxon_id != target.taxon_id:
        raise ActionError(
            f"{tf} is a protein of {tf.taxon}, {target} of {target.taxon}: a TF regulates targets "
            "of its own species."
        )
    if Interaction.objects.filter(tf=tf, target=target).exists():
        raise ActionError(f"{tf.accession}-{target.accession} is there already.")


def amend_interaction(
    *,
    user: User | None,
    interaction: Interaction,
    values: Mapping[str, Any],
    reason: str = "",
    seen: int | None = None,
) -> Revision | None:
    """Change what supports an interaction (`evidence`), its `effect`, its `status`.

    Returns None where nothing changes. A change of status is what its own action does: a
    reason is demanded to dispute or reject.
    """
    with writing(user, Right.CHANGE, reason):
        return change_interaction(interaction.pk, values, user, reason, seen)


def change_interaction(
    interaction_id: int,
    values: Mapping[str, Any],
    user: User | None,
    reason: str,
    seen: int | None,
    proposal: Proposal | None = None,
) -> Revision | None:
    """Change an interaction for any user, under the verb that its new status has."""
    records = records_of(RecordKind.INTERACTION)
    stored = records.get(interaction_id)
    # Cleaned first: `"3"` is a rejection as well, and needs its reason.
    values = records.clean(stored, values)
    verb, demanded = Verb.AMENDED, ""
    if values.get("status", stored.status) != stored.status:
        status = ReviewStatus(values["status"])
        verb, demanded = VERBS[status], _reason_demanded_for(status)
    context = ChangeContext(
        verb=verb,
        user=user,
        reason=clean_reason(reason, demanded_for=demanded),
        proposal=proposal,
    )
    return change_record(RecordKind.INTERACTION, interaction_id, values, context, seen=seen)


def _reason_demanded_for(status: ReviewStatus) -> str:
    demanded = {ReviewStatus.DISPUTED: "dispute", ReviewStatus.REJECTED: "reject"}
    return f"{demanded[status]} an interaction" if status in demanded else ""


def confirm_interaction(
    *, user: User | None, interaction: Interaction, reason: str = "", seen: int | None = None
) -> Revision:
    """Confirm an interaction as right. One that is rejected is reopened first."""
    return _review(user, interaction, ReviewStatus.CONFIRMED, reason, seen)


def dispute_interaction(
    *, user: User | None, interaction: Interaction, reason: str, seen: int | None = None
) -> Revision:
    """Dispute, with a reason, a doubtful interaction; it stays in public view."""
    return _review(user, interaction, ReviewStatus.DISPUTED, reason, seen)


def reject_interaction(
    *, user: User | None, interaction: Interaction, reason: str, seen: int | None = None
) -> Revision:
    """Reject, with a reason, a wrong interaction: it leaves public view and counts."""
    return _review(user, interaction, ReviewStatus.REJECTED, reason, seen)


def reopen_interaction(
    *, user: User | None, interaction: Interaction, reason: str = "", seen: int | None = None
) -> Revision:
    """Take a verdict back; only who may reject may reopen what is rejected."""
    return _review(user, interaction, ReviewStatus.UNREVIEWED, reason, seen)


def _review(
    user: User | None,
    interaction: Interaction,
    status: ReviewStatus,
    reason: str,
    seen: int | None,
) -> Revision:
    right = Right.CHANGE if status == ReviewStatus.REJECTED else Right.REVIEW
    with writing(user, right, reason):
        stored = records_of(RecordKind.INTERACTION).get(interaction.pk)
        if stored.status == ReviewStatus.REJECTED and status != ReviewStatus.REJECTED:
            demand(user, Right.CHANGE)
            if status != ReviewStatus.UNREVIEWED:
                raise ActionError("It is rejected; reopen it first.")
        revision = change_interaction(interaction.pk, {"status": int(status)}, user, reason, seen)
        if revision is None:
            raise ActionError(f"It is {stored.get_status_display()} already.")
        return revision


def why_not_removed(interaction: Interaction) -> str:
    """Return why an interaction may not be deleted; empty where it may.

    Only what a curator added can be: what a source reports would come back with its next
    import, and the curator's word would be lost. Nor can one that statements name.
    """
    if interaction.reporting == Reporting.CURATED:
        if not interaction.statements.exists():
            return ""
        return (
            "statements name it, and what a source said stays on record. Retract those that are "
            "wrong, and reject the interaction: that takes it out of public view."
        )
    return (
        "its sources report it, and the next import would bring it back. Reject it instead: "
        "that takes it out of public view, and no import undoes it."
    )


def remove_interaction(
    *, user: User | None, interaction: Interaction, reason: str = "", seen: int | None = None
) -> None:
    """Delete an interaction that a curator added and take it out of the counts.

    Raises `ActionError` for one that a source reports.
    """
    with writing(user, Right.CHANGE, reason):
        records = records_of(RecordKind.INTERACTION)
        stored = records.get(interaction.pk)
        check_seen(RecordKind.INTERACTION, stored.pk, seen)
        if why := why_not_removed(stored):
            raise ActionError(f"{stored} cannot be deleted: {why}")
        changes = {name: [value, None] for name, value in records.values(stored).items()}
        context = ChangeContext(verb=Verb.REMOVED, user=user, reason=clean_reason(reason))
        record_revision(RecordKind.INTERACTION, stored.pk, stored.key, changes, context)
        close_proposals(RecordKind.INTERACTION, stored.pk)
        if stored.status != ReviewStatus.REJECTED:
            count_interaction(stored, -1)
            record_gone(RecordKind.INTERACTION, [stored.key], GoneReason.REMOVED)
        stored.delete()
        release_pins(RecordKind.INTERACTION, interaction.pk)
        refacet([stored.tf_id, stored.target_id])
        drop_unused_support([stored.support_id])


def close_proposals(kind: RecordKind, record_id: int) -> None:
    """Close what waits for a decision on a record that is about to go."""
    Proposal.objects.filter(kind=kind, record_id=record_id, state__in=UNDECIDED).update(
        state="superseded", decision_reason="The record has been removed."
    )
