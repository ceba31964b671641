"""Proposals: opened by one person, decided by another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from curation.actions.interactions import (
    change_interaction,
    check_new_pair,
    create_interaction,
)
from curation.actions.reports import keep_answer
from curation.actions.statements import change_proposed, create_statement
from curation.actions.writing import (
    ActionError,
    ChangeContext,
    change_record,
    check_seen,
    clean_reason,
    writing,
)
from curation.models import (
    Comment,
    Endorsement,
    Origin,
    Proposal,
    ProposalState,
    RecordKind,
    Verb,
)
from curation.permissions import Right, may
from curation.records import records_of
from curation.records.pins import move_pin, release_pins
from curation.shared.evidence import evidence_for
from curation.shared.three_way import evidence_from_json
from proteins.models import AccessionFate, Interaction, Protein, Reporting


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
        check_seen(kind, record_id, seen)
        before, cleaned = records.values(record), records.clean(record, values)
        changes = {
            name: [before[name], value] for name, value in cleaned.items() if value != before[name]
        }
        if not changes:
            raise ActionError("Nothing would change: the record has these values already.")
        for waiting in Proposal.objects.filter(
            kind=kind, record_id=record_id, state=ProposalState.OPEN
        ):
            if waiting.changes == changes:
                raise ActionError(
                    f"Proposal {waiting.pk} proposes the same. Endorse it, or comment on it."
                )
        return Proposal.objects.create(
            kind=kind,
            record_id=record_id,
            record_key=records.key(record),
            changes=changes,
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
        check_new_pair(tf, target)
        key = f"{tf.accession}-{target.accession}"
        open_ones = Proposal.objects.filter(
            kind=RecordKind.INTERACTION, record_key=key, state=ProposalState.OPEN
        )
        if waiting := open_ones.first():
            raise ActionError(f"Proposal {waiting.pk} proposes {key} already.")
        blank = Interaction(tf=tf, target=target, reporting=Reporting.CURATED)
        cleaned = records_of(RecordKind.INTERACTION).clean(blank, values)
        return Proposal.objects.create(
            kind=RecordKind.INTERACTION,
            record_id=None,
            record_key=key,
            changes={name: [None, value] for name, value in cleaned.items()},
            origin=Origin.CURATOR,
            author=user,
            comment=clean_reason(reason),
            taxon_id=tf.taxon_id,
        )


def accept_proposal(
    *,
    user: User | None,
    proposal: Proposal,
    reason: str = "",
    answer: str = "",
    seen: int | None = None,
) -> Proposal:
    """Apply a proposal and close it; its own author may not.

    Without `seen`, the record must still be as it was when the proposal was opened.
    `answer` is the message to a reader whose report is dealt with; `reason` stays at the desk.
    """
    with writing(user, Right.DECIDE):
        stored = _open(proposal)
        if stored.author_id is not None and user is not None and stored.author_id == user.pk:
            raise ActionError("Nobody accepts a proposal of their own; a colleague has to.")
        text = clean_reason(reason)
        keep_answer(stored, answer)
        if stored.record_id is None:
            _add_what_is_proposed(stored, user, text)
        else:
            _change_what_is_proposed(stored, user, text, seen)
        return _close(stored, ProposalState.ACCEPTED, user, text)


def _add_what_is_proposed(proposal: Proposal, user: User | None, reason: str) -> None:
    """Add the interaction or statement that is proposed; a report without one only closes."""
    values = {name: change[1] for name, change in proposal.changes.items()}
    if not values:
        return
    pair = proposal.record_key.split("-")
    if proposal.kind not in (RecordKind.INTERACTION, RecordKind.STATEMENT) or len(pair) != 2:
        raise ActionError(
            f"No {proposal.kind} is added by accepting a proposal. Add it, then close this one "
            "with a reason."
        )
    context = ChangeContext(
        verb=Verb.ADDED, user=user, reason=reason or proposal.comment, proposal=proposal
    )
    if proposal.kind == RecordKind.STATEMENT:
        interaction = Interaction.objects.between(*pair).select_related("tf", "target").first()
        if interaction is None:
            raise ActionError(f"The interaction {proposal.record_key} is not here any more.")
        proposal.record_id = create_statement(interaction, values, context).pk
    else:
        proposal.record_id = _added_pair(proposal, pair, values, context).pk


def _added_pair(
    proposal: Proposal, pair: Sequence[str], values: Mapping[str, Any], context: ChangeContext
) -> Interaction:
    tf, target = (
        Protein.objects.select_related("taxon").filter(accession=accession).first()
        for accession in pair
    )
    if tf is None or target is None:
        raise ActionError(f"{proposal.record_key}: one of the two proteins is not here any more.")
    return create_interaction(tf, target, values, context)


def _change_what_is_proposed(
    proposal: Proposal, user: User | None, reason: str, seen: int | None
) -> None:
    assert proposal.record_id is not None  # noqa: S101  (the caller looked)
    kind, record_id = RecordKind(proposal.kind), proposal.record_id
    values = {name: change[1] for name, change in proposal.changes.items()}
    if not values:
        return
    records = records_of(kind)
    if seen is None:
        now = records.values(records.get(record_id))
        changed = [
            records.labels.get(name, name)
            for name, (before, _) in proposal.changes.items()
            if now.get(name) != before
        ]
        if changed:
            raise ActionError(
                f"The {', '.join(changed)} of {proposal.record_key} changed since this was "
                "proposed; look at it by itself."
            )
    if proposal.origin == Origin.IMPORT and "evidence" in values:
        # What a document names is added when it is met, here as in an import.
        evidence_for(evidence_from_json(values["evidence"]))
    why = reason or proposal.comment or f"Accepted proposal {proposal.pk}."
    if kind == RecordKind.INTERACTION:
        change_interaction(record_id, values, user, why, seen, proposal)
    else:
        context = ChangeContext(verb=Verb.AMENDED, user=user, reason=why, proposal=proposal)
        if kind == RecordKind.STATEMENT:
            change_proposed(record_id, values, context, seen)
        else:
            change_record(kind, record_id, values, context, seen=seen)
    if proposal.origin == Origin.IMPORT:
        # The present value is the source's: nothing is left to protect.
        release_pins(kind, record_id, list(values))


def reject_proposal(
    *, user: User | None, proposal: Proposal, reason: str, answer: str = ""
) -> Proposal:
    """Close a proposal, with a reason, and leave the record as it is.

    Of a reader's report, the message to the reader (`answer`) is reason enough.
    Of an import's proposal, the source's present value is recorded as seen: it is not
    proposed again until the source changes it.
    """
    with writing(user, Right.DECIDE):
        stored = _open(proposal)
        if stored.author_id is not None and user is not None and stored.author_id == user.pk:
            raise ActionError("This proposal is your own: withdraw it instead.")
        is_answered = keep_answer(stored, answer)
        text = clean_reason(reason, demanded_for="" if is_answered else "reject a proposal")
        if stored.origin == Origin.IMPORT and stored.record_id is not None:
            for name, (_, source_value) in stored.changes.items():
                move_pin(RecordKind(stored.kind), stored.record_id, name, source_value)
        return _close(stored, ProposalState.REJECTED, user, text)


def withdraw_proposal(*, user: User | None, proposal: Proposal, reason: str = "") -> Proposal:
    """Close a proposal of one's own."""
    with writing(user, Right.PROPOSE):
        stored = _open(proposal)
        if user is None or stored.author_id != user.pk:
            raise ActionError("Only who opened a proposal may withdraw it.")
        return _close(stored, ProposalState.WITHDRAWN, user, clean_reason(reason))


def assign_proposal(*, user: User | None, proposal: Proposal, to: User | None) -> Proposal:
    """Give an open proposal to a user who may decide it, or unassign it."""
    with writing(user, Right.DECIDE):
        stored = _open(proposal)
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
        stored = _open(proposal)
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
        return Comment.objects.create(
            kind=about[0],
            record_id=about[1],
            record_key=about[2],
            proposal=proposal,
            author=user,
            text=cleaned,
        )


def _open(proposal: Proposal) -> Proposal:
    """Return a proposal as it is stored, its row held; raises `ActionError` if decided."""
    stored = Proposal.objects.select_for_update().filter(pk=proposal.pk).first()
    if stored is None:
        raise ActionError("There is no such proposal.")
    if stored.state != ProposalState.OPEN:
        raise ActionError(f"Proposal {stored.pk} is {stored.get_state_display()} already.")
    return stored


def _close(proposal: Proposal, state: ProposalState, user: User | None, reason: str) -> Proposal:
    if proposal.origin == Origin.IMPORT and not proposal.changes:
        # What it says became of an accession has been decided.
        AccessionFate.objects.filter(accession=proposal.record_key).update(settled=True)
    proposal.state = state
    proposal.decided_by = user
    proposal.decided_at = timezone.now()
    proposal.decision_reason = reason
    proposal.save(
        update_fields=["state", "decided_by", "decided_at", "decision_reason", "record_id"]
    )
    return proposal
