"""Every curator's write: one atomic function each, named by its verb.

A protein's kept counts (`target_count`, `tf_count`) leave rejected interactions out; the
three functions on interactions keep them right, whoever else writes at the same time.
"""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from curation.importing.lock import wait_for_import
from curation.models import Pin, RecordKind
from curation.pins import interaction_values, pin_changes
from proteins.models import Effect, Evidence, Interaction, Protein, Reporting, ReviewStatus


@transaction.atomic
def add_interaction(
    *,
    tf: Protein,
    target: Protein,
    evidence: Evidence,
    effect: Effect = Effect.UNKNOWN,
    status: ReviewStatus = ReviewStatus.UNREVIEWED,
) -> Interaction:
    """Store a new interaction and count it.

    Raises `IntegrityError` where the two are there as TF and target already; forms find
    that out first.
    """
    wait_for_import()
    interaction = Interaction.objects.create(
        tf=tf,
        target=target,
        evidence=evidence,
        effect=effect,
        status=status,
        reporting=Reporting.CURATED,
    )
    if status != ReviewStatus.REJECTED:
        _count(interaction, +1)
    return interaction


@transaction.atomic
def amend_interaction(
    *,
    interaction: Interaction,
    evidence: Evidence,
    effect: Effect,
    status: ReviewStatus,
    user: User | None = None,
) -> Interaction:
    """Store what supports an interaction, its effect and its status; return it as stored.

    What is compared and counted is the stored row, not the one in hand, which may be old.
    Where all three stand there already, nothing is written. Other evidence is pinned, so
    that no import overrules `user`.
    """
    wait_for_import()
    stored = Interaction.objects.select_for_update().get(pk=interaction.pk)
    wanted = (evidence.pk, effect, status)
    if (stored.evidence_id, stored.effect, stored.status) == wanted:
        return stored
    before = interaction_values(stored)
    counted_before = stored.status != ReviewStatus.REJECTED
    counts_now = status != ReviewStatus.REJECTED
    stored.evidence, stored.effect, stored.status = evidence, effect, status
    stored.changed_at = timezone.now()
    stored.save(update_fields=["evidence", "effect", "status", "changed_at"])
    pin_changes(
        kind=RecordKind.INTERACTION,
        record_id=stored.pk,
        before=before,
        after=interaction_values(stored),
        user=user,
    )
    if counts_now != counted_before:
        _count(stored, +1 if counts_now else -1)
    return stored


def why_not_removed(interaction: Interaction) -> str:
    """Return why an interaction may not be deleted; empty where it may.

    Only what a curator added can be: what a source reports would come back with its next
    import, and the curator's word would be lost.
    """
    if interaction.reporting == Reporting.CURATED:
        return ""
    return (
        "its sources report it, and the next import would bring it back. Reject it instead: "
        "that takes it out of public view, and no import undoes it."
    )


@transaction.atomic
def remove_interaction(*, interaction: Interaction) -> None:
    """Delete an interaction that a curator added and take it out of the counts.

    One that is gone stays gone. Raises `ValidationError` for one that a source reports.
    """
    wait_for_import()
    stored = Interaction.objects.select_for_update().filter(pk=interaction.pk).first()
    if stored is None:
        return
    if reason := why_not_removed(stored):
        raise ValidationError(reason)
    Pin.objects.filter(kind=RecordKind.INTERACTION, record_id=stored.pk).delete()
    stored.delete()
    if stored.status != ReviewStatus.REJECTED:
        _count(stored, -1)


def _count(interaction: Interaction, amount: int) -> None:
    """Add `amount` to the counts of both proteins (one may be both)."""
    changes = [(interaction.tf_id, "target_count"), (interaction.target_id, "tf_count")]
    # In one order everywhere, so that two writers never wait for each other's row.
    for protein, field in sorted(changes):
        Protein.objects.filter(pk=protein).update(**{field: F(field) + amount})
