"""The first page of the desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from curation import actions, recent
from curation.models import ImportRun, Proposal, RecordKind, Revision, RunState, StoredResult
from curation.permissions import ADMINISTRATOR, CURATOR, SENIOR_CURATOR
from tests.curation.admin.queue import (
    browser,
    conflict,
    press,
    proposal_page,
    propose_name,
    report,
    some_protein,
    the_list,
)
from tests.curation.people import browser_of, make_person
from tests.factories import accession, make_interaction, make_protein

pytestmark = pytest.mark.django_db
HOME = "/admin/"
#: Session, user and rights (4); four lists of proposals, three of them counted; the records
#: that they are about (2 kinds here); origins, imports, and changes (2).
QUERIES = 18


@pytest.fixture
def senior() -> Client:
    return browser("senior", SENIOR_CURATOR)


def home(client: Client) -> str:
    answer = client.get(HOME)
    assert answer.status_code == 200
    return answer.text


def test_a_new_site_says_how_to_begin(senior: Client) -> None:
    text = home(senior)
    for part in (
        "Nothing is assigned to you",
        "None of your proposals waits",
        "No open proposals",
        "Nothing has been imported yet",
        "Upload pages or a table",
        "No record was changed within the last seven days",
    ):
        assert part in text, part
    assert "What became of" not in text


def test_what_waits_for_me(senior: Client) -> None:
    me, ada = make_person("senior"), make_person("ada", CURATOR)
    given = propose_name(ada, some_protein(), "A1")
    actions.assign_proposal(user=me, proposal=given, to=me)
    mine = propose_name(me, some_protein(), "S1")
    refused = propose_name(me, some_protein(), "S2")
    press(browser("eve", SENIOR_CURATOR), refused, "reject", reason="not the name")
    context = senior.get(HOME).context
    assert [item.proposal for item in context["assigned"].shown] == [given]
    assert [item.proposal for item in context["mine"].shown] == [mine]
    assert [item.outcome for item in context["decided"].shown] == ["rejected by eve"]
    text = home(senior)
    assert "ING1 (Q9UK53): name: ING1 → A1" in text
    assert "“not the name”" in text


def test_the_oldest_and_how_many_of_each_origin(senior: Client) -> None:
    ada, protein = make_person("ada", CURATOR), some_protein()
    for number in range(7):
        propose_name(ada, protein, f"N{number}")
    oldest = conflict(protein, "ING1A")
    Proposal.objects.filter(pk=oldest.pk).update(opened_at=timezone.now() - timedelta(days=9))
    report(protein, "wrong")
    context = senior.get(HOME).context
    shown = [item.proposal for item in context["oldest"].shown]
    assert len(shown) == 5
    assert shown[0] == oldest
    assert context["oldest"].more == 4
    assert [(label, number) for label, number, _ in context["origins"]] == [
        ("import", 1),
        ("curator", 7),
        ("public", 1),
    ]
    assert context["waiting"] == 9


def test_every_link_leads_somewhere(senior: Client) -> None:
    me = make_person("senior")
    make_person("nobody", CURATOR).groups.clear()
    for number in range(7):
        proposal = propose_name(make_person("ada", CURATOR), some_protein(), f"N{number}")
        actions.assign_proposal(user=me, proposal=proposal, to=me)
    actions.amend_protein(user=me, protein=some_protein(), values={"name": "p33"})
    ImportRun.objects.create(command="import_pages", pages_refused=3, rows_refused=12)
    boss = make_person("boss", ADMINISTRATOR)
    for client in (senior, browser_of(boss)):
        text = home(client)
        start, end = text.index('class="desk-today"'), text.index('id="content-related"')
        links = {part.split('"')[0] for part in text[start:end].split('href="')[1:]}
        links = {link.replace("&amp;", "&") for link in links if link.startswith("/")}
        assert len(links) > 10
        for link in links:
            answer = client.get(link)
            # A filter that does not exist leads to the list with `e=1`.
            assert answer.status_code == 200, (link, answer.status_code)


def test_the_last_imports_with_what_they_refused(senior: Client) -> None:
    for _ in range(7):
        ImportRun.objects.create(command="import_pages", state=RunState.FINISHED)
    run = ImportRun.objects.create(command="import_tables", pages_refused=1, rows_refused=1234)
    context = senior.get(HOME).context
    assert len(context["runs"]) == 5
    assert context["runs"][0] == run
    assert "1 page, 1,234 rows" in home(senior)


def test_what_changed_this_week(senior: Client) -> None:
    me, protein = make_person("eve"), some_protein()
    interaction = make_interaction(protein, make_protein("Q07812", "BAX"))
    for number in range(12):
        actions.amend_protein(
            user=me, protein=protein, values={"name": f"N{number}"}, reason=f"reason {number}"
        )
    actions.reject_interaction(user=me, interaction=interaction, reason="no <b>evidence</b>")
    long_ago = Revision.objects.earliest("id")
    Revision.objects.filter(pk=long_ago.pk).update(at=timezone.now() - timedelta(days=8))
    context = senior.get(HOME).context
    assert [row[:3] for row in context["changed"]] == [
        ("interaction", "rejected", 1),
        ("protein", "amended", 11),
    ]
    assert len(context["recent_changes"]) == 10
    text = home(senior)
    assert "eve rejected" in text
    assert "no &lt;b&gt;evidence&lt;/b&gt;" in text
    assert "reason 0”" not in text


def test_an_import_stands_as_the_run() -> None:
    run = ImportRun.objects.create(command="import_pages")
    protein = some_protein()
    Revision.objects.create(
        kind=RecordKind.PROTEIN, record_id=protein.pk, record_key="Q9UK53", verb="imported", run=run
    )
    assert f"Import run {run.pk} changed" in home(browser("cur", CURATOR))


def test_counts_stop_somewhere(senior: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "COUNTED", 3)
    ada, protein = make_person("ada", CURATOR), some_protein()
    for number in range(6):
        propose_name(ada, protein, f"N{number}")
        actions.amend_protein(
            user=make_person("eve"), protein=protein, values={"name": f"E{number}"}
        )
    context = senior.get(HOME).context
    assert (context["waiting"], context["waiting_capped"]) == (4, True)
    assert (context["changed_total"], context["changed_capped"]) == (4, True)
    assert "More than" in home(senior)


def test_a_curator_gets_nothing_to_decide() -> None:
    text = home(browser("cur", CURATOR))
    assert "Assigned to you" not in text
    assert "Your proposals that wait" in text
    assert "A senior curator uploads" in text
    assert "People" not in text.split('id="content-related"')[0]


def test_an_administrator_sees_people_foremost() -> None:
    make_person("ada", CURATOR)
    lost = make_person("lost", CURATOR)
    lost.groups.clear()
    text = home(browser("boss", ADMINISTRATOR))
    assert text.index('id="people"') < text.index('id="waiting"')
    assert "1 × Curator" in text
    assert f'<a href="/admin/auth/user/{lost.pk}/change/">lost</a>' in text
    assert "For you" not in text


def test_an_account_without_a_role_is_told() -> None:
    lost = make_person("lost", CURATOR)
    lost.groups.clear()
    assert "Your account has no role yet" in home(browser_of(lost))


def test_it_takes_a_fixed_number_of_queries(senior: Client) -> None:
    me, ada = make_person("senior"), make_person("ada", CURATOR)
    counts = []
    for numbers in (range(10), range(10, 30)):
        for number in numbers:
            tf, target = (make_protein(accession(2 * number + side)) for side in (0, 1))
            given = propose_name(ada, tf, f"N{number}")
            actions.assign_proposal(user=me, proposal=given, to=me)
            actions.propose(
                user=me,
                kind=RecordKind.INTERACTION,
                record_id=make_interaction(tf, target).pk,
                values={"effect": 1},
            )
            actions.amend_protein(user=me, protein=target, values={"name": f"T{number}"})
            ImportRun.objects.create(command="import_pages", problems=["x"] * 100)
        with CaptureQueriesContext(connection) as captured:
            home(senior)
        counts.append(len(captured))
    assert counts == [QUERIES, QUERIES], [query["sql"][:200] for query in captured]


def test_the_lists_are_on_it_too(senior: Client) -> None:
    text = home(senior)
    assert '<a href="#lists">' in text
    assert 'id="lists"' in text
    assert the_list() in text
    assert proposal_page(1) not in text


def test_a_superuser_sees_how_many_results_readers_keep(admin_client: Client) -> None:
    StoredResult.objects.create(token_hash="x" * 64, question="enrichment", content=b"", size=2_048)
    page = admin_client.get("/admin/").text
    assert "Readers keep 1 result of gene lists (2.0\xa0KB)" in page
    User.objects.filter(username="admin").update(is_superuser=False)
    assert "Readers keep" not in admin_client.get("/admin/").text
