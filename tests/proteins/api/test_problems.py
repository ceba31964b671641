"""Errors: RFC 9457 problem details, whatever went wrong, and nothing ignored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import path
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from proteins.api.schema.described import ERRORS
from tests.proteins.api.conftest import Get
from tflink.urls import urlpatterns as site_urls

pytestmark = pytest.mark.django_db


class Closed(BaseThrottle):
    def allow_request(self, request: Request, view: APIView) -> bool:
        return False

    def wait(self) -> float:
        return 7


class Throttled(APIView):
    throttle_classes = [Closed]

    def get(self, request: Request) -> Response:
        raise AssertionError


class Broken(APIView):
    parser_classes = [JSONParser]

    def get(self, request: Request) -> Response:
        raise RuntimeError("a secret")

    def post(self, request: Request) -> Response:
        return Response(request.data)


urlpatterns = [
    path("api/throttled/", Throttled.as_view()),
    path("api/broken/", Broken.as_view()),
    *site_urls,
]


@pytest.fixture
def own_urls() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


def is_problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content[:300]
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert set(body) == {"type", "title", "status", "detail", "errors"}
    assert body["status"] == status
    assert body["type"] == f"http://testserver/api/v1/docs/#problem-{status}"
    assert body["detail"]
    return body


def test_every_type_is_explained(client: Client) -> None:
    docs = client.get("/api/v1/docs/").content.decode()
    for status in ERRORS:
        assert f'id="problem-{status}"' in docs


@pytest.mark.parametrize("url", ["/api/v1/nowhere/", "/api/v1/nowhere", "/api/", "/api/v2/x"])
def test_an_unknown_url(client: Client, url: str) -> None:
    is_problem(client.get(url), 404)
    is_problem(client.post(url), 404)


def test_a_missing_slash_is_added(client: Client) -> None:
    response = client.get("/api/v1/proteins?taxon=9606")
    assert response.status_code == 301
    assert response["Location"] == "/api/v1/proteins/?taxon=9606"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("url", ["", "proteins/", "proteins/P04637/", "schema/"])
def test_nothing_can_be_written(client: Client, method: str, url: str) -> None:
    response = getattr(client, method)(f"/api/v1/{url}?any=1")
    is_problem(response, 405)
    assert "GET" in response["Allow"]


@pytest.mark.parametrize("url", ["", "proteins/", "proteins/P04637/"])
def test_another_format(client: Client, url: str) -> None:
    body = is_problem(client.get(f"/api/v1/{url}", headers={"accept": "image/png"}), 406)
    assert "application/json" in body["detail"]


def test_a_browser_is_given_json(client: Client) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    response = client.get("/api/v1/proteins/", headers={"accept": accept})
    assert response["Content-Type"] == "application/json"


@pytest.mark.usefixtures("own_urls")
class TestOtherErrors:
    def test_too_many_requests(self, client: Client) -> None:
        response = client.get("/api/throttled/")
        is_problem(response, 429)
        assert response["Retry-After"] == "7"

    def test_a_body_in_another_format(self, client: Client) -> None:
        is_problem(client.post("/api/broken/", "a,b", content_type="text/csv"), 415)

    def test_a_body_that_is_not_json(self, client: Client) -> None:
        is_problem(client.post("/api/broken/", "{", content_type="application/json"), 400)

    def test_an_unforeseen_error_is_logged_and_not_shown(
        self, client: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        client.raise_request_exception = False
        body = is_problem(client.get("/api/broken/"), 500)
        assert "secret" not in str(body)
        assert "a secret" in caplog.text

    def test_an_unforeseen_error_reaches_the_test_client(self, client: Client) -> None:
        with pytest.raises(RuntimeError, match="a secret"):
            client.get("/api/broken/")


LISTS = [
    "proteins", "interactions", "binding-sites", "orthologs", "citations", "sources", "methods",
    "taxa",
]  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_an_unknown_parameter_is_named_with_the_valid_ones(client: Client, name: str) -> None:
    body = is_problem(client.get(f"/api/v1/{name}/?nonsense=1"), 400)
    (error,) = body["errors"]
    assert error["parameter"] == "nonsense"
    assert error["value"] == "1"
    assert "cursor, page_size" in error["reason"]
    assert "nonsense" in body["detail"]


@pytest.mark.parametrize("url", ["", "proteins/P04637/", "taxa/9606/", "schema/"])
def test_what_takes_no_parameter_refuses_them(client: Client, url: str) -> None:
    is_problem(client.get(f"/api/v1/{url}?taxon=9606"), 400)


def test_all_that_is_wrong_is_reported_at_once(get: Get) -> None:
    body = get(
        "interactions/",
        expect=400,
        tf="x",
        small_scale="maybe",
        nonsense=1,
        page_size=0,
        cursor="?",
    )
    wrong = {error["parameter"] for error in body["errors"]}
    assert wrong == {"tf", "small_scale", "nonsense", "page_size", "cursor"}


@pytest.mark.parametrize(
    ("url", "parameter", "reason"),
    [
        ("proteins/?accession=zzz", "accession", "'zzz' is not a UniProt accession"),
        ("proteins/?accession=P04637,,Q07812", "accession", "a value between two commas is empty"),
        ("proteins/?accession=" + ",".join(f"P{n:05}" for n in range(101)),
         "accession", "101 values are given; at most 100 are taken"),
        ("proteins/?name=", "name", "it has no value"),
        ("proteins/?name", "name", "it has no value"),
        ("proteins/?name=%20", "name", "it has no value"),
        ("proteins/?name=a%00b", "name", "it holds a NUL character"),
        ("proteins/?name=a%0ab", "name", "control character"),
        ("proteins/?name=" + "a" * 4001, "name", "at most 4000"),
        ("proteins/?name=%ff", "name", "not valid UTF-8"),
        ("proteins/?n%ffme=a", "n\ufffdme", "not valid UTF-8"),
        ("proteins/?name=%ed%a0%80", "name", "not valid UTF-8"),
        ("proteins/?name_prefix=a&name_prefix=b", "name_prefix", "2 times; it takes one value"),
        ("proteins/?name_contains=a-b", "name_contains", "not 3 to 100 letters of a name"),
        (f"proteins/?name_contains={'x' * 101}", "name_contains", "not 3 to 100 letters"),
        ("proteins/?accession=P04637&accession=", "accession", "it has no value"),
        ("proteins/?page_size=1&page_size=2", "page_size", "given 2 times"),
        ("proteins/?is_tf=maybe", "is_tf", "is none of: true, false"),
        ("proteins/?is_tf=True", "is_tf", "is none of: true, false"),
        ("proteins/?gene_id=0", "gene_id", "not a whole number from 1"),
        ("proteins/?gene_id=1.5", "gene_id", "not a whole number"),
        ("proteins/?gene_id=" + "9" * 5000, "gene_id", "not a whole number"),
        ("proteins/?target_count_min=2147483648", "target_count_min", "not a whole number"),
        ("proteins/?target_count_min=-1", "target_count_min", "not a whole number"),
        ("proteins/?target_count_min=1_0", "target_count_min", "not a whole number"),
        ("proteins/?taxon=1", "taxon", "'1': no such taxon; known: 6239"),
        ("proteins/?jaspar_matrix=MA1", "jaspar_matrix", "not a JASPAR matrix ID"),
        ("proteins/?changed_since=yesterday", "changed_since", "not a date or time such as"),
        ("proteins/?changed_since=2026-13-01", "changed_since", "not a date or time such as"),
        ("proteins/?changed_since=0001-01-01T00:00:00%2B14:00", "changed_since", "not a date"),
        ("interactions/?status=rejected", "status", "is none of: unreviewed, confirmed, disputed"),
        ("interactions/?source=NoSuch", "source", "'NoSuch': no such source database; known: DoR"),
        ("interactions/?method=NoSuch", "method", "'NoSuch': no such detection method; known:"),
        ("interactions/?pmid=100000000", "pmid", "not a whole number from 1 to 99999999"),
        ("binding-sites/?chromosome=chr1", "chromosome", "needs the parameter tf or region"),
        ("methods/?psi_mi_id=402", "psi_mi_id", "not a PSI-MI ID such as MI:0402"),
        ("schema/?format=xml", "format", "is none of: yaml, json"),
    ],
)  # fmt: skip
def test_a_bad_value_is_named_with_the_reason(
    client: Client, url: str, parameter: str, reason: str
) -> None:
    (error,) = is_problem(client.get(f"/api/v1/{url}"), 400)["errors"]
    assert error["parameter"] == parameter
    assert reason in error["reason"]
    assert len(error["value"]) <= 100


def test_more_parameters_than_are_read(client: Client) -> None:
    query = "&".join(f"p{number}=1" for number in range(2000))
    is_problem(client.get(f"/api/v1/proteins/?{query}"), 400)


def test_a_plus_that_became_a_space(get: Get) -> None:
    get("/api/v1/proteins/?changed_since=2026-01-01T00:00:00+02:00")
