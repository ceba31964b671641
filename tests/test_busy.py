"""A write that meets another's lock is answered 503, with when to try again, and soon."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client

from curation.actions import BusyError
from curation.shared import lock
from tests.curation.actions.test_busy import import_at_work
from tests.curation.people import make_person

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a-long-password-of-the-tests"


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with import_at_work(monkeypatch):
        yield


@pytest.fixture
def person() -> Client:
    account = make_person("senior")
    account.set_password(PASSWORD)
    account.save()
    return Client(raise_request_exception=False)


def log_in(client: Client) -> Any:
    form = {"username": "senior", "password": PASSWORD}
    return client.post("/admin/login/?next=/admin/", form)


def demand_busy(response: Any) -> None:
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert str(BusyError()) in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert "sessionid" not in response.cookies


def test_a_log_in_while_an_import_writes(person: Client, busy: None) -> None:
    response = log_in(person)
    if connection.vendor == "postgresql":  # where sessions wait for no import
        assert response.status_code == 302
    else:
        demand_busy(response)


def locked(*_: object, **__: object) -> None:
    raise OperationalError("database is locked")


def lock_timeout(*_: object, **__: object) -> None:
    raise OperationalError("canceling statement due to lock timeout")


@pytest.mark.parametrize("fail", [locked, lock_timeout])
def test_a_session_that_cannot_be_stored(
    person: Client,
    monkeypatch: pytest.MonkeyPatch,
    settings: LazySettings,
    fail: Callable[..., None],
) -> None:
    person.force_login(make_person("another"))
    settings.SESSION_SAVE_EVERY_REQUEST = True  # after the view has answered
    monkeypatch.setattr(SessionStore, "save", fail)
    demand_busy(person.get("/admin/"))


def test_any_other_error_of_the_database_is_none_of_this(
    person: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> HttpResponse:
        raise OperationalError("no such table: django_session")

    monkeypatch.setattr(SessionStore, "save", fail)
    assert log_in(person).status_code == 500


def test_nothing_waits_for_long() -> None:
    assert lock.WRITE_LOCK_SECONDS <= 5
    if connection.vendor == "sqlite":
        assert settings.SQLITE_OPTIONS["timeout"] <= 5


def test_waits_are_as_long_as_they_are_said_to_be(person: Client, busy: None) -> None:
    begun = time.monotonic()
    log_in(person)
    assert time.monotonic() - begun < 5
