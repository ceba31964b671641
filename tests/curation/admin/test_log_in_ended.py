"""A log-in that ended while a form was open: what was typed comes back, and is not saved."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from curation.accounts import typed
from curation.models import Proposal, Revision
from proteins.models import Interaction, Protein, Taxon
from tests.curation.admin.forms import form_in, open_form, page
from tests.curation.people import make_person

PASSWORD = "correct horse battery"


@pytest.fixture
def person(db: None) -> User:
    user = make_person("senior")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def browser(person: User) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    return client


def end_log_in(browser: Client) -> None:
    del browser.cookies["sessionid"]


def hidden(text: str, name: str) -> str:
    match = re.search(rf'name="{name}"[^>]* value="([^"]*)"', text)
    return unescape(match[1]) if match else ""


def log_in(browser: Client, text: str, password: str = PASSWORD) -> Any:
    """Send the log-in form of a page as a browser does."""
    fields = {name: hidden(text, name) for name in ("csrfmiddlewaretoken", "next", "typed")}
    data = {"username": "senior", "password": password, **fields}
    return browser.post(reverse("admin:login"), data)


def test_a_record_is_shown_as_it_was_typed(browser: Client, interaction: Interaction) -> None:
    url = page("interaction", "change", interaction.pk)
    data = open_form(browser, url)
    token = data["csrfmiddlewaretoken"] = hidden(browser.get(url).text, "csrfmiddlewaretoken")
    data |= {"reason": "Figure 3 <b> shows it", "effect": "1", "_continue": "1"}
    end_log_in(browser)
    refused = browser.post(url, data)
    assert refused.status_code == 200
    assert "Your log-in had ended, so nothing was saved." in refused.text
    wrong = log_in(browser, refused.text, "wrong")
    assert wrong.status_code == 200
    answer = log_in(browser, wrong.text)
    assert (answer.status_code, answer["Location"]) == (302, url)
    text = browser.get(url).text
    assert "this is what you typed. Nothing is saved yet" in text
    shown = form_in(text)
    assert (shown["reason"], shown["effect"]) == ([data["reason"]], ["1"])
    interaction.refresh_from_db()
    assert interaction.effect == 0
    fresh = hidden(text, "csrfmiddlewaretoken")
    assert fresh not in ("", token)
    # Once only; then the form is as the record is.
    assert form_in(browser.get(url).text)["reason"] in ([""], [])
    assert browser.post(url, {**shown, "csrfmiddlewaretoken": fresh}).status_code == 302
    interaction.refresh_from_db()
    assert interaction.effect == 1


def test_a_new_record_and_other_forms(browser: Client, interaction: Interaction) -> None:
    token = hidden(browser.get(reverse("admin:index")).text, "csrfmiddlewaretoken")
    end_log_in(browser)
    file = SimpleUploadedFile("yeast.tsv", b"a\tb")
    url = reverse("admin:curation_upload_add")
    data = {"csrfmiddlewaretoken": token, "reason": "new <i> release", "files": file}
    answer = log_in(browser, browser.post(url, data).text)
    text = browser.get(answer["Location"]).text
    assert "What you typed: reason: new &lt;i&gt; release" in text
    assert "Choose the files again: yeast.tsv." in text


def test_a_form_from_elsewhere_is_not_carried(browser: Client, interaction: Interaction) -> None:
    end_log_in(browser)
    answer = browser.post(page("interaction", "change", interaction.pk), {"reason": "forged"})
    assert answer.status_code == 403
    assert "forged" not in answer.text


@pytest.mark.parametrize("change", ["another page", "broken", "none"])
def test_what_was_not_carried_for_this_form_is_dropped(
    browser: Client, interaction: Interaction, change: str
) -> None:
    url = page("interaction", "change", interaction.pk)
    token = hidden(browser.get(url).text, "csrfmiddlewaretoken")
    end_log_in(browser)
    text = browser.post(url, {"csrfmiddlewaretoken": token, "reason": "mine"}).text
    fields = {name: hidden(text, name) for name in ("csrfmiddlewaretoken", "next", "typed")}
    if change == "another page":
        fields["next"] = page("protein", "change", Protein.objects.all()[0].pk)
    elif change == "broken":
        fields["typed"] = f"x{fields['typed']}"
    else:
        del fields["typed"]
    data = {"username": "senior", "password": PASSWORD, **fields}
    answer = browser.post(reverse("admin:login"), data)
    assert answer.status_code == 302
    assert typed.FIELD not in browser.session
    assert "mine" not in browser.get(answer["Location"]).text


def test_passwords_and_long_texts_are_not_carried(browser: Client, person: User) -> None:
    url = reverse("admin:password_change")
    token = hidden(browser.get(url).text, "csrfmiddlewaretoken")
    end_log_in(browser)
    data = {"csrfmiddlewaretoken": token, "old_password": "secret1", "new_password1": "secret2"}
    answer = browser.post(url, data)
    assert hidden(answer.text, "typed") == ""
    assert "secret" not in answer.text
    assert "too long" not in answer.text
    long = {"csrfmiddlewaretoken": token, "reason": "x" * (typed.MAX_LENGTH + 1)}
    answer = browser.post(url, long)
    assert hidden(answer.text, "typed") == ""
    assert "too long to be carried over" in answer.text


def test_the_form_of_a_vocabulary_is_shown_with_its_other_names(browser: Client) -> None:
    taxon = Taxon.objects.get(code="Rn")
    url = page("taxon", "change", taxon.pk)
    token = hidden(browser.get(url).text, "csrfmiddlewaretoken")
    data = {"code": "Rn", "reason": "Read in <b> 1998", "names-0-name": "brown rat"}
    data |= {"names-TOTAL_FORMS": "1", "names-INITIAL_FORMS": "0", "csrfmiddlewaretoken": token}
    end_log_in(browser)
    answer = log_in(browser, browser.post(url, data).text)
    text = browser.get(answer["Location"]).text
    assert "this is what you typed. Nothing is saved yet" in text
    assert "Read in &lt;b&gt; 1998</textarea>" in text
    assert 'value="brown rat"' in text
    assert not taxon.names.filter(name="brown rat").exists()


@pytest.mark.parametrize("button", ["_save", "_verb"])
def test_who_sent_a_form_has_it_saved_after_logging_in(
    browser: Client, person: User, interaction: Interaction, button: str
) -> None:
    url = page("interaction", "change", interaction.pk)
    data = open_form(browser, url)
    token = hidden(browser.get(url).text, "csrfmiddlewaretoken")
    sent = {"_save": "1", "effect": "1"} if button == "_save" else {"_verb": "dispute"}
    data |= {"reason": "Figure 3", "_draft": f"{person.pk}:interaction:{interaction.pk}~abc1"}
    end_log_in(browser)
    answer = log_in(browser, browser.post(url, {**data, **sent, "csrfmiddlewaretoken": token}).text)
    saved = browser.get(answer["Location"])
    assert saved.status_code == 302
    assert saved.cookies["draft_saved"].value == data["_draft"]
    assert "carried out now" in browser.get(saved["Location"]).text
    interaction.refresh_from_db()
    assert (interaction.effect, interaction.status) == ((1, 0) if button == "_save" else (0, 2))
    # Once: the same page again is only looked at.
    assert browser.get(url).status_code == 200
    assert Revision.objects.count() == 1


def test_the_button_that_was_pressed_is_sent_again(
    browser: Client, person: User, interaction: Interaction
) -> None:
    url = page("interaction", "change", interaction.pk)
    data = open_form(browser, url)
    token = hidden(browser.get(url).text, "csrfmiddlewaretoken")
    data |= {"effect": "1", "_propose": "1", "_draft": f"{person.pk}:interaction:1~abc1"}
    end_log_in(browser)
    answer = log_in(browser, browser.post(url, data | {"csrfmiddlewaretoken": token}).text)
    assert browser.get(answer["Location"]).status_code == 302
    assert Proposal.objects.get().author == person
    assert not Revision.objects.exists()


@pytest.mark.parametrize("draft", ["", "{other}:interaction:1~abc1", "{me}:interaction:1", "x"])
def test_what_another_person_sent_is_shown_and_not_saved(
    browser: Client, person: User, interaction: Interaction, draft: str
) -> None:
    other = make_person("other")
    url = page("interaction", "change", interaction.pk)
    data = open_form(browser, url)
    token = hidden(browser.get(url).text, "csrfmiddlewaretoken")
    data |= {"_draft": draft.format(me=person.pk, other=other.pk), "effect": "1", "_save": "1"}
    end_log_in(browser)
    answer = log_in(browser, browser.post(url, data | {"csrfmiddlewaretoken": token}).text)
    assert "Nothing is saved yet" in browser.get(answer["Location"]).text
    assert not Revision.objects.exists()


def test_what_is_refused_after_logging_in_comes_back(
    browser: Client, person: User, interaction: Interaction
) -> None:
    url = page("interaction", "change", interaction.pk)
    data = open_form(browser, url)
    token = hidden(browser.get(url).text, "csrfmiddlewaretoken")
    data |= {"pmids": "none", "_draft": f"{person.pk}:interaction:{interaction.pk}~a", "_save": "1"}
    end_log_in(browser)
    answer = log_in(browser, browser.post(url, data | {"csrfmiddlewaretoken": token}).text)
    again = browser.get(answer["Location"])
    assert "is not a PubMed ID" in again.text
    assert "data-draft-bound" in again.text
    assert "draft_saved" not in again.cookies
