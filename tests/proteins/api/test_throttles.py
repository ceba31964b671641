"""The rates of one caller."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core import checks
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from rest_framework.authtoken.models import Token

from proteins.api.tokens import make_token
from proteins.limits import rates
from proteins.limits.rates import check_rates
from tests.proteins.api.test_problems import is_problem

ROOT = "/api/v1/"
FILE = f"{ROOT}interactions/?format=tsv"
RATES = {
    "requests": "3/minute",
    "requests-token": "5/minute",
    "files": "1/hour",
    "files-token": "2/hour",
    "lookups": "",
    "lookups-token": "",
}

pytestmark = pytest.mark.django_db


class Clock:
    now = 1_000_000_000.25  # twenty seconds before a minute ends

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(no_limits: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.API_RATES = RATES
    clock = Clock()
    monkeypatch.setattr(rates, "_clock", clock)
    cache.clear()
    yield clock
    cache.clear()


def statuses(client: Client, times: int, url: str = ROOT, **extra: Any) -> list[int]:
    return [client.get(url, **extra).status_code for _ in range(times)]


@pytest.fixture
def token(db: None) -> dict[str, str]:
    key = make_token(User.objects.create_user("ann"))
    return {"Authorization": f"Token {key}"}


def test_beyond_the_rate_there_is_a_retry_after(client: Client, clock: Clock) -> None:
    first = client.get(ROOT)
    assert first["RateLimit-Policy"] == '"requests";q=3;w=60'
    assert first["RateLimit"] == '"requests";r=2;t=20'
    assert statuses(client, 2) == [200, 200]
    refused = client.get(ROOT)
    is_problem(refused, 429)
    assert refused["Retry-After"] == "20"  # rounded up
    assert refused["RateLimit"] == '"requests";r=0;t=20'
    assert refused["TFLink-Release"] == "none"
    clock.now += 19
    assert client.get(ROOT)["Retry-After"] == "1"
    clock.now += 1
    assert statuses(client, 4) == [200, 200, 200, 429]


def test_nothing_is_done_for_who_is_refused(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tag = client.get(f"{ROOT}taxa/")["ETag"]
    statuses(client, 2)
    with django_assert_num_queries(0):
        assert statuses(client, 1, f"{ROOT}interactions/") == [429]
        assert statuses(client, 1, headers={"If-None-Match": tag}) == [429]


def test_each_ip_address_counts_for_itself_and_headers_are_not_believed(
    client: Client, settings: LazySettings
) -> None:
    assert statuses(client, 4, REMOTE_ADDR="192.0.2.1") == [200, 200, 200, 429]
    forged = {"X-Forwarded-For": "192.0.2.99"}
    assert statuses(client, 1, REMOTE_ADDR="192.0.2.1", headers=forged) == [429]
    assert statuses(client, 1, REMOTE_ADDR="192.0.2.2") == [200]
    assert statuses(client, 3, REMOTE_ADDR="2001:db8::1") == [200, 200, 200]
    assert statuses(client, 1, REMOTE_ADDR="2001:db8::2") == [429]
    settings.TRUSTED_PROXIES = 1
    assert statuses(client, 1, REMOTE_ADDR="192.0.2.1", headers=forged) == [200]


def test_a_token_raises_the_rates_and_counts_apart(client: Client, token: dict[str, str]) -> None:
    assert statuses(client, 4) == [200, 200, 200, 429]
    assert statuses(client, 6, headers=token) == [200, 200, 200, 200, 200, 429]
    assert client.get(ROOT, headers=token)["RateLimit-Policy"] == '"requests-token";q=5;w=60'


@pytest.mark.parametrize(
    "word",
    ["Token " + "a" * 40, "Token x\0y", "Token", "Token a b", "Token \xff", "Token " + "a" * 5000],
)
def test_a_wrong_token_is_refused(client: Client, word: str) -> None:
    refused = client.get(ROOT, headers={"Authorization": word})
    is_problem(refused, 401)
    assert refused["WWW-Authenticate"] == "Token"


def test_the_token_of_who_has_left_is_refused(client: Client, token: dict[str, str]) -> None:
    User.objects.update(is_active=False)
    is_problem(client.get(ROOT, headers=token), 401)


@pytest.mark.parametrize("word", ["Basic YTpi", "Bearer x", "", "x"])
def test_other_ways_to_identify_oneself_are_not_looked_at(client: Client, word: str) -> None:
    assert client.get(ROOT, headers={"Authorization": word}).status_code == 200


def test_with_a_token_nothing_can_be_written_either(client: Client, token: dict[str, str]) -> None:
    is_problem(client.post(f"{ROOT}proteins/", headers=token), 405)


def test_files_are_counted_by_themselves(
    client: Client, token: dict[str, str], clock: Clock
) -> None:
    bad = client.get(f"{FILE}&tf=x")
    assert (bad.status_code, bad["RateLimit"][:10]) == (400, '"requests"')
    file = client.get(FILE)
    assert file["RateLimit-Policy"] == '"files";q=1;w=3600'
    assert file.getvalue()
    clock.now += 60
    refused = client.get(FILE)
    is_problem(refused, 429)
    assert refused["Retry-After"] == "740"
    assert "Content-Disposition" not in refused
    # Who has it already, and pages of the same list, are no files.
    had = {"If-None-Match": file["ETag"]}
    assert statuses(client, 1, FILE, headers=had) == [304]
    assert statuses(client, 1, f"{ROOT}interactions/") == [200]
    assert statuses(client, 3, FILE, headers=token) == [200, 200, 429]


def test_a_cache_that_fails_refuses_no_request(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(LocMemCache, "add", fail)
    assert statuses(client, 5) == [200] * 5
    assert "the cache does not answer" in caplog.text


def test_rates_are_checked_before_any_request(settings: LazySettings) -> None:
    assert check_rates() == []
    settings.API_RATES = {**RATES, "files": "60 an hour", "requests": "0/minute"}
    assert [error.id for error in check_rates()] == ["proteins.E001"] * 2
    assert all(isinstance(error, checks.Error) for error in check_rates())


@pytest.mark.django_db
def test_tokens_made_before_digests_were_stored_go_on_working(client: Client) -> None:
    ann = User.objects.create_user("ann")
    Token.objects.create(user=ann, key="0123456789abcdef0123456789abcdef01234567")
    migration = import_module("curation.migrations.0010_hashed_api_tokens")
    migration.hash_tokens(apps, connection.schema_editor())
    assert "0123456789abcdef" not in Token.objects.get().key
    token = {"Authorization": "Token 0123456789abcdef0123456789abcdef01234567"}
    assert client.get(ROOT, headers=token).status_code == 200
    assert client.get(ROOT, headers=token | {"Authorization": "Token x"}).status_code == 401
