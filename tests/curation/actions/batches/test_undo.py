"""A batch taken back: each record is what it was, what was changed since stays and is listed."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from curation import actions
from curation.actions import ActionError
from curation.actions.batches import batch, review_interactions, undo_batch
from curation.checks import find_breaches
from curation.models import (
    Batch,
    BatchKind,
    Comment,
    Pin,
    Proposal,
    ProposalState,
    RecordKind,
    Revision,
)
from curation.permissions import CURATOR, Right
from curation.records import records_of
from proteins.models import Interaction, Protein, Review, ReviewStatus, Statement
from proteins.queries.content_digest import content_digest
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db
EVIDENCE = {"sources": [], "methods": [], "pmids": [27924024], "small_scale": "yes"}
WHY = {"review_reason": "not reproduced", "public_reason": "Two later papers.", "review_pmid": 11}
STATEMENT = {
    "pmid": 27924024, "method": "chromatin immunoprecipitation assay", "effect": 1, "basis": 1,
    "quotation": "It binds.",
}  # fmt: skip


@pytest.fixture
def senior(db: None) -> User:
    return make_person("senior")


@pytest.fixture
def curator(db: None) -> User:
    return make_person("curator", CURATOR)


@pytest.fixture
def five(db: None) -> list[Interaction]:
    """Interactions of one TF: unreviewed, confirmed, disputed, rejected, unreviewed."""
    tf = make_protein("Q9UK53", "ING1")
    targets = [make_protein(f"P0000{number}", f"T{number}") for number in range(5)]
    return [make_interaction(tf, target) for target in targets]


def values(interaction: Interaction) -> dict[str, object]:
    records = records_of(RecordKind.INTERACTION)
    return dict(records.values(records.get(interaction.pk)))


def dispute(user: User, interactions: list[Interaction], **more: object) -> int:
    outcome = review_interactions(
        user=user,
        interactions=[item.pk for item in interactions],
        status=ReviewStatus.DISPUTED,
        reason="Read again.",
        public=WHY,
        **more,  # type: ignore[arg-type]
    )
    assert outcome.change is not None
    return outcome.change


def test_each_is_what_it_was(senior: User, curator: User, five: list[Interaction]) -> None:
    confirmed = {"review_reason": "confirmed by an independent experiment", "review_pmid": 12}
    actions.confirm_interaction(
        user=curator, interaction=five[1], reason="Private.", public=confirmed
    )
    actions.dispute_interaction(user=curator, interaction=five[2], reason="Doubt.")
    actions.reject_interaction(user=senior, interaction=five[3], reason="Wrong.")
    before, digest = [values(item) for item in five], content_digest()

    number = dispute(senior, five)

    assert [values(item)["status"] for item in five] == [2, 2, 2, 3, 2]
    assert Batch.objects.get(pk=number).records == 4  # the rejected one is left alone
    assert content_digest() != digest
    dry = undo_batch(user=senior, batch_number=number, dry_run=True)
    assert (len(dry.given_back), dry.left, dry.change) == (4, [], None)
    assert values(five[0])["status"] == 2

    outcome = undo_batch(user=senior, batch_number=number, reason="Misread.")

    assert [values(item) for item in five] == before
    assert content_digest() == digest
    review = Review.objects.get(interaction=five[1])
    assert (review.change.user, review.change.reason) == (curator, "Private.")
    assert outcome.change is not None
    again = Batch.objects.get(pk=outcome.change)
    assert (again.kind, again.undoes_id, again.records) == (BatchKind.UNDO, number, 4)
    assert not list(find_breaches())

    # The undo is a batch, and is undone.
    undo_batch(user=senior, batch_number=outcome.change)
    assert [values(item)["status"] for item in five] == [2, 2, 2, 3, 2]
    assert values(five[0])["public_reason"] == "Two later papers."
    assert values(five[0])["reviewed"] == number
    assert not list(find_breaches())


def test_what_was_changed_since_stays_and_is_listed(senior: User, five: list[Interaction]) -> None:
    number = dispute(senior, five)
    actions.confirm_interaction(user=senior, interaction=five[0], reason="It holds.")
    amended = {"public_reason": "Three later papers."}
    actions.amend_interaction(user=senior, interaction=five[1], values=amended)
    # Another field is another matter.
    actions.amend_interaction(user=senior, interaction=five[2], values={"effect": 1})

    outcome = undo_batch(user=senior, batch_number=number)

    assert [values(item)["status"] for item in five] == [1, 2, 0, 0, 0]
    assert values(five[2])["effect"] == 1
    assert [refusal.name for refusal in outcome.left] == [
        f"interaction {item.key}" for item in five[:2]
    ]
    assert {refusal.why for refusal in outcome.left} == {"Its review was changed since."}
    with pytest.raises(ActionError, match="nothing to give back"):
        undo_batch(user=senior, batch_number=number)
    assert not list(find_breaches())


def test_rejections_come_back_into_view_and_counts(senior: User, five: list[Interaction]) -> None:
    digest = content_digest()
    outcome = review_interactions(
        user=senior,
        interactions=[item.pk for item in five],
        status=ReviewStatus.REJECTED,
        reason="Wrong.",
    )
    tf = Protein.objects.get(accession="Q9UK53")
    assert (tf.target_count, tf.facets) == (0, "")
    assert outcome.change is not None
    undo_batch(user=senior, batch_number=outcome.change)
    tf.refresh_from_db()
    assert tf.target_count == 5
    assert content_digest() == digest
    assert not list(find_breaches())


def test_who_may_review_takes_back_reviews_alone(
    senior: User, curator: User, five: list[Interaction]
) -> None:
    number = dispute(curator, five)
    undo_batch(user=curator, batch_number=number)
    rejected = review_interactions(
        user=senior, interactions=[five[0].pk], status=ReviewStatus.REJECTED, reason="Wrong."
    )
    assert rejected.change is not None
    with pytest.raises(PermissionDenied):
        undo_batch(user=curator, batch_number=rejected.change)


def enter_paper(user: User, five: list[Interaction]) -> int:
    """Do what one publication may do: new interactions, statements on new and on old ones, and a
    changed effect."""
    existing, tf = five[0], five[1].target
    with batch(BatchKind.PAPER, user=user, right=Right.CHANGE, reason="A paper.") as number:
        for target in (five[2].target, five[3].target):
            added = actions.add_interaction(
                user=user, tf=tf, target=target, values={"evidence": EVIDENCE}
            )
            actions.add_statement(user=user, interaction=added, values=STATEMENT)
        actions.add_statement(user=user, interaction=existing, values=STATEMENT)
        actions.amend_interaction(user=user, interaction=existing, values={"effect": 2})
    return number


def test_a_publication_is_taken_back_and_comes_back(senior: User, five: list[Interaction]) -> None:
    digest_without = content_digest()
    number = enter_paper(senior, five)
    entered = content_digest()
    ids = set(Interaction.objects.values_list("pk", flat=True))
    assert Batch.objects.get(pk=number).records == 6

    outcome = undo_batch(user=senior, batch_number=number)

    assert content_digest() == digest_without
    assert (Statement.objects.count(), Interaction.objects.count()) == (0, 5)
    assert not Pin.objects.exists()
    assert not outcome.left
    assert not list(find_breaches())

    assert outcome.change is not None
    redone = undo_batch(user=senior, batch_number=outcome.change)
    assert not redone.left
    assert content_digest() == entered
    assert set(Interaction.objects.values_list("pk", flat=True)) == ids
    assert not list(find_breaches())


def test_of_a_publication_stays_what_others_work_on(senior: User, five: list[Interaction]) -> None:
    number = enter_paper(senior, five)
    added = Interaction.objects.get(tf=five[1].target, target=five[2].target)
    of_paper = Statement.objects.get(interaction=added)
    actions.amend_statement(user=senior, statement=of_paper, values={"cell_line": "HeLa"})
    actions.comment(user=senior, text="Look.", kind=RecordKind.INTERACTION, record_id=added.pk)

    outcome = undo_batch(user=senior, batch_number=number)

    assert {left.name.split("/")[0] for left in outcome.left} == {
        f"statement {added.key}", f"interaction {added.key}",
    }  # fmt: skip
    assert set(Interaction.objects.values_list("pk", flat=True)) == {
        *(item.pk for item in five), added.pk,
    }  # fmt: skip
    assert Comment.objects.count() == 1
    assert not list(find_breaches())


def test_accepted_proposals_wait_again(
    senior: User, curator: User, five: list[Interaction]
) -> None:
    tf = five[0].tf
    proposals = [
        actions.propose(
            user=curator,
            kind=RecordKind.PROTEIN,
            record_id=tf.pk,
            values={"gene_ids": [3621]},
        ),
        actions.propose(
            user=curator,
            kind=RecordKind.INTERACTION,
            record_id=five[0].pk,
            values={"status": 3, "review_reason": "wrong species"},
            reason="Mouse.",
        ),
        actions.propose_interaction(user=curator, tf=tf, target=tf, values={"evidence": EVIDENCE}),
    ]
    digest = content_digest()
    with batch(BatchKind.ACCEPT, user=senior, right=Right.DECIDE) as number:
        for proposal in proposals:
            actions.accept_proposal(user=senior, proposal=proposal)
    assert values(five[0])["review_reason"] == "wrong species"

    outcome = undo_batch(user=senior, batch_number=number)

    assert (outcome.proposals, outcome.left) == (3, [])
    assert content_digest() == digest
    assert not Pin.objects.exists()
    stored = Proposal.objects.order_by("pk")
    assert {proposal.state for proposal in stored} == {ProposalState.OPEN}
    assert [proposal.record_id for proposal in stored] == [tf.pk, five[0].pk, None]

    assert outcome.change is not None
    undo_batch(user=senior, batch_number=outcome.change)
    assert {proposal.state for proposal in stored.all()} == {ProposalState.ACCEPTED}
    assert Interaction.objects.filter(tf=tf, target=tf).exists()
    assert not list(find_breaches())


def test_a_batch_without_changes_is_none(senior: User, five: list[Interaction]) -> None:
    with batch(BatchKind.ACCEPT, user=senior, right=Right.DECIDE):
        pass
    assert not Batch.objects.exists()
    with pytest.raises(ActionError, match="There is no batch 1"):
        undo_batch(user=senior, batch_number=1)
    assert not Revision.objects.exists()
