"""Sets of proteins through the API: common partners, subnetworks, paths, loops, conservation."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from proteins.domain.evidence import SmallScale
from proteins.models import Effect, Ortholog, Protein
from tests.factories import make_interaction, make_protein, taxon

pytestmark = pytest.mark.django_db
HUMAN = 9606


def post(client: Client, path: str, expect: int = 200, **body: Any) -> Any:
    answer = client.post(
        f"/api/v1/{path}/", json.dumps({"taxon": HUMAN, **body}), content_type="application/json"
    )
    assert answer.status_code == expect, answer.content[:1000]
    return answer.json()


@pytest.fixture
def proteins() -> dict[str, Protein]:
    """A -> B -> C -> D, A -> C, B -> D, A -> A; B activates C, C represses D, A activates the rest.
    Of A -> C alone an experiment of large scale."""
    made = {name: make_protein(f"P0000{number}", name) for number, name in enumerate("ABCDE")}
    for tf, target, effect, scale in (
        ("A", "A", Effect.UNKNOWN, SmallScale.YES),
        ("A", "B", Effect.ACTIVATION, SmallScale.YES),
        ("A", "C", Effect.ACTIVATION, SmallScale.NO),
        ("B", "C", Effect.ACTIVATION, SmallScale.YES),
        ("B", "D", Effect.UNKNOWN, SmallScale.YES),
        ("C", "D", Effect.REPRESSION, SmallScale.YES),
    ):
        make_interaction(made[tf], made[target], effect=effect, small_scale=scale)
    return made


@pytest.mark.usefixtures("proteins")
class TestSets:
    def test_common_targets(self, client: Client) -> None:
        answer = post(client, "common-targets", identifiers=["A", "B", "E"])
        assert answer["numbers"]["tfs"] == 2
        assert (answer["numbers"]["common"], answer["numbers"]["union"]) == (1, 4)
        assert 0 < answer["numbers"]["expected"] < 2
        (row,) = answer["results"]
        assert (row["name"], row["regulators"]) == ("C", ["P00000", "P00001"])
        assert [one["id"] for one in row["interactions"]] == ["P00000-P00002", "P00001-P00002"]
        assert row["interactions"][1]["effect"] == "activation"
        answer = post(client, "common-targets", identifiers=["A", "B"], at_least=1)
        assert [row["name"] for row in answer["results"]] == ["C", "A", "B", "D"]

    def test_shared_regulators(self, client: Client) -> None:
        answer = post(client, "shared-regulators", identifiers=["C", "D"])
        assert [row["name"] for row in answer["results"]] == ["B"]
        assert answer["numbers"]["union"] == 3
        answer = post(client, "shared-regulators", identifiers=["C", "D"], at_least=1)
        assert {row["name"]: row["number"] for row in answer["results"]} == {"B": 2, "A": 1, "C": 1}

    def test_a_subnetwork_and_its_files(self, client: Client) -> None:
        answer = post(client, "subnetwork", identifiers=["B", "C", "D"])
        assert [row["id"] for row in answer["results"]] == [
            "P00001-P00002",
            "P00001-P00003",
            "P00002-P00003",
        ]
        bridged = post(client, "subnetwork", identifiers=["B", "C"], bridges=3)
        assert bridged["numbers"]["bridges"] == ["P00000"]
        query: Any = {"taxon": HUMAN, "identifiers": "B;C;D", "format": "sif"}
        sif = client.get("/api/v1/subnetwork/", query).content.decode()
        assert sif.splitlines() == [
            "P00001\tactivates\tP00002",
            "P00001\tregulates\tP00003",
            "P00002\trepresses\tP00003",
        ]

    def test_paths(self, client: Client) -> None:
        answer = post(client, "paths", identifiers=["A", "D"])
        assert answer["numbers"]["counts"] == [0, 1, 1]
        assert [row["names"] for row in answer["results"]] == [
            ["A", "B", "D"],
            ["A", "B", "C", "D"],
        ]
        assert [row["effect"] for row in answer["results"]] == [None, "repression"]
        every = post(client, "paths", identifiers=["A", "D"], tier=["single", "supported"])
        assert every["numbers"]["counts"] == [0, 2, 1]
        assert [row["weakest"] for row in every["results"]] == ["supported", "single", "supported"]
        assert post(client, "paths", identifiers=["A", "E"])["numbers"]["counts"] == [0, 0, 0]
        post(client, "paths", 400, identifiers=["A", "B", "C"])

    def test_loops(self, client: Client) -> None:
        answer = post(client, "feed-forward-loops", identifiers=["A"])
        assert answer["numbers"] == {"loops": 1, "in_species": 2}
        (row,) = answer["results"]
        assert (row["x_name"], row["y_name"], row["z_name"]) == ("A", "B", "C")
        assert (row["weakest"], row["coherent"]) == ("single", True)
        answer = post(client, "feed-forward-loops", identifiers=["B", "C", "D"], scope="within")
        assert [(row["x_name"], row["coherent"]) for row in answer["results"]] == [("B", None)]

    @pytest.mark.parametrize(
        "path", ["common-targets", "shared-regulators", "subnetwork", "paths", "feed-forward-loops"]
    )
    def test_what_is_empty_or_wrong(self, client: Client, path: str) -> None:
        assert post(client, path, identifiers=[])["results"] == []
        assert post(client, path, identifiers=["nothing"])["query"]["not_found"] == ["nothing"]
        wrong = post(client, path, 400, identifiers=["A"], taxon="x", tier="none", more=1)
        assert {one["parameter"] for one in wrong["errors"]} == {"taxon", "more"}


def test_conservation(client: Client, proteins: dict[str, Protein]) -> None:
    tf, target = (make_protein(f"P1000{n}", f"m{n}", code="Mm") for n in range(2))
    make_interaction(tf, target)
    # One link is stated at one end, one at the other; a third names no protein here.
    Ortholog.objects.create(protein=proteins["A"], taxon=taxon("Mm"), identifier="P10000")
    Ortholog.objects.create(protein=target, taxon=taxon("Hs"), identifier="P00001")
    Ortholog.objects.create(protein=proteins["C"], taxon=taxon("Mm"), identifier="MOUSE1")
    answer = client.get("/api/v1/proteins/P00000/conservation/").json()
    mouse = {row["interaction"]: row for row in answer["results"] if row["ncbi_taxon_id"] == 10090}
    assert {key: row["answer"] for key, row in mouse.items()} == {
        "P00000-P00000": "not_reported",
        "P00000-P00001": "reported",
        "P00000-P00002": "not_reported",
    }
    assert mouse["P00000-P00001"]["pairs"] == ["P10000-P10001"]
    assert (answer["reported"], answer["testable"]) == (1, 3)
    assert {row["answer"] for row in answer["results"] if row["ncbi_taxon_id"] != 10090} == {
        "not_testable"
    }
    one = client.get("/api/v1/proteins/P00000/conservation/?target=P00001&format=tsv")
    assert len(one.content.decode().splitlines()) == 7
    assert client.get("/api/v1/proteins/P99999/conservation/").status_code == 404
