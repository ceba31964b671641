"""A new password by mail."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import cache
from django.test import Client

from curation.permissions import CURATOR
from tests.curation.people import make_person
from tests.test_settings import PRODUCTION, setting

pytestmark = pytest.mark.django_db
ASK = "/admin/password_reset/"
NEW = "Ein-anderes-Wort-8"


@pytest.fixture(autouse=True)
def no_mails_before() -> None:
    cache.clear()


@pytest.fixture
def ada() -> User:
    ada = make_person("ada", CURATOR)
    ada.email = "ada@example.org"
    ada.set_password("Ein-langes-Wort-7")
    ada.save()
    return ada


def ask(client: Client, email: str = "ada@example.org", **connection: Any) -> None:
    answer = client.post(ASK, {"email": email}, follow=True, **connection)
    assert "Password reset sent" in answer.text


def test_a_password_is_set_by_mail_and_the_lock_is_gone(ada: User, client: Client) -> None:
    AccessAttempt.objects.create(
        username="ada", ip_address="192.0.2.1", user_agent="", failures_since_start=20
    )
    assert ASK in client.get("/admin/login/").text
    ask(client)
    (message,) = mail.outbox
    assert message.to == ["ada@example.org"]
    link = re.search(r"http://testserver(/admin/reset/\S+)", str(message.body))
    assert link
    form = client.get(link[1], follow=True)
    sent = {"new_password1": NEW, "new_password2": NEW}
    done = client.post(form.request["PATH_INFO"], sent, follow=True)
    assert "Your password has been set" in done.text
    assert client.login(username="ada", password=NEW)
    assert not AccessAttempt.objects.exists()
    assert "invalid" in Client().get(link[1], follow=True).text


def test_nobody_is_flooded_with_mails(ada: User, client: Client) -> None:
    for _ in range(3):
        ask(client)
    assert len(mail.outbox) == 1
    for number in range(9):
        user = make_person(f"b{number}", CURATOR)
        User.objects.filter(pk=user.pk).update(
            email=f"b{number}@example.org", password=ada.password
        )
        ask(client, f"b{number}@example.org", REMOTE_ADDR="192.0.2.9")
    assert len(mail.outbox) == 1 + 5


def test_no_page_tells_who_has_an_account(ada: User, client: Client) -> None:
    ask(client, "stranger@example.org")
    assert mail.outbox == []


def test_without_a_mail_server_production_offers_none(tmp_path: Path) -> None:
    expression = "[settings.PASSWORD_RESET_BY_MAIL, settings.EMAIL_HOST]"
    assert setting(tmp_path, expression, **PRODUCTION)[0] is False  # type: ignore[index]
    url = "smtp+tls://ada:secret@mail.example.org:587"
    assert setting(tmp_path, expression, **PRODUCTION, EMAIL_URL=url) == [True, "mail.example.org"]
