"""The files of a neighbourhood, compared with golden ones; a change is for the changelog."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from proteins.domain.evidence import SmallScale
from proteins.models import Effect, Protein, ReviewStatus
from tests.factories import accession, make_interaction, make_protein

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parent / "golden"
KINDS = {
    "sif": "text/x-sif; charset=utf-8",
    "graphml": "application/graphml+xml; charset=utf-8",
    "cx2": "application/vnd.cx2+json; charset=utf-8",
}
GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"
#: Each effect and each scale, loops, a pair in both directions, and names that would break
#: out of XML, JSON or a line.
HOSTILE = "<b>\"&'\\é"


@pytest.fixture
def centre() -> Protein:
    centre = make_protein("Q9UK53", "ING1")
    first, second, third, hostile, nameless = (
        make_protein(accession(number), name)
        for number, name in enumerate(["ACT", "REP", "BOTH", HOSTILE, ""])
    )
    make_interaction(
        first, centre, effect=Effect.ACTIVATION, small_scale=SmallScale.YES, pmids=[1, 2]
    )
    make_interaction(
        centre, second, effect=Effect.REPRESSION, small_scale=SmallScale.NOT_STATED, pmids=[]
    )
    make_interaction(centre, third, effect=Effect.BOTH, status=ReviewStatus.CONFIRMED)
    make_interaction(third, centre)
    make_interaction(centre, centre, effect=Effect.REPRESSION)
    make_interaction(centre, hostile)
    make_interaction(nameless, centre, sources=["GTRD", "ReMap"])
    make_interaction(first, third, small_scale=SmallScale.YES)
    make_interaction(first, first)
    make_interaction(second, third, status=ReviewStatus.REJECTED)
    return centre


@pytest.mark.parametrize("suffix", KINDS)
def test_golden(client: Client, centre: Protein, suffix: str) -> None:
    response = client.get(f"/protein/q9uk53/network.{suffix}")
    assert response.status_code == 200
    assert response["Content-Type"] == KINDS[suffix]
    assert response["Content-Disposition"] == f'attachment; filename="q9uk53-network-50.{suffix}"'
    assert response.content.decode() == (GOLDEN / f"network.{suffix}").read_text("utf-8")


@pytest.mark.parametrize("suffix", KINDS)
def test_a_protein_without_interactions(client: Client, suffix: str) -> None:
    make_protein("P12345")
    response = client.get(f"/protein/p12345/network.{suffix}")
    assert response.status_code == 200
    assert b"P12345" in response.content


def test_graphml_holds_together(client: Client, centre: Protein) -> None:
    root = ET.fromstring(client.get("/protein/q9uk53/network.graphml").content)
    graph = root.find(f"{GRAPHML}graph")
    assert graph is not None
    assert graph.get("edgedefault") == "directed"
    nodes = {node.get("id") for node in graph.iter(f"{GRAPHML}node")}
    ends = {edge.get(end) for edge in graph.iter(f"{GRAPHML}edge") for end in ("source", "target")}
    assert nodes == ends
    declared = {key.get("id") for key in root.iter(f"{GRAPHML}key")}
    # No edge of this network is reviewed with a reason.
    used = {data.get("key") for data in root.iter(f"{GRAPHML}data")}
    assert used == declared - {"edge-review_reason"}
    assert HOSTILE in {data.text for data in root.iter(f"{GRAPHML}data")}


def test_graphml_is_read_by_networkx(client: Client, centre: Protein) -> None:
    networkx = pytest.importorskip("networkx", reason="networkx is missing")
    graph = networkx.parse_graphml(client.get("/protein/q9uk53/network.graphml").content.decode())
    assert graph.is_directed()
    assert graph.edges["P00000", "Q9UK53"]["publications"] == 2
    assert graph.edges["Q9UK53", "Q9UK53"]["effect"] == "repression"
    assert ("P00001", "P00002") not in graph.edges


def test_cx2_by_its_specification(client: Client, centre: Protein) -> None:
    """The order of the parts, what must be declared, and what must be unique."""
    parts: list[dict[str, Any]] = json.loads(
        client.get("/protein/q9uk53/network.cx2").content.decode()
    )
    assert parts[0] == {"CXVersion": "2.0", "hasFragments": False}
    assert parts[-1] == {"status": [{"error": "", "success": True}]}
    named = [next(iter(part)) for part in parts[1:-1]]
    assert named[:2] == ["metaData", "attributeDeclarations"]
    assert len(named) == len(set(named))
    aspects = {name: part[name] for name, part in zip(named, parts[1:-1], strict=True)}
    for counted in aspects["metaData"]:
        assert counted["elementCount"] == len(aspects[counted["name"]])
    (declared,) = aspects["attributeDeclarations"]
    types = {"string": str, "integer": int}
    for aspect in ("nodes", "edges"):
        ids = [row["id"] for row in aspects[aspect]]
        assert len(ids) == len(set(ids))
        for row in aspects[aspect]:
            for name, value in row["v"].items():
                assert type(value) is types[declared[aspect][name]["d"]]
    (about,) = aspects["networkAttributes"]
    assert about.keys() == declared["networkAttributes"].keys()
    nodes = {row["id"] for row in aspects["nodes"]}
    assert all({"x", "y"} <= row.keys() for row in aspects["nodes"])
    assert {row[end] for row in aspects["edges"] for end in "st"} == nodes
    (look,) = aspects["visualProperties"]
    for aspect, mappings in (("nodes", "nodeMapping"), ("edges", "edgeMapping")):
        for mapping in look[mappings].values():
            definition = mapping["definition"]
            assert definition["attribute"] in declared[aspect]
            if mapping["type"] == "DISCRETE":
                values = {row["v"][definition["attribute"]] for row in aspects[aspect]}
                assert values <= {each["v"] for each in definition["map"]}


def test_the_limit_bounds_every_file(client: Client, centre: Protein) -> None:
    lines = client.get("/protein/q9uk53/network.sif?limit=1").content.decode().splitlines()
    assert lines == [
        "P00000\tactivates\tQ9UK53",
        "Q9UK53\trepresses\tQ9UK53",
        "P00000\tregulates\tP00000",
    ]
    cx2 = client.get("/protein/q9uk53/network.cx2?limit=1")
    assert cx2["Content-Disposition"] == 'attachment; filename="q9uk53-network-1.cx2"'
    assert "The 1 best-supported neighbours" in cx2.content.decode()
