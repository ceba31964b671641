from __future__ import annotations

from datetime import UTC, datetime

from django.test import Client

from curation.evidence import evidence_for
from proteins.evidence_content import EvidenceContent
from proteins.models import (
    Effect,
    Interaction,
    Protein,
    ReviewStatus,
)
from tests.curation.admin.forms import form_of, page, save
from tests.factories import make_protein

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def counts(interaction: Interaction) -> tuple[int, int]:
    tf = Protein.objects.get(pk=interaction.tf_id)
    target = Protein.objects.get(pk=interaction.target_id)
    return tf.target_count, target.tf_count


def test_rejecting_and_reopening_keep_the_counts(curator: Client, interaction: Interaction) -> None:
    Interaction.objects.update(changed_at=LONG_AGO)
    address = page("interaction", "change", interaction.pk)
    for status, expected in (
        (ReviewStatus.REJECTED, (0, 0)),
        (ReviewStatus.REJECTED, (0, 0)),
        (ReviewStatus.CONFIRMED, (1, 1)),
        (ReviewStatus.DISPUTED, (1, 1)),
    ):
        save(curator, address, form_of(interaction, status=status.value))
        assert counts(interaction) == expected
    interaction.refresh_from_db()
    assert interaction.status == ReviewStatus.DISPUTED
    assert interaction.changed_at > LONG_AGO


def test_other_evidence_and_effect_are_stored(curator: Client, interaction: Interaction) -> None:
    other = evidence_for(EvidenceContent.of(["TRRUST"], ["inferred by curator"], [29087512]))
    address = page("interaction", "change", interaction.pk)
    save(
        curator,
        address,
        form_of(interaction, evidence=other.pk, effect=Effect.REPRESSION.value),
    )
    interaction.refresh_from_db()
    assert (interaction.evidence, interaction.effect) == (other, Effect.REPRESSION)
    assert interaction.changed_at > LONG_AGO
    assert counts(interaction) == (1, 1)


def test_the_pair_of_an_interaction_is_fixed(curator: Client, interaction: Interaction) -> None:
    other = make_protein("P04637", "TP53")
    save(
        curator,
        page("interaction", "change", interaction.pk),
        form_of(interaction, tf=other.pk, target=other.pk),
    )
    interaction.refresh_from_db()
    assert interaction.tf.accession == "Q9UK53"
    assert interaction.target.accession == "Q07812"


def test_adding_and_deleting_keep_the_counts(curator: Client, interaction: Interaction) -> None:
    bax = interaction.target
    data = form_of(interaction, tf=bax.pk, target=bax.pk)
    save(curator, page("interaction", "add"), data)
    itself = Interaction.objects.get(tf=bax)
    assert counts(itself) == (1, 2)
    again = curator.post(page("interaction", "add"), data)
    assert "already exists" in again.text
    save(curator, page("interaction", "delete", itself.pk), {"post": "yes"})
    assert counts(interaction) == (1, 1)
    bax.refresh_from_db()
    assert bax.target_count == 0


def test_what_a_source_reports_is_rejected_and_not_deleted(
    curator: Client, interaction: Interaction
) -> None:
    address = page("interaction", "delete", interaction.pk)
    answer = curator.post(address, {"post": "yes"}, follow=True)
    assert "cannot be deleted: its sources report it" in answer.text
    assert "Reject it instead" in answer.text
    assert counts(interaction) == (1, 1)
    data = {"action": "delete_selected", "_selected_action": [interaction.pk], "post": "yes"}
    curator.post(page("interaction", "changelist"), data)
    assert Interaction.objects.exists()


def test_evidence_is_readable_and_tells_databases_papers_apart(
    curator: Client, interaction: Interaction
) -> None:
    Interaction.objects.update(
        evidence=evidence_for(
            EvidenceContent.of(
                ["GTRD", "TFactS_via_DoRothEA"], ["selex"], [27924024, 22761861, 17244529]
            )
        )
    )
    text = curator.get(page("interaction", "change", interaction.pk)).text
    assert "<strong>Databases:</strong> GTRD, TFactS via DoRothEA</p>" in text
    assert "<strong>Detection methods:</strong> selex</p>" in text
    assert "https://pubmed.ncbi.nlm.nih.gov/17244529/" in text
    primary, papers = text.split("Papers of the databases themselves")
    assert "17244529</a>" in primary
    assert "17244529</a>" not in papers
    assert "27924024</a> (GTRD)" in papers
    assert "22761861</a> (TFactS via DoRothEA)" in papers
    assert "not stated" in text
