"""Enrichment through the API: what becomes of identifiers, filters, formats, refusals."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from proteins.analysis import species
from proteins.domain.evidence import SmallScale
from proteins.limits import analyses
from proteins.models import Effect, ReviewStatus, SecondaryAccession
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db
URL = "/api/v1/enrichment/"
HUMAN = 9606


def post(client: Client, body: Any, expect: int = 200, query: str = "") -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body)
    answer = client.post(f"{URL}{query}", content, content_type="application/json")
    assert answer.status_code == expect, answer.content[:1000]
    return answer.json() if "json" in answer["Content-Type"] else answer.content.decode()


def errors(answer: Any) -> dict[str, str]:
    return {error["parameter"]: error["reason"] for error in answer["errors"]}


@pytest.fixture
def genes() -> None:
    """Two TFs and six genes, of which one has two accessions; another TF has the same targets."""
    one, two, twin = (make_protein(f"P1000{n}", name) for n, name in enumerate("ABC"))
    targets = [make_protein(f"P2000{n}", f"G{n}", genes=[100 + n]) for n in range(6)]
    other = make_protein("P20006", "G0", genes=[100])
    SecondaryAccession.objects.create(accession="P99999", protein=targets[1])
    make_protein("P30000", "Mouse", code="Mm")
    make_protein("P30001", "Alone")
    make_protein("P40000", "both", genes=[7])
    make_protein("P40001", "Both", genes=[8])
    for target in [*targets[:3], other]:
        for tf in (one, twin):
            make_interaction(tf, target)
    for target in targets[1:]:
        make_interaction(
            two, target, small_scale=SmallScale.YES, effect=Effect.ACTIVATION, pmids=[5]
        )
    make_interaction(two, targets[0], status=ReviewStatus.REJECTED)


@pytest.mark.usefixtures("genes")
class TestResults:
    def test_numbers(self, client: Client) -> None:
        answer = post(client, {"taxon": HUMAN, "identifiers": ["G0", "G1", "G5"]})
        assert (answer["tests"], answer["background_size"], answer["query_size"]) == (3, 6, 3)
        rows = {row["tf"]: row for row in answer["results"]}
        one, two = rows["P10000"], rows["P10001"]
        # Of six genes it regulates three, by four accessions; two of the three of the list.
        assert (one["overlap"], one["targets"], one["query"], one["background"]) == (2, 3, 3, 6)
        assert one["p"] == pytest.approx((3 * 3 + 1) / math.comb(6, 3))
        assert one["expected"] == pytest.approx(1.5)
        assert one["fold"] == pytest.approx(2 / 1.5)
        assert one["genes"] == ["P20000", "P20001"]
        assert one["gene_names"] == ["G0", "G1"]
        assert one["same_targets_as"] == ["P10002"]
        assert (two["overlap"], two["targets"], two["same_targets_as"]) == (2, 5, [])
        assert (two["small_scale_overlap"], two["activated"], two["repressed"]) == (2, 2, 0)
        assert not two["in_query"]
        assert list(one) == list(answer["results"][1])
        assert answer["change_number"] > 0

    def test_accessions_as_units(self, client: Client) -> None:
        body = {"taxon": HUMAN, "identifiers": ["P20000", "G1"], "unit": "protein"}
        answer = post(client, body)
        assert answer["background_size"] == 7
        rows = {row["tf"]: row for row in answer["results"]}
        assert (rows["P10000"]["overlap"], rows["P10000"]["targets"]) == (2, 4)

    def test_accessions_of_one_gene(self, client: Client) -> None:
        """One gene, but two where accessions are counted; its name means both of them."""
        body = {"taxon": HUMAN, "identifiers": ["P20000", "P20006", "G0"]}
        by_gene = post(client, body)["query"]
        assert [one["identifier"] for one in by_gene["duplicates"]] == ["P20006", "G0"]
        answer = post(client, body | {"unit": "protein"})
        assert answer["query_size"] == 2
        assert [one["identifier"] for one in answer["query"]["used"]] == ["P20000", "P20006"]
        assert [one["identifier"] for one in answer["query"]["duplicates"]] == ["G0"]

    @pytest.mark.parametrize(
        ("filters", "tested"),
        [
            ({"small_scale": "yes"}, {"P10001"}),
            ({"small_scale": ["no", "not_stated"]}, {"P10000", "P10002"}),
            ({"effect": "activation"}, {"P10001"}),
            ({"pmid": 5}, {"P10001"}),
            ({"exclude_pmid": [5]}, {"P10000", "P10002"}),
            ({"tier": "supported"}, {"P10001"}),
            ({"method_class": "binding_in_vivo"}, {"P10000", "P10001", "P10002"}),
            ({"min_sources": 2}, set()),
            ({"single_source": True}, {"P10000", "P10001", "P10002"}),
            ({"status": "confirmed"}, set()),
            ({"tf": ["P10000"]}, {"P10000"}),
            ({"target": "P20005"}, {"P10001"}),
            ({"changed_since": "2020-01-01"}, {"P10000", "P10001", "P10002"}),
            ({"changed_since": "2199-01-01"}, set()),
        ],
    )
    def test_any_filter_of_the_list_of_interactions(
        self, client: Client, filters: dict[str, Any], tested: set[str]
    ) -> None:
        answer = post(client, {"taxon": HUMAN, "identifiers": ["G1"], **filters})
        assert {row["tf"] for row in answer["results"]} == tested
        for row in answer["results"]:
            rows = client.get(
                "/api/v1/interactions/",
                {"tf": row["tf"], **{k: str(v).lower() for k, v in filters.items() if k != "tf"}},
            )
            if rows.status_code == 200:
                accessions = {one["target"]["accession"] for one in rows.json()["results"]}
                assert len(accessions - {"P20006"}) == row["targets"]

    def test_backgrounds(self, client: Client) -> None:
        body = {"taxon": HUMAN, "identifiers": ["G0", "Alone"]}
        targets = post(client, body)
        assert [one["identifier"] for one in targets["query"]["not_in_background"]] == ["Alone"]
        every = post(client, body | {"background": "species"})
        assert (every["background_size"], every["query_size"]) == (12, 2)
        listed = ["G0", "G1", "Alone", "nothing"]
        own = post(client, body | {"background": "list", "background_identifiers": listed})
        assert (own["background_size"], own["query_size"]) == (3, 2)
        assert own["background"]["not_found"] == ["nothing"]
        assert {row["tf"]: row["targets"] for row in own["results"]} == {
            "P10000": 2,
            "P10001": 1,
            "P10002": 2,
        }

    def test_all_that_can_be_chosen_of_results(self, client: Client) -> None:
        body = {"taxon": HUMAN, "identifiers": ["G3"], "sort": "-targets", "limit": 1}
        answer = post(client, body | {"fields": ["targets", "tf"], "correction": "bonferroni"})
        assert answer["results"] == [{"tf": "P10001", "targets": 5}]
        assert answer["tests"] == 3
        answer = post(client, body | {"min_targets": 4})
        assert answer["tests"] == 1

    @pytest.mark.parametrize("identifiers", [[], ["", " "], ["nothing"]])
    def test_empty_lists(self, client: Client, identifiers: list[str]) -> None:
        answer = post(client, {"taxon": HUMAN, "identifiers": identifiers})
        assert answer["query_size"] == 0
        assert [row["p"] for row in answer["results"]] == [1, 1, 1]

    def test_the_whole_background(self, client: Client) -> None:
        answer = post(client, {"taxon": HUMAN, "identifiers": [f"G{n}" for n in range(6)]})
        assert [row["p"] for row in answer["results"]] == [1, 1, 1]
        assert [row["overlap"] == row["targets"] for row in answer["results"]] == [True] * 3

    def test_a_species_without_interactions(self, client: Client) -> None:
        answer = post(client, {"taxon": 10090, "identifiers": ["Mouse"]})
        assert (answer["results"], answer["background_size"]) == ([], 0)


@pytest.mark.usefixtures("genes")
def test_what_becomes_of_each_identifier(client: Client) -> None:
    given = [
        " G1 ", "g1", "P99999", 101, "101.0", "P20006", "BOTH", "Both", "mouse", "P30000",
        "nothing", "<script>", "102.0", "-5", "p20003",
    ]  # fmt: skip
    query = post(client, {"taxon": HUMAN, "identifiers": given})["query"]
    assert query["given"] == len(given)
    used = {one["identifier"]: one for one in query["used"]}
    assert set(used) == {"G1", "P20006", "102.0", "p20003"}
    assert used["102.0"]["read_as"] == "102.0 read as gene ID 102: G2"
    assert [one["accession"] for one in used["102.0"]["proteins"]] == ["P20002"]
    assert [one["identifier"] for one in query["duplicates"]] == ["g1", "P99999", "101", "101.0"]
    assert {one["same_as"] for one in query["duplicates"]} == {"G1"}
    (unclear,) = query["ambiguous"]
    assert unclear["identifier"] == "BOTH"
    assert [one["accession"] for one in unclear["candidates"]] == ["P40000", "P40001"]
    assert [one["identifier"] for one in query["not_in_background"]] == ["Both"]
    assert {one["identifier"] for one in query["other_species"]} == {"mouse", "P30000"}
    assert query["not_found"] == ["nothing", "<script>", "-5"]


@pytest.mark.usefixtures("genes")
class TestForms:
    def test_a_query_is_the_same_as_what_is_posted(self, client: Client) -> None:
        posted = post(client, {"taxon": HUMAN, "identifiers": ["G0", "G1"], "small_scale": "yes"})
        query: Any = {"taxon": HUMAN, "identifiers": "G0; G1", "small_scale": "yes"}
        assert client.get(URL, query).json() == posted
        query |= {"identifiers": ["G0", "G1"], "small_scale": ["yes"]}
        assert client.get(URL, query).json() == posted
        query["identifiers"] = "G0,G1"
        assert client.get(URL, query).json() == posted

    def test_files(self, client: Client) -> None:
        body = {"taxon": HUMAN, "identifiers": ["G0", "G1"], "fields": "tf,overlap,genes,in_query"}
        tsv = post(client, body, query="?format=tsv")
        assert tsv.splitlines()[0] == "tf\toverlap\tin_query\tgenes"
        assert "P10000\t2\tfalse\tP20000;P20001" in tsv.splitlines()
        table = post(client, body, query="?format=csv")
        rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))
        assert {row["tf"]: row["genes"] for row in rows}["P10000"] == "P20000;P20001"
        query: Any = {"taxon": HUMAN, "identifiers": "G0"}
        lines = client.get(URL, query, headers={"accept": "application/jsonl"})
        assert len([json.loads(line) for line in lines.content.splitlines()]) == 3
        assert "tflink-enrichment.jsonl" in lines["Content-Disposition"]

    def test_lists_in_a_query_are_short(self, client: Client) -> None:
        query: Any = {"taxon": HUMAN, "identifiers": ";".join(["G0"] * 101)}
        answer = client.get(URL, query)
        assert answer.status_code == 400
        assert "at most 100" in errors(answer.json())["identifiers"]


@pytest.mark.parametrize(
    ("change", "parameter", "reason"),
    [
        ({"taxon": None}, "taxon", "it must be given"),
        ({"taxon": "human"}, "taxon", "whole number"),
        ({"taxon": True}, "taxon", "whole number"),
        ({"taxon": 1}, "taxon", "no such taxon"),
        ({"identifiers": "G0"}, "identifiers", "not a list"),
        ({"identifiers": ["G0"] * 5_001}, "identifiers", "at most 5,000"),
        ({"identifiers": ["G0", None]}, "identifiers[1]", "neither"),
        ({"identifiers": [["G0"]]}, "identifiers[0]", "neither"),
        ({"identifiers": ["G\u0000"]}, "identifiers[0]", "NUL"),
        ({"identifiers": ["G\ud800"]}, "identifiers[0]", "surrogate"),
        ({"background": "all"}, "background", "none of: targets, species, list"),
        ({"background": "list"}, "background_identifiers", "it must be given"),
        (
            {"background": "targets", "background_identifiers": ["G0"]},
            "background_identifiers",
            "only if",
        ),
        ({"unit": 1}, "unit", "none of: gene, protein"),
        ({"unit": {}}, "unit", "none of: gene, protein"),
        ({"min_targets": 0}, "min_targets", ""),
        ({"min_targets": 1.5}, "min_targets", "whole number"),
        ({"correction": "holm"}, "correction", "none of: bh, by, bonferroni"),
        ({"sort": "genes"}, "sort", "none of"),
        ({"sort": ["p"]}, "sort", "none of"),
        ({"limit": -1}, "limit", ""),
        ({"fields": ["p", "pp"]}, "fields", "no such field"),
        ({"fields": 5}, "fields", "not a list of names"),
        ({"tier": "certain"}, "tier", "none of"),
        ({"tier": {"a": 1}}, "tier", "neither"),
        ({"source": ["GTRD", "nowhere"]}, "source", "no such source database"),
        ({"smallscale": "yes"}, "smallscale", "no such property"),
    ],
)
def test_what_is_wrong_is_said(
    client: Client, change: dict[str, Any], parameter: str, reason: str
) -> None:
    body = {"taxon": HUMAN, "identifiers": ["G0"]} | change
    body = {name: value for name, value in body.items() if value is not None}
    wrong = errors(post(client, body, expect=400))
    assert reason in wrong[parameter]


@pytest.mark.parametrize("name", ["q", "fields", "limit", "taxon"])
def test_null_is_no_value(client: Client, name: str) -> None:
    body = {"taxon": HUMAN, "identifiers": ["G0"], name: None}
    assert errors(post(client, body, expect=400))[name]


@pytest.mark.parametrize("body", [b"", b"[]", b"5", b"{", b'{"taxon": 1e400}', b"\xff", b"null"])
def test_bodies_that_are_no_object(client: Client, body: bytes) -> None:
    post(client, body, expect=400)


def test_ten_megabytes_are_not_read(client: Client) -> None:
    post(client, b'{"identifiers": ["' + b"A" * 10_000_000 + b'"]}', expect=413)


@pytest.mark.usefixtures("genes")
def test_hostile_identifiers_are_not_found(client: Client) -> None:
    junk = ["'; DROP TABLE x; --", "A" * 10_000, "\u202e", "=1+1", "%00", "\U0001f9ec", "1" * 400]
    junk += [f"junk {number}" for number in range(4_000)]
    answer = post(client, {"taxon": HUMAN, "identifiers": junk})
    assert answer["query"]["not_found"] == [each.strip() for each in junk]


def test_a_species_that_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_interaction(make_protein("P10000"), make_protein("P20000"))
    monkeypatch.setattr(species, "READ_AT_ONCE", 0)
    query: Any = {"taxon": HUMAN, "identifiers": "P20000"}
    answer = client.get(URL, query)
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) == species.RETRY_AFTER


def test_a_slot_is_needed(client: Client, settings: LazySettings) -> None:
    settings.ANALYSIS_SLOTS = 2
    held = analyses.slots.take("another")
    body = {"taxon": HUMAN, "identifiers": []}
    assert post(client, body)["results"] == []
    second = analyses.slots.take("a third")
    assert held is not None
    assert second is not None
    answer = client.post(URL, json.dumps(body), content_type="application/json")
    assert answer.status_code == 503
    assert answer["Retry-After"] == str(analyses.RETRY_AFTER)
    held.release()
    second.release()
    post(client, body)
