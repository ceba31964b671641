"""Statements at the desk: from the page of their interaction, by forms without scripts."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from curation.models import Proposal, ProposalState, Researcher, Verb
from curation.models.revision import Revision
from curation.public.newest_changes import newest_changes
from curation.public.record_history import history
from proteins.domain.statements import Basis, Sign, StatementState
from proteins.models import Dataset, DetectionMethod, Effect, Interaction, Statement
from tests.curation.admin.forms import edit, messages_of, open_form, page, press, problems, save
from tests.factories import make_statement

pytestmark = pytest.mark.django_db
ADD = {"pmid": "PMID: 11", "effect": "1", "cell_line": "HeLa", "reason": "Read it."}


def form_of_new(browser: Client, interaction: Interaction) -> tuple[str, dict[str, object]]:
    """The form that the interaction's own page leads to."""
    text = browser.get(page("interaction", "change", interaction.pk)).text
    url = f"{page('statement', 'add')}?interaction={interaction.pk}"
    assert url in text
    return url, open_form(browser, url)


def test_statement_is_added_from_the_page_of_its_interaction(
    senior: Client, interaction: Interaction
) -> None:
    Researcher.objects.create(user=User.objects.get(username="senior"), orcid="0000-0002-1825-0097")
    method = DetectionMethod.objects.create(name="reporter gene assay")
    url, fields = form_of_new(senior, interaction)
    save(senior, url, fields | ADD | {"method": method.name})
    statement = Statement.objects.get()
    assert (statement.effect, statement.basis) == (Sign.ACTIVATION, Basis.STATED)
    assert (statement.curator, statement.orcid) == ("senior", "0000-0002-1825-0097")
    interaction.refresh_from_db()
    assert interaction.effect == Effect.ACTIVATION
    shown = senior.get(page("interaction", "change", interaction.pk)).text
    words = "activation (PMID 11), by reporter gene assay, in HeLa, stated by a curator"
    assert words in shown
    assert page("statement", "change", statement.pk) in shown
    events = history("interaction", interaction.pk).events
    assert [event.text for event in events] == [
        "Updated from its statements.",
        f"Statement, {words}: added by a curator.",
    ]
    newest = newest_changes(5)
    assert [change.record for change in newest] == [f"Statement on ING1 → BAX, {words},"]


def test_statement_of_no_effect_has_no_basis(senior: Client, interaction: Interaction) -> None:
    url, fields = form_of_new(senior, interaction)
    save(senior, url, fields | {"pmid": "11"})
    assert Statement.objects.get().basis is None


def test_what_is_wrong_with_a_statement_comes_back_with_the_form(
    senior: Client, interaction: Interaction
) -> None:
    url, fields = form_of_new(senior, interaction)
    answer = senior.post(url, fields | {"pmid": "", "_save": "1"})
    assert problems(answer) == ["Say which publication it is from."]
    answer = senior.post(url, fields | {"pmid": "x", "cell_line": "HeLa", "_save": "1"})
    assert "PubMed ID" in problems(answer)[0]
    assert 'value="HeLa"' in answer.text


def test_statement_is_amended_retracted_and_reinstated(
    senior: Client, interaction: Interaction
) -> None:
    url, fields = form_of_new(senior, interaction)
    save(senior, url, fields | ADD)
    statement = Statement.objects.get()
    edit(senior, "statement", statement.pk, tissue="liver")
    own = page("statement", "change", statement.pk)
    refused = senior.post(own, open_form(senior, own) | {"_verb": "retract"})
    assert problems(refused) == ["Say why: a reason is needed to retract it."]
    shown = press(
        senior, own, open_form(senior, own) | {"_verb": "retract", "reason": "Another gene."}
    )
    assert "is retracted" in messages_of(shown)
    statement.refresh_from_db()
    assert (statement.tissue, statement.state) == ("liver", StatementState.RETRACTED)
    interaction.refresh_from_db()
    assert interaction.effect == Effect.UNKNOWN
    press(senior, own, open_form(senior, own) | {"_verb": "reinstate"})
    interaction.refresh_from_db()
    assert interaction.effect == Effect.ACTIVATION


def test_curators_propose_statements_and_their_retraction(
    proposer: Client, senior: Client, interaction: Interaction
) -> None:
    url, fields = form_of_new(proposer, interaction)
    press(proposer, url, fields | ADD | {"_propose": "1"})
    assert not Statement.objects.exists()
    proposal = Proposal.objects.get()
    again = proposer.post(url, fields | ADD | {"_propose": "1"})
    assert problems(again) == [f"Proposal {proposal.pk} proposes the same already."]
    accept(senior, proposal)
    statement = Statement.objects.get()
    assert statement.curator == "proposer"
    own = page("statement", "change", statement.pk)
    fields = open_form(proposer, own)
    press(proposer, own, fields | {"_verb": "propose-retraction", "reason": "Another gene."})
    statement.refresh_from_db()
    assert statement.state == StatementState.ACTIVE
    accept(senior, Proposal.objects.get(state=ProposalState.OPEN))
    statement.refresh_from_db()
    assert statement.state == StatementState.RETRACTED
    assert statement.state_reason == "Another gene."
    assert Revision.objects.filter(kind="statement").latest("id").verb == Verb.RETRACTED


def accept(browser: Client, proposal: Proposal) -> None:
    shown = browser.get(f"/admin/curation/proposal/{proposal.pk}/change/")
    assert shown.status_code == 200
    answer = browser.post(f"/admin/curation/proposal/{proposal.pk}/accept/", follow=True)
    assert "accepted" in messages_of(answer)


def test_statements_are_searched_by_pair_and_filtered_by_dataset(
    senior: Client, interaction: Interaction
) -> None:
    dataset = Dataset.objects.create(name="TRRUST")
    make_statement(interaction, dataset, pmid=12, source_id="S-1")
    for query in ("q=Q9UK53-Q07812", "q=S-1", f"dataset__id__exact={dataset.pk}"):
        assert "TRRUST on" in senior.get(f"{page('statement', 'changelist')}?{query}").text
    assert "TRRUST on" not in senior.get(f"{page('statement', 'changelist')}?q=P04637").text


def test_dataset_of_what_is_curated_here_stays(senior: Client) -> None:
    dataset = Dataset.objects.get()
    answer = senior.post(page("dataset", "delete", dataset.pk), {"post": "yes"}, follow=True)
    assert "what curators state here belongs to it" in messages_of(answer)
    assert Dataset.objects.exists()


@pytest.mark.parametrize("orcid", ["0000-0002-1825-0098", "12"])
def test_wrong_orcid_is_refused(curator: Client, orcid: str) -> None:
    account = User.objects.get(username="curator")
    url = f"/admin/auth/user/{account.pk}/change/"
    answer = curator.post(url, {"username": "curator", "orcid": orcid})
    assert answer.context["errors"]
    assert not Researcher.objects.exists()


def test_orcid_is_stored_with_the_account(curator: Client) -> None:
    account = User.objects.get(username="curator")
    url = f"/admin/auth/user/{account.pk}/change/"
    curator.post(url, {"username": "curator", "orcid": "https://orcid.org/0000-0002-1825-0097"})
    assert Researcher.objects.get().orcid == "0000-0002-1825-0097"
    assert "0000-0002-1825-0097" in curator.get(url).text
    curator.post(url, {"username": "curator", "orcid": ""})
    assert not Researcher.objects.exists()
