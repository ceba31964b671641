"""Reviews of many interactions at once: read, checked and written in whole lists."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from curation.actions.batches.batch import LIMIT, batch
from curation.actions.interactions import VERBS, reason_demanded_for
from curation.actions.writing import (
    ActionError,
    ChangeContext,
    RecordChanges,
    clean_reason,
    record_revisions,
    supersede_if_done,
)
from curation.models import UNDECIDED, BatchKind, Proposal, RecordKind, Revision
from curation.permissions import Right, may
from curation.records import AT_ONCE, Values, records_among, records_of
from curation.records.base import Errors
from curation.records.facets import StatusChange, refacet_reviewed
from curation.records.review import (
    NO_REASON,
    PUBLIC_FIELDS,
    cleaned_review,
    read_review_values,
    review_values,
    says_something,
    write_reviews,
)
from curation.shared.bulk import bulk_for
from curation.shared.changes import record_gone, this_change
from proteins.models import GoneReason, Interaction, Protein, ReviewStatus

KINDS: Final = {
    ReviewStatus.CONFIRMED: BatchKind.CONFIRM,
    ReviewStatus.DISPUTED: BatchKind.DISPUTE,
    ReviewStatus.REJECTED: BatchKind.REJECT,
    ReviewStatus.UNREVIEWED: BatchKind.REOPEN,
}
#: The fields that a review writes; all of them are given back together.
REVIEWED: Final = ("status", *PUBLIC_FIELDS, "reviewed")
_KIND: Final = RecordKind.INTERACTION
#: Reviews that are written at once.
_BATCH: Final = 5_000


class Refusal(NamedTuple):
    """A record that stays as it is, and why."""

    name: str
    why: str


@dataclass
class BatchOutcome:
    """What became of each record; `change` is the number of the batch, None where there is none."""

    change: int | None = None
    done: int = 0
    refused: list[Refusal] = field(default_factory=list)
    #: How many are not there any more.
    gone: int = 0


class Reviewed(NamedTuple):
    """An interaction and the values of its review."""

    id: int
    tf: int
    target: int
    evidence: int
    key: str
    values: Values

    @property
    def status(self) -> int:
        return int(self.values["status"])


class NewReview(NamedTuple):
    """A review in place of another; `proposal` led to it, where one did."""

    row: Reviewed
    after: Values
    proposal: int | None = None


def right_to_review(status: ReviewStatus) -> Right:
    return Right.CHANGE if status == ReviewStatus.REJECTED else Right.REVIEW


def review_interactions(
    *,
    user: User | None,
    interactions: Sequence[int],
    status: ReviewStatus,
    reason: str = "",
    public: Mapping[str, Any] | None = None,
    seen: int | None = None,
    patience: int | None = None,
    on_progress: Callable[[int], None] = lambda _: None,
) -> BatchOutcome:
    """Confirm, dispute, reject or reopen interactions, by their ids, as one batch.

    The same as the actions on one interaction, in a number of queries that does not grow with
    theirs. `seen` is the newest revision of all that there was when they were chosen: what was
    changed since is left alone, and reported.
    """
    if len(interactions) > LIMIT:
        raise ActionError(f"{len(interactions):,} are selected; {LIMIT:,} at once are the most.")
    clean_reason(reason, demanded_for=reason_demanded_for(status))
    right = right_to_review(status)
    outcome = BatchOutcome()
    with batch(KINDS[status], user=user, right=right, reason=reason, patience=patience) as change:
        public = _cleaned(status, public or {})
        rows = read_reviewed(interactions)
        outcome.gone = len(interactions) - len(rows)
        stale = _changed_since(interactions, seen)
        after = {"status": int(status), **public}
        after["reviewed"] = None if status == ReviewStatus.UNREVIEWED else change
        accepted = []
        for row in rows:
            why = stale.get(row.id) or _why_not(row, status, public, may(user, Right.CHANGE))
            if why:
                outcome.refused.append(Refusal(row.key, why))
            else:
                accepted.append(NewReview(row, after))
        context = ChangeContext(verb=VERBS[status], user=user, reason=clean_reason(reason))
        on_progress(len(rows) - len(accepted))
        write_reviewed(accepted, context, on_progress)
        outcome.done = len(accepted)
        outcome.change = change if accepted else None
    return outcome


def _cleaned(status: ReviewStatus, public: Mapping[str, Any]) -> Values:
    errors: Errors = {}
    cleaned = {**NO_REASON, **cleaned_review(public, errors)}
    if status == ReviewStatus.UNREVIEWED and says_something(cleaned):
        errors["public_reason"] = ["Without a review there is nothing to give a reason for."]
    if errors:
        raise ValidationError(errors)
    return cleaned


def _why_not(row: Reviewed, status: ReviewStatus, public: Values, may_change: bool) -> str:
    """Return why an interaction cannot be reviewed so; empty where it can."""
    now = ReviewStatus(row.status)
    is_same = all(row.values[name] == public[name] for name in PUBLIC_FIELDS)
    if now == status and (is_same or not says_something(public)):
        return f"It is {now.label} already."
    if now == ReviewStatus.REJECTED and not may_change:
        return "It is rejected; only who may reject may reopen it."
    if now == ReviewStatus.REJECTED and status not in (now, ReviewStatus.UNREVIEWED):
        return "It is rejected; reopen it first."
    return ""


def read_reviewed(interactions: Collection[int]) -> list[Reviewed]:
    """Return those of these interactions that are there, in the order of their ids."""
    bulk = bulk_for()
    columns = ("id", "tf_id", "target_id", "evidence_id", "status")
    rows = sorted(bulk.select(Interaction, columns, "id", interactions))
    ends = {key for row in rows for key in row[1:3]}
    names: dict[int, str] = dict(bulk.select(Protein, ("id", "accession"), "id", ends))
    reviews = read_review_values([row[0] for row in rows])
    nothing = review_values(None)
    return [
        Reviewed(
            key,
            tf,
            target,
            evidence,
            f"{names[tf]}-{names[target]}",
            {"status": status, **reviews.get(key, nothing)},
        )
        for key, tf, target, evidence, status in rows
    ]


def _changed_since(interactions: Sequence[int], seen: int | None) -> dict[int, str]:
    """Return of interactions that changed after a revision by whom, in a sentence."""
    if seen is None:
        return {}
    later = Revision.objects.filter(kind=_KIND, id__gt=seen).order_by("id")
    rows = later.filter(record_id__in=interactions).values_list(
        "record_id", "user__username", "run_id"
    )
    return {
        key: f"It was changed meanwhile, by {who or (f'import run {run}' if run else 'somebody')}."
        for key, who, run in rows
    }


def write_reviewed(
    reviews: Sequence[NewReview],
    context: ChangeContext,
    on_progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Write reviews with all that follows from them: counters, facets, histories, what is
    proposed and done by it. The caller is within a change set."""
    for start in range(0, len(reviews), _BATCH):
        part = reviews[start : start + _BATCH]
        _write(part, context)
        on_progress(len(part))


def _write(reviews: Sequence[NewReview], context: ChangeContext) -> None:
    bulk, change = bulk_for(), this_change()
    rows = [(new.after["status"], change, new.row.id) for new in reviews]
    bulk.update(Interaction, ("status", "change_id"), rows)
    write_reviews({new.row.id: new.after for new in reviews})
    record_revisions(map(_revision, reviews), context)
    _count(reviews)
    leaving = [new.row.key for new in reviews if _leaves(new)]
    record_gone(_KIND, leaving, GoneReason.REJECTED)
    refacet_reviewed(
        [
            StatusChange(row.tf, row.target, row.evidence, row.status, after["status"])
            for row, after, _ in reviews
            if row.status != after["status"]
        ]
    )
    _supersede(reviews)


def _revision(new: NewReview) -> RecordChanges:
    before, after = new.row.values, new.after
    changes = {
        name: [before[name], after[name]] for name in REVIEWED if before[name] != after[name]
    }
    return RecordChanges(_KIND, new.row.id, new.row.key, changes, new.proposal)


def _leaves(new: NewReview) -> bool:
    """Whether an interaction leaves public view."""
    rejected = ReviewStatus.REJECTED
    return bool(new.after["status"] == rejected != new.row.status)


def _comes_back(new: NewReview) -> bool:
    rejected = ReviewStatus.REJECTED
    return bool(new.after["status"] != rejected == new.row.status)


def _count(reviews: Iterable[NewReview]) -> None:
    """Let the counters of proteins follow."""
    amounts: dict[int, list[int]] = {}
    for new in reviews:
        amount = int(_comes_back(new)) - int(_leaves(new))
        if amount:
            amounts.setdefault(new.row.tf, [0, 0])[0] += amount
            amounts.setdefault(new.row.target, [0, 0])[1] += amount
    rows = [(*both, protein) for protein, both in sorted(amounts.items())]
    bulk_for().add(Protein, ("target_count", "tf_count"), rows)


def _supersede(reviews: Sequence[NewReview]) -> None:
    """Close open proposals of what has been done, but for those that led to it."""
    waiting: dict[int, list[Proposal]] = {}
    of_these = Proposal.objects.filter(
        kind=_KIND, record_id__in=[new.row.id for new in reviews], state__in=UNDECIDED
    ).exclude(pk__in=[new.proposal for new in reviews if new.proposal])
    for proposal in of_these:
        waiting.setdefault(proposal.record_id or 0, []).append(proposal)
    ids, records = sorted(waiting), records_of(_KIND)
    for start in range(0, len(ids), AT_ONCE):
        for record in records_among(_KIND, ids[start : start + AT_ONCE]):
            now = records.values(record)
            for proposal in waiting[record.pk]:
                supersede_if_done(proposal, now)
