"""A page is not sent again while it says the same, and always when it does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from curation.actions import (
    amend_citation,
    amend_protein,
    propose,
    reject_interaction,
    remove_record,
    withdraw_proposal,
)
from curation.importing.undo.run import undo_import
from curation.models import ImportRun, Proposal, RecordKind
from proteins.caching import conditional
from proteins.caching.conditional import content_state, unless_unchanged
from proteins.models import Citation, Interaction, SourceDatabase
from tests.curation.people import browser_of, make_person
from tests.factories import make_interaction, make_protein
from tests.places import ROOT

pytestmark = pytest.mark.django_db
PAGE = "/protein/q9uk53/"


@pytest.fixture
def interaction() -> Interaction:
    tf = make_protein("Q9UK53", "ING1", genes=[3621])
    return make_interaction(tf, make_protein("Q07812", "BAX"), pmids=[27924024, 5])


def tag(client: Client, url: str = PAGE) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer["ETag"]


def again(client: Client, had: str, url: str = PAGE) -> int:
    return client.get(url, headers={"If-None-Match": had}).status_code


def test_an_unchanged_page_takes_one_query(
    client: Client, interaction: Interaction, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    had = tag(client)
    with django_assert_num_queries(1):
        answer = client.get(PAGE, headers={"If-None-Match": had})
    assert answer.status_code == 304
    assert answer.content == b""
    assert answer["ETag"] == had
    assert answer["Cache-Control"] == "no-cache"
    assert "Cookie" in answer["Vary"]
    assert again(client, f'"x-y", W/{had}') == 304
    assert client.head(PAGE, headers={"If-None-Match": had}).status_code == 304


@pytest.mark.parametrize("had", ["", "*", '"x"', '"-"', "W/", ",,", '"' + "x" * 5000 + '"'])
def test_other_tags(client: Client, interaction: Interaction, had: str) -> None:
    assert again(client, had) == 200


def test_a_tag_is_good_for_one_address(client: Client, interaction: Interaction) -> None:
    had = tag(client)
    assert again(client, had, "/protein/q07812/") == 200
    assert again(client, had, f"{PAGE}?targets-sort=name") == 200
    assert again(client, had, "/protein/Q9UK53/") == 301
    assert again(client, had, "/protein/p12345/") == 404
    assert "ETag" not in client.get("/protein/p12345/")


ACTIONS: dict[str, Callable[[Interaction, User], object]] = {
    "partner renamed": lambda interaction, ann: amend_protein(
        user=ann, protein=interaction.target, values={"name": "BAX2"}
    ),
    "publication retracted": lambda _, ann: amend_citation(
        user=ann, citation=Citation.objects.get(pmid=5), values={"is_retracted": True}
    ),
    "interaction rejected": lambda interaction, ann: reject_interaction(
        user=ann, interaction=interaction, reason="wrong"
    ),
    "interaction added": lambda interaction, _: make_interaction(
        interaction.target, interaction.tf
    ),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_what_a_page_shows_of_others_counts(
    client: Client, interaction: Interaction, action: str
) -> None:
    had = tag(client)
    ACTIONS[action](interaction, make_person("ann"))
    answer = client.get(PAGE, headers={"If-None-Match": had})
    assert answer.status_code == 200
    assert answer["ETag"] != had


def test_a_change_elsewhere_leaves_the_page_as_it_is(
    client: Client, interaction: Interaction
) -> None:
    other = make_protein("P38936", "CDKN1A")
    had = tag(client)
    amend_protein(user=make_person("ann"), protein=other, values={"name": "P21"})
    answer = client.get(PAGE, headers={"If-None-Match": had})
    assert answer.status_code == 304
    assert answer["ETag"] == had


def test_whatever_is_written_changes_the_state(interaction: Interaction, tmp_path: Path) -> None:
    ann = make_person("ann")
    states = [content_state()]

    def is_new() -> bool:
        states.append(content_state())
        return states[-1] not in states[:-1]

    page = str(ROOT / "fixtures" / "pages" / "q06945.md")
    call_command("import_pages", page, verbosity=0)
    assert is_new()
    undo_import(ImportRun.objects.get().pk, confirmed=True)
    assert is_new()
    made = propose(
        user=ann,
        kind=RecordKind.PROTEIN,
        record_id=interaction.tf_id,
        values={"name": "ING2"},
    )
    assert is_new()
    withdraw_proposal(user=ann, proposal=Proposal.objects.get(pk=made.pk))
    assert is_new()
    remove_record(user=ann, record=make_protein("P38936", "CDKN1A"))
    assert is_new()
    source = SourceDatabase.objects.get(key="GTRD")
    fields = {"key": "GTRD", "name": "GTRD 2", "publication": source.publication_id, "url": ""}
    url = f"/admin/proteins/sourcedatabase/{source.pk}/change/"
    fields["reason"] = "Its new name."
    assert browser_of(ann).post(url, fields).status_code == 302
    assert SourceDatabase.objects.get(key="GTRD").name == "GTRD 2"
    assert is_new()


def test_new_code_makes_new_tags(
    client: Client, interaction: Interaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    had = tag(client)
    monkeypatch.setattr(conditional, "_code_version", lambda: "newer")
    # The page is made anew, and found to be the same.
    assert again(client, had) == 304
    assert tag(client) != had


class TestPeople:
    def test_an_editor_and_the_public_never_share_a_tag(
        self, client: Client, interaction: Interaction
    ) -> None:
        had = tag(client)
        editor = browser_of(make_person("ann"))
        answer = editor.get(PAGE, headers={"If-None-Match": had})
        assert answer.status_code == 200
        assert "Edit this record" in answer.text
        assert "ETag" not in answer
        assert answer["Cache-Control"] == "private"
        assert "Cookie" in answer["Vary"]

    def test_who_logs_out_gets_the_public_page(self, interaction: Interaction) -> None:
        editor = browser_of(make_person("ann"))
        assert "Edit this record" in editor.get(PAGE).text
        editor.logout()
        assert "Edit this record" not in editor.get(PAGE).text

    def test_a_page_with_a_visitors_own_token_has_no_tag(
        self, rf: RequestFactory, interaction: Interaction
    ) -> None:
        @unless_unchanged
        def form(request: HttpRequest) -> HttpResponse:
            return HttpResponse(get_token(request))

        assert "ETag" not in form(rf.get("/"))

    def test_a_page_that_sets_a_cookie_has_no_tag(
        self, rf: RequestFactory, interaction: Interaction
    ) -> None:
        @unless_unchanged
        def page(request: HttpRequest) -> HttpResponse:
            response = HttpResponse("x")
            response.set_cookie("own", "1")
            return response

        assert "ETag" not in page(rf.get("/"))


def test_while_templates_are_written_nothing_is_kept(
    client: Client, interaction: Interaction, settings: LazySettings
) -> None:
    settings.DEBUG = True
    assert "ETag" not in client.get(PAGE)
