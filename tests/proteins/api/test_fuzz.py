"""Whatever a query holds, the response is a page or a reason: never an error of the server."""

from __future__ import annotations

import json
from urllib.parse import quote_from_bytes

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proteins.api.views import RESOURCES
from proteins.queries.keyset import Cursor
from tests.factories import make_interaction, make_protein
from tests.thoroughness import examples

pytestmark = pytest.mark.django_db

NAMES = sorted(
    {name for _, view, _ in RESOURCES for name in view.filterset_class.base_filters}
    | {"cursor", "page_size", "sort", "fields", "release", "format", "limit", "kind", "nonsense"}
)
#: Values that mean something somewhere, so that more than the first check is reached.
TELLING = [
    b"P04637", b"p04637,Q07812", b"9606", b"true", b"yes", b"not_stated", b"GTRD", b"MI:0402",
    b"MA0106.1", b"TFLinkLS1", b"2026-11-21", b"chr1", b"plus", b"-target", b"id,tf",
    b"activation", b"confirmed", b"Q9UK53-Q07812", b"curated here", b"ECO:0000314", b"retracted",
    b"\x00", b"\xff", b"%", b"_", b"'", b'"', b"--", b"\\", b"\\,", b",", b" ", b"-", b"+",
    b"9" * 40, b"2147483647", b"2147483648", b"-1", b"1e9", b"NaN", b"\xf0\x9f\xa7\xac",
    Cursor((1, 2), "tf").encoded().encode(),
    Cursor(("P04637",), "accession", backward=True).encoded().encode(),
]  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(TELLING),
    st.binary(max_size=20),
    st.text(max_size=20).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.integers().map(lambda number: str(number).encode()),
)
PAIRS = st.tuples(st.one_of(st.sampled_from(NAMES).map(str.encode), st.binary(max_size=5)), VALUES)
NO_RESET = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=examples(150),
)


def check(client: Client, url: str) -> None:
    response = client.get(url)
    assert response.status_code in (200, 301, 400, 404), (url, response.content[:300])
    if response.status_code >= 400:
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["detail"]


@NO_RESET
@given(
    resource=st.sampled_from([prefix for prefix, _, _ in RESOURCES]),
    pairs=st.lists(PAIRS, max_size=4),
)
def test_queries(client: Client, resource: str, pairs: list[tuple[bytes, bytes]]) -> None:
    query = "&".join(f"{quote_from_bytes(name)}={quote_from_bytes(value)}" for name, value in pairs)
    check(client, f"/api/v1/{resource}/?{query}")


@NO_RESET
@given(resource=st.sampled_from([prefix for prefix, _, _ in RESOURCES]), value=VALUES)
def test_identifiers(client: Client, resource: str, value: bytes) -> None:
    check(client, f"/api/v1/{resource}/{quote_from_bytes(value)}/")


@NO_RESET
@given(accession=VALUES, pairs=st.lists(PAIRS, max_size=3))
def test_networks(client: Client, accession: bytes, pairs: list[tuple[bytes, bytes]]) -> None:
    query = "&".join(f"{quote_from_bytes(name)}={quote_from_bytes(value)}" for name, value in pairs)
    check(client, f"/api/v1/proteins/{quote_from_bytes(accession)}/network/?{query}")
    check(client, f"/api/v1/statistics/?{query}")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
BODIES = st.one_of(
    st.binary(max_size=60),
    JSON.map(lambda value: json.dumps(value).encode()),
    st.fixed_dictionaries({"identifiers": JSON}, optional={"taxon": JSON, "kind": JSON}).map(
        lambda value: json.dumps(value).encode()
    ),
    st.integers(1, 5_000).map(lambda depth: b"[" * depth),
)
KINDS = st.sampled_from(
    [
        "application/json",
        "text/plain",
        "text/plain; charset=utf-16",
        "application/json; x",
        "text/csv",
        "",
        "/",
    ]
)


@NO_RESET
@given(body=BODIES, kind=KINDS, pairs=st.lists(PAIRS, max_size=2))
def test_looking_up(
    client: Client, body: bytes, kind: str, pairs: list[tuple[bytes, bytes]]
) -> None:
    query = "&".join(f"{quote_from_bytes(name)}={quote_from_bytes(value)}" for name, value in pairs)
    response = client.generic("POST", f"/api/v1/lookup/?{query}", body, content_type=kind)
    assert response.status_code in (200, 400, 415), (body, kind, response.content[:300])
    assert response.status_code == 200 or response.json()["detail"]


@NO_RESET
@given(name=st.sampled_from(NAMES), value=VALUES)
def test_one_parameter_on_rows(client: Client, name: str, value: bytes) -> None:
    if not hasattr(client, "filled"):
        make_interaction(make_protein("P04637", "TP53"), make_protein("Q07812"))
        client.filled = True  # type: ignore[attr-defined]
    check(client, f"/api/v1/interactions/?{name}={quote_from_bytes(value)}")
