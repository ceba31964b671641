from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from curation.models import Revision
from curation.shared.evidence import evidence_for
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.models import Citation, Effect, Interaction, Protein, PubMedStatus
from tests.curation.admin.forms import edit, messages_of, open_form, page, press, problems, save
from tests.factories import change_at, make_interaction, make_protein

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def counts(interaction: Interaction) -> tuple[int, int]:
    tf = Protein.objects.get(pk=interaction.tf_id)
    target = Protein.objects.get(pk=interaction.target_id)
    return tf.target_count, target.tf_count


def test_what_supports_it_and_its_effect_are_stored(
    curator: Client, interaction: Interaction
) -> None:
    change_at(LONG_AGO, Interaction.objects.all())
    edit(
        curator,
        "interaction",
        interaction.pk,
        sources=["TRRUST", "HTRI"],
        methods=["inferred by curator"],
        pmids="PMID: 29087512",
        small_scale="yes",
        effect=str(Effect.REPRESSION.value),
    )
    interaction.refresh_from_db()
    assert interaction.evidence == evidence_for(
        EvidenceContent.of(["HTRI", "TRRUST"], ["inferred by curator"], [29087512], SmallScale.YES)
    )
    assert interaction.effect == Effect.REPRESSION
    assert interaction.changed_at > LONG_AGO
    assert counts(interaction) == (1, 1)


def test_equal_support_is_shared(curator: Client, interaction: Interaction) -> None:
    other = make_interaction(interaction.tf, interaction.tf, pmids=[5])
    edit(curator, "interaction", other.pk, pmids="27924024")
    other.refresh_from_db()
    assert other.evidence_id == interaction.evidence_id


@pytest.mark.parametrize(
    "typed",
    [
        "17244529 29087512",
        "17244529,29087512",
        "17244529;\n29087512.",
        "PMID: 17244529, PMID:29087512",
        "PMIDs 17244529 and 29087512",
        "pmid17244529\tPubMed ID: 29087512",
        "https://pubmed.ncbi.nlm.nih.gov/17244529/ "
        "https://www.ncbi.nlm.nih.gov/pubmed/29087512?dopt=Abstract",
        "(17244529) [29087512] 17244529",
        "\u200b17244529\u00a0\uff12\uff19\uff10\uff18\uff17\uff15\uff11\uff12",
        "17244529/29087512",
        "17244529.0|29087512",
    ],
)
def test_publications_are_pasted_in_any_manner(
    curator: Client, interaction: Interaction, typed: str
) -> None:
    edit(curator, "interaction", interaction.pk, pmids=typed)
    interaction.refresh_from_db()
    assert interaction.evidence.content().pmids == (17244529, 29087512)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("17244529 1724452x", "'1724452x' is not a PubMed ID"),
        ("17244529, 999999999", "'999999999' is not a PubMed ID"),
        ("17244529 0", "'0' is not a PubMed ID"),
        ("PMC1234567", "an identifier of PubMed Central"),
        ("10.1093/database/baac083", "is a DOI"),
        ("10.1000/182", "is a DOI"),
        ("https://example.org/17244529", "is not a PubMed ID"),
        ("17244529-17244531", "is not a PubMed ID"),
        (" ".join(f"x{number}" for number in range(10)), "And 2 more are not PubMed IDs"),
        (" ".join(str(number) for number in range(1, 2_003)), "2,000 are the most"),
    ],
)
def test_what_is_no_publication_is_named_and_nothing_is_lost(
    curator: Client, interaction: Interaction, typed: str, message: str
) -> None:
    url = page("interaction", "change", interaction.pk)
    data = open_form(curator, url) | {"pmids": typed, "reason": "Read them", "effect": "1"}
    answer = curator.post(url, data)
    assert message in " ".join(problems(answer))
    assert f"{typed}</textarea>" in answer.text
    assert "Read them</textarea>" in answer.text
    assert not Revision.objects.exists()
    assert Citation.objects.filter(pmid=17244529).count() == 0


def test_something_supports_an_interaction(curator: Client, interaction: Interaction) -> None:
    url = page("interaction", "change", interaction.pk)
    answer = curator.post(url, open_form(curator, url) | {"sources": [], "pmids": ""})
    assert "Choose at least one source database, or a publication." in problems(answer)


@pytest.mark.parametrize("field", ["sources", "methods", "small_scale", "effect"])
def test_what_is_not_offered_is_refused(
    curator: Client, interaction: Interaction, field: str
) -> None:
    url = page("interaction", "change", interaction.pk)
    answer = curator.post(url, open_form(curator, url) | {field: "of my own"})
    assert "of my own is not" in " ".join(problems(answer))
    assert not Revision.objects.exists()


def test_the_status_is_no_field(curator: Client, interaction: Interaction) -> None:
    """A verdict has its buttons, which demand a reason and the right to it."""
    edit(curator, "interaction", interaction.pk, status="3", reporting="2", effect="1")
    interaction.refresh_from_db()
    assert (interaction.status, interaction.reporting, interaction.effect) == (0, 0, 1)


def test_the_pair_of_an_interaction_is_fixed(curator: Client, interaction: Interaction) -> None:
    other = make_protein("P04637", "TP53")
    edit(curator, "interaction", interaction.pk, tf=other.pk, target=other.pk, effect="1")
    interaction.refresh_from_db()
    assert interaction.tf.accession == "Q9UK53"
    assert interaction.target.accession == "Q07812"


def test_adding_and_deleting_keep_the_counts(curator: Client, interaction: Interaction) -> None:
    bax = interaction.target
    url = page("interaction", "add")
    data = open_form(curator, url) | {"tf": bax.pk, "target": bax.pk, "sources": ["GTRD"]}
    assert "was added" in messages_of(press(curator, url, {"_save": "1", **data}))
    itself = Interaction.objects.get(tf=bax)
    assert counts(itself) == (1, 2)
    again = curator.post(url, data)
    assert "is there already" in " ".join(problems(again))
    save(
        curator,
        page("interaction", "delete", itself.pk),
        {"seen": Revision.objects.get().pk, "reason": "A slip"},
    )
    assert counts(interaction) == (1, 1)
    bax.refresh_from_db()
    assert bax.target_count == 0


def test_a_pair_of_two_species_is_refused(curator: Client, interaction: Interaction) -> None:
    mouse = make_protein("P02340", "Tp53", code="Mm")
    url = page("interaction", "add")
    data = open_form(curator, url)
    data |= {"tf": interaction.tf_id, "target": mouse.pk, "sources": ["GTRD"], "reason": "Seen"}
    answer = curator.post(url, data)
    assert "a TF regulates targets of its own species" in " ".join(problems(answer))
    assert "Seen</textarea>" in answer.text
    assert "Tp53 (P02340)</option>" in answer.text, "the chosen protein is still chosen"


def test_a_form_for_a_pair_can_be_linked_to(curator: Client, interaction: Interaction) -> None:
    url = page("interaction", "add")
    form = curator.get(f"{url}?tf={interaction.tf_id}&target=x&sources=GTRD&seen=7").text
    assert f'<option value="{interaction.tf_id}" selected>' in form


def test_what_a_source_reports_is_rejected_and_not_deleted(
    curator: Client, interaction: Interaction
) -> None:
    url = page("interaction", "delete", interaction.pk)
    answer = curator.post(url, {"post": "yes"}, follow=True)
    assert "cannot be deleted: its sources report it" in answer.text
    assert "Reject it instead" in answer.text
    assert counts(interaction) == (1, 1)
    data = {"action": "delete_selected", "_selected_action": [interaction.pk], "post": "yes"}
    curator.post(page("interaction", "changelist"), data)
    assert Interaction.objects.exists()


def test_publications_are_shown_with_title_standing_and_whose_they_are(
    curator: Client, interaction: Interaction
) -> None:
    Interaction.objects.update(
        evidence=evidence_for(
            EvidenceContent.of(
                ["GTRD", "TFactS_via_DoRothEA"], ["selex"], [27924024, 22761861, 17244529]
            )
        )
    )
    Citation.objects.filter(pmid=17244529).update(
        title="ING1 and BAX", journal="Nature", year=2007, is_retracted=True
    )
    Citation.objects.filter(pmid=22761861).update(pubmed_status=PubMedStatus.NOT_FOUND)
    text = curator.get(page("interaction", "change", interaction.pk)).text
    lines = text.split('<ul class="publications">')[1].split("</ul>")[0].split("<li>")[1:]
    assert "https://pubmed.ncbi.nlm.nih.gov/17244529/" in lines[0]
    assert "(retracted)" in lines[0]
    assert "ING1 and BAX Nature 2007" in lines[0]
    assert "(not known to PubMed)" in lines[1]
    assert "the paper of TFactS via DoRothEA itself" in lines[1]
    assert "the paper of GTRD itself" in lines[2]


def test_nobody_meets_the_insides(curator: Client, interaction: Interaction) -> None:
    for url in (
        page("interaction", "change", interaction.pk),
        page("interaction", "add"),
        page("interaction", "delete", interaction.pk),
    ):
        text = curator.get(url, follow=True).text.lower()
        assert "digest" not in text
        assert "evidence row" not in text
        assert "evidence_id" not in text


def test_a_pair_is_named_by_accession_where_nothing_is_completed(
    curator: Client, interaction: Interaction
) -> None:
    """Without JavaScript; the empty list that would be completed is sent as well."""
    url = page("interaction", "add")
    assert '<noscript><input name="tf"' in curator.get(url).text
    data = open_form(curator, url) | {"sources": ["GTRD"]}
    wrong = curator.post(url, data | {"tf": ["", "P04637"], "target": [interaction.tf_id, ""]})
    assert "Select a valid choice" in " ".join(problems(wrong))
    save(curator, url, data | {"tf": ["", " q07812 "], "target": [interaction.tf_id, ""]})
    assert Interaction.objects.between("Q07812", "Q9UK53").exists()
    url = page("protein", "add")
    save(curator, url, open_form(curator, url) | {"accession": "P02340", "taxon": "mm"})
    assert Protein.objects.get(accession="P02340").taxon.code == "Mm"
