"""The tables of a protein's page as files."""

from __future__ import annotations

import csv
from collections.abc import Iterable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from proteins.domain.evidence import SmallScale
from proteins.models import (
    BindingSite,
    Citation,
    Effect,
    Ortholog,
    Protein,
    Reporting,
    ReviewStatus,
)
from proteins.site.protein import table_rows
from tests.factories import accession, make_interaction, make_protein, taxon

pytestmark = pytest.mark.django_db


@pytest.fixture
def tf() -> Protein:
    tf = make_protein("Q9UK53", "ING1", genes=[3621])
    make_interaction(
        tf,
        make_protein("Q07812", "=BAX()", genes=[581, 9]),
        sources=["TRRUST", "TFactS_via_DoRothEA"],
        methods=["inferred by curator"],
        pmids=[29087512, 15662138, 7],
        small_scale=SmallScale.YES,
        status=ReviewStatus.CONFIRMED,
        effect=Effect.ACTIVATION,
    )
    make_interaction(
        tf, make_protein("P04637", "TP53"), sources=[], methods=[], pmids=[7, 27924024]
    )
    make_interaction(tf, make_protein("P00001", "gone"), status=ReviewStatus.REJECTED)
    tf.refresh_from_db()
    return tf


def text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return b"".join(response).decode()


def rows_of(client: Client, url: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text_of(client, url).splitlines(), delimiter="\t"))


def test_targets_as_tsv(client: Client, tf: Protein) -> None:
    text = text_of(client, "/protein/q9uk53/targets.tsv")
    assert text.splitlines() == [
        "\t".join(table_rows.INTERACTIONS),
        "Q9UK53-Q07812\tQ9UK53\tING1\t3621\tQ07812\t=BAX()\t9;581\tTFactS_via_DoRothEA;TRRUST\t"
        "inferred by curator\t7;15662138\t29087512\tyes\tactivation\tconfirmed\treported\t"
        "strong\tcurated",
        "Q9UK53-P04637\tQ9UK53\tING1\t3621\tP04637\tTP53\t\t\t\t7\t27924024\tno\tunknown\t"
        "unreviewed\treported\tsingle\t",
    ]


def test_regulators_have_the_tf_first_too(client: Client, tf: Protein) -> None:
    (row,) = rows_of(client, "/protein/q07812/tfs.tsv")
    assert (row["interaction"], row["tf"], row["target"]) == ("Q9UK53-Q07812", "Q9UK53", "Q07812")
    assert (row["tf_gene_ids"], row["target_gene_ids"]) == ("3621", "9;581")


def test_a_spreadsheet_takes_nothing_for_a_formula(client: Client, tf: Protein) -> None:
    text = text_of(client, "/protein/q9uk53/targets.csv")
    assert text.startswith("\ufeffinteraction,tf,")
    rows = list(csv.DictReader(text.removeprefix("\ufeff").splitlines()))
    assert [row["target_name"] for row in rows] == ["'=BAX()", "TP53"]


def test_a_name_cannot_break_a_line(client: Client, tf: Protein) -> None:
    Protein.objects.filter(accession="P04637").update(name="a\tb\nc\u2028d")
    rows = rows_of(client, "/protein/q9uk53/targets.tsv")
    assert [row["target_name"] for row in rows] == ["=BAX()", "a b c d"]


@pytest.mark.parametrize(
    ("query", "targets"),
    [
        ("targets-sort=name", ["Q07812", "P04637"]),
        ("targets-sort=-name", ["P04637", "Q07812"]),
        ("targets-effect=activation", ["Q07812"]),
        ("targets-q=TP53&tfs-q=nothing", ["P04637"]),
        ("targets-status=disputed", []),
    ],
)
def test_as_filtered_and_sorted(
    client: Client, tf: Protein, query: str, targets: list[str]
) -> None:
    rows = rows_of(client, f"/protein/q9uk53/targets.tsv?{query}")
    assert [row["target"] for row in rows] == targets


def test_file_names(client: Client, tf: Protein) -> None:
    for query, name in (
        ("", "TFLink_targets_of_Q9UK53.csv"),
        ("?targets-sort=name", "TFLink_targets_of_Q9UK53.csv"),
        ("?targets-q=b", "TFLink_targets_of_Q9UK53_filtered.csv"),
    ):
        response = client.get(f"/protein/q9uk53/targets.csv{query}")
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
        assert response["Content-Type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize("query", ["targets-effect=x", "targets-database=GTRD", "targets-q=%00"])
def test_what_is_not_understood_is_refused(client: Client, tf: Protein, query: str) -> None:
    response = client.get(f"/protein/q9uk53/targets.tsv?{query}")
    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/plain")


def test_other_spellings_and_what_is_not_here(client: Client, tf: Protein) -> None:
    response = client.get("/protein/Q9UK53/targets.tsv?targets-q=b")
    assert response.status_code == 301
    assert response["Location"] == "/protein/q9uk53/targets.tsv?targets-q=b"
    assert client.get("/protein/p99999/targets.tsv").status_code == 404
    assert client.post("/protein/q9uk53/targets.tsv").status_code == 405


def _sites(tf: Protein, placed: Iterable[tuple[str, int | None]]) -> None:
    evidence = make_interaction(tf, make_protein("P10000")).evidence
    for tflink_id, start in placed:
        BindingSite.objects.create(
            tflink_id=tflink_id,
            tf=tf,
            assembly="hg38" if start else "",
            chromosome="chr1" if start else "",
            start=start,
            end=start + 4 if start else None,
            strand="-" if start == 10 else "",
            evidence=evidence,
            sequence="ACGT" if start else "",
        )


def test_sites(client: Client, tf: Protein) -> None:
    placed = [("TFLinkLS00000001", None), ("TFLinkLS00000002", 20), ("TFLinkSS00000001", 10)]
    _sites(tf, placed)
    rows = rows_of(client, "/protein/q9uk53/sites.tsv")
    assert [row["tflink_id"] for row in rows] == [name for name, _ in reversed(placed)]
    assert rows[0]["sequence"] == "ACGT"
    assert (rows[0]["start"], rows[0]["end"], rows[0]["strand"]) == ("10", "14", "-")
    assert (rows[2]["start"], rows[2]["chromosome"], rows[2]["databases"]) == ("", "", "GTRD")
    lines = text_of(client, "/protein/q9uk53/sites.bed").splitlines()
    assert any("Of JASPAR and others it is not known" in line for line in lines)
    assert [line for line in lines if not line.startswith("#")] == [
        "chr1\t10\t14\tTFLinkSS00000001\t0\t-\thg38",
        "chr1\t20\t24\tTFLinkLS00000002\t0\t.\thg38",
    ]
    none = text_of(client, "/protein/q9uk53/sites.bed?sites-small_scale=yes").splitlines()
    assert all(line.startswith("#") for line in none)
    last = rows_of(client, "/protein/q9uk53/sites.tsv?sites-sort=small_scale&sites-small_scale=no")
    assert [row["tflink_id"] for row in last] == [name for name, _ in placed]


def test_orthologs(client: Client, tf: Protein) -> None:
    Ortholog.objects.create(protein=tf, taxon=taxon("Mm"), identifier="Q9QXV3", in_tflink=True)
    (row,) = rows_of(client, "/protein/q9uk53/orthologs.tsv")
    assert list(row.values()) == ["Q9UK53", "Mus musculus", "10090", "Q9QXV3", "yes"]


def test_publications(client: Client, tf: Protein) -> None:
    Citation.objects.filter(pmid=7).update(is_retracted=True, title="A title", year=1999)
    rows = rows_of(client, "/protein/q9uk53/publications.tsv")
    assert [(row["pmid"], row["kind"], row["interactions"]) for row in rows] == [
        ("7", "primary", "2"),
        ("15662138", "primary", "1"),
        ("27924024", "database paper", "1"),
        ("29087512", "database paper", "1"),
    ]
    assert (rows[0]["title"], rows[0]["year"], rows[0]["retracted"]) == ("A title", "1999", "yes")


def test_many_rows_are_read_in_batches(
    client: Client,
    tf: Protein,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(40):
        make_interaction(tf, make_protein(accession(number + 100), f"T{number}"))
    monkeypatch.setattr(table_rows, "BATCH", 10)
    with django_assert_max_num_queries(5 + 5 * 5):
        rows = rows_of(client, "/protein/q9uk53/targets.tsv?targets-sort=accession")
    listed = [row["target"] for row in rows]
    assert len(listed) == 42
    assert listed == sorted(listed)


def test_what_is_no_longer_reported_says_so(client: Client, tf: Protein) -> None:
    tf.target_interactions.filter(target__accession="P04637").update(reporting=Reporting.WITHDRAWN)
    (row,) = rows_of(client, "/protein/q9uk53/targets.tsv?targets-reporting=no_longer_reported")
    assert (row["target"], row["reporting"]) == ("P04637", "no longer reported")
