"""What every action has in common: its right, the write lock, its revision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction

from curation.models import (
    MAX_COMMENT,
    UNDECIDED,
    Origin,
    Proposal,
    ProposalState,
    RecordKind,
    Revision,
    Verb,
)
from curation.permissions import Right, demand
from curation.records import RecordType, records_of
from curation.records.base import Restated
from curation.records.history import since
from curation.records.pins import pin_changes, release_pins
from curation.shared.changes import change_set, this_change
from curation.shared.field_changes import applied
from curation.shared.lock import is_locked, take_write_lock, waiting_at_most
from proteins.models import ChangeKind, Interaction
from proteins.outages import LOCKED


class ActionError(ValidationError):
    """An action that cannot be done now; its text is the reason."""


class StaleError(ActionError):
    """The record was changed by another user since the person read it.

    `revisions` are the changes since then, the oldest first.
    """

    def __init__(self, revisions: Sequence[Revision]) -> None:
        self.revisions = list(revisions)
        who = sorted({str(item.user or item.run or "somebody") for item in revisions})
        super().__init__(f"This record was changed meanwhile, by {', '.join(who)}.")


class BusyError(Exception):
    """An import is being written and did not end while the action waited for the write lock."""

    def __init__(self) -> None:
        super().__init__(LOCKED.sentence)


@contextmanager
def writing(user: User | None, right: Right, reason: str = "") -> Iterator[None]:
    """Hold a transaction, the write lock and a change set, for a user who has the right to.

    Raises `PermissionDenied`, `BusyError` and, for a reason that cannot be stored, `ActionError`.
    """
    demand(user, right)
    with write_lock(user=user, reason=clean_reason(reason)):
        yield


@contextmanager
def write_lock(
    *,
    patience: int | None = None,
    kind: ChangeKind = ChangeKind.DESK,
    user: User | None = None,
    reason: str = "",
) -> Iterator[None]:
    """Hold a transaction, the write lock and a change set; raises `BusyError`.

    For what needs no right: commands, which their operator runs, and reports
    of readers, who wait for no more than `patience` seconds.
    """
    with ExitStack() as stack:
        try:
            with waiting_at_most(patience):
                stack.enter_context(transaction.atomic())
            take_write_lock(patience)
        except OperationalError as error:
            if not is_locked(error):
                raise
            raise BusyError from error
        stack.enter_context(change_set(kind, user=user, reason=reason))
        yield


@dataclass(frozen=True, kw_only=True)
class ChangeContext:
    """The context of a change: its verb, user, reason and proposal."""

    verb: Verb
    user: User | None
    reason: str = ""
    proposal: Proposal | None = None
    #: Whether what is written is the word of a person, which no import overrules.
    pins: bool = True

    @property
    def speaker(self) -> User | None:
        """Whose word it is: the author of a proposal, or who changed the record."""
        if self.proposal is not None and self.proposal.author is not None:
            return self.proposal.author
        return self.user


def clean_reason(reason: str, *, demanded_for: str = "") -> str:
    """Return a reason trimmed; raises `ActionError` where it is missing or cannot be stored."""
    text = reason.strip()
    if demanded_for and not text:
        raise ActionError(f"Say why: a reason is needed to {demanded_for}.")
    if len(text) > MAX_COMMENT:
        raise ActionError(f"That has {len(text):,} characters; {MAX_COMMENT:,} are the most.")
    if "\x00" in text or not _is_text(text):
        raise ActionError("That holds characters that cannot be stored.")
    return text


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_seen(kind: str, record_id: int, seen: int | None) -> None:
    """Raise `StaleError` where a record was changed after the version that was seen."""
    if seen is not None and (meanwhile := since(kind, record_id, seen)):
        raise StaleError(meanwhile)


def change_record(
    kind: RecordKind,
    record_id: int,
    values: Mapping[str, Any],
    context: ChangeContext,
    *,
    seen: int | None = None,
    beside: Mapping[str, Any] | None = None,
) -> Revision | None:
    """Write `values` to a record, for any user; the caller is within `writing`.

    `beside` holds fields that no person writes, such as PubMed's status. Returns None, and
    writes nothing, where the record has all of them already. Raises `StaleError`, and
    `ValidationError` with the fields that break a rule.
    """
    records: RecordType[Any] = records_of(kind)
    record = records.get(record_id)
    check_seen(kind, record_id, seen)
    before = records.values(record)
    cleaned = {**records.clean(record, values), **(beside or {})}
    changes = {
        name: [before[name], value] for name, value in cleaned.items() if value != before[name]
    }
    if not changes:
        return None
    records.write(record, {name: after for name, (_, after) in changes.items()})
    revision = record_revision(kind, record_id, records.key(record), changes, context)
    if context.pins:
        pin_changes(kind=kind, record_id=record_id, changes=changes, user=context.speaker)
    record_consequences(records.consequences(record), context)
    _supersede_what_is_done(kind, record_id, {**before, **cleaned}, context.proposal)
    return revision


def record_consequences(restated: Restated | None, context: ChangeContext) -> None:
    """Record in the histories of interactions what their statements changed, and propose what
    meets a curator's word."""
    if restated is None:
        return
    ids = {*restated.changes, *restated.conflicts}
    records = records_of(RecordKind.INTERACTION)
    interactions = {row.pk: row for row in records.queryset().filter(pk__in=ids)}
    beside = replace(context, verb=Verb.RESTATED)
    for key, changes in restated.changes.items():
        name = records.key(interactions[key])
        record_revision(RecordKind.INTERACTION, key, name, changes, beside)
    for key in restated.released:
        release_pins(RecordKind.INTERACTION, key, ["effect"])
    for key, values in restated.conflicts.items():
        _propose_effect(interactions[key], values, context)


def _propose_effect(
    interaction: Interaction, values: Sequence[int], context: ChangeContext
) -> None:
    changes = {"effect": list(values)}
    waiting = Proposal.objects.filter(
        kind=RecordKind.INTERACTION, record_id=interaction.pk, state=ProposalState.OPEN
    )
    if any(proposal.changes == changes for proposal in waiting):
        return
    Proposal.objects.create(
        kind=RecordKind.INTERACTION,
        record_id=interaction.pk,
        record_key=interaction.key,
        changes=changes,
        origin=Origin.CURATOR,
        author=context.speaker,
        comment="Its statements say so.",
        taxon_id=interaction.tf.taxon_id,
    )


def record_revision(
    kind: RecordKind,
    record_id: int,
    key: str,
    changes: Mapping[str, Sequence[Any]],
    context: ChangeContext,
) -> Revision:
    """Record a change of a record in its history."""
    return Revision.objects.create(
        kind=kind,
        record_id=record_id,
        record_key=key,
        verb=context.verb,
        changes=dict(changes),
        user=context.user,
        reason=context.reason,
        proposal=context.proposal,
        change_id=this_change(),
    )


def _supersede_what_is_done(
    kind: RecordKind, record_id: int, now: Mapping[str, Any], accepted: Proposal | None
) -> None:
    """Close proposals whose changes the record has already."""
    waiting = Proposal.objects.filter(kind=kind, record_id=record_id, state__in=UNDECIDED)
    if accepted is not None:
        waiting = waiting.exclude(pk=accepted.pk)
    for proposal in waiting:
        changes = proposal.changes.items()
        if changes and all(applied(one, now.get(name)) == now.get(name) for name, one in changes):
            proposal.state = ProposalState.SUPERSEDED
            proposal.decision_reason = "The record says so already."
            proposal.save(update_fields=["state", "decision_reason"])
