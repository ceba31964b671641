"""Which form of an answer a header Accept gets, and how a Content-Type is read."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import make_protein

pytestmark = pytest.mark.django_db

JSON, CSV, TSV = "application/json", "text/csv", "text/tab-separated-values"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/csv; charset=utf-8; header=present", CSV),
        ('Text/CSV;Charset="UTF-8"', CSV),
        ("text/tab-separated-values; charset=utf-8", TSV),
        ("application/json;q=0.9", JSON),
        ("application/json; version=1", JSON),
        ("APPLICATION/JSON", JSON),
        ("application/json;q=0.5, text/csv;q=0.8", CSV),
        ("text/*", TSV),
        ("text/*, text/tab-separated-values;q=0", CSV),
        ("text/html, */*;q=0.8", JSON),
        ("*/*, application/json;q=0", TSV),
        ("", JSON),
        ("text/csv; q=none", CSV),
    ],
)
def test_what_is_preferred(client: Client, accept: str, media_type: str) -> None:
    make_protein("P04637", "TP53")
    answer = client.get("/api/v1/proteins/", headers={"Accept": accept})
    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (200, media_type)


@pytest.mark.parametrize(
    "accept",
    ["text/html", "text/csv; charset=utf-16", "text/csv; header=absent", "*/*;q=0", "csv", "a/b/c"],
)
def test_what_cannot_be_had(client: Client, accept: str) -> None:
    answer = client.get("/api/v1/proteins/", headers={"Accept": accept})
    assert answer.status_code == 406
    assert "application/json, text/tab-separated-values, text/csv" in answer.json()["detail"]


def test_views_without_files_negotiate_alike(client: Client) -> None:
    for path in ("/api/v1/", "/api/v1/statistics/"):
        for accept in ("Application/JSON; version=1", "application/*", "*/*"):
            assert client.get(path, headers={"Accept": accept}).status_code == 200
        assert client.get(path, headers={"Accept": "text/csv"}).status_code == 406
    schema = client.get("/api/v1/schema/", headers={"Accept": "Application/YAML; version=3"})
    assert schema["Content-Type"].startswith("application/yaml")


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("Application/JSON; Charset=UTF-8; version=1", 200),
        ('application/json;charset="utf-8"', 200),
        ("application/json; charset=utf-16", 415),
        ("application/xml", 415),
        ("", 415),
    ],
)
def test_the_type_of_a_body(client: Client, content_type: str, status: int) -> None:
    answer = client.post("/api/v1/lookup/", b'{"identifiers": ["TP53"]}', content_type=content_type)
    assert answer.status_code == status
