"""Actions on rows of a submission: each decided as a proposal, all of those chosen or none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from typing import Final

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from curation.actions.batches.batch import batch
from curation.actions.proposals import accept_proposal, reject_proposal, return_proposal
from curation.actions.writing import ActionError, writing
from curation.models import BatchKind, Proposal, ProposalState, Submission
from curation.permissions import Right

_NONE_CHOSEN: Final = "Choose at least one row."


class RowsError(ActionError):
    """Rows of a submission that cannot be decided so; `errors` says why, by proposal."""

    def __init__(self, errors: Mapping[int, list[str]]) -> None:
        self.errors = dict(errors)
        rows = "1 row" if len(errors) == 1 else f"{len(errors):,} rows"
        super().__init__(f"Nothing was decided: {rows} cannot be, as marked below.")


def accept_rows(
    *, user: User | None, submission: Submission, chosen: Collection[int], reason: str = ""
) -> list[Proposal]:
    """Accept rows of a submission, as one batch; return them as they are then.

    What can no longer be applied has gone back to its author, as `accept_proposal` does.
    """
    return _decide(
        user,
        submission,
        chosen,
        reason,
        lambda row: accept_proposal(user=user, proposal=row, reason=reason),
        batch(BatchKind.ACCEPT, user=user, right=Right.DECIDE, reason=reason),
    )


def reject_rows(
    *, user: User | None, submission: Submission, chosen: Collection[int], reason: str
) -> list[Proposal]:
    """Reject rows of a submission, with a reason; return them."""
    return _decide(
        user,
        submission,
        chosen,
        reason,
        lambda row: reject_proposal(user=user, proposal=row, reason=reason),
    )


def return_rows(
    *,
    user: User | None,
    submission: Submission,
    chosen: Collection[int],
    comment: str = "",
    comments: Mapping[int, str] | None = None,
) -> list[Proposal]:
    """Send rows of a submission back to their author, each with a comment of its own in
    `comments` or with `comment`; return them."""
    own = comments or {}
    return _decide(
        user,
        submission,
        chosen,
        comment,
        lambda row: return_proposal(
            user=user, proposal=row, comment=own.get(row.pk, "").strip() or comment
        ),
    )


def _decide(
    user: User | None,
    submission: Submission,
    chosen: Collection[int],
    reason: str,
    act: Callable[[Proposal], Proposal],
    write: AbstractContextManager[object] | None = None,
) -> list[Proposal]:
    with write or writing(user, Right.DECIDE, reason):
        wanted = set(chosen)
        rows = [row for row in submission.rows.order_by("id") if row.pk in wanted]
        if not rows:
            raise ActionError(_NONE_CHOSEN)
        done, errors = [], {}
        for row in rows:
            try:
                with transaction.atomic():
                    done.append(act(row))
            except ValidationError as error:
                errors[row.pk] = error.messages
        if errors:
            raise RowsError(errors)
        return done


def waiting_rows(submission: Submission) -> list[int]:
    """Return the rows of a submission that wait for a decision."""
    rows = submission.rows.filter(state=ProposalState.OPEN).order_by("id")
    return list(rows.values_list("pk", flat=True))
