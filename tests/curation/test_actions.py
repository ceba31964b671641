from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from curation.actions import add_interaction, amend_interaction, remove_interaction
from curation.evidence import evidence_for
from proteins.evidence_content import EvidenceContent
from proteins.models import Effect, Evidence, Interaction, Protein, ReviewStatus
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def evidence(db: None) -> Evidence:
    return evidence_for(EvidenceContent.of(["GTRD"], ["selex"], [27924024]))


def counts(accession: str) -> tuple[int, int]:
    protein = Protein.objects.get(accession=accession)
    return protein.target_count, protein.tf_count


def test_an_added_interaction_is_counted_on_both_sides(evidence: Evidence) -> None:
    tf, target = make_protein("Q9UK53"), make_protein("Q07812")
    added = add_interaction(tf=tf, target=target, evidence=evidence, effect=Effect.BOTH)
    added.refresh_from_db()
    assert (added.tf, added.target, added.evidence) == (tf, target, evidence)
    assert (added.effect, added.status) == (Effect.BOTH, ReviewStatus.UNREVIEWED)
    assert (counts("Q9UK53"), counts("Q07812")) == ((1, 0), (0, 1))


def test_a_rejected_one_is_not_counted(evidence: Evidence) -> None:
    tf, target = make_protein("Q9UK53"), make_protein("Q07812")
    add_interaction(tf=tf, target=target, evidence=evidence, status=ReviewStatus.REJECTED)
    assert (counts("Q9UK53"), counts("Q07812")) == ((0, 0), (0, 0))


def test_a_tf_that_regulates_itself_counts_twice(evidence: Evidence) -> None:
    tf = make_protein("Q9UK53")
    itself = add_interaction(tf=tf, target=tf, evidence=evidence)
    assert counts("Q9UK53") == (1, 1)
    remove_interaction(interaction=itself)
    assert counts("Q9UK53") == (0, 0)


def test_a_pair_is_added_once_and_a_failure_leaves_the_counts(evidence: Evidence) -> None:
    stored = make_interaction(make_protein("Q9UK53"), make_protein("Q07812"))
    with pytest.raises(IntegrityError), transaction.atomic():
        add_interaction(tf=stored.tf, target=stored.target, evidence=evidence)
    assert counts("Q9UK53") == (1, 0)


def amend(interaction: Interaction, status: ReviewStatus) -> Interaction:
    return amend_interaction(
        interaction=interaction,
        evidence=interaction.evidence,
        effect=Effect(interaction.effect),
        status=status,
    )


def test_counts_follow_the_stored_status_and_not_the_one_in_hand() -> None:
    in_hand = make_interaction(make_protein("Q9UK53"), make_protein("Q07812"))
    elsewhere = Interaction.objects.get(pk=in_hand.pk)
    amend(elsewhere, ReviewStatus.REJECTED)
    amend(in_hand, ReviewStatus.REJECTED)
    assert counts("Q9UK53") == (0, 0)
    amend(in_hand, ReviewStatus.DISPUTED)
    assert (counts("Q9UK53"), counts("Q07812")) == ((1, 0), (0, 1))


def test_an_amendment_that_changes_nothing_writes_nothing() -> None:
    stored = make_interaction(make_protein("Q9UK53"), make_protein("Q07812"))
    Interaction.objects.update(changed_at=LONG_AGO)
    assert amend(stored, ReviewStatus.UNREVIEWED).changed_at == LONG_AGO
    assert amend(stored, ReviewStatus.CONFIRMED).changed_at > LONG_AGO


def test_removing_takes_out_of_the_counts_once(evidence: Evidence) -> None:
    tf, target = make_protein("Q9UK53"), make_protein("Q07812")
    stored = add_interaction(tf=tf, target=target, evidence=evidence)
    in_hand = Interaction.objects.get(pk=stored.pk)
    remove_interaction(interaction=stored)
    remove_interaction(interaction=in_hand)
    assert not Interaction.objects.exists()
    assert (counts("Q9UK53"), counts("Q07812")) == ((0, 0), (0, 0))


def test_what_a_source_reports_is_not_removed() -> None:
    stored = make_interaction(make_protein("Q9UK53"), make_protein("Q07812"))
    with pytest.raises(ValidationError, match="Reject it instead"):
        remove_interaction(interaction=stored)
    assert counts("Q9UK53") == (1, 0)


def test_removing_a_rejected_one_leaves_the_counts(evidence: Evidence) -> None:
    tf, target = make_protein("Q9UK53"), make_protein("Q07812")
    make_interaction(tf, tf)
    rejected = add_interaction(
        tf=tf, target=target, evidence=evidence, status=ReviewStatus.REJECTED
    )
    remove_interaction(interaction=rejected)
    assert counts("Q9UK53") == (1, 1)
