"""Every list as TSV, CSV and JSON Lines: all its rows, in its order, a few queries a batch."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from proteins.api import resource
from proteins.api.views import RESOURCES
from proteins.exports import rows as row_values
from proteins.models import BindingSite, Citation, Ortholog
from tests.factories import accession, make_interaction, make_protein, taxon
from tests.proteins.api.conftest import Get

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def content(module_db: None) -> None:
    tf = make_protein(accession(0), "=cmd|' /C calc'!A0", genes=[7, 8])
    for number in range(1, 6):
        target = make_protein(accession(number), genes=[number])
        evidence = make_interaction(
            tf, target, sources=["GTRD", f"S{number}"], methods=[f"m{number}"], pmids=[number]
        ).evidence
        BindingSite.objects.create(tflink_id=f"TFLinkLS{number}", tf=tf, evidence=evidence)
        Ortholog.objects.create(protein=tf, taxon=taxon("Mm"), identifier=f"M{number}")
    Citation.objects.filter(pmid=1).update(title='A\ttab, a\nline\r\nand a "quote"; -1', year=1999)


def fetch(client: Client, path: str) -> str:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.content
    return b"".join(answer).decode()


@pytest.mark.usefixtures("content")
@pytest.mark.parametrize("prefix", [prefix for prefix, _, _ in RESOURCES])
def test_each_list_in_each_format(
    client: Client, get: Get, monkeypatch: pytest.MonkeyPatch, prefix: str
) -> None:
    monkeypatch.setattr(resource, "BATCH", 2)
    listed = get(f"{prefix}/", page_size=1000)["results"]
    text = fetch(client, f"{prefix}/?format=jsonl")
    assert [json.loads(line) for line in text.splitlines()] == listed
    table = [line.split("\t") for line in fetch(client, f"{prefix}/?format=tsv").splitlines()]
    commas = fetch(client, f"{prefix}/?format=csv")
    assert commas.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(commas.removeprefix("\ufeff"))))
    assert len(table) == len(rows) == len(listed) + 1
    assert {len(row) for row in table} == {len(table[0])}
    assert {len(row) for row in rows} == {len(rows[0])}
    assert not [cell for row in rows for cell in row if cell.startswith("=")]


@pytest.mark.usefixtures("content")
def test_cells(client: Client) -> None:
    header, row = (
        line.split("\t")
        for line in fetch(client, "proteins/?format=tsv&accession=P00000").splitlines()
    )
    cells = dict(zip(header, row, strict=True))
    assert cells["name"] == "=cmd|' /C calc'!A0"
    assert cells["gene_ids"] == "7;8"
    assert cells["taxon.scientific_name"] == "Homo sapiens"
    assert cells["is_tf"] == "true"
    assert cells["declared_interactions"] == ""
    assert cells["url"] == "http://testserver/api/v1/proteins/P00000/"
    assert "taxon.url" not in cells
    path = "citations/?format=tsv&fields=pmid,title,year&pmid=1"
    assert fetch(client, path) == 'pmid\ttitle\tyear\n1\tA tab, a line and a "quote"; -1\t1999\n'
    spreadsheet = fetch(client, "proteins/?format=csv&fields=name&accession=P00000")
    assert spreadsheet == "\ufeffname\r\n'=cmd|' /C calc'!A0\r\n"
    assert fetch(client, "methods/?format=csv&name=none&fields=name") == "\ufeffname\r\n"


@pytest.mark.usefixtures("content")
@pytest.mark.parametrize("format_", ["tsv", "csv", "jsonl"])
def test_filters_order_and_fields_of_the_list(client: Client, get: Get, format_: str) -> None:
    query = "taxon=9606&is_tf=false&sort=-accession&fields=accession"
    listing = fetch(client, f"proteins/?{query}&format={format_}")
    listed = [row["accession"] for row in get(f"proteins/?{query}")["results"]]
    assert listed == [accession(number) for number in range(5, 0, -1)]
    assert [line.strip('{}"').rpartition('"')[2] for line in listing.split()][-5:] == listed
    by_target = fetch(client, "interactions/?format=jsonl&sort=-target&fields=id").splitlines()
    assert json.loads(by_target[0]) == {"id": "P00000-P00005"}


@pytest.mark.parametrize(
    ("path", "query", "parameter", "message"),
    [
        ("interactions/", {"format": "tsv", "fields": "id"}, "fields", "columns of its own"),
        ("binding-sites/", {"format": "gff3", "fields": "tf"}, "fields", "columns of its own"),
        ("interactions/", {"format": "gmt", "sort": "target"}, "sort", "an order of its own"),
        ("proteins/", {"format": "csv", "page_size": 10}, "page_size", "no pages"),
        ("taxa/", {"format": "mitab"}, "format", "it is none of: json, tsv, csv, jsonl"),
        ("proteins/", {"format": "csv", "fields": "colour"}, "fields", "no such field here"),
    ],
)
def test_what_is_refused(
    get: Get, path: str, query: dict[str, Any], parameter: str, message: str
) -> None:
    (error,) = get(path, expect=400, **query)["errors"]
    assert error["parameter"] == parameter
    assert message in error["reason"]


#: Queries beyond those of the first batch, for each batch after it.
A_BATCH = {
    "proteins": 3,
    "interactions": 4,
    "binding-sites": 3,
    "orthologs": 2,
    "citations": 1,
    "sources": 1,
    "methods": 1,
}


@pytest.mark.usefixtures("content")
def test_queries_of_a_batch(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    per_batch = {}
    for prefix in A_BATCH:
        taken = []
        for size in (1000, 3):
            monkeypatch.setattr(resource, "BATCH", size)
            monkeypatch.setattr(row_values, "BATCH", size)
            with CaptureQueriesContext(connection) as queries:
                names = {
                    "interactions": "&fields=id,tf,target,sources,methods",
                    "binding-sites": "&fields=tflink_id,tf,sources,methods,publications",
                }.get(prefix, "")
                rows = fetch(client, f"{prefix}/?format=jsonl{names}").splitlines()
            selects = [query for query in queries if "SELECT" in query["sql"]]
            taken.append((len(selects), -(-len(rows) // size)))
        (one, _), (many, batches) = taken
        per_batch[prefix] = (many - one) / (batches - 1)
    assert per_batch == A_BATCH
