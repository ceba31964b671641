"""The neighbourhood of a protein by the API."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from proteins.domain.evidence import SmallScale
from proteins.exports import graphs
from proteins.models import Effect, Protein, ReviewStatus, SecondaryAccession
from proteins.queries.neighbourhood import DEFAULT_LIMIT, Selection, read_network
from tests.factories import accession, make_interaction, make_protein
from tests.proteins.api.conftest import Get
from tests.thoroughness import examples

pytestmark = pytest.mark.django_db
URL = "/api/v1/proteins/Q9UK53/network/"


@pytest.fixture
def centre(db: None) -> Protein:
    centre = make_protein("Q9UK53", "ING1")
    SecondaryAccession.objects.create(accession="O00532", protein=centre)
    first, second, third = (make_protein(accession(n), n * "x") for n in range(3))
    make_interaction(
        first, centre, effect=Effect.ACTIVATION, small_scale=SmallScale.YES, pmids=[1, 2]
    )
    make_interaction(centre, second, sources=["GTRD", "ReMap"], status=ReviewStatus.CONFIRMED)
    make_interaction(second, centre)
    make_interaction(centre, centre, effect=Effect.REPRESSION)
    make_interaction(first, second, small_scale=SmallScale.NOT_STATED)
    make_interaction(centre, third, status=ReviewStatus.REJECTED)
    return centre


def test_json(get: Get, centre: Protein) -> None:
    answer = get(URL.lower())
    assert {key: answer[key] for key in ("accession", "limit", "has_more", "has_more_edges")} == {
        "accession": "Q9UK53", "limit": DEFAULT_LIMIT, "has_more": False, "has_more_edges": False,
    }  # fmt: skip
    host = "http://testserver/api/v1"
    assert answer["nodes"] == [
        {
            "accession": number,
            "name": name,
            "role": role,
            "url": f"{host}/proteins/{number}/",
        }
        for number, name, role in (
            ("Q9UK53", "ING1", "centre"),
            ("P00000", None, "regulator"),
            ("P00001", "x", "both"),
        )
    ]
    assert answer["edges"][0] == {
        "id": "P00000-Q9UK53", "tf": "P00000", "target": "Q9UK53", "effect": "activation",
        "small_scale": "yes", "publications": 2, "databases": 1, "status": "unreviewed",
        "reporting": "reported", "url": f"{host}/interactions/P00000-Q9UK53/",
    }  # fmt: skip
    network = read_network(centre)
    assert [(edge["tf"], edge["target"]) for edge in answer["edges"]] == [
        (edge.tf.accession, edge.target.accession) for edge in network.edges
    ]
    assert len(answer["edges"]) == 5
    assert answer["edges"][-1]["small_scale"] == "not stated"
    first = get(URL, limit=1)
    assert [node["accession"] for node in first["nodes"]] == ["Q9UK53", "P00000"]
    assert first["has_more"] is True


def test_files(client: Client, centre: Protein) -> None:
    for name, media_type in (
        ("cx2", "application/vnd.cx2+json"),
        ("sif", "text/x-sif"),
        ("graphml", "application/graphml+xml"),
    ):
        write = graphs.FORMATS[name].network
        for answer in (
            client.get(URL, {"format": name, "limit": "2"}),
            client.get(f"{URL}?limit=2", headers={"accept": media_type}),
        ):
            assert answer["Content-Type"] == f"{media_type}; charset=utf-8"
            expected = f'attachment; filename="q9uk53-network-2.{name}"'
            assert answer["Content-Disposition"] == expected
            assert answer.content.decode() == "".join(write(read_network(centre, Selection(2))))


def test_accessions(client: Client, get: Get, centre: Protein) -> None:
    moved = client.get("/api/v1/proteins/o00532/network/?limit=3&format=sif")
    assert (moved.status_code, moved["Location"]) == (301, f"{URL}?limit=3&format=sif")
    assert "No protein" in get("proteins/P99999/network/", expect=404)["detail"]
    assert "not a UniProt accession" in get("proteins/TP53/network/", expect=404)["detail"]
    assert get("proteins/Q9UK53/")["accession"] == "Q9UK53"
    # Without the slash at its end it leads here, too.
    assert client.get(URL[:-1])["Location"] == URL


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("limit=0", "limit: '0' is not a whole number from 1 to 200"),
        ("limit=201", "from 1 to 200"),
        ("limit=-1", "limit"),
        ("limit=%00", "limit"),
        ("limit=", "limit: it has no value"),
        ("limit=1&limit=2", "given 2 times"),
        ("depth=2", "no such parameter here; known: limit, format"),
        ("format=png", "format: it is none of: json, cx2, sif, graphml"),
    ],
)
def test_refused(client: Client, centre: Protein, query: str, reason: str) -> None:
    answer = client.get(f"{URL}?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert reason in answer.json()["detail"]


def test_queries(
    client: Client, centre: Protein, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """The protein and its neighbourhood, however many there are; and whether anything changed."""
    for number in range(10, 30):
        make_interaction(centre, make_protein(accession(number)), pmids=[number])
    for name in ("json", "cx2"):
        with django_assert_max_num_queries(5):
            assert client.get(URL, {"format": name}).status_code == 200


@settings(
    deadline=None,
    max_examples=examples(50),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(identifier=st.text(min_size=1, max_size=8), limit=st.text(max_size=6))
def test_any_url(client: Client, identifier: str, limit: str) -> None:
    part = quote(identifier.encode("utf-8", "surrogatepass"), safe="")
    encoded = quote(limit.encode("utf-8", "surrogatepass"))
    answer = client.get(f"/api/v1/proteins/{part}/network/?limit={encoded}")
    assert answer.status_code in (400, 404)
