"""A batch taken back: each record is what it was, unless it was changed since.

All is read from the revisions of the change set, whatever made them. Reviews of interactions are
given back in whole lists, everything else record by record (`restoring`), the last change first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from curation.actions.batches.batch import batch
from curation.actions.batches.restoring import (
    CHANGED_SINCE,
    CannotRestore,
    RecordChange,
    composed,
    restore,
)
from curation.actions.batches.reviews import (
    REVIEWED,
    NewReview,
    Refusal,
    Reviewed,
    read_reviewed,
    write_reviewed,
)
from curation.actions.writing import ActionError, ChangeContext, clean_reason
from curation.models import (
    Batch,
    BatchKind,
    Proposal,
    ProposalState,
    Verb,
)
from curation.permissions import Right
from proteins.models import ReviewStatus


@dataclass
class UndoOutcome:
    """What an undo gave back, and what it left alone; or what it would, in a dry run."""

    #: The number of the batch that the undo is; None of a dry run.
    change: int | None = None
    given_back: list[RecordChange] = field(default_factory=list)
    left: list[Refusal] = field(default_factory=list)
    #: Proposals that are open again, or accepted again.
    proposals: int = 0


def undo_batch(
    *,
    user: User | None,
    batch_number: int,
    reason: str = "",
    dry_run: bool = False,
    patience: int | None = None,
    on_progress: Callable[[int], None] = lambda _: None,
) -> UndoOutcome:
    """Take a batch back, which is a batch itself; `batch_number` is that of its change set.

    A dry run does all of it, and rolls it back. Raises `ActionError` where there is nothing to
    give back.
    """
    undone = Batch.objects.select_related("change").filter(pk=batch_number).first()
    if undone is None:
        raise ActionError(f"There is no batch {batch_number}.")
    if undone.run_id is not None:
        raise ActionError("An import is taken back on its own page.")
    changes = composed(batch_number)
    right = right_to_undo(changes)
    why = clean_reason(reason)
    text = f"Undo of batch {batch_number}" + (f": {why}" if why else "")
    outcome = UndoOutcome()
    try:
        with batch(
            BatchKind.UNDO, user=user, right=right, reason=text, undoes=undone, patience=patience
        ) as number:
            context = ChangeContext(verb=Verb.REVERTED, user=user, reason=text)
            _undo(changes, context, outcome, on_progress)
            if dry_run:
                raise _DryRun
            if not outcome.given_back:
                raise ActionError("There is nothing to give back: all of it was changed since.")
            outcome.change = number
    except _DryRun:
        pass
    return outcome


class _DryRun(Exception):  # noqa: N818  (nothing is wrong)
    """Roll back what was done."""


def right_to_undo(changes: Iterable[RecordChange]) -> Right:
    """Return what it takes to undo these: who may only review gives back reviews alone, and
    rejects nothing."""
    reviews = all(
        change.is_review and ReviewStatus.REJECTED not in change.fields.get("status", ())
        for change in changes
    )
    return Right.REVIEW if reviews else Right.CHANGE


def _undo(
    changes: Sequence[RecordChange],
    context: ChangeContext,
    outcome: UndoOutcome,
    on_progress: Callable[[int], None],
) -> None:
    reviews = [change for change in changes if change.is_review]
    _give_reviews_back(reviews, context, outcome, on_progress)
    others = [change for change in reversed(changes) if not change.is_review]
    proposals = Proposal.objects.select_related("author").in_bulk(
        [change.proposal for change in others if change.proposal]
    )
    for change in others:
        proposal = proposals.get(change.proposal or 0)
        _restore(change, replace(context, proposal=proposal), outcome)
        on_progress(1)
    _decide_again(outcome, context)


def _give_reviews_back(
    changes: Sequence[RecordChange],
    context: ChangeContext,
    outcome: UndoOutcome,
    on_progress: Callable[[int], None],
) -> None:
    by_id = {change.id: change for change in changes}
    restored = []
    rows = {row.id: row for row in read_reviewed(by_id)}
    for change in changes:
        row = rows.get(change.id)
        why = "It is not there any more." if row is None else _why_not(row, change)
        if row is None or why:
            outcome.left.append(Refusal(f"{change.kind} {change.key}", why))
            continue
        before = row.values | {name: pair[0] for name, pair in change.fields.items()}
        restored.append(NewReview(row, before, change.proposal))
        outcome.given_back.append(change)
    write_reviewed(restored, context, on_progress)


def _why_not(row: Reviewed, change: RecordChange) -> str:
    is_as_left = all(
        row.values[name] == change.fields[name][1] for name in REVIEWED if name in change.fields
    )
    return "" if is_as_left else CHANGED_SINCE.format("review")


def _restore(change: RecordChange, context: ChangeContext, outcome: UndoOutcome) -> None:
    name = f"{change.kind} {change.key}"
    try:
        with transaction.atomic():
            left = restore(change, context)
    except CannotRestore as error:
        outcome.left.append(Refusal(name, str(error)))
    except ValidationError as error:
        outcome.left.append(Refusal(name, " ".join(error.messages)))
    except ProtectedError:
        outcome.left.append(Refusal(name, "Other records refer to it."))
    else:
        outcome.given_back.append(change)
        if left:
            outcome.left.append(Refusal(name, left))


def _decide_again(outcome: UndoOutcome, context: ChangeContext) -> None:
    """Let proposals that led to what was given back wait for a decision again; where their
    acceptance comes back, be accepted."""
    of_proposals = {change.proposal: change for change in outcome.given_back if change.proposal}
    proposals = Proposal.objects.filter(pk__in=of_proposals)
    decided = list(proposals.filter(state=ProposalState.ACCEPTED))
    reopened = list(proposals.filter(state=ProposalState.OPEN))
    for proposal in decided:
        proposal.state, proposal.decided_by, proposal.decided_at = ProposalState.OPEN, None, None
        proposal.decision_reason, proposal.applied = "", None
        if of_proposals[proposal.pk].is_added:
            proposal.record_id = None
    for proposal in reopened:
        proposal.state, proposal.decided_by = ProposalState.ACCEPTED, context.user
        proposal.decided_at, proposal.decision_reason = timezone.now(), context.reason
        fields = of_proposals[proposal.pk].fields
        proposal.applied = {name: [after, before] for name, (before, after) in fields.items()}
        if of_proposals[proposal.pk].is_removed:
            proposal.record_id = of_proposals[proposal.pk].id
    columns = ["state", "decided_by", "decided_at", "decision_reason", "record_id", "applied"]
    Proposal.objects.bulk_update([*decided, *reopened], columns, batch_size=100)
    outcome.proposals = len(decided) + len(reopened)
