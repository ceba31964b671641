"""A save that a colleague's overtakes at the last instant: after the form was checked, before
the action has the write lock. The comparison of the form is made blind once, as it is then."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from curation import actions
from curation.admin import verbs
from curation.admin.editing import form as record_form
from curation.admin.editing.verbs import RecordVerb
from curation.models import Revision
from curation.records import history
from proteins.models import Interaction, Protein, ReviewStatus
from tests.curation.desk_visitor import Fields, read_form
from tests.curation.people import browser_of, make_person
from tests.factories import make_protein

pytestmark = pytest.mark.django_db
STALE = "While this form was open, bob changed this record"


@pytest.fixture
def blind_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = iter([True])

    def since(*args: Any) -> list[Revision]:
        return [] if next(calls, False) else history.since(*args)

    monkeypatch.setattr(record_form, "since", since)


def post(client: Client, url: str, form: Fields) -> Any:
    return client.post(url, form.values)


def test_both_versions_are_shown_at_once_and_the_next_save_keeps_both(blind_once: None) -> None:
    protein = make_protein("Q9UK53", "ING1")
    url = reverse("admin:proteins_protein_change", args=[protein.pk])
    ann = browser_of(make_person("ann"))
    form = read_form(ann.get(url).text, "protein_form")
    form.type("name", "mine")
    form.type("reason", "because")
    actions.amend_protein(
        user=make_person("bob"), protein=protein, values={"declared_tf": True}, reason="theirs"
    )
    answer = post(ann, url, form)
    assert answer.status_code == 200
    assert STALE in answer.text
    assert Protein.objects.get().name == "ING1"

    form = read_form(answer.text, "protein_form")
    assert form.values["name"] == ["mine"]
    assert form.values["reason"] == ["because"]
    assert post(ann, url, form).status_code == 302
    stored = Protein.objects.get()
    assert (stored.name, stored.declared_tf) == ("mine", True)


def test_a_verdict_that_another_has_given_meanwhile_is_shown(
    blind_once: None, interaction: Interaction
) -> None:
    url = reverse("admin:proteins_interaction_change", args=[interaction.pk])
    ann = browser_of(make_person("ann"))
    form = read_form(ann.get(url).text, "interaction_form")
    form.type("reason", "because")
    form.values["_verb"] = ["confirm"]
    actions.dispute_interaction(user=make_person("bob"), interaction=interaction, reason="doubtful")
    answer = post(ann, url, form)
    assert answer.status_code == 200
    assert STALE in answer.text
    form = read_form(answer.text, "interaction_form")
    assert form.values["reason"] == ["because"]
    form.values["_verb"] = ["confirm"]
    assert post(ann, url, form).status_code == 302
    interaction.refresh_from_db()
    assert interaction.status == ReviewStatus.CONFIRMED


def test_the_same_verdict_twice_is_told_to_the_second(
    monkeypatch: pytest.MonkeyPatch, interaction: Interaction
) -> None:
    """Here the action refuses for what it finds, and not for the version that was seen."""
    url = reverse("admin:proteins_interaction_change", args=[interaction.pk])
    ann = browser_of(make_person("ann"))
    form = read_form(ann.get(url).text, "interaction_form")
    form.values["_verb"] = ["confirm"]
    actions.confirm_interaction(user=make_person("bob"), interaction=interaction)

    tried: list[bool] = []
    do, offered = verbs.ReviewVerb.do, verbs.ReviewAdmin.verbs_for

    def try_it(*args: Any) -> Any:
        tried.append(True)
        return do(*args)

    def as_it_was(page: Any, user: User, status: int | None = None) -> dict[str, RecordVerb]:
        return offered(page, user, status if tried else ReviewStatus.UNREVIEWED)

    def since(*args: Any) -> list[Revision]:
        return history.since(*args) if tried else []

    monkeypatch.setattr(verbs.ReviewVerb, "do", try_it)
    monkeypatch.setattr(verbs.ReviewAdmin, "verbs_for", as_it_was)
    monkeypatch.setattr(record_form, "since", since)
    answer = post(ann, url, form)
    assert tried == [True]
    assert answer.status_code == 200
    assert STALE in answer.text
    assert Revision.objects.count() == 1


def test_the_buttons_are_those_of_the_version_that_the_form_shows(
    monkeypatch: pytest.MonkeyPatch, interaction: Interaction
) -> None:
    """A colleague is faster than the opening of the form: the record was read before, its
    version afterwards."""
    url = reverse("admin:proteins_interaction_change", args=[interaction.pk])
    ann, bob = browser_of(make_person("ann")), make_person("bob")
    version_of = history.version_of

    def after_bob(*args: Any) -> int:
        monkeypatch.setattr(record_form, "version_of", version_of)
        actions.confirm_interaction(user=bob, interaction=interaction)
        return version_of(*args)

    monkeypatch.setattr(record_form, "version_of", after_bob)
    form = read_form(ann.get(url).text, "interaction_form")
    assert form.values["seen"] == [str(Revision.objects.get().pk)]
    assert form.buttons["_verb"] == ["dispute", "reject", "reopen"]
