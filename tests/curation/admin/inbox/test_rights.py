"""Who may do what with a proposal, tried through HTTP as an attacker would."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import Client

from curation import actions
from curation.models import Comment, Endorsement, Pin, Proposal, RecordKind, Revision
from curation.permissions import ADMINISTRATOR, CURATOR, SENIOR_CURATOR
from proteins.models import Interaction, Protein, ReviewStatus
from tests.curation.admin.queue import (
    browser,
    conflict,
    press,
    proposal_page,
    propose_name,
    some_protein,
    the_list,
)
from tests.curation.people import browser_of, make_person
from tests.factories import make_interaction

pytestmark = pytest.mark.django_db
BUTTONS = ("accept", "reject", "withdraw", "assign", "endorse", "comment", "return", "resubmit")
SUPERUSER = "superuser"
ROLES = (CURATOR, SENIOR_CURATOR, ADMINISTRATOR, SUPERUSER)
#: 302 where it is done, 200 where it is refused with a reason, 403 without the right.
OTHERS = {
    "accept": {CURATOR: 403, SENIOR_CURATOR: 302, ADMINISTRATOR: 403, SUPERUSER: 302},
    "reject": {CURATOR: 403, SENIOR_CURATOR: 302, ADMINISTRATOR: 403, SUPERUSER: 302},
    "withdraw": {CURATOR: 200, SENIOR_CURATOR: 200, ADMINISTRATOR: 403, SUPERUSER: 200},
    "assign": {CURATOR: 403, SENIOR_CURATOR: 302, ADMINISTRATOR: 403, SUPERUSER: 302},
    "endorse": {CURATOR: 302, SENIOR_CURATOR: 302, ADMINISTRATOR: 403, SUPERUSER: 302},
    "comment": {CURATOR: 302, SENIOR_CURATOR: 302, ADMINISTRATOR: 403, SUPERUSER: 302},
    "return": {CURATOR: 403, SENIOR_CURATOR: 302, ADMINISTRATOR: 403, SUPERUSER: 302},
    # It is open: nothing was sent back.
    "resubmit": {CURATOR: 200, SENIOR_CURATOR: 200, ADMINISTRATOR: 403, SUPERUSER: 200},
}
#: Of one's own; an Administrator has none, unless their role was another before.
OWN = OTHERS | {
    "accept": {CURATOR: 403, SENIOR_CURATOR: 200, ADMINISTRATOR: 403, SUPERUSER: 200},
    "reject": {CURATOR: 403, SENIOR_CURATOR: 200, ADMINISTRATOR: 403, SUPERUSER: 200},
    "withdraw": {CURATOR: 302, SENIOR_CURATOR: 302, ADMINISTRATOR: 403, SUPERUSER: 302},
    "assign": {CURATOR: 403, SENIOR_CURATOR: 200, ADMINISTRATOR: 403, SUPERUSER: 200},
    "endorse": {CURATOR: 200, SENIOR_CURATOR: 200, ADMINISTRATOR: 403, SUPERUSER: 200},
    "return": {CURATOR: 403, SENIOR_CURATOR: 200, ADMINISTRATOR: 403, SUPERUSER: 200},
}


def visitor(role: str) -> Client:
    if role != SUPERUSER:
        return browser("me", role)
    me = make_person("me", CURATOR)
    me.is_superuser = True
    me.save()
    return browser_of(me)


def proposed(own: bool, name: str = "A1") -> Proposal:
    """A proposal of the visitor, or of another user, whatever their role."""
    proposal = propose_name(make_person("ada", CURATOR), some_protein(), name)
    if own:
        proposal.author = make_person("me", ADMINISTRATOR)
        proposal.author.groups.clear()
        proposal.save()
    return proposal


def everything() -> list[object]:
    models = (Proposal, Comment, Endorsement, Revision, Pin, Protein)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("button", BUTTONS)
def test_each_role_and_button(button: str, own: bool, role: str) -> None:
    proposal = proposed(own)
    client = visitor(role)
    before = everything()
    to = make_person("me").pk if role == SUPERUSER else make_person("eve").pk
    if button == "assign" and own:
        to = proposal.author_id or 0
    answer = press(client, proposal, button, reason="because", text="well", to=to)
    expected = (OWN if own else OTHERS)[button][role]
    assert answer.status_code == expected, answer.content[:300]
    assert (everything() != before) == (expected == 302)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("verdict", ["accept", "reject"])
@pytest.mark.parametrize("own", [False, True])
def test_each_role_and_several(verdict: str, own: bool, role: str) -> None:
    proposal = proposed(own)
    client = visitor(role)
    before = everything()
    data = {"_selected_action": [proposal.pk], "reason": "because"}
    confirmation = client.post(the_list(), {**data, "action": f"{verdict}_selected"})
    assert everything() == before
    answer = client.post(the_list(f"several/{verdict}/"), data)
    if role in (CURATOR, ADMINISTRATOR):
        assert answer.status_code == 403
        assert "possible" not in confirmation.context, "the list offers no such action"
    else:
        assert answer.status_code == confirmation.status_code == 200
    done = role in (SENIOR_CURATOR, SUPERUSER) and not own
    assert (everything() != before) == done


@pytest.mark.parametrize(
    ("role", "own", "there"),
    [
        (CURATOR, False, {"endorse", "comment"}),
        (CURATOR, True, {"withdraw", "comment"}),
        (SENIOR_CURATOR, False, {"accept", "reject", "return", "assign", "endorse", "comment"}),
        (SENIOR_CURATOR, True, {"withdraw", "assign", "comment"}),
        (ADMINISTRATOR, False, set()),
    ],
)
def test_each_role_gets_its_buttons(role: str, own: bool, there: set[str]) -> None:
    proposal = proposed(own)
    text = visitor(role).get(proposal_page(proposal)).text
    assert {
        name for name in BUTTONS if f'action="{proposal_page(proposal, name)}"' in text
    } == there
    assert text.count("csrfmiddlewaretoken") >= len(there - {"accept"})


def test_looking_changes_nothing() -> None:
    proposal = proposed(own=False)
    client = browser("me", SENIOR_CURATOR)
    before = everything()
    for button in BUTTONS:
        answer = client.get(proposal_page(proposal, button), {"reason": "x", "text": "x"})
        assert answer["Location"] == proposal_page(proposal)
    assert client.get(the_list("several/accept/"))["Location"] == the_list()
    assert client.get(proposal_page(proposal)).status_code == 200
    assert client.get(proposal_page(proposal, "next")).status_code == 302
    assert client.post(proposal_page(proposal, "next")).status_code == 405
    assert client.post(proposal_page(proposal)).status_code == 403
    assert everything() == before


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30, "nonsense", "1.5", "%00"])
def test_forged_numbers_are_not_found(number: str) -> None:
    client = browser("me", SENIOR_CURATOR)
    root = the_list()
    for button in BUTTONS:
        url = f"{root}{number}/{button}/"
        assert client.post(url, {"reason": "x"}, follow=True).status_code == 404
    assert client.get(f"{root}{number}/change/").status_code == 404
    assert client.get(f"{root}{number}/next/", follow=True).status_code == 404


def test_a_forged_request_of_another_site_is_refused() -> None:
    proposal = proposed(own=False)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_person("me"))
    for button in BUTTONS:
        assert press(strict, proposal, button, reason="x", text="x").status_code == 403
    assert strict.post(the_list("several/accept/"), {"_selected_action": [1]}).status_code == 403


def test_who_is_not_at_the_desk_is_sent_away() -> None:
    proposal = proposed(own=False)
    for button in BUTTONS:
        assert press(Client(), proposal, button)["Location"].startswith("/admin/login/")
    helper = make_person("helper", CURATOR)
    helper.groups.clear()
    for button in BUTTONS:
        assert press(browser_of(helper), proposal, button).status_code == 403
    assert browser_of(helper).get(proposal_page(proposal)).status_code == 403


@pytest.mark.parametrize("to", ["nonsense", "0", "9" * 30, "-1", "1; DROP TABLE"])
def test_it_is_assigned_to_nobody_made_up(to: str) -> None:
    proposal = proposed(own=False)
    answer = press(browser("me", SENIOR_CURATOR), proposal, "assign", to=to)
    assert "Choose a user who may decide" in answer.text
    assert press(browser("cur", CURATOR), proposal, "assign", to=to).status_code == 403


def test_it_is_assigned_to_nobody_who_may_not_decide() -> None:
    proposal = proposed(own=False)
    ada = make_person("ada", CURATOR)
    answer = press(browser("me", SENIOR_CURATOR), proposal, "assign", to=ada.pk)
    assert "ada may not decide proposals" in answer.text
    left = make_person("left")
    left.is_active = False
    left.save()
    answer = press(browser("me", SENIOR_CURATOR), proposal, "assign", to=left.pk)
    assert "left may not decide proposals" in answer.text


def test_nobody_endorses_twice() -> None:
    proposal = proposed(own=False)
    client = browser("me", CURATOR)
    assert press(client, proposal, "endorse").status_code == 302
    assert "endorsed it already" in press(client, proposal, "endorse").text
    assert Endorsement.objects.count() == 1


# Several at once


def chosen(*proposals: Proposal) -> dict[str, object]:
    return {"_selected_action": [item.pk for item in proposals]}


def test_those_that_cannot_be_are_told_one_by_one() -> None:
    client, ada = browser("me", SENIOR_CURATOR), make_person("ada", CURATOR)
    good = propose_name(ada, some_protein("P00001", "ONE"), "A1")
    own = propose_name(make_person("me"), some_protein("P00002", "TWO"), "A2")
    moved = propose_name(ada, some_protein("P00003", "THREE"), "A3")
    decided = propose_name(ada, some_protein("P00004", "FOUR"), "A4")
    clash = conflict(some_protein("P00005", "FIVE"), "SOURCE5")
    actions.amend_protein(
        user=make_person("eve"), protein=some_protein("P00003"), values={"name": "E3"}
    )
    actions.withdraw_proposal(user=ada, proposal=decided)
    data = chosen(good, own, moved, decided, clash)
    confirmation = client.post(the_list("?by=others"), {**data, "action": "accept_selected"})
    assert [line.proposal for line in confirmation.context["possible"]] == [good, clash]
    assert [line.proposal for line in confirmation.context["going_back"]] == [moved]
    assert [line.proposal for line in confirmation.context["left_out"]] == [own, decided]
    assert "to accept is to take the source’s value" in confirmation.text
    # All of them all the same, as a forged form would send them.
    answer = client.post(the_list("several/accept/"), {**data, "filters": "by=others"})
    assert [line.proposal for line in answer.context["done"]] == [good, clash]
    reasons = {line.proposal: line.why_not for line in answer.context["failed"]}
    assert reasons.keys() == {own, decided}
    assert "of their own" in reasons[own]
    ((back, why),) = ((line.proposal, line.why_not) for line in answer.context["sent_back"])
    assert back == moved
    assert "changed since" in why
    assert "is withdrawn already" in reasons[decided]
    assert f'href="{the_list("?by=others")}"' in answer.text
    names = dict(Protein.objects.values_list("accession", "name"))
    assert [names[f"P0000{number}"] for number in range(1, 6)] == [
        "A1",
        "TWO",
        "E3",
        "FOUR",
        "SOURCE5",
    ]


def test_accepting_a_large_rejection_wants_its_number(settings: LazySettings) -> None:
    settings.LARGE_CHANGE_NUMBER = 2
    client, ada = browser("me", SENIOR_CURATOR), make_person("ada", CURATOR)
    tf = some_protein()
    proposals = [
        actions.propose(
            user=ada,
            kind=RecordKind.INTERACTION,
            record_id=make_interaction(tf, some_protein(f"P0000{number}")).pk,
            values={"status": int(ReviewStatus.REJECTED)},
            reason="One antibody",
        )
        for number in range(1, 4)
    ]
    data = chosen(*proposals)
    confirmation = client.post(the_list(), {**data, "action": "accept_selected"})
    assert "It rejects 3 of the 3 interactions of Homo sapiens." in confirmation.text
    for number in ("", "2"):
        answer = client.post(the_list("several/accept/"), {**data, "number": number})
        assert "This is a large change: type 3" in answer.text
        assert not Interaction.objects.filter(status=ReviewStatus.REJECTED).exists()
    answer = client.post(the_list("several/accept/"), {**data, "number": "3"})
    assert len(answer.context["done"]) == 3
    assert Interaction.objects.filter(status=ReviewStatus.REJECTED).count() == 3


def test_two_for_the_same_field_of_a_record() -> None:
    client, ada = browser("me", SENIOR_CURATOR), make_person("ada", CURATOR)
    first, second = (propose_name(ada, some_protein(), name) for name in ("A1", "B1"))
    answer = client.post(the_list("several/accept/"), chosen(first, second))
    assert [line.proposal for line in answer.context["done"]] == [first]
    assert [line.proposal for line in answer.context["sent_back"]] == [second]
    assert Protein.objects.get().name == "A1"
    second.refresh_from_db()
    assert second.state == "returned"


def test_a_reason_is_demanded_to_reject_several() -> None:
    client = browser("me", SENIOR_CURATOR)
    proposal = proposed(own=False)
    for reason in ("", " \n", "x" * 5001):
        answer = client.post(the_list("several/reject/"), {**chosen(proposal), "reason": reason})
        assert answer.status_code == 200
        assert answer.context["error"]
        assert answer.context["reason"] == reason
    proposal.refresh_from_db()
    assert proposal.state == "open"
    client.post(the_list("several/reject/"), {**chosen(proposal), "reason": "no"})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decision_reason) == ("rejected", "no")


def test_no_more_than_a_hundred_at_once() -> None:
    client, ada = browser("me", SENIOR_CURATOR), make_person("ada", CURATOR)
    protein = some_protein()
    many = [propose_name(ada, protein, f"N{number}") for number in range(101)]
    for url in (the_list(), the_list("several/reject/")):
        data = {**chosen(*many), "action": "reject_selected", "reason": "no"}
        assert "100 are the most at once" in client.post(url, data, follow=True).text
    assert not Proposal.objects.exclude(state="open").exists()
    # A forged "all of the list" chooses no more than what is named.
    data = {**chosen(many[0]), "select_across": "1", "action": "reject_selected"}
    assert len(client.post(the_list(), data).context["possible"]) == 1
    data = {**chosen(*many[:100]), "reason": "no"}
    assert len(client.post(the_list("several/reject/"), data).context["done"]) == 100


@pytest.mark.parametrize("ids", [[], ["nonsense"], ["9" * 30], ["-1"]])
def test_several_that_are_none(ids: list[str]) -> None:
    client = browser("me", SENIOR_CURATOR)
    answer = client.post(the_list("several/accept/"), {"_selected_action": ids}, follow=True)
    assert "Choose at least one proposal" in answer.text
    answer = client.post(the_list("several/accept/"), {"_selected_action": ["77777"]})
    assert answer.context["missing"] == 1
    assert client.post(the_list("several/delete/"), {"_selected_action": ["1"]}).status_code == 404
