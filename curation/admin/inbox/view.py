"""What the page of a proposal shows: the state of the record, and who may do what."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.utils.safestring import SafeString

from curation import inbox
from curation.actions.report_message import shown
from curation.admin.base import links
from curation.admin.base.difference_html import difference_table
from curation.admin.inbox import words
from curation.inbox import FEW_BESIDE, Standing
from curation.models import UNDECIDED, Pin, Proposal, ProposalState, RecordKind
from curation.permissions import Right, may
from curation.records import records_of
from curation.records.history import version_of
from curation.records.wording import lines_of
from proteins.models import Interaction, Protein


def view_of(proposal: Proposal, user: User) -> dict[str, Any]:
    # Before the values: what is written between the two readings is then reported, not missed.
    seen = version_of(proposal.kind, proposal.record_id) if proposal.record_id else 0
    standing = inbox.standing_of(proposal)
    pair, there = inbox.pair_of(proposal) if words.is_addition(proposal) else ([], None)
    support = list(inbox.support_of(proposal))
    beside = list(inbox.beside(proposal)[: FEW_BESIDE + 1])
    return {
        "seen": seen,
        "kind": proposal.kind,
        "is_conflict": words.is_conflict(proposal),
        "is_addition": words.is_addition(proposal),
        "report": words.report_of(proposal),
        "comment_text": shown(proposal.comment),
        "opened_by": words.opened_by(proposal),
        "assignee": words.person(proposal.assigned_to),
        "decided_by": words.person(proposal.decided_by),
        "age": words.age(proposal.opened_at),
        "is_gone": standing.is_gone,
        **_record(proposal, standing, pair, there),
        **_tables(proposal, standing, there),
        "comments": inbox.comments_on(proposal),
        "endorsed_by": [words.person(item.user) for item in support],
        "beside": [(item, words.opened_by(item)) for item in beside[:FEW_BESIDE]],
        "more_beside": len(beside) > FEW_BESIDE,
        **_rights(proposal, user, {item.user_id for item in support}),
    }


def _record(
    proposal: Proposal, standing: Standing, pair: list[Protein], there: Interaction | None
) -> dict[str, Any]:
    record = standing.record
    context: dict[str, Any] = {
        "record": record or proposal.record_key,
        "record_url": words.record_url(proposal.kind, proposal.record_id) if record else "",
        "history_url": words.record_url(proposal.kind, proposal.record_id, "history"),
        "public_url": links.public_url(record),
    }
    if words.is_addition(proposal):
        context["pair"] = [(item, words.record_url("protein", item.pk)) for item in pair]
        url = words.record_url(RecordKind.INTERACTION, there.pk) if there else ""
        is_of_pair = proposal.kind == RecordKind.INTERACTION
        context["is_there" if is_of_pair else "record_url"] = url
    return context


def _tables(
    proposal: Proposal, standing: Standing, there: Interaction | None
) -> dict[str, SafeString | str | list[Any]]:
    """Return the differences: the change proposed, and what became of it meanwhile."""
    if not proposal.changes:
        return {"difference": "", "meanwhile": "", "pins": []}
    if proposal.state not in UNDECIDED:
        return _decided(proposal)
    conflict = words.is_conflict(proposal)
    meanwhile = standing.meanwhile
    return {
        "difference": difference_table(
            proposal.kind,
            _changes(proposal, standing, there),
            caption="What would change",
            before="The curator’s word" if conflict else "Now",
            after="The source’s value now" if conflict else "Proposed",
        ),
        "meanwhile": difference_table(
            proposal.kind,
            meanwhile,
            caption="What changed since it was opened",
            before="When it was opened",
            after="Now",
        )
        if meanwhile
        else "",
        "pins": [_pin(pin) for pin in inbox.pins_met_by(proposal)] if proposal.record_id else [],
    }


def _changes(
    proposal: Proposal, standing: Standing, there: Interaction | None
) -> dict[str, list[Any]]:
    """Return what accepting would do; beside a pair that is there by now, what it has."""
    if there is None or proposal.kind != RecordKind.INTERACTION or proposal.record_id:
        return standing.changes
    records = records_of(RecordKind.INTERACTION)
    now = records.values(records.get(there.pk))
    return {name: [now.get(name), pair[1]] for name, pair in standing.changes.items()}


def _decided(proposal: Proposal) -> dict[str, SafeString | str | list[Any]]:
    """Return what a proposal was about, not the record's values long after; where accepting it
    changed less or other than was proposed, that as well."""
    applied = proposal.applied
    has_other = bool(applied) and applied != proposal.changes
    return {
        "difference": difference_table(
            proposal.kind,
            words.pairs_of(proposal.changes),
            caption="As it was proposed",
            before="Taken out or replaced",
            after="Proposed",
        ),
        "applied": difference_table(
            proposal.kind,
            words.pairs_of(applied or {}),
            caption="What accepting it changed",
            before="Taken out or replaced",
            after="Accepted",
        )
        if has_other
        else "",
        "meanwhile": "",
        "pins": [],
    }


def _pin(pin: Pin) -> dict[str, Any]:
    return {
        "label": records_of(pin.kind).labels.get(pin.field, pin.field),
        "lines": lines_of(pin.kind, pin.field, pin.source_value),
        "by": words.person(pin.pinned_by),
        "at": pin.pinned_at,
    }


def _rights(proposal: Proposal, user: User, supporters: set[int]) -> dict[str, Any]:
    """Return which buttons a person gets; each action demands the same by itself."""
    is_open = proposal.state == ProposalState.OPEN
    is_returned = proposal.state == ProposalState.RETURNED
    own = proposal.author_id == user.pk
    may_decide = may(user, Right.DECIDE)
    decides_others = may_decide and not own
    of_a_colleague = proposal.author_id is not None
    accept, reject = words.verdicts(proposal)
    return {
        "is_open": is_open,
        "is_returned": is_returned,
        "is_own": own,
        "may_decide": is_open and decides_others,
        "may_return": is_open and decides_others and of_a_colleague,
        "may_correct": bool(proposal.changes)
        and ((is_open and decides_others and of_a_colleague) or (is_returned and own)),
        "may_resubmit": is_returned and own and may(user, Right.PROPOSE),
        "may_close": is_returned and decides_others,
        "may_assign": is_open and may_decide,
        "may_withdraw": (is_open or is_returned) and own and may(user, Right.PROPOSE),
        "may_endorse": is_open
        and not own
        and user.pk not in supporters
        and may(user, Right.COMMENT),
        "has_endorsed": user.pk in supporters,
        "may_comment": may(user, Right.COMMENT),
        "accept_words": accept,
        "reject_words": reject,
        "correct_url": words.correction_url(proposal),
        "assignees": [(item.pk, words.person(item)) for item in inbox.deciders()]
        if is_open and may_decide
        else [],
    }
