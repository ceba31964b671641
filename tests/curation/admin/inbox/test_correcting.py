"""The form of a record, opened from a proposal: by its author, or by who accepts it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from curation import actions
from curation.admin.inbox.words import correction_url
from curation.models import Proposal, RecordKind, Revision
from curation.permissions import CURATOR, SENIOR_CURATOR
from proteins.models import Citation, Interaction, Protein, Statement
from tests.curation.admin.forms import form_in, open_form, problems
from tests.curation.admin.forms import press as send
from tests.curation.admin.queue import browser, press, proposal_page, propose_name, the_list
from tests.curation.people import browser_of, make_person
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db
EVIDENCE = {"sources": ["GTRD"], "methods": [], "pmids": [5], "small_scale": "yes"}
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def senior() -> Client:
    return browser("senior", SENIOR_CURATOR)


@pytest.fixture
def ada() -> User:
    return make_person("ada", CURATOR)


@pytest.fixture
def pair() -> tuple[Protein, Protein]:
    return make_protein("Q9UK53", "ING1", genes=[3621]), make_protein("Q07812", "BAX")


@pytest.fixture
def proposal(ada: User, pair: tuple[Protein, Protein]) -> Proposal:
    """One more database for an interaction, to which a colleague added another meanwhile."""
    evidence = {**EVIDENCE, "sources": ["GTRD", "JASPAR"]}
    interaction = make_interaction(*pair, pmids=[5], methods=[])
    proposal = actions.propose(
        user=ada, kind=RecordKind.INTERACTION, record_id=interaction.pk,
        values={"evidence": {**evidence, "small_scale": "no"}, "effect": 1}, reason="Figure 2.",
    )  # fmt: skip
    actions.amend_interaction(
        user=make_person("eve"), interaction=interaction,
        values={"evidence": {**EVIDENCE, "sources": ["GTRD", "TRRUST"], "small_scale": "no"}},
    )  # fmt: skip
    return proposal


def test_a_reviewer_corrects_and_accepts(senior: Client, proposal: Proposal) -> None:
    url = correction_url(proposal)
    assert url in senior.get(proposal_page(proposal)).text
    form = open_form(senior, url)
    assert set(form["sources"]) == {"GTRD", "JASPAR", "TRRUST"}, "now, and what is proposed"
    assert form["effect"] == ["1"]
    answer = send(senior, url, form | {"effect": "2", "_save": "1"})
    assert "was corrected and accepted" in answer.text
    assert answer.redirect_chain[-1][0] == proposal_page(proposal)
    assert "What accepting it changed" in answer.text
    interaction = Interaction.objects.get()
    assert interaction.evidence.content().sources == ("GTRD", "JASPAR", "TRRUST")
    assert interaction.effect == 2
    proposal.refresh_from_db()
    assert proposal.changes["effect"] == [0, 1]
    assert (proposal.applied or {})["effect"] == [0, 2]
    history = senior.get(f"/admin/proteins/interaction/{interaction.pk}/history/").text
    assert f"Proposal {proposal.pk} by ada" in history


def test_its_author_corrects_what_was_sent_back(senior: Client, proposal: Proposal) -> None:
    author = browser_of(make_person("ada", CURATOR))
    assert correction_url(proposal) not in author.get(proposal_page(proposal)).text
    answer = press(senior, proposal, "return", reason=f"Not in Figure 2. {HOSTILE}", follow=True)
    assert "went back to ada" in answer.text
    assert HOSTILE not in answer.text
    home = author.get("/admin/").text
    assert "sent back by senior" in home
    assert "Not in Figure 2." in home
    assert f"Proposal {proposal.pk}" in author.get(the_list("?state=returned&by=me")).text
    text = author.get(proposal_page(proposal)).text
    assert "This was sent back to you" in text
    assert "<ins>database JASPAR</ins>" in text
    assert HOSTILE not in home + text
    url = correction_url(proposal)
    form = open_form(author, url)
    answer = send(author, url, form | {"effect": "0", "reason": "Figure 3.", "_save": "1"})
    assert "is open again" in answer.text
    proposal.refresh_from_db()
    assert (proposal.state, proposal.comment) == ("open", "Figure 3.")
    assert proposal.changes == {"evidence": {"sources": {"added": ["JASPAR"], "removed": []}}}


def test_opened_again_as_it_is(senior: Client, ada: User, proposal: Proposal) -> None:
    press(senior, proposal, "return", reason="Why?")
    author = browser_of(ada)
    answer = press(author, proposal, "resubmit", reason="As Figure 2 says.", follow=True)
    assert "open again" in answer.text
    proposal.refresh_from_db()
    assert (proposal.state, proposal.comment) == ("open", "As Figure 2 says.")
    assert proposal.changes["effect"] == [0, 1]


def test_what_changed_while_the_form_was_open(senior: Client, proposal: Proposal) -> None:
    url = correction_url(proposal)
    form = open_form(senior, url)
    interaction = Interaction.objects.get()
    actions.amend_interaction(user=make_person("eve"), interaction=interaction,
                              values={"effect": 3})  # fmt: skip
    answer = senior.post(url, form | {"_save": "1"})
    assert "While this form was open, eve changed this record" in problems(answer)[0]
    assert Interaction.objects.get().effect == 3
    assert "was corrected" in send(senior, url, form_in(answer.text) | {"_save": "1"}).text
    assert Interaction.objects.get().effect == 1


def test_a_new_interaction(senior: Client, ada: User, pair: tuple[Protein, Protein]) -> None:
    tf, target = pair
    proposal = actions.propose_interaction(
        user=ada, tf=tf, target=target, values={"evidence": EVIDENCE}
    )
    url = correction_url(proposal)
    form = open_form(senior, url)
    assert form["pmids"] == ["5"]
    # What identifies it is the proposal's, whatever is sent.
    answer = send(senior, url, form | {"pmids": "6", "tf": str(target.pk), "_save": "1"})
    assert "was corrected and accepted" in answer.text
    added = Interaction.objects.get()
    assert (added.tf, added.target, added.evidence.content().pmids) == (tf, target, (6,))


def test_a_new_statement(senior: Client, ada: User, pair: tuple[Protein, Protein]) -> None:
    interaction = make_interaction(*pair)
    proposal = actions.propose_statement(
        user=ada, interaction=interaction, values={"pmid": 7, "quotation": "As said."}
    )
    press(senior, proposal, "return", reason="Which cells?")
    author, url = browser_of(ada), correction_url(proposal)
    form = open_form(author, url)
    assert form["quotation"] == ["As said."]
    send(author, url, form | {"cell_line": "HeLa", "_save": "1"})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.changes["cell_line"]) == ("open", [None, "HeLa"])
    url = correction_url(proposal)
    send(senior, url, open_form(senior, url) | {"pmid": "8", "_save": "1"})
    statement = Statement.objects.get()
    assert (statement.citation or Citation()).pmid == 8
    assert (statement.cell_line, statement.curator) == ("HeLa", "ada")


def test_what_the_form_has_no_field_for_stays_as_proposed(
    senior: Client, ada: User, pair: tuple[Protein, Protein]
) -> None:
    interaction = make_interaction(*pair)
    proposal = actions.propose(
        user=ada, kind=RecordKind.INTERACTION, record_id=interaction.pk,
        values={"status": 2, "effect": 1}, reason="Doubtful.",
    )  # fmt: skip
    url = correction_url(proposal)
    send(senior, url, open_form(senior, url) | {"effect": "0", "_save": "1"})
    interaction.refresh_from_db()
    assert (interaction.status, interaction.effect) == (2, 0)


def test_who_may_not(senior: Client, ada: User, proposal: Proposal) -> None:
    url = correction_url(proposal)
    other = browser("bob", CURATOR)
    assert other.get(url).status_code == 403
    assert browser_of(ada).get(url, follow=True).redirect_chain[-1][0] == proposal_page(proposal)
    protein = Protein.objects.get(accession="Q9UK53")
    for wrong in ("0", "x", "9" * 30, str(proposal.pk)):
        page = f"/admin/proteins/protein/{protein.pk}/change/?proposal={wrong}"
        assert senior.get(page).status_code == 404
    form: dict[str, Any] = open_form(senior, url)
    press(senior, proposal, "reject", reason="No.")
    assert senior.get(url)["Location"] == proposal_page(proposal)
    answer = senior.post(url, form | {"_save": "1"})
    assert f"Proposal {proposal.pk} is rejected already" in problems(answer)[0]
    assert Revision.objects.count() == 1


def test_both_versions_of_what_cannot_be_applied(senior: Client, ada: User) -> None:
    protein = make_protein("P04637", "TP53")
    first, second = (propose_name(ada, protein, name) for name in ("p53", "P53A"))
    chosen = {"_selected_action": [first.pk, second.pk]}
    answer = senior.post(the_list("several/accept/"), chosen)
    assert "<strong>1</strong> sent back" in answer.text
    text = browser_of(ada).get(proposal_page(second)).text
    for part in ("The name of P04637 changed", "<del>p53</del>", "<ins>P53A</ins>"):
        assert part in text
    confirmation = senior.post(the_list(), chosen | {"action": "accept_selected"})
    assert "It is sent back already." in confirmation.text
