"""Actions on what one publication says of many interactions: all of it, or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User

from curation.actions.batches.batch import batch
from curation.actions.interactions import create_stated_pair
from curation.actions.paper_plan import PaperPlan, PlannedRow, PlannedStatement, plan_paper
from curation.actions.proposals import propose_statement, resubmit_proposal, withdraw_proposal
from curation.actions.statements import store_statement
from curation.actions.writing import (
    ActionError,
    ChangeContext,
    clean_reason,
    record_consequences,
    writing,
)
from curation.importing.planning.stated import Pair
from curation.importing.source.statements_pasted import Block
from curation.models import BatchKind, Proposal, ProposalState, Submission, Verb
from curation.permissions import Right
from curation.records.restate import restate
from proteins.models import Interaction, Protein, Reporting, Taxon


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
        new = len(plan.new_pairs)
        interactions = _interactions(plan.added)
        for pair, interaction in interactions.items():
            if interaction.pk is None:
                stored = create_stated_pair(interaction.tf, interaction.target, context)
                interactions[pair] = stored
        statements = [
            store_statement(interactions[one.pair], one.values, context) for one in plan.added
        ]
        ids = {statement.interaction_id for statement in statements}
        record_consequences(restate(ids), context)
        return AddedPaper(change, new, len(statements))


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
    listed = list(statements)
    interactions = _interactions(listed)
    for one in listed:
        propose_statement(
            user=user,
            interaction=interactions[one.pair],
            values=one.values,
            reason=reason,
            submission=submission,
        )


def _interactions(statements: Iterable[PlannedStatement]) -> dict[Pair, Interaction]:
    """Return the interactions of statements by pair; those that are not there are not stored."""
    listed = list(statements)
    ids = {one.interaction for one in listed if one.interaction is not None}
    stored = Interaction.objects.select_related("tf__taxon", "target__taxon").in_bulk(ids)
    interactions = {
        one.pair: stored[one.interaction] for one in listed if one.interaction is not None
    }
    new = {one.pair for one in listed if one.interaction is None}
    accessions = {accession for pair in new for accession in pair}
    proteins = Protein.objects.select_related("taxon").in_bulk(accessions, field_name="accession")
    return interactions | {
        (tf, target): Interaction(
            tf=proteins[tf], target=proteins[target], reporting=Reporting.CURATED
        )
        for tf, target in sorted(new)
    }
