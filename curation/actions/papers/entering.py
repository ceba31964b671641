"""Actions on what one publication says of many interactions: all of it, or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User

from curation.actions.batches.batch import batch
from curation.actions.papers.plan import PaperPlan, PlannedRow, PlannedStatement, plan_paper
from curation.actions.papers.rows import NewStatement, store_stated
from curation.actions.proposals import resubmit_proposal, withdraw_proposal
from curation.actions.writing import (
    ActionError,
    ChangeContext,
    clean_reason,
    writing,
)
from curation.importing.source.statements_pasted import Block
from curation.models import (
    BatchKind,
    Origin,
    Proposal,
    ProposalState,
    RecordKind,
    Submission,
    Verb,
)
from curation.permissions import Right
from proteins.models import Taxon


class PaperError(ActionError):
    """Rows that cannot be added, or that there is none to add; `plan` says why, row by row."""

    def __init__(self, plan: PaperPlan) -> None:
        self.plan = plan
        wrong = len(plan.wrong)
        rows = "1 row" if wrong == 1 else f"{wrong:,} rows"
        super().__init__(
            f"Nothing was saved: {rows} cannot be added as they are."
            if wrong
            else "Nothing was saved: no row says anything that is not there already."
        )


@dataclass(frozen=True)
class AddedPaper:
    """What was added from a publication, by which batch."""

    change: int
    interactions: int
    statements: int


def add_from_publication(
    *, user: User | None, pmid: int, species: Taxon, block: Block, reason: str = ""
) -> AddedPaper:
    """Store what the rows of a block state of a publication, with the interactions that are not
    there yet, in one change; rows that are there already are skipped.

    Raises `PaperError` where a row cannot be added, or none says anything new.
    """
    with batch(BatchKind.PAPER, user=user, right=Right.CHANGE, reason=reason) as change:
        plan = _checked(pmid, species, block)
        context = ChangeContext(verb=Verb.ADDED, user=user, reason=clean_reason(reason))
        listed = [
            NewStatement(one.pair, one.interaction, one.key, one.content) for one in plan.added
        ]
        ids = store_stated(listed, context)
        return AddedPaper(change, len(plan.new_pairs), len(ids))


def submit_publication(
    *, user: User | None, pmid: int, species: Taxon, block: Block, reason: str = ""
) -> Submission:
    """Propose what `add_from_publication` would store, as one item of the inbox."""
    with writing(user, Right.PROPOSE):
        plan = _checked(pmid, species, block)
        assert user is not None  # noqa: S101  (anonymous users have no right)
        text = clean_reason(reason)
        submission = Submission.objects.create(author=user, species=species, pmid=pmid, reason=text)
        _propose(plan.added, submission, user, text)
        return submission


def resubmit_publication(
    *, user: User | None, submission: Submission, block: Block, reason: str = ""
) -> Submission:
    """Propose rows of a submission again that were sent back, as they are corrected in a block.

    Each row names its proposal in a cell; what names none is proposed beside. Rows that were
    sent back and are not in the block stay with their author.
    """
    with writing(user, Right.PROPOSE):
        if user is None or submission.author_id != user.pk:
            raise ActionError("Only its author corrects what was sent back.")
        plan = _checked(submission.pmid, submission.species, block)
        returned = _returned(submission, plan.rows)
        beside: list[PlannedStatement] = []
        for row in plan.rows:
            proposal = returned.pop(row.number, None)
            for statement in row.added:
                key = "-".join(statement.pair)
                if proposal is not None and proposal.record_key == key:
                    resubmit_proposal(
                        user=user, proposal=proposal, values=statement.values, reason=reason
                    )
                    proposal = None
                else:
                    beside.append(statement)
            if proposal is not None:  # it is another pair's now, or there already
                withdraw_proposal(user=user, proposal=proposal, reason="Corrected in another row.")
        _propose(beside, submission, user, clean_reason(reason))
        return submission


def _returned(submission: Submission, rows: Iterable[PlannedRow]) -> dict[int, Proposal]:
    """Return the proposals that rows correct, by the number of the row."""
    stored = {str(one.pk): one for one in submission.rows.filter(state=ProposalState.RETURNED)}
    named = {row.number: row.cells.get("proposal", "") for row in rows}
    repeated = [text for text, count in Counter(filter(None, named.values())).items() if count > 1]
    unknown = [text for text in named.values() if text and text not in stored]
    for text in (*repeated, *unknown):
        raise ActionError(
            f"Two rows correct proposal {text}: leave that cell of one of them empty."
            if text in repeated
            else f"Proposal {text} is not among those that were sent back to you."
        )
    return {number: stored[text] for number, text in named.items() if text}


def _checked(pmid: int, species: Taxon, block: Block) -> PaperPlan:
    plan = plan_paper(pmid, species, block)
    if plan.wrong or not plan.added:
        raise PaperError(plan)
    return plan


def _propose(
    statements: Iterable[PlannedStatement], submission: Submission, user: User, reason: str
) -> None:
    """Open a proposal for each statement; the plan says that none of them is there, or waits.

    An interaction that is not there yet is proposed with its statement, as by
    `propose_statement`.
    """
    Proposal.objects.bulk_create(
        [
            Proposal(
                kind=RecordKind.STATEMENT,
                record_key="-".join(one.pair),
                changes=_changes(one),
                origin=Origin.CURATOR,
                author=user,
                comment=reason,
                taxon_id=submission.species_id,
                submission=submission,
            )
            for one in statements
        ],
        batch_size=100,
    )


def _changes(statement: PlannedStatement) -> dict[str, list[object]]:
    new = {"interaction": "-".join(statement.pair)} if statement.interaction is None else {}
    return {name: [None, value] for name, value in (new | statement.values).items()}
