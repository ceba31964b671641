"""Interactions as files for network software: CX2, SIF and GraphML say the same."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from proteins.domain.evidence import SmallScale
from proteins.exports import graphs
from proteins.exports import rows as row_values
from proteins.exports.rows import QueryRows, Rows
from proteins.models import Effect, Interaction, Protein, ReviewStatus
from tests.factories import accession, make_interaction, make_protein

networkx: Any = pytest.importorskip("networkx", reason="networkx is missing")
pytestmark = pytest.mark.django_db
Download = Callable[..., str]

MEDIA_TYPES = {
    "cx2": "application/vnd.cx2+json",
    "sif": "text/x-sif",
    "graphml": "application/graphml+xml",
}
#: Would break out of XML or JSON, and holds a character that no XML can hold.
HOSTILE = "<b>\"&'\\é]]>\uffff"
EDGES = [("P00000", "P00001"), ("P00000", "P00002"), ("P00001", "P00000"), ("P00001", "P00001")]


@pytest.fixture
def download(client: Client) -> Download:
    def ask(name: str, **query: str) -> str:
        answer = client.get("/api/v1/interactions/", {"format": name, **query})
        assert answer.status_code == 200, answer.content
        assert answer["Content-Type"] == f"{MEDIA_TYPES[name]}; charset=utf-8"
        expected = f'attachment; filename="tflink-interactions.{name}"'
        assert answer["Content-Disposition"] == expected
        return b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]

    return ask


@pytest.fixture
def proteins() -> list[Protein]:
    first, second, third = (
        make_protein(accession(0), "ONE", genes=[7, 5]),
        make_protein(accession(1), HOSTILE),
        make_protein(accession(2), code="Mm"),
    )
    make_interaction(
        first, second, effect=Effect.ACTIVATION, small_scale=SmallScale.YES, pmids=[1, 2]
    )
    make_interaction(first, third, sources=["GTRD", "ReMap"], status=ReviewStatus.DISPUTED)
    make_interaction(second, first, effect=Effect.BOTH)
    make_interaction(second, second, effect=Effect.REPRESSION, small_scale=SmallScale.NOT_STATED)
    make_interaction(third, first, status=ReviewStatus.REJECTED)
    return [first, second, third]


def aspects(text: str) -> dict[str, Any]:
    """By the specification: which parts there are, in which order, as many as declared."""
    first, *parts, last = json.loads(text)
    assert first == {"CXVersion": "2.0", "hasFragments": False}
    assert last == {"status": [{"error": "", "success": True}]}
    rows_by_aspect = {name: rows for part in parts for name, rows in part.items()}
    assert list(rows_by_aspect)[:4] == [
        "metaData",
        "attributeDeclarations",
        "networkAttributes",
        "nodes",
    ]
    assert len(rows_by_aspect) == len(parts)
    counts = {row["name"]: row["elementCount"] for row in rows_by_aspect.pop("metaData")}
    assert counts == {name: len(rows) for name, rows in rows_by_aspect.items()}
    (declared,) = rows_by_aspect["attributeDeclarations"]
    kinds = {"string": str, "integer": int, "list_of_integer": list}
    for name in ("nodes", "edges"):
        assert [row["id"] for row in rows_by_aspect[name]] == list(range(len(rows_by_aspect[name])))
        for row in rows_by_aspect[name]:
            assert all(type(row["v"][key]) is kinds[declared[name][key]["d"]] for key in row["v"])
    return rows_by_aspect


@pytest.mark.parametrize("rows_at_once", [1, 2_000])
def test_all_three_say_the_same(
    download: Download,
    proteins: list[Protein],
    monkeypatch: pytest.MonkeyPatch,
    rows_at_once: int,
) -> None:
    monkeypatch.setattr(row_values, "BATCH", rows_at_once)
    monkeypatch.setattr(graphs, "_TOGETHER", rows_at_once)
    monkeypatch.setattr(graphs, "CACHE_LIMIT", rows_at_once)
    assert download("sif").splitlines() == [
        "P00000\tactivates\tP00001",
        "P00000\tregulates\tP00002",
        "P00001\tactivates-and-represses\tP00000",
        "P00001\trepresses\tP00001",
    ]

    graph = networkx.parse_graphml(download("graphml"))
    assert graph.is_directed()
    assert graph.graph["name"] == "TFLink interactions"
    assert list(graph.edges) == EDGES
    assert dict(graph.nodes["P00000"]) == {
        "name": "ONE", "represents": "uniprot:P00000", "accession": "P00000", "role": "both",
        "organism": "Homo sapiens", "ncbi_taxon_id": 9606, "gene_ids": "5;7",
    }  # fmt: skip
    assert graph.nodes["P00001"]["name"] == HOSTILE.replace("\uffff", "\ufffd")
    assert graph.edges["P00000", "P00001"] == {
        "id": "e0", "interaction": "activates", "effect": "activation", "tier": "strong",
        "small_scale": "yes", "publications": 2, "databases": 1, "review_status": "unreviewed",
        "reporting": "reported",
    }  # fmt: skip

    written = aspects(download("cx2"))
    nodes = [row["v"] for row in written["nodes"]]
    assert nodes[0] == {**graph.nodes["P00000"], "gene_ids": [5, 7]}
    assert nodes[1]["name"] == HOSTILE
    assert nodes[2] == dict(graph.nodes["P00002"])
    assert nodes[2]["role"] == "target"
    ends = [tuple(nodes[row[end]]["accession"] for end in "st") for row in written["edges"]]
    assert ends == EDGES
    for pair, row in zip(EDGES, written["edges"], strict=True):
        assert graph.edges[pair] == {"id": f"e{row['id']}", **row["v"]}


def test_filters_and_nothing_at_all(download: Download, proteins: list[Protein]) -> None:
    query = {"tf": "P00001", "effect": "repression"}
    assert download("sif", **query) == "P00001\trepresses\tP00001\n"
    (node,) = aspects(download("cx2", **query))["nodes"]
    assert node["v"]["role"] == "both"
    query["effect"] = "activation"
    assert download("sif", **query) == ""
    assert aspects(download("cx2", **query))["edges"] == []
    assert len(networkx.parse_graphml(download("graphml", **query))) == 0
    assert ET.fromstring(download("graphml", **query)) is not None


@pytest.mark.parametrize(("name", "queries"), [("sif", 2), ("graphml", 5), ("cx2", 5)])
def test_queries(
    proteins: list[Protein],
    django_assert_num_queries: DjangoAssertNumQueries,
    name: str,
    queries: int,
) -> None:
    with django_assert_num_queries(queries):
        rows: Rows = QueryRows(Interaction.objects.public())
        assert "P00002" in "".join(graphs.FORMATS[name].interactions(rows))


def test_by_the_header_accept(client: Client, proteins: list[Protein]) -> None:
    for name, media_type in MEDIA_TYPES.items():
        answer = client.get("/api/v1/interactions/", headers={"accept": media_type})
        assert answer["Content-Disposition"].endswith(f'.{name}"')
