"""Batches of more records than a person waits for: a process of its own carries them out.

Reviews begin at once: what they do was looked at when it was confirmed. An undo is tried first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import IntegrityError, OperationalError, transaction

from curation.actions import ActionError
from curation.actions.batches import (
    LIMIT,
    BatchOutcome,
    UndoOutcome,
    review_interactions,
    right_to_review,
    undo_batch,
)
from curation.actions.batches.restoring import RecordChange
from curation.actions.batches.reviews import KINDS
from curation.models import Batch, BatchJob, BatchKind, JobState
from curation.permissions import Right
from curation.records import records_of
from curation.records.wording import in_words
from curation.uploads import jobs, store
from curation.uploads.progress import ProgressWriter
from proteins.models import ReviewStatus

#: Records of a batch that is carried out while the person waits.
INLINE: Final = 200
#: How long a process waits for the write lock, in seconds: as long as an import may hold it.
PATIENCE: Final = 3_600
#: Records that are given back, and refusals or records that stay, that are listed.
GIVEN_BACK: Final = 50
LISTED: Final = 200


def order_reviews(
    *,
    user: User,
    interactions: Sequence[int],
    status: ReviewStatus,
    reason: str,
    public: Mapping[str, Any],
    seen: int,
) -> BatchJob:
    """Have many interactions reviewed. Errors are those of `review_interactions`."""
    if len(interactions) > LIMIT:
        raise ActionError(f"{len(interactions):,} are selected; {LIMIT:,} at once are the most.")
    request = {
        "interactions": list(interactions),
        "status": int(status),
        "public": dict(public),
        "seen": seen,
    }
    return _order(user, right_to_review(status), JobState.RUNNING, kind=KINDS[status],
                  request=request, reason=reason, confirmed_number=len(interactions))  # fmt: skip


def order_undo(*, user: User, batch: Batch) -> BatchJob:
    """Have tried what the undo of a batch would give back; one that waits already is returned."""
    waiting = BatchJob.objects.filter(
        undoes=batch, state__in=[*jobs.UNDER_WAY, JobState.READY]
    ).first()
    if waiting is not None:
        return waiting
    return _order(user, Right.REVIEW, JobState.CHECKING, kind=BatchKind.UNDO, undoes=batch)


def _order(user: User, right: Right, state: JobState, **values: Any) -> BatchJob:
    with jobs.deciding(user, right) as who:
        folder = store.new_folder()
        decided = who if state == JobState.RUNNING else {}
        try:
            with transaction.atomic():
                job = BatchJob.objects.create(
                    folder=folder, state=state, started_by=user, **decided, **values
                )
        except (IntegrityError, OperationalError):
            store.remove(store.folder_named(folder))
            raise
    jobs.start(job)
    return job


def carry_out(job: BatchJob, progress: ProgressWriter, *, dry_run: bool) -> dict[str, Any]:
    """Do what was ordered, or try it; return what came of it."""
    user = job.started_by if dry_run else job.decided_by
    if job.kind == BatchKind.UNDO:
        assert job.undoes_id is not None  # noqa: S101  (`order_undo`)
        step = "Looking at what is given back" if dry_run else "Giving back"
        progress.begin(step, job.undoes.records if job.undoes else 0, "records")
        return undo_as_json(
            undo_batch(
                user=user,
                batch_number=job.undoes_id,
                reason=job.reason,
                dry_run=dry_run,
                patience=PATIENCE,
                on_progress=progress.advance,
            )
        )
    request = job.request
    progress.begin("Reviewing", len(request["interactions"]), "interactions")
    return _reviews_as_json(
        review_interactions(
            user=user,
            interactions=request["interactions"],
            status=ReviewStatus(request["status"]),
            reason=job.reason,
            public=request["public"],
            seen=request["seen"],
            patience=PATIENCE,
            on_progress=progress.advance,
        )
    )


def _reviews_as_json(outcome: BatchOutcome) -> dict[str, Any]:
    return {
        "change": outcome.change,
        "done": outcome.done,
        "gone": outcome.gone,
        "left": [list(refusal) for refusal in outcome.refused[:LISTED]],
        "left_count": len(outcome.refused),
    }


def undo_as_json(outcome: UndoOutcome) -> dict[str, Any]:
    """Return what an undo gave back, or would, as a page shows it."""
    return {
        "change": outcome.change,
        "done": len(outcome.given_back),
        "gone": 0,
        "proposals": outcome.proposals,
        "given_back": [
            {"kind": change.kind, "key": change.key, "what": _what(change)}
            for change in outcome.given_back[:GIVEN_BACK]
        ],
        "left": [list(refusal) for refusal in outcome.left[:LISTED]],
        "left_count": len(outcome.left),
    }


def _what(change: RecordChange) -> str:
    """Return what happens to a record, on one line."""
    if change.is_added:
        return "removed: it was added by this batch"
    if change.is_removed:
        return "put back: it was removed by this batch"
    labels = records_of(change.kind).labels
    parts = [
        f"{labels[name]}: {in_words(change.kind, name, after)} → "
        f"{in_words(change.kind, name, before)}"
        for name, (before, after) in change.fields.items()
        if name in labels and name not in records_of(change.kind).follows
    ]
    return "; ".join(parts)
