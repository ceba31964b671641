"""Guessing passwords: locked, told, unlocked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessLog
from django.conf import LazySettings
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from curation.accounts.lockout import client_of
from curation.permissions import ADMINISTRATOR, CURATOR
from tests.curation.people import browser_of, make_person

pytestmark = pytest.mark.django_db
SECRET = "Ein-langes-Wort-7"
LOGIN = "/admin/login/"


@pytest.fixture(autouse=True)
def on(settings: LazySettings, no_lockout: None) -> None:
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = 10


@pytest.fixture
def ada(on: None) -> User:
    ada = make_person("ada", CURATOR)
    ada.set_password(SECRET)
    ada.save()
    return ada


def try_password(password: str, username: str = "ada", client_address: str = "192.0.2.1") -> Any:
    sent = {"username": username, "password": password, "next": "/admin/"}
    return Client().post(LOGIN, sent, REMOTE_ADDR=client_address)


def guess(number: int, **who: Any) -> list[int]:
    return [try_password(f"wrong-{one}", **who).status_code for one in range(number)]


def test_thirteen_wrong_passwords(ada: User) -> None:
    assert guess(13) == [200] * 9 + [429] * 4
    # The right one too, from wherever: it is the account that is locked.
    for client_address in ("192.0.2.1", "198.51.100.7"):
        answer = try_password(SECRET, client_address=client_address)
        assert answer.status_code == 429
        assert answer["Retry-After"] == "900"
        assert "Wait 15 minutes" in answer.text
        assert "Reset your password by e-mail" in answer.text
        assert SECRET not in answer.text
    assert User.objects.get(pk=ada.pk).last_login is None
    # When the wait is over.
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    assert try_password(SECRET).status_code == 302
    assert not AccessAttempt.objects.exists()


def test_tries_while_locked_write_nothing_and_do_not_lengthen_the_wait(ada: User) -> None:
    guess(10)
    before = list(AccessAttempt.objects.values())
    guess(5)
    assert list(AccessAttempt.objects.values()) == before
    assert "wrong-" not in str(before)
    assert SECRET not in str(before)


def test_one_address_tries_no_list_of_accounts(ada: User) -> None:
    statuses = [try_password("x", username=f"guess{one}").status_code for one in range(12)]
    assert statuses == [200] * 9 + [429] * 3
    assert try_password(SECRET).status_code == 429
    assert try_password(SECRET, client_address="198.51.100.7").status_code == 302


def test_an_ipv6_network_is_one_client_and_a_header_makes_no_other(settings: LazySettings) -> None:
    make = RequestFactory().post
    for one, other in (
        ({"REMOTE_ADDR": "2001:db8::1"}, {"REMOTE_ADDR": "2001:db8::ffff:2"}),
        (
            {"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": "203.0.113.1"},
            {"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": "203.0.113.2"},
        ),
        ({"REMOTE_ADDR": ""}, {"REMOTE_ADDR": "unix:"}),
    ):
        assert client_of(make(LOGIN, **one)) == client_of(make(LOGIN, **other))  # type: ignore[arg-type]
    settings.TRUSTED_PROXIES = 1
    forwarded = make(LOGIN, REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.2")
    assert client_of(forwarded) == "203.0.113.2"


def test_an_administrator_unlocks(ada: User) -> None:
    guess(10)
    browser = browser_of(make_person("chief", ADMINISTRATOR))
    sent = {"action": "unlock", ACTION_CHECKBOX_NAME: [ada.pk]}
    users = reverse("admin:auth_user_changelist")
    assert "The account ada may log in again." in browser.post(users, sent, follow=True).text
    assert "The account ada has no failed log-ins." in browser.post(users, sent, follow=True).text
    assert try_password(SECRET, client_address="198.51.100.7").status_code == 302


def test_a_command_unlocks(ada: User) -> None:
    guess(10)
    call_command("axes_reset_username", "ada")
    assert try_password(SECRET, client_address="198.51.100.7").status_code == 302


def test_success_forgets_failures_and_leaves_no_list_of_visits(ada: User) -> None:
    assert guess(9) == [200] * 9
    assert try_password(SECRET).status_code == 302
    assert guess(9) == [200] * 9
    assert not AccessLog.objects.exists()
