"""Many interactions reviewed at once: by a bounded number of queries, as one by one."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from curation import actions
from curation.actions import ActionError
from curation.actions.batches import review_interactions, undo_batch
from curation.checks import find_breaches
from curation.models import Proposal, ProposalState, RecordKind, Revision
from curation.permissions import CURATOR
from curation.records.facets import refacet
from proteins.domain.evidence import EvidenceContent
from proteins.models import Gone, Interaction, Protein, Review, ReviewReason, ReviewStatus
from tests.curation.people import make_person
from tests.factories import make_change, make_interaction, make_protein, supported, taxon

pytestmark = pytest.mark.django_db


@pytest.fixture
def senior(db: None) -> User:
    return make_person("senior")


def make_many(number: int, tfs: int = 5) -> list[int]:
    """Return the ids of so many new interactions that one database alone supports."""
    human, change = taxon(), make_change()
    proteins = [
        Protein(accession=f"Q{place:05d}", taxon=human, change=change)
        for place in range(tfs + number // tfs)
    ]
    proteins = Protein.objects.bulk_create(proteins)
    support = supported(EvidenceContent.of(["GTRD"], [], []))
    rows = [
        Interaction(tf=tf, target=target, change=change, **support)
        for tf in proteins[:tfs]
        for target in proteins[tfs:]
    ]
    Interaction.objects.bulk_create(rows)
    Protein.objects.filter(pk__in=[tf.pk for tf in proteins[:tfs]]).update(
        target_count=len(proteins) - tfs
    )
    Protein.objects.filter(pk__in=[target.pk for target in proteins[tfs:]]).update(tf_count=tfs)
    refacet([protein.pk for protein in proteins])
    return list(Interaction.objects.order_by("pk").values_list("pk", flat=True))


def queries_of_a_batch(user: User, ids: list[int]) -> tuple[int, int]:
    """Return how many queries it takes to dispute interactions, and to undo that."""
    with CaptureQueriesContext(connection) as disputing:
        outcome = review_interactions(
            user=user,
            interactions=ids,
            status=ReviewStatus.DISPUTED,
            reason="One database only.",
            public={"review_reason": "predicted only"},
            seen=10**9,
        )
    assert (outcome.done, outcome.refused) == (len(ids), [])
    with CaptureQueriesContext(connection) as undoing:
        assert outcome.change is not None
        undo_batch(user=user, batch_number=outcome.change)
    return len(disputing), len(undoing)


def test_a_thousand_take_as_many_queries_as_a_hundred(senior: User) -> None:
    ids = make_many(1_000)
    few, many = queries_of_a_batch(senior, ids[:100]), queries_of_a_batch(senior, ids)
    # Where nothing unreviewed is left, the facets of proteins are computed from all that is.
    assert max(few) <= 30
    assert max(many) <= 36
    assert not list(find_breaches())


def test_what_cannot_be_is_refused_and_the_rest_is_done(senior: User) -> None:
    curator = make_person("curator", CURATOR)
    tf = make_protein("Q9UK53")
    rows = [make_interaction(tf, make_protein(f"P0000{number}")) for number in range(3)]
    actions.reject_interaction(user=senior, interaction=rows[0], reason="Wrong.")
    actions.dispute_interaction(user=senior, interaction=rows[1], reason="Doubtful.")
    outcome = review_interactions(
        user=curator,
        interactions=[*(row.pk for row in rows), 999_999],
        status=ReviewStatus.DISPUTED,
        reason="Old.",
    )
    assert (outcome.done, outcome.gone) == (1, 1)
    assert [refusal.why for refusal in outcome.refused] == [
        "It is rejected; only who may reject may reopen it.", "It is disputed already.",
    ]  # fmt: skip
    reopened = review_interactions(
        user=senior, interactions=[row.pk for row in rows], status=ReviewStatus.UNREVIEWED
    )
    assert (reopened.done, Review.objects.count()) == (3, 0)
    assert not list(find_breaches())


def test_rejected_ones_leave_public_view(senior: User) -> None:
    ids = make_many(20)
    review_interactions(
        user=senior, interactions=ids, status=ReviewStatus.REJECTED, reason="Wrong."
    )
    assert Gone.objects.filter(why="rejected").count() == 20
    assert not Protein.objects.exclude(target_count=0, tf_count=0, facets="").exists()
    review_interactions(user=senior, interactions=ids[:10], status=ReviewStatus.UNREVIEWED)
    assert not list(find_breaches())


def test_proposals_of_what_is_done_are_closed(senior: User) -> None:
    curator = make_person("curator", CURATOR)
    interaction = make_interaction(make_protein("Q9UK53"), make_protein("Q07812"))
    for values in ({"status": 3}, {"status": 3, "effect": 1}):
        actions.propose(
            user=curator, kind=RecordKind.INTERACTION, record_id=interaction.pk, values=values
        )
    review_interactions(
        user=senior, interactions=[interaction.pk], status=ReviewStatus.REJECTED, reason="Wrong."
    )
    assert [proposal.state for proposal in Proposal.objects.order_by("pk")] == [
        ProposalState.SUPERSEDED, ProposalState.OPEN,
    ]  # fmt: skip


def test_rights_and_reasons(senior: User) -> None:
    curator = make_person("curator", CURATOR)
    (key,) = make_many(1, tfs=1)
    with pytest.raises(PermissionDenied):
        review_interactions(
            user=curator, interactions=[key], status=ReviewStatus.REJECTED, reason="Wrong."
        )
    with pytest.raises(ActionError, match="Say why"):
        review_interactions(user=senior, interactions=[key], status=ReviewStatus.DISPUTED)
    for public, message in (
        ({"review_reason": "no such reason"}, "is not a reason of the list"),
        ({"review_pmid": "x"}, "PubMed ID"),
        ({"public_reason": "x" * 5_001}, "5,000 are the most"),
        ({"public_reason": "\x00"}, "NUL"),
    ):
        with pytest.raises(ValidationError, match=message):
            review_interactions(
                user=senior,
                interactions=[key],
                status=ReviewStatus.DISPUTED,
                reason="Old.",
                public=public,
            )
    with pytest.raises(ValidationError, match="nothing to give a reason for"):
        review_interactions(
            user=senior,
            interactions=[key],
            status=ReviewStatus.UNREVIEWED,
            public={"public_reason": "Why."},
        )
    assert not Revision.objects.exists()


def test_a_reason_is_taken_in_any_spelling_and_can_be_changed_alone(senior: User) -> None:
    (key,) = make_many(1, tfs=1)
    ReviewReason.objects.create(name="Own reason")
    for public in ({"review_reason": "OWN  reason"}, {"review_reason": "wrong protein"}):
        outcome = review_interactions(
            user=senior,
            interactions=[key],
            status=ReviewStatus.DISPUTED,
            reason="Old.",
            public=public,
        )
        assert outcome.done == 1
    changes = Revision.objects.order_by("pk").values_list("changes", flat=True)[1]
    assert changes["review_reason"] == ["Own reason", "wrong protein"]
    assert "status" not in changes
