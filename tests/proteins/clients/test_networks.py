"""Gene sets in gseapy; networks in ndex2 and networkx."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

import pytest

from tests.proteins.clients.conftest import Files
from tests.proteins.clients.content import FACTS, Fact, Gene

pytestmark = pytest.mark.django_db
NAMING: Final[dict[str, Callable[[Gene], list[str]]]] = {
    "gmt": lambda gene: [gene.accession],
    "gmt-gene-id": lambda gene: [str(number) for number in gene.genes],
    # Of a list of names the first: all of them would make the sets larger than they are.
    "gmt-name": lambda gene: [first_name(gene)] if gene.name else [],
}
EDGES: Final = {fact.key: fact for fact in FACTS}
GENES: Final = {gene.accession: gene for fact in FACTS for gene in (fact.tf, fact.target)}


def first_name(gene: Gene) -> str:
    return gene.name.split(";")[0].strip()


def label(gene: Gene) -> str:
    return f"{first_name(gene)}_{gene.accession}" if gene.name else gene.accession


@pytest.mark.parametrize("naming", NAMING)
def test_gmt_in_gseapy(files: Files, naming: str) -> None:
    gseapy = pytest.importorskip("gseapy", reason="gseapy is missing")
    expected: dict[str, set[str]] = {}
    for fact in FACTS:
        expected.setdefault(label(fact.tf), set()).update(NAMING[naming](fact.target))
    expected = {name: members for name, members in expected.items() if members}
    read = gseapy.read_gmt(str(files["interactions", naming]))
    assert {name: set(members) for name, members in read.items()} == expected
    assert all(len(members) == len(set(members)) for members in read.values())


def test_gmt_by_accession_enriches(files: Files) -> None:
    """gseapy takes the file for an analysis as it is, and finds the TF of a list of targets."""
    gseapy = pytest.importorskip("gseapy", reason="gseapy is missing")
    targets = [fact.target.accession for fact in FACTS if fact.tf.accession == "P04637"]
    result = gseapy.enrich(
        gene_list=targets[:10],
        gene_sets=str(files["interactions", "gmt"]),
        background=[f"P{number:05d}" for number in range(10_000)],
        outdir=None,
    )
    assert result.results["Term"].tolist() == ["TP53_P04637"]
    assert result.results["Adjusted P-value"].iloc[0] < 1e-10


def test_cx2_in_ndex2(files: Files) -> None:
    cx2 = pytest.importorskip("ndex2.cx2", reason="ndex2 is missing")
    network = cx2.RawCX2NetworkFactory().get_cx2network(
        json.loads(files["interactions", "cx2"].read_text())
    )
    accessions = {key: node["v"]["accession"] for key, node in network.get_nodes().items()}
    assert sorted(accessions.values()) == sorted(GENES)
    for node in network.get_nodes().values():
        gene = GENES[node["v"]["accession"]]
        assert node["v"]["name"] in (gene.name, gene.accession)
    read = {
        (accessions[edge["s"]], accessions[edge["t"]]): edge["v"]
        for edge in network.get_edges().values()
    }
    assert set(read) == set(EDGES)
    for key, fact in EDGES.items():
        assert read[key]["effect"] == fact.effect.label


def test_graphml_in_networkx(files: Files) -> None:
    networkx = pytest.importorskip("networkx", reason="networkx is missing")
    graph = networkx.read_graphml(files["interactions", "graphml"])
    assert graph.is_directed()
    assert not graph.is_multigraph()
    assert set(graph.edges) == set(EDGES)
    for (tf, target), fact in EDGES.items():
        assert graph.edges[tf, target]["effect"] == fact.effect.label
        assert graph.nodes[target]["name"] in (fact.target.name, target)


def test_sif_as_networkx_reads_lists_of_edges(files: Files) -> None:
    networkx = pytest.importorskip("networkx", reason="networkx is missing")
    lines = files["interactions", "sif"].read_text().splitlines()
    rows = [line.split("\t") for line in lines]
    assert {len(row) for row in rows} == {3}
    graph = networkx.parse_edgelist(
        (f"{tf}\t{target}\t{relation}" for tf, relation, target in rows),
        delimiter="\t", create_using=networkx.DiGraph, data=[("relation", str)],
    )  # fmt: skip
    assert set(graph.edges) == set(EDGES)
    relations = {"unknown": "regulates", "activation": "activates", "repression": "represses"}

    def relation(fact: Fact) -> str:
        return relations.get(fact.effect.label, "activates-and-represses")

    assert {key: graph.edges[key]["relation"] for key in EDGES} == {
        key: relation(fact) for key, fact in EDGES.items()
    }
