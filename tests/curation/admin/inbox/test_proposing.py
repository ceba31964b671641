"""Who may only propose opens proposals with the forms that others save."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from curation import actions
from curation.checks import find_breaches
from curation.models import Proposal, Revision
from curation.permissions import ADMINISTRATOR
from proteins.models import BindingSite, Citation, Interaction, Protein
from tests.curation.admin.forms import messages_of, open_form, page, press, problems, send
from tests.curation.people import browser_of, make_person
from tests.factories import make_protein, taxon


def a_record_of_each(interaction: Interaction) -> dict[str, int]:
    site = BindingSite.objects.create(
        tflink_id="TFLinkLS1", tf=interaction.tf, evidence=interaction.evidence
    )
    return {
        "protein": interaction.tf_id,
        "interaction": interaction.pk,
        "bindingsite": site.pk,
        "citation": Citation.objects.get(pmid=27924024).pk,
    }


CHANGES = {
    "protein": ({"name": "p33"}, {"name": ["ING1", "p33"]}),
    "interaction": ({"effect": "1"}, {"effect": [0, 1]}),
    "bindingsite": ({"chromosome": "chr1"}, {"chromosome": ["", "chr1"]}),
    "citation": ({"title": "A"}, {"title": ["", "A"]}),
}


@pytest.mark.parametrize("model", CHANGES)
@pytest.mark.parametrize("button", ["_save", "_continue", "_addanother", "_propose", ""])
def test_a_curator_proposes_whatever_button_is_sent(
    proposer: Client, interaction: Interaction, model: str, button: str
) -> None:
    pk = a_record_of_each(interaction)[model]
    typed, changes = CHANGES[model]
    url = page(model, "change", pk)
    if model == "citation":
        Citation.objects.filter(pk=pk).update(title="")
    text = proposer.get(url).text
    assert "Propose this change</button>" in text
    assert 'name="_save"' not in text
    data = open_form(proposer, url) | typed | {"reason": "As published", button or "x": "1"}
    answer = proposer.post(url, data)
    assert answer.status_code in (302, 403)
    proposal = Proposal.objects.get()
    assert (proposal.changes, proposal.comment) == (changes, "As published")
    assert not Revision.objects.exists()


def test_what_is_proposed_is_told_with_a_link(proposer: Client, interaction: Interaction) -> None:
    url = page("protein", "change", interaction.tf_id)
    answer = press(proposer, url, open_form(proposer, url) | {"name": "p33"})
    assert "waits for a senior curator" in messages_of(answer)
    assert f"/proposal/{Proposal.objects.get().pk}/change/" in messages_of(answer)
    form = proposer.get(url)
    assert "Waiting for a decision" in form.text
    assert Protein.objects.get(pk=interaction.tf_id).name == "ING1"


def test_a_senior_curator_may_propose_instead(senior: Client, interaction: Interaction) -> None:
    url = page("protein", "change", interaction.tf_id)
    assert "Propose instead</button>" in senior.get(url).text
    press(senior, url, open_form(senior, url) | {"name": "p33", "_propose": "1"})
    assert Proposal.objects.get().changes == {"name": ["ING1", "p33"]}
    assert not Revision.objects.exists()


def test_nothing_proposed_is_told(proposer: Client, interaction: Interaction) -> None:
    url = page("protein", "change", interaction.tf_id)
    answer = press(proposer, url, open_form(proposer, url) | {"_propose": "1"})
    assert "You changed nothing" in messages_of(answer)
    assert not Proposal.objects.exists()


def test_the_same_is_not_proposed_twice(proposer: Client, interaction: Interaction) -> None:
    url = page("protein", "change", interaction.tf_id)
    for _ in range(2):
        answer = press(proposer, url, open_form(proposer, url) | {"name": "p33", "reason": "Why"})
    assert "proposes the same" in " ".join(problems(answer))
    assert "Why</textarea>" in answer.text
    assert Proposal.objects.count() == 1


def test_a_new_interaction_is_proposed(proposer: Client, interaction: Interaction) -> None:
    url = page("interaction", "add")
    assert "Propose this interaction</button>" in proposer.get(url).text
    data = open_form(proposer, url)
    data |= {"tf": interaction.target_id, "target": interaction.tf_id, "pmids": "5", "reason": "R"}
    answer = press(proposer, url, data)
    assert "waits for a senior curator" in messages_of(answer)
    proposal = Proposal.objects.get()
    assert (proposal.record_key, proposal.record_id) == ("Q07812-Q9UK53", None)
    assert proposal.changes["evidence"][1]["pmids"] == [5]
    assert Interaction.objects.count() == 1
    again = send(proposer, url, data)
    assert "proposes Q07812-Q9UK53 already" in " ".join(problems(again))


def test_a_new_protein_is_proposed_corrected_and_added(
    proposer: Client, senior: Client, interaction: Interaction
) -> None:
    url = page("protein", "add")
    assert "Propose this protein</button>" in proposer.get(url).text
    data = open_form(proposer, url)
    data |= {"accession": "P04637", "taxon": taxon().pk, "name": "TP53", "gene_ids": "7157"}
    data |= {"reason": "In Figure 1", "_propose": "1"}
    assert "waits for a senior curator" in messages_of(press(proposer, url, data))
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.record_key, proposal.record_id) == ("protein", "P04637", None)
    assert proposal.taxon == taxon()
    assert not Protein.objects.filter(accession="P04637").exists()
    assert "proposes P04637 already" in " ".join(problems(send(proposer, url, data)))
    view = reverse("admin:curation_proposal_change", args=[proposal.pk])
    assert "A new protein" in senior.get(view).text
    correct = f"{url}?proposal={proposal.pk}"
    answer = send(senior, correct, open_form(senior, correct) | {"name": "p53", "_save": "1"})
    assert answer.status_code == 302
    protein = Protein.objects.get(accession="P04637")
    assert (protein.name, protein.gene_ids.get().ncbi_gene_id) == ("p53", 7157)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.record_id) == ("accepted", protein.pk)
    revision = Revision.objects.get(kind="protein")
    assert (revision.verb, revision.proposal) == ("added", proposal)
    assert not list(find_breaches())


def test_a_protein_that_came_meanwhile_sends_its_proposal_back(
    proposer: Client, interaction: Interaction
) -> None:
    url = page("protein", "add")
    data = open_form(proposer, url) | {"accession": "P04637", "taxon": taxon().pk}
    press(proposer, url, data)
    make_protein("P04637", "TP53")
    accepted = actions.accept_proposal(user=make_person("sam"), proposal=Proposal.objects.get())
    assert accepted.state == "returned"
    assert "P04637 is there already" in accepted.decision_reason


@pytest.mark.parametrize("model", ["bindingsite", "citation"])
def test_other_new_records_are_not_a_curators(proposer: Client, db: None, model: str) -> None:
    assert proposer.get(page(model, "add")).status_code == 403
    data = {"accession": "P04637", "taxon": "1", "pmid": "5", "tflink_id": "TFLinkLS1"}
    assert proposer.post(page(model, "add"), data | {"_propose": "1"}).status_code == 403
    assert not Protein.objects.exists()


def test_a_curator_deletes_nothing(proposer: Client, interaction: Interaction) -> None:
    protein = make_protein("P04637")
    text = proposer.get(page("protein", "change", protein.pk)).text
    assert page("protein", "delete", protein.pk) not in text
    url = page("protein", "delete", protein.pk)
    assert proposer.get(url).status_code == 403
    assert proposer.post(url, {"seen": "0"}).status_code == 403
    assert Protein.objects.filter(pk=protein.pk).exists()


def test_who_only_looks_is_shown_no_form(interaction: Interaction) -> None:
    administrator = browser_of(make_person("carl", ADMINISTRATOR))
    for model, pk in a_record_of_each(interaction).items():
        url = page(model, "change", pk)
        text = administrator.get(url).text
        for part in ("<textarea", "<select", 'type="checkbox"', 'type="submit" name'):
            assert part not in text, part
        assert administrator.post(url, {"name": "x", "reason": "y"}).status_code == 403
    assert not Revision.objects.exists()
    assert not Proposal.objects.exists()
