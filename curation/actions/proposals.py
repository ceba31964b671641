"""Proposals: opened by one person, decided by another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from curation.actions.applying import (
    UnfitError,
    apply_proposal,
    interaction_named,
    pair_named,
)
from curation.actions.interactions import check_new_pair
from curation.actions.reports import keep_answer
from curation.actions.statements import blank_statement, check_new_statement
from curation.actions.writing import ActionError, check_seen, clean_reason, writing
from curation.models import (
    UNDECIDED,
    Comment,
    Endorsement,
    Origin,
    Proposal,
    ProposalState,
    RecordKind,
)
from curation.permissions import Right, may
from curation.records import records_of
from curation.records.pins import move_pin
from curation.shared.field_changes import Change, differences_between
from proteins.models import Interaction, Protein, Reporting


def propose(
    *,
    user: User | None,
    kind: RecordKind,
    record_id: int,
    values: Mapping[str, Any],
    reason: str = "",
    seen: int | None = None,
) -> Proposal:
    """Propose a change of a record; `values` are the new values of its fields.

    Raises `ActionError` where nothing would change, or the same is proposed already.
    """
    with writing(user, Right.PROPOSE):
        records = records_of(kind)
        record = records.get(record_id)
        return Proposal.objects.create(
            kind=kind,
            record_id=record_id,
            record_key=records.key(record),
            changes=_changes_of_record(kind, record_id, values, seen),
            origin=Origin.CURATOR,
            author=user,
            comment=clean_reason(reason),
            taxon_id=records.taxon_id(record),
        )


def propose_interaction(
    *,
    user: User | None,
    tf: Protein,
    target: Protein,
    values: Mapping[str, Any],
    reason: str = "",
) -> Proposal:
    """Propose an interaction that is not there yet; `values` as `add_interaction` takes them."""
    with writing(user, Right.PROPOSE):
        return Proposal.objects.create(
            kind=RecordKind.INTERACTION,
            record_id=None,
            record_key=f"{tf.accession}-{target.accession}",
            changes=_changes_of_new_pair(tf, target, values),
            origin=Origin.CURATOR,
            author=user,
            comment=clean_reason(reason),
            taxon_id=tf.taxon_id,
        )


def propose_statement(
    *,
    user: User | None,
    interaction: Interaction,
    values: Mapping[str, Any],
    reason: str = "",
) -> Proposal:
    """Propose a statement that is not there yet; `values` as `add_statement` takes them."""
    with writing(user, Right.PROPOSE):
        return Proposal.objects.create(
            kind=RecordKind.STATEMENT,
            record_id=None,
            record_key=interaction.key,
            changes=_changes_of_new_statement(interaction, values),
            origin=Origin.CURATOR,
            author=user,
            comment=clean_reason(reason),
            taxon_id=interaction.tf.taxon_id,
        )


def resubmit_proposal(
    *,
    user: User | None,
    proposal: Proposal,
    values: Mapping[str, Any],
    reason: str = "",
    seen: int | None = None,
) -> Proposal:
    """Correct a proposal of one's own that was sent back, and open it again.

    `values` are in place of what was proposed, as `propose` takes them (of a record that is not
    there yet: as `propose_interaction` and `propose_statement` do), and are compared with the
    record as it is now. Without a `reason`, that of before stays.
    """
    with writing(user, Right.PROPOSE):
        stored = _stored(proposal, ProposalState.RETURNED)
        if user is None or stored.author_id != user.pk:
            raise ActionError("Only who opened a proposal may open it again.")
        stored.changes = _changes_wanted(stored, values, seen)
        stored.comment = clean_reason(reason) or stored.comment
        return _settle(stored, ProposalState.OPEN, None, "")


def _changes_wanted(
    proposal: Proposal, values: Mapping[str, Any], seen: int | None
) -> dict[str, Change]:
    if proposal.record_id is not None:
        return _changes_of_record(RecordKind(proposal.kind), proposal.record_id, values, seen)
    if proposal.kind == RecordKind.STATEMENT:
        return _changes_of_new_statement(interaction_named(proposal.record_key), values)
    return _changes_of_new_pair(*pair_named(proposal.record_key), values)


def _changes_of_record(
    kind: RecordKind, record_id: int, values: Mapping[str, Any], seen: int | None
) -> dict[str, Change]:
    """Return what `values` change of a record as it is now; raises `ActionError` where that is
    nothing, or is proposed or stated already."""
    records = records_of(kind)
    record = records.get(record_id)
    check_seen(kind, record_id, seen)
    cleaned = records.clean(record, values)
    changes = differences_between(records.values(record), cleaned)
    if not changes:
        raise ActionError("Nothing would change: the record has these values already.")
    if kind == RecordKind.STATEMENT:
        check_new_statement(record, cleaned)
    _check_not_waiting(changes, kind=kind, record_id=record_id)
    return changes


def _changes_of_new_pair(
    tf: Protein, target: Protein, values: Mapping[str, Any]
) -> dict[str, Change]:
    check_new_pair(tf, target)
    key = f"{tf.accession}-{target.accession}"
    open_ones = Proposal.objects.filter(
        kind=RecordKind.INTERACTION, record_key=key, state=ProposalState.OPEN
    )
    if waiting := open_ones.first():
        raise ActionError(f"Proposal {waiting.pk} proposes {key} already.")
    blank = Interaction(tf=tf, target=target, reporting=Reporting.CURATED)
    cleaned = records_of(RecordKind.INTERACTION).clean(blank, values)
    return {name: [None, value] for name, value in cleaned.items()}


def _changes_of_new_statement(
    interaction: Interaction, values: Mapping[str, Any]
) -> dict[str, Change]:
    blank = blank_statement(interaction, values)
    cleaned = records_of(RecordKind.STATEMENT).clean(blank, values)
    check_new_statement(blank, cleaned)
    changes: dict[str, Change] = {name: [None, value] for name, value in cleaned.items()}
    _check_not_waiting(
        changes, kind=RecordKind.STATEMENT, record_id=None, record_key=interaction.key
    )
    return changes


def _check_not_waiting(changes: Mapping[str, Change], **of_record: Any) -> None:
    """Raise `ActionError` where an open proposal wants the same of a record."""
    for waiting in Proposal.objects.filter(**of_record, state=ProposalState.OPEN):
        if waiting.changes == changes:
            raise ActionError(f"Proposal {waiting.pk} proposes the same already.")


def accept_proposal(
    *,
    user: User | None,
    proposal: Proposal,
    reason: str = "",
    answer: str = "",
    seen: int | None = None,
    values: Mapping[str, Any] | None = None,
) -> Proposal:
    """Apply a proposal to the record as it is now, and close it; its own author may not.

    What it adds to a list is added to what is there, what it removes is removed. A plain value
    that another person changed otherwise meanwhile is a conflict: without `seen`, and where a
    rule forbids the change by now, the proposal goes back to its author (`RETURNED`) and the
    record stays. Who has `seen` the record as it is now decides between both values; one of an
    import or a reader, who are no authors here, is refused with `ActionError`.

    `values` are the reviewer's correction: they are written in place of what is proposed, as
    `propose` takes them. `changes` stays what was proposed, `applied` becomes what was changed.
    `answer` is the message to a reader whose report is dealt with; `reason` stays at the desk.
    """
    with writing(user, Right.DECIDE):
        stored = _stored(proposal, ProposalState.OPEN)
        if stored.author_id is not None and user is not None and stored.author_id == user.pk:
            raise ActionError("Nobody accepts a proposal of their own; a colleague has to.")
        if values is not None and stored.author_id is None:
            raise ActionError(
                "Only a colleague's proposal is corrected: change the record, and close this one "
                "with a reason."
            )
        text = clean_reason(reason)
        keep_answer(stored, answer)
        try:
            with transaction.atomic():
                stored.applied = apply_proposal(stored, user, text, seen, values)
        except UnfitError as error:
            why = "\n".join(error.messages)
            return _settle(stored, ProposalState.RETURNED, user, f"{why}\n{text}".strip())
        return _settle(stored, ProposalState.ACCEPTED, user, text)


def reject_proposal(
    *, user: User | None, proposal: Proposal, reason: str, answer: str = ""
) -> Proposal:
    """Close a proposal, with a reason, and leave the record as it is.

    Of a reader's report, the message to the reader (`answer`) is reason enough.
    Of an import's proposal, the source's present value is recorded as seen: it is not
    proposed again until the source changes it.
    """
    with writing(user, Right.DECIDE):
        stored = _stored(proposal, *UNDECIDED)
        _check_not_own(stored, user)
        is_answered = keep_answer(stored, answer)
        text = clean_reason(reason, demanded_for="" if is_answered else "reject a proposal")
        if stored.origin == Origin.IMPORT and stored.record_id is not None:
            for name, change in stored.changes.items():
                move_pin(RecordKind(stored.kind), stored.record_id, name, change[1])
        return _settle(stored, ProposalState.REJECTED, user, text)


def return_proposal(*, user: User | None, proposal: Proposal, comment: str) -> Proposal:
    """Send a proposal back to its author, asking for a change: they correct it and open it again
    (`resubmit_proposal`), or withdraw it."""
    with writing(user, Right.DECIDE):
        stored = _stored(proposal, ProposalState.OPEN)
        _check_not_own(stored, user)
        if stored.author_id is None:
            raise ActionError("It has no author here to send it back to: decide it instead.")
        text = clean_reason(comment, demanded_for="send a proposal back")
        _write_comment(user, text, (stored.kind, stored.record_id, stored.record_key), stored)
        return _settle(stored, ProposalState.RETURNED, user, text)


def _check_not_own(proposal: Proposal, user: User | None) -> None:
    if proposal.author_id is not None and user is not None and proposal.author_id == user.pk:
        raise ActionError("This proposal is your own: withdraw it instead.")


def withdraw_proposal(*, user: User | None, proposal: Proposal, reason: str = "") -> Proposal:
    """Close a proposal of one's own, also one that was sent back."""
    with writing(user, Right.PROPOSE):
        stored = _stored(proposal, *UNDECIDED)
        if user is None or stored.author_id != user.pk:
            raise ActionError("Only who opened a proposal may withdraw it.")
        return _settle(stored, ProposalState.WITHDRAWN, user, clean_reason(reason))


def assign_proposal(*, user: User | None, proposal: Proposal, to: User | None) -> Proposal:
    """Give an open proposal to a user who may decide it, or unassign it."""
    with writing(user, Right.DECIDE):
        stored = _stored(proposal, ProposalState.OPEN)
        if to is not None and not may(to, Right.DECIDE):
            raise ActionError(f"{to} may not decide proposals.")
        if to is not None and stored.author_id == to.pk:
            raise ActionError(f"It is a proposal of {to}'s own: another user has to decide it.")
        stored.assigned_to = to
        stored.save(update_fields=["assigned_to"])
        return stored


def endorse_proposal(*, user: User | None, proposal: Proposal) -> Endorsement:
    """Endorse another author's open proposal, once."""
    with writing(user, Right.COMMENT):
        stored = _stored(proposal, ProposalState.OPEN)
        if user is None or stored.author_id == user.pk:
            raise ActionError("Nobody endorses a proposal of their own.")
        if stored.endorsements.filter(user=user).exists():
            raise ActionError("You have endorsed it already.")
        return Endorsement.objects.create(proposal=stored, user=user)


def comment(
    *,
    user: User | None,
    text: str,
    proposal: Proposal | None = None,
    kind: RecordKind | None = None,
    record_id: int | None = None,
) -> Comment:
    """Comment on a proposal (open or closed) or on a record."""
    with writing(user, Right.COMMENT):
        cleaned = clean_reason(text)
        if user is None or not cleaned:
            raise ActionError("Write something first.")
        if proposal is not None:
            about = (proposal.kind, proposal.record_id, proposal.record_key)
        elif kind is not None and record_id is not None:
            records = records_of(kind)
            about = (kind, record_id, records.key(records.get(record_id)))
        else:
            raise ActionError("A comment is about a record or a proposal.")
        return _write_comment(user, cleaned, about, proposal)


def _write_comment(
    user: User | None, text: str, about: tuple[str, int | None, str], proposal: Proposal | None
) -> Comment:
    kind, record_id, record_key = about
    assert user is not None  # noqa: S101  (`writing` demanded a right)
    return Comment.objects.create(
        kind=kind,
        record_id=record_id,
        record_key=record_key,
        proposal=proposal,
        author=user,
        text=text,
    )


def _stored(proposal: Proposal, *states: ProposalState) -> Proposal:
    """Return a proposal as it is stored, its row held; raises `ActionError` in another state."""
    stored = Proposal.objects.select_for_update().filter(pk=proposal.pk).first()
    if stored is None:
        raise ActionError("There is no such proposal.")
    if stored.state not in states:
        raise ActionError(f"Proposal {stored.pk} is {stored.get_state_display()} already.")
    return stored


def _settle(proposal: Proposal, state: ProposalState, user: User | None, reason: str) -> Proposal:
    """Store what became of a proposal, and by whom; of one that is open again, nothing."""
    proposal.state = state
    proposal.decided_by = user
    proposal.decided_at = None if state == ProposalState.OPEN else timezone.now()
    proposal.decision_reason = reason
    proposal.save(
        update_fields=[
            *("state", "decided_by", "decided_at", "decision_reason"),
            *("record_id", "changes", "applied", "comment"),
        ]
    )
    return proposal
