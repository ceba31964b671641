"""The page of a proposal, and what is decided there."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from curation import actions
from curation.models import Proposal, Revision
from curation.permissions import CURATOR
from proteins.models import Interaction, Protein
from tests.curation.admin.queue import (
    browser,
    press,
    proposal_page,
    propose_name,
    report,
    some_protein,
    the_list,
)
from tests.curation.people import browser_of, make_person
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"
#: Queries of the page of a proposal at most: session, user and rights (4), the proposal, the
#: version and values of its record (8), pins, comments, endorsements, others, deciders.
PAGE_QUERIES = 20


@pytest.fixture
def senior() -> Client:
    return browser("senior", "Senior curator")


@pytest.fixture
def protein() -> Protein:
    return some_protein()


# The page of one


def test_a_page_shows_both_sides(senior: Client, protein: Protein) -> None:
    proposal = propose_name(make_person("ada", CURATOR), protein, "A1", "the newer name")
    answer = senior.get(proposal_page(proposal))
    for part in ("<del>ING1</del>", "<ins>A1</ins>", "the newer name", "ada", "Homo sapiens"):
        assert part in answer.text
    assert protein.get_absolute_url() in answer.text
    assert "The record changed since" not in answer.text


def test_what_changed_since_is_flagged(senior: Client, protein: Protein) -> None:
    proposal = propose_name(make_person("ada", CURATOR), protein, "A1")
    actions.amend_protein(user=make_person("eve"), protein=protein, values={"name": "E1"})
    text = senior.get(proposal_page(proposal)).text
    assert "The record changed since this was opened" in text
    for part in ("<del>ING1</del>", "<ins>E1</ins>", "<del>E1</del>", "<ins>A1</ins>"):
        assert part in text


def test_a_change_between_reading_and_pressing_is_told(senior: Client, protein: Protein) -> None:
    proposal = propose_name(make_person("ada", CURATOR), protein, "A1")
    seen = senior.get(proposal_page(proposal)).context["seen"]
    actions.amend_protein(user=make_person("eve"), protein=protein, values={"name": "E1"})
    answer = press(senior, proposal, "accept", seen=seen, reason="what I typed")
    assert answer.status_code == 200
    assert "changed meanwhile, by eve" in answer.text
    assert "what I typed</textarea>" in answer.text
    assert Protein.objects.get().name == "E1"
    # Seen by now, it is accepted.
    seen = answer.context["seen"]
    assert press(senior, proposal, "accept", seen=seen, reason="yes").status_code == 302
    assert Protein.objects.get().name == "A1"
    assert Revision.objects.latest("id").reason == "yes"


@pytest.mark.parametrize("seen", ["", "nonsense", "-1", "9" * 40])
def test_without_what_was_seen_the_record_must_be_as_it_was(
    senior: Client, protein: Protein, seen: str
) -> None:
    proposal = propose_name(make_person("ada", CURATOR), protein, "A1")
    actions.amend_protein(user=make_person("eve"), protein=protein, values={"name": "E1"})
    answer = press(senior, proposal, "accept", seen=seen, follow=True)
    assert "went back to ada" in answer.text
    assert Protein.objects.get().name == "E1"
    proposal.refresh_from_db()
    assert proposal.state == "returned"


def test_a_reason_is_demanded_to_reject(senior: Client, protein: Protein) -> None:
    proposal = propose_name(make_person("ada", CURATOR), protein, "A1")
    for reason in ("", "  \n"):
        assert "a reason is needed" in press(senior, proposal, "reject", reason=reason).text
    assert press(senior, proposal, "reject", reason="not so").status_code == 302
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decision_reason) == ("rejected", "not so")


def test_what_is_decided_says_so(senior: Client, protein: Protein) -> None:
    proposal = propose_name(make_person("ada", CURATOR), protein, "A1")
    press(browser("eve", "Senior curator"), proposal, "reject", reason="no")
    to = make_person("senior").pk
    for button in ("accept", "reject", "withdraw", "assign", "endorse"):
        answer = press(senior, proposal, button, reason="typed before", to=to)
        assert answer.status_code == 200
        assert f"Proposal {proposal.pk} is rejected already" in answer.text
        assert "typed before</textarea>" in answer.text, "what was typed is kept as a comment"
    assert "rejected by eve" in senior.get(proposal_page(proposal)).text
    assert press(senior, proposal, "comment", text="late").status_code == 302


def test_a_record_that_is_gone(senior: Client, protein: Protein) -> None:
    proposal = propose_name(make_person("ada", CURATOR), protein, "A1")
    protein.delete()
    assert "not there any more" in senior.get(proposal_page(proposal)).text
    answer = press(senior, proposal, "accept", seen=0)
    assert answer.status_code == 200
    assert "removed meanwhile" in answer.text
    assert press(senior, proposal, "reject", reason="gone").status_code == 302


def test_a_new_interaction_is_added(senior: Client) -> None:
    tf, target = make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX")
    evidence = {"sources": [], "methods": [], "pmids": [5], "small_scale": "yes"}
    proposal = actions.propose_interaction(
        user=make_person("ada", CURATOR), tf=tf, target=target, values={"evidence": evidence}
    )
    text = senior.get(proposal_page(proposal)).text
    assert "Accept and add the interaction" in text
    assert "<ins>PMID 5</ins>" in text
    assert press(senior, proposal, "accept").status_code == 302
    added = Interaction.objects.get()
    proposal.refresh_from_db()
    assert proposal.record_id == added.pk
    assert Protein.objects.get(accession="Q9UK53").target_count == 1


def test_a_new_interaction_that_is_there_by_now(senior: Client) -> None:
    tf, target = make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX")
    evidence = {"sources": [], "methods": [], "pmids": [5], "small_scale": "yes"}
    proposal = actions.propose_interaction(
        user=make_person("ada", CURATOR), tf=tf, target=target, values={"evidence": evidence}
    )
    make_interaction(tf, target)
    assert "This interaction is there by now" in senior.get(proposal_page(proposal)).text
    assert "is there already" in press(senior, proposal, "accept", follow=True).text
    proposal.refresh_from_db()
    assert proposal.state == "returned"


def test_an_addition_of_another_kind_is_never_said_to_be_done(senior: Client) -> None:
    proposal = Proposal.objects.create(
        kind="protein", record_key="P-04-637", changes={"name": [None, "p53"]}, origin="public"
    )
    assert senior.get(proposal_page(proposal)).status_code == 200
    assert "No protein is added by accepting" in press(senior, proposal, "accept").text
    proposal.refresh_from_db()
    assert proposal.state == "open"


def test_a_report_of_the_public_is_dealt_with(senior: Client, protein: Protein) -> None:
    error_report = report(protein, f"The name is wrong. {HOSTILE}")
    text = senior.get(proposal_page(error_report)).text
    assert "Dealt with" in text
    assert "a member of the public" in text
    assert press(senior, error_report, "accept", reason="Mended by hand.").status_code == 302
    error_report.refresh_from_db()
    assert (error_report.state, error_report.decision_reason) == ("accepted", "Mended by hand.")
    assert not Revision.objects.exists()


def test_markup_is_shown_as_text(senior: Client) -> None:
    protein = make_protein("P04637", HOSTILE)
    proposal = propose_name(make_person("ada", CURATOR), protein, f"{HOSTILE}1", HOSTILE)
    error_report = report(protein, HOSTILE)
    press(senior, proposal, "comment", text=HOSTILE)
    Proposal.objects.filter(pk=error_report.pk).update(state="rejected", decision_reason=HOSTILE)
    refused = press(senior, proposal, "accept", reason=f"{HOSTILE}\x00")
    several = {"_selected_action": [proposal.pk, error_report.pk], "reason": HOSTILE}
    pages = [
        senior.get(proposal_page(proposal)),
        senior.get(proposal_page(error_report)),
        senior.get(the_list()),
        senior.get(the_list("?state=all")),
        refused,
        senior.post(the_list(), {**several, "action": "accept_selected"}),
        senior.post(the_list("several/accept/"), several),
        senior.get("/admin/"),
        senior.get("/admin/curation/comment/"),
    ]
    for answer in pages:
        assert answer.status_code == 200
        assert HOSTILE not in answer.text, answer.request["PATH_INFO"]
        assert "&lt;script&gt;" in answer.text, answer.request["PATH_INFO"]


def test_a_page_takes_a_bounded_number_of_queries(senior: Client, protein: Protein) -> None:
    ada = make_person("ada", CURATOR)
    proposal = propose_name(ada, protein, "A1")
    counts = []
    for numbers in (range(1), range(1, 30)):
        for number in numbers:
            press(senior, proposal, "comment", text=f"{number}")
            actions.endorse_proposal(user=make_person(f"p{number}"), proposal=proposal)
            propose_name(ada, protein, f"X{number}")
            actions.amend_protein(
                user=make_person("eve"), protein=protein, values={"name": f"E{number}"}
            )
        with CaptureQueriesContext(connection) as captured:
            assert senior.get(proposal_page(proposal)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= PAGE_QUERIES, counts


def test_who_decides_is_told_by_name(senior: Client, protein: Protein) -> None:
    eve = make_person("eve")
    eve.first_name, eve.last_name = "Eve", "Curator"
    eve.save()
    proposal = propose_name(make_person("ada", CURATOR), protein, "A1")
    text = senior.get(proposal_page(proposal)).text
    assert f'<option value="{eve.pk}">Eve Curator</option>' in text
    assert press(senior, proposal, "assign", to=eve.pk).status_code == 302
    proposal.refresh_from_db()
    assert proposal.assigned_to == eve
    assert press(browser_of(eve), proposal, "assign", to="").status_code == 302
    proposal.refresh_from_db()
    assert proposal.assigned_to is None


def test_while_an_import_is_being_written(
    senior: Client, protein: Protein, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []

    def busy(**given: object) -> None:
        proposal = given["proposal"]
        assert isinstance(proposal, Proposal)
        tried.append(proposal.pk)
        raise actions.BusyError

    monkeypatch.setattr(actions, "accept_proposal", busy)
    ada = make_person("ada", CURATOR)
    one, two = (propose_name(ada, protein, name) for name in ("A1", "B1"))
    answer = press(senior, one, "accept", reason="what I typed")
    assert "An import is being written" in answer.text
    assert "what I typed</textarea>" in answer.text
    tried.clear()
    several = senior.post(the_list("several/accept/"), {"_selected_action": [one.pk, two.pk]})
    assert [line.proposal for line in several.context["failed"]] == [one, two]
    assert tried == [one.pk], "each would wait for as long again"
