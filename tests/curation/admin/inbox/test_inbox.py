"""The queue of proposals."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from curation import actions
from curation.models import Proposal, RecordKind
from curation.permissions import CURATOR
from proteins.models import Protein
from tests.curation.admin.queue import (
    browser,
    conflict,
    proposal_page,
    propose_name,
    report,
    some_protein,
    the_list,
)
from tests.curation.people import browser_of, make_person
from tests.factories import accession, make_interaction, make_protein

pytestmark = pytest.mark.django_db


@pytest.fixture
def senior() -> Client:
    return browser("senior", "Senior curator")


@pytest.fixture
def protein() -> Protein:
    return some_protein()


def shown(client: Client, query: str = "") -> list[int]:
    answer = client.get(the_list(query))
    assert answer.status_code == 200
    return [item.pk for item in answer.context["cl"].result_list]


def backdate(proposal: Proposal, **ago: int) -> None:
    opened_at = timezone.now() - timedelta(**ago)
    Proposal.objects.filter(pk=proposal.pk).update(opened_at=opened_at)


# The list


def test_open_ones_the_oldest_first(senior: Client, protein: Protein) -> None:
    ada = make_person("ada", CURATOR)
    young, old, gone = (propose_name(ada, protein, name) for name in ("A1", "B1", "C1"))
    backdate(old, days=3)
    actions.withdraw_proposal(user=ada, proposal=gone)
    assert shown(senior) == [old.pk, young.pk]
    text = senior.get(the_list()).text
    assert "3\xa0days" in text
    assert "name: ING1 → B1" in text
    assert "ING1 (Q9UK53)" in text
    assert protein.get_absolute_url() in text
    assert shown(senior, "?state=withdrawn") == [gone.pk]
    assert shown(senior, "?state=all") == [gone.pk, old.pk, young.pk]


def test_filters(senior: Client, protein: Protein) -> None:
    me, ada = make_person("senior"), make_person("ada", CURATOR)
    mouse = make_protein("P00001", "Mouse1", code="Mm")
    hers = propose_name(ada, protein, "A1")
    mine = propose_name(me, mouse, "M1")
    clash = conflict(protein, "ING1A")
    error_report = report(protein, "The name is wrong.")
    backdate(clash, days=8)
    backdate(error_report, days=40)
    actions.assign_proposal(user=me, proposal=hers, to=me)
    actions.assign_proposal(user=me, proposal=error_report, to=make_person("eve"))
    cases = {
        "?origin=import": [clash],
        "?origin=public": [error_report],
        "?origin=curator": [hers, mine],
        "?origin=nonsense": [error_report, clash, hers, mine],
        "?kind=interaction": [],
        "?species=Mm": [mine],
        "?species=%00": [error_report, clash, hers, mine],
        "?age=day": [error_report, clash],
        "?age=week": [error_report, clash],
        "?age=month": [error_report],
        "?assigned=me": [hers],
        "?assigned=nobody": [clash, mine],
        "?assigned=others": [error_report],
        "?by=me": [mine],
        "?by=others": [error_report, clash, hers],
        "?by=me&species=Hs": [],
        "?q=q9uk53": [error_report, clash, hers],
        "?q=ada": [hers],
        f"?q={clash.pk}": [clash],
        f"?q=%23{clash.pk}": [clash],
        f"?q={'9' * 40}": [],
    }
    for query, expected in cases.items():
        assert shown(senior, query) == [item.pk for item in expected], query


def test_an_empty_queue_says_what_to_do(senior: Client, protein: Protein) -> None:
    text = senior.get(the_list()).text
    assert "No open proposals" in text
    assert "To propose a change" in text
    # A filter without rows says that it is the filter.
    assert "No proposal passes this filter" in senior.get(the_list("?origin=public")).text


def test_a_list_takes_a_fixed_number_of_queries(senior: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert senior.get(the_list()).status_code == 200
        return len(captured)

    ada, eve = make_person("ada", CURATOR), make_person("eve")
    counts = []
    for numbers in (range(1), range(1, 40)):
        for number in numbers:
            tf, target = (make_protein(accession(2 * number + side)) for side in (0, 1))
            proposal = propose_name(ada, tf, f"N{number}")
            actions.endorse_proposal(user=eve, proposal=proposal)
            actions.assign_proposal(user=eve, proposal=proposal, to=eve)
            actions.propose(
                user=ada,
                kind=RecordKind.INTERACTION,
                record_id=make_interaction(tf, target).pk,
                values={"effect": 1},
            )
        counts.append(queries())
    # Session, user, rights (2), species of the filter, count, rows, proteins, interactions.
    assert counts == [9, 9]


def test_the_export_has_every_row(senior: Client, protein: Protein) -> None:
    propose_name(make_person("ada", CURATOR), protein, "A1", "=cmd|' /C calc'!A0")
    answer = senior.get(the_list("export/"))
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "Q9UK53,protein,Homo sapiens,name: ING1 → A1,ada,'=cmd" in text


# From one to the next


def test_next_goes_through_the_queue_with_its_filters(senior: Client, protein: Protein) -> None:
    ada = make_person("ada", CURATOR)
    first, second, third = (propose_name(ada, protein, name) for name in ("A1", "B1", "C1"))
    clash = conflict(protein, "ING1A")
    Proposal.objects.update(opened_at=timezone.now() - timedelta(days=2))  # one time for all

    def after(proposal: Proposal, filters: str = "") -> str:
        query = f"?_changelist_filters={filters}" if filters else ""
        return senior.get(proposal_page(proposal, "next") + query)["Location"]

    assert after(first) == proposal_page(second)
    list_query = "?_changelist_filters=origin%3Dimport"
    assert after(first, "origin%3Dimport") == proposal_page(clash) + list_query
    assert after(clash, "origin%3Dimport") == the_list("?origin=import")
    assert after(third) == proposal_page(clash)
    assert after(clash) == the_list()
    # What the list showed need not be open; the next one is.
    assert after(first, "state%3Drejected").startswith(proposal_page(second))
    for hostile in (
        "%2526%2526",
        "nonsense__x%3D1",
        "q%3D%2500",
        "p%3D999",
        "author__password%3Dx",
    ):
        assert after(first, hostile).startswith("/admin/curation/proposal/"), hostile


def test_a_decision_goes_on_to_the_next(senior: Client, protein: Protein) -> None:
    ada = make_person("ada", CURATOR)
    first, second = (propose_name(ada, protein, name) for name in ("A1", "B1"))
    answer = senior.post(proposal_page(first, "reject"), {"reason": "no"}, follow=True)
    assert answer.redirect_chain == [(proposal_page(second), 302)]
    assert f'<a href="{proposal_page(first)}">Proposal {first.pk}</a> for Q9UK53' in answer.text
    answer = senior.post(proposal_page(second, "reject"), {"reason": "no"}, follow=True)
    assert answer.redirect_chain == [(the_list(), 302)]
    assert "the last one of this queue" in answer.text


# Several assigned at once


def test_several_are_assigned_at_once(senior: Client, protein: Protein) -> None:
    ada, sam = make_person("ada", CURATOR), make_person("sam")
    mine = [propose_name(ada, protein, name) for name in ("A1", "B1")]
    own = propose_name(sam, protein, "C1")
    chosen = {"_selected_action": [item.pk for item in (*mine, own)]}
    page = senior.post(the_list(), {"action": "assign_selected", **chosen})
    assert "Assign 3 proposals" in page.text
    assert f'<option value="{sam.pk}">' in page.text
    assert f'<option value="{ada.pk}">' not in page.text
    url = reverse("admin:curation_proposal_several_assign")
    answer = senior.post(url, {**chosen, "to": sam.pk, "filters": "by=others"}, follow=True)
    assert answer.request["QUERY_STRING"] == "by=others"
    reported = [str(message) for message in answer.context["messages"]]
    assert reported[-1] == "2 proposals are assigned to sam."
    assert reported[0].startswith(f"Proposal {own.pk}: It is a proposal of sam's own")
    assert shown(browser_of(sam), "?assigned=me") == [item.pk for item in mine]
    senior.post(url, {**chosen, "to": ""})
    assert not Proposal.objects.exclude(assigned_to=None).exists()
    refused = browser("cleo", CURATOR).post(url, {**chosen, "to": sam.pk})
    assert refused.status_code == 403
