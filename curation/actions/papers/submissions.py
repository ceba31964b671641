"""Actions on rows of a submission: each decided as a proposal, all of those chosen or none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from curation.actions.batches.batch import batch
from curation.actions.papers.plan import proposed_content
from curation.actions.papers.rows import NewStatement, store_stated
from curation.actions.proposals import accept_proposal, reject_proposal, return_proposal
from curation.actions.writing import ActionError, ChangeContext, clean_reason, writing
from curation.importing.loading.load_statements import interactions_of
from curation.importing.planning.stated import Pair
from curation.models import BatchKind, Proposal, ProposalState, RecordKind, Submission, Verb
from curation.permissions import Right
from curation.shared.bulk import bulk_for
from proteins.domain.fold import fold
from proteins.domain.statements import CURATED_HERE
from proteins.models import DetectionMethod, Protein, Statement

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
    text = clean_reason(reason)
    with batch(BatchKind.ACCEPT, user=user, right=Right.DECIDE, reason=text):
        rows = _rows(submission, chosen)
        plain = _plain_statements(rows, user)
        others = [row for row in rows if row.pk not in plain]
        done = _each(others, lambda row: accept_proposal(user=user, proposal=row, reason=text))
        context = ChangeContext(verb=Verb.ADDED, user=user, reason=text or submission.reason)
        return _accept_plain([row for row in rows if row.pk in plain], plain, context, text) + done


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
) -> list[Proposal]:
    with writing(user, Right.DECIDE, reason):
        return _each(_rows(submission, chosen), act)


def _rows(submission: Submission, chosen: Collection[int]) -> list[Proposal]:
    wanted = set(chosen)
    stored = submission.rows.select_related("author").order_by("id")
    rows = [row for row in stored if row.pk in wanted]
    if not rows:
        raise ActionError(_NONE_CHOSEN)
    return rows


def _each(rows: Iterable[Proposal], act: Callable[[Proposal], Proposal]) -> list[Proposal]:
    """Decide each; raises `RowsError`, which takes all back, where one cannot be decided so."""
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


def _plain_statements(rows: Sequence[Proposal], user: User | None) -> dict[int, NewStatement]:
    """Return what rows state that nothing is against, by proposal: statements that are not there,
    of proteins and by methods that are. The others are accepted one by one."""
    bulk, folded = bulk_for(), fold(CURATED_HERE)
    listed = [row for row in rows if _is_plain(row, user)]
    pairs = {row.pk: _pair(row) for row in listed}
    interactions = interactions_of(bulk, set(pairs.values()))
    ends = {accession for pair in pairs.values() for accession in pair}
    species: dict[str, int] = dict(
        bulk.select(Protein, ("accession", "taxon_id"), "accession", ends)
    )
    columns = ("interaction_id", "key")
    seen = set(bulk.select(Statement, columns, "interaction_id", interactions.values()))
    methods = {"", *DetectionMethod.objects.values_list("name", flat=True)}
    plain: dict[int, NewStatement] = {}
    stated: set[tuple[Pair, str]] = set()
    for row in listed:
        pair, content = pairs[row.pk], proposed_content(row.changes)
        key, interaction = content.key(folded), interactions.get(pair)
        is_of_one_species = len({species.get(end) for end in pair} | {None}) == 2
        is_there = (interaction, key) in seen or (pair, key) in stated
        may_be_added = interaction is not None or "interaction" in row.changes
        is_complete = content.method in methods and content.pmid is not None
        if is_of_one_species and may_be_added and is_complete and not is_there:
            stated.add((pair, key))
            plain[row.pk] = NewStatement(pair, interaction, key, content, row)
    return plain


def _is_plain(row: Proposal, user: User | None) -> bool:
    is_new = row.kind == RecordKind.STATEMENT and row.record_id is None
    is_of_pair = row.record_key.count("-") == 1
    is_open = row.state == ProposalState.OPEN
    return is_new and is_of_pair and is_open and user is not None and row.author_id != user.pk


def _pair(row: Proposal) -> Pair:
    tf, _, target = row.record_key.partition("-")
    return tf, target


def _accept_plain(
    rows: Sequence[Proposal],
    stated: Mapping[int, NewStatement],
    context: ChangeContext,
    reason: str,
) -> list[Proposal]:
    """Store what rows state in whole lists, and close them."""
    if not rows:
        return []
    ids = store_stated([stated[row.pk] for row in rows], context)
    for row, key in zip(rows, ids, strict=True):
        row.record_id, row.applied = key, row.changes
        row.state, row.decided_by = ProposalState.ACCEPTED, context.user
        row.decided_at, row.decision_reason = timezone.now(), reason
    columns = ["record_id", "applied", "state", "decided_by", "decided_at", "decision_reason"]
    Proposal.objects.bulk_update(rows, columns, batch_size=100)
    return list(rows)
