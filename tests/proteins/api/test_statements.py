"""Statements and datasets in the API: filters, records, and what is left out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from curation.actions import retract_statement
from proteins.domain.statements import Basis, Sign
from proteins.models import Dataset, ReviewStatus, SourceDatabase, Statement
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein, make_statement
from tests.proteins.api.conftest import Get

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def content(module_db: None) -> None:
    """Three statements on TP53 and BAX, one of them retracted; one on a pair that is rejected."""
    tp53, bax = make_protein("P04637", "TP53"), make_protein("Q07812", "BAX", code="Mm")
    pair = make_interaction(tp53, bax)
    signor = Dataset.objects.create(
        name="SIGNOR",
        source=SourceDatabase.objects.get(key="TRRUST"),
        version="2026-11",
        version_date="2026-11",
        licence="CC BY-SA 4.0",
        is_share_alike=True,
    )
    sign: dict[str, Any] = {"effect": int(Sign.REPRESSION), "basis": int(Basis.INFERRED)}
    make_statement(pair, signor, source_id="SIGNOR-1", pmid=7, eco="ECO:0000314", **sign)
    here: dict[str, Any] = {"pmid": 8, "method": "selex", "small_scale": 2, "cell_line": "HeLa"}
    here |= {"tissue": "cervix", "condition": "serum-free", "quotation": "p53 binds BAX"}
    make_statement(pair, curator="Ada", orcid="0000-0002-1825-0097", **here)
    wrong = make_statement(pair, pmid=9)
    senior = make_person("senior")
    retract_statement(user=senior, statement=wrong, reason="It is on mice.")
    hidden = make_interaction(bax, bax, status=ReviewStatus.REJECTED)
    make_statement(hidden, pmid=7)


@pytest.mark.parametrize(
    ("query", "pmids"),
    [
        ({}, [7, 8, 9]),
        ({"interaction": "P04637-Q07812"}, [7, 8, 9]),
        ({"interaction": "q07812-p04637"}, []),
        ({"tf": "P04637", "taxon": 9606}, [7, 8, 9]),
        ({"target": "P04637"}, []),
        ({"dataset": "signor"}, [7]),
        ({"dataset": "SIGNOR,curated here"}, [7, 8, 9]),
        ({"source": "TRRUST"}, [7]),
        ({"source_id": "SIGNOR-1"}, [7]),
        ({"pmid": "7,9"}, [7, 9]),
        ({"method": "selex"}, [8]),
        ({"eco": "ECO:0000314"}, [7]),
        ({"effect": "repression"}, [7]),
        ({"effect": "unknown"}, [8, 9]),
        ({"basis": "inferred"}, [7]),
        ({"small_scale": "yes"}, [8]),
        ({"cell_line": "HeLa", "tissue": "cervix", "condition": "serum-free"}, [8]),
        ({"curator": "Ada", "orcid": "0000-0002-1825-0097"}, [8]),
        ({"state": "retracted"}, [9]),
        ({"state": "active,withdrawn"}, [7, 8]),
    ],
)
def test_filters(get: Get, query: dict[str, Any], pmids: list[int]) -> None:
    answer = get("statements/", **query)
    assert sorted(row["pmid"] for row in answer["results"]) == pmids
    assert answer["total"] == len(pmids)


def test_one_statement_says_what_belongs_together(get: Get) -> None:
    (row,) = get("statements/", cell_line="HeLa")["results"]
    assert get(row["url"]) == row
    assert row["id"] == f"P04637-Q07812-{Statement.objects.get(citation__pmid=8).key}"
    assert (row["interaction"], row["tf"]["name"], row["target"]["name"]) == (
        "P04637-Q07812",
        "TP53",
        "BAX",
    )
    assert row["dataset"]["name"] == "Curated here"
    assert row["method"]["name"] == "selex"
    assert (row["effect"], row["basis"], row["small_scale"]) == ("unknown", None, "yes")
    assert (row["quotation"], row["curator"]) == ("p53 binds BAX", "Ada")
    assert row["state"] == "active"
    (row,) = get("statements/", state="retracted")["results"]
    assert row["state_reason"] == "It is on mice."


def test_those_of_a_rejected_interaction_are_left_out(get: Get) -> None:
    hidden = Statement.objects.get(interaction__tf__accession="Q07812")
    assert "no statement" in get(f"statements/{hidden.public_id}/", expect=404)["detail"].lower()


@pytest.mark.parametrize("identifier", ["P04637", "P04637-Q07812", "TP53-BAX-0", "--", "1"])
def test_what_is_no_identifier(get: Get, identifier: str) -> None:
    get(f"statements/{identifier}/", expect=404)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["Curated here", "SIGNOR"]),
        ({"sort": "-name"}, ["SIGNOR", "Curated here"]),
        ({"name": "CURATED HERE"}, ["Curated here"]),
        ({"source": "TRRUST"}, ["SIGNOR"]),
        ({"version": "2026-11", "version_date": "2026-11"}, ["SIGNOR"]),
        ({"licence": "CC BY-SA 4.0"}, ["SIGNOR"]),
        ({"is_share_alike": "false"}, ["Curated here"]),
    ],
)
def test_datasets(get: Get, query: dict[str, Any], names: list[str]) -> None:
    rows = get("datasets/", **query)["results"]
    assert [row["name"] for row in rows] == names
    assert all(get(row["url"]) == row for row in rows)


@pytest.mark.parametrize("path", ["statements", "datasets"])
def test_files_of_records_without_a_method_or_a_source(client: Client, path: str) -> None:
    records = client.get(f"/api/v1/{path}/").json()["results"]
    for name in ("tsv", "csv", "jsonl"):
        file: Any = client.get(f"/api/v1/{path}/?format={name}")
        lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
        assert len(lines) == len(records) + (name != "jsonl")
    assert sorted(json.loads(line)["url"] for line in lines) == sorted(
        record["url"] for record in records
    )
