"""Headers of every response of the API, 304, and the page cache."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from curation.actions import amend_protein, reject_interaction
from proteins.api import headers, serving
from proteins.api.headers import Deprecation
from proteins.api.serving import MAX_BODY_BYTES
from proteins.api.tokens import make_token
from proteins.api.views import RootView
from proteins.caching.conditional import cached_pages
from proteins.models import Interaction
from tests.curation.people import browser_of, make_person
from tests.factories import make_interaction, make_protein
from tests.proteins.api.test_problems import is_problem

ROOT = "/api/v1/"
LIST = f"{ROOT}interactions/"
FILE = f"{LIST}?format=tsv"
RECORD = f"{LIST}Q9UK53-Q07812/"


@pytest.fixture(autouse=True)
def _responses_are_cached(no_cached_pages: None, settings: LazySettings) -> Iterator[None]:
    settings.PAGE_CACHE_BYTES = 1_000_000
    cached_pages.clear()
    yield
    cached_pages.clear()


@pytest.fixture(autouse=True)
def interaction(db: None) -> Interaction:
    tf = make_protein("Q9UK53", "ING1", genes=[3621])
    return make_interaction(tf, make_protein("Q07812", "BAX"), pmids=[27924024, 5])


class TestAgain:
    @pytest.mark.parametrize("url", [LIST, RECORD, ROOT, f"{ROOT}schema/", f"{LIST}?tf=Q9UK53"])
    def test_what_was_answered_takes_one_query(
        self, client: Client, url: str, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        first = client.get(url)
        with django_assert_num_queries(1):
            again = client.get(url)
        assert again.content == first.content
        assert list(again.items()) == list(first.items())
        assert "accept" in first["Vary"].lower()
        assert "cookie" not in first["Vary"].lower()
        with django_assert_num_queries(1):
            unchanged = client.get(url, headers={"If-None-Match": first["ETag"]})
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert unchanged["TFLink-Release"] == first["TFLink-Release"]
        assert client.head(url)["ETag"] == first["ETag"]
        assert len(cached_pages) == 1

    def test_a_file_is_not_written_for_who_has_it(
        self, client: Client, interaction: Interaction,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:  # fmt: skip
        file = client.get(FILE)
        assert file.getvalue()
        had = {"If-None-Match": file["ETag"]}
        with django_assert_num_queries(1):
            assert client.get(FILE, headers=had).status_code == 304
        assert client.get(f"{LIST}?format=csv", headers=had).status_code == 200
        amend_protein(user=make_person("ann"), protein=interaction.target, values={"name": "BAX2"})
        new = client.get(FILE, headers=had)
        assert new.status_code == 200
        assert b"BAX2" in new.getvalue()
        assert len(cached_pages) == 0

    def test_after_anything_is_written_the_answer_is_new(
        self, client: Client, interaction: Interaction
    ) -> None:
        had = client.get(LIST)
        reject_interaction(user=make_person("ann"), interaction=interaction, reason="wrong")
        again = client.get(LIST, headers={"If-None-Match": had["ETag"]})
        assert again.json()["results"] == []
        assert client.get(RECORD, headers={"If-None-Match": "*"}).status_code == 410

    def test_a_write_elsewhere_leaves_who_has_it_with_it(self, client: Client) -> None:
        had = client.get(f"{ROOT}taxa/")
        make_person("ann")
        protein = make_protein("P04637")
        amend_protein(user=User.objects.get(), protein=protein, values={"name": "TP53"})
        again = client.get(f"{ROOT}taxa/", headers={"If-None-Match": had["ETag"]})
        assert (again.status_code, again["ETag"]) == (304, had["ETag"])

    def test_what_is_refused_is_not_cached(self, client: Client) -> None:
        for url in (f"{LIST}?no=1", f"{LIST}?tf=x", f"{RECORD}?page_size=1", f"{ROOT}x/"):
            answer = client.get(url)
            assert answer.status_code in (400, 404)
            assert "ETag" not in answer
        assert len(cached_pages) == 0

    def test_who_asks_makes_no_difference(self, client: Client) -> None:
        plain = client.get(LIST)
        editor = browser_of(make_person("ann"))
        token = make_token(User.objects.get())
        for other in (
            editor.get(LIST),
            client.get(LIST, headers={"Authorization": f"Token {token}"}),
        ):
            assert other.content == plain.content
            assert not other.cookies
        assert len(cached_pages) == 1

    def test_answers_to_different_questions_are_apart(
        self, client: Client, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.ALLOWED_HOSTS = ["testserver", "other.example"]
        requests: list[tuple[str, dict[str, Any]]] = [
            (LIST, {}),
            (LIST, {"HTTP_HOST": "other.example"}),
            (LIST, {"wsgi.url_scheme": "https"}),
            (f"{LIST}?page_size=1", {}),
            (f"{ROOT}schema/", {}),
            (f"{ROOT}schema/", {"HTTP_ACCEPT": "application/vnd.oai.openapi+json"}),
            (f"{ROOT}proteins/?name=%C3%A9", {}),
            (f"{ROOT}proteins/?name=%C3%83%C2%A9", {}),
        ]
        settings.PAGE_CACHE_BYTES = 0
        fresh = [client.get(url, **extra).content for url, extra in requests]
        settings.PAGE_CACHE_BYTES = 4_000_000  # the schemas take most of one
        for _ in range(2):
            for (url, extra), content in zip(requests, fresh, strict=True):
                assert client.get(url, **extra).content == content
        assert len(cached_pages) == len(requests)
        # The header Accept requests a file, which is not what is cached for JSON.
        tsv = client.get(LIST, headers={"Accept": "text/tab-separated-values"})
        assert tsv.streaming
        monkeypatch.setattr(serving, "latest_name", lambda: "2026.12")
        client.get(LIST)
        assert len(cached_pages) == len(requests) + 1

    def test_large_responses_are_not_cached(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(serving, "MAX_CACHED_BYTES", 300)
        assert client.get(LIST)["ETag"]
        assert len(cached_pages) == 0


class TestHeaders:
    @pytest.mark.parametrize(
        ("method", "url", "status"),
        [
            ("get", LIST, 200),
            ("get", FILE, 200),
            ("head", RECORD, 200),
            ("options", LIST, 200),
            ("get", f"{LIST}?no=1", 400),
            ("get", f"{ROOT}nowhere/", 404),
            ("post", f"{ROOT}nowhere/", 404),
            ("delete", LIST, 405),
            ("get", f"{ROOT}docs/", 200),
            ("get", f"{ROOT}proteins", 301),
        ],
    )
    def test_every_answer_has_them(
        self, client: Client, monkeypatch: pytest.MonkeyPatch, method: str, url: str,
        status: int,
    ) -> None:  # fmt: skip
        answer = getattr(client, method)(url)
        assert answer.status_code == status
        assert answer["TFLink-Release"] == "none"
        assert answer["API-Version"] == "1"
        assert answer["Link"] == '</#licence>; rel="license"'
        monkeypatch.setattr(headers, "latest_name", lambda: "2026.12")
        assert getattr(client, method)(url)["TFLink-Release"] == "2026.12"

    def test_pages_have_none(self, client: Client) -> None:
        assert "TFLink-Release" not in client.get("/")
        assert 'id="licence"' in client.get("/").text

    def test_what_will_go_says_so(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        gone = Deprecation(
            since=datetime(2026, 1, 1, tzinfo=UTC),
            until=datetime(2027, 1, 1, tzinfo=UTC),
            explained="/api/v1/docs/#deprecation",
        )
        monkeypatch.setattr(RootView, "deprecation", gone)
        for answer in (client.get(ROOT), client.get(ROOT), client.get(f"{ROOT}?x=1")):
            assert answer["Deprecation"] == "@1767225600"
            assert answer["Sunset"] == "Fri, 01 Jan 2027 00:00:00 GMT"
            assert '</api/v1/docs/#deprecation>; rel="deprecation"' in answer["Link"]
        assert "Deprecation" not in client.get(LIST)


class TestOtherSites:
    """Pages of others may read the API, without credentials."""

    def test_reading(self, client: Client) -> None:
        answer = client.get(LIST, headers={"Origin": "https://other.example"})
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer
        exposed = answer["Access-Control-Expose-Headers"]
        assert {"ETag", "Link", "Retry-After", "TFLink-Release", "Content-Disposition"} <= set(
            exposed.split(", ")
        )

    def test_asking_first(self, client: Client) -> None:
        asking = {
            "Origin": "https://other.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type,authorization",
        }
        answer = client.options(LIST, headers=asking)
        assert answer.status_code == 200
        assert answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS, POST"
        assert "authorization" in answer["Access-Control-Allow-Headers"]

    @pytest.mark.parametrize("url", ["/", "/admin/", "/protein/q9uk53/"])
    def test_nothing_else(self, client: Client, url: str) -> None:
        answer = client.get(url, headers={"Origin": "https://other.example"})
        assert "Access-Control-Allow-Origin" not in answer


@pytest.mark.parametrize("url", [LIST, RECORD, ROOT, f"{ROOT}schema/"])
def test_a_body_that_is_too_large_is_not_read(client: Client, url: str) -> None:
    class Unread:
        def read(self, *_: object) -> bytes:
            raise AssertionError("the body is read")

        readline = read

    for method in ("GET", "POST", "DELETE"):
        sent: dict[str, Any] = {"CONTENT_LENGTH": str(MAX_BODY_BYTES + 1), "wsgi.input": Unread()}
        answer = client.generic(method, url, **sent)
        assert "1,000,000 bytes" in is_problem(answer, 413)["detail"]
