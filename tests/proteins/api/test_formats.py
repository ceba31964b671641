"""Lists as files: how a format is chosen, and what is in each."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from proteins.exports import interaction_table, mitab
from proteins.models import BindingSite, Effect, Interaction, Protein, ReviewStatus
from tests.factories import accession, make_interaction, make_protein
from tests.proteins.api.conftest import Get

pytestmark = pytest.mark.django_db
Download = Callable[..., str]


@pytest.fixture
def download(client: Client) -> Download:
    def ask(path: str, expect: int = 200, accept: str = "*/*", **query: Any) -> str:
        answer = client.get(f"/api/v1/{path}/", query, headers={"accept": accept})
        assert answer.status_code == expect, answer.content
        return b"".join(answer).decode()

    return ask


def lines(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.removesuffix("\n").split("\n")]


@pytest.mark.usefixtures("five_pages")
class TestInteractions:
    def test_tsv_is_tflinks_table(self, download: Download) -> None:
        header, *rows = lines(download("interactions", format="tsv", tf="Q9UK53"))
        assert tuple(header) == interaction_table.COLUMNS
        assert len(rows) == 7
        (bax,) = [row for row in rows if row[1] == "Q07812"]
        assert bax[:11] == [
            "Q9UK53", "Q07812", "3621", "581", "ING1", "BAX", "inferred by curator",
            "15662138;16325212;29087512", "Homo sapiens", "TRRUST", "Yes",
        ]  # fmt: skip
        assert all(len(row) == 15 for row in rows)

    def test_all_rows_come_and_none_is_rejected(self, download: Download) -> None:
        assert len(lines(download("interactions", format="tsv"))) == 1 + 454
        Interaction.objects.filter(tf__accession="Q9UK53").update(status=ReviewStatus.REJECTED)
        assert len(lines(download("interactions", format="tsv"))) == 1 + 454 - 7

    def test_csv(self, download: Download) -> None:
        text = download("interactions", format="csv", tf="Q9UK53").removeprefix("\ufeff")
        header, *rows = csv.reader(io.StringIO(text))
        assert tuple(header) == interaction_table.CSV_COLUMNS
        assert {tuple(row[-8:-5]) for row in rows} == {("unknown", "unreviewed", "reported")}
        assert {tuple(row[-5:]) for row in rows} == {
            ("strong", "curated", "-", "-", "-"),
            ("supported", "curated", "-", "-", "-"),
        }

    def test_json_lines_are_the_records_of_the_list(self, download: Download, get: Get) -> None:
        rows = [json.loads(line) for line in download("interactions", format="jsonl").splitlines()]
        assert rows == get("interactions/", page_size=1000)["results"]
        assert [list(row) for row in rows[:1]] == [
            list(row) for row in get("interactions/", page_size=1)["results"]
        ]

    def test_gene_sets(self, download: Download) -> None:
        (row,) = lines(download("interactions", format="gmt", tf="Q9UK53"))
        assert row[0] == "ING1_Q9UK53"
        assert set(row[2:]) == {
            "P04637", "P38936", "Q07812", "P02771", "P12004", "P42574", "Q14517",
        }  # fmt: skip
        (row,) = lines(download("interactions", format="gmt-name", tf="Q9UK53"))
        assert set(row[2:]) == {"TP53", "CDKN1A", "BAX", "AFP", "PCNA", "CASP3", "FAT1"}
        (row,) = lines(download("interactions", format="gmt-gene-id", tf="Q9UK53"))
        assert set(row[2:]) == {"7157", "1026", "581", "174", "5111", "836", "2195"}

    def test_each_tf_is_one_set(self, download: Download) -> None:
        names = [row[0] for row in lines(download("interactions", format="gmt"))]
        assert len(names) == len(set(names)) == Protein.objects.filter(target_count__gt=0).count()

    def test_mitab(self, download: Download) -> None:
        Interaction.objects.filter(tf__accession="Q9UK53", target__accession="Q07812").update(
            effect=Effect.ACTIVATION
        )
        header, row = lines(download("interactions", format="mitab", tf="Q9UK53", target="Q07812"))
        assert tuple(header) == mitab.HEADER
        assert len(row) == 46
        assert row[:3] == ["uniprotkb:Q9UK53", "uniprotkb:Q07812", "entrez gene/locuslink:3621"]
        assert row[6] == 'psi-mi:"MI:0364"(inferred by curator)'
        assert row[8] == "pubmed:15662138|pubmed:16325212"
        assert row[11] == 'psi-mi:"MI:2286"(functional association)'
        assert row[24] == "pubmed:29087512(see-also)"
        assert row[9] == row[10] == "taxid:9606(Homo sapiens)"
        assert row[13] == "tflink:Q9UK53-Q07812"
        assert row[27] == 'comment:"small-scale evidence: yes"'
        assert row[44] == 'psi-mi:"MI:2247"(transcriptional regulation)'
        assert row[45] == 'psi-mi:"MI:2238"(up-regulates quantity by expression)'

    def test_names_that_are_lists(self, download: Download) -> None:
        yeast = [make_protein(*named, code="Sc") for named in (
            ("P02994", "TEF1;TEF2"), ("P02309", "HHF1; HHF2"), ("P07244", "ADE5,7"), ("P00001", ""),
        )]  # fmt: skip
        for target in yeast[1:]:
            make_interaction(yeast[0], target)
        (row,) = lines(download("interactions", format="gmt-name", tf="P02994"))
        assert row == ["TEF1_P02994", row[1], "HHF1", "ADE5,7"]
        assert row[1].startswith("Targets of TEF1;TEF2 in ")
        _, *rows = lines(download("interactions", format="mitab", tf="P02994"))
        assert {tuple(row[4:6]) for row in rows} == {
            ("uniprotkb:TEF1(gene name)|uniprotkb:TEF2(gene name)", aliases)
            for aliases in (
                "uniprotkb:HHF1(gene name)|uniprotkb:HHF2(gene name)",
                "uniprotkb:ADE5,7(gene name)",
                "-",
            )
        }
        _, *rows = lines(download("interactions", format="tsv", tf="P02994"))
        assert {cell for row in rows for cell in row} >= {"TEF1;TEF2", "HHF1; HHF2", "ADE5,7"}

    def test_by_the_header_accept(self, client: Client, download: Download) -> None:
        explicit = download("interactions", accept="text/tab-separated-values", tf="Q9UK53")
        assert explicit == download("interactions", format="tsv", tf="Q9UK53")
        answer = client.get("/api/v1/interactions/?format=tsv&tf=Q9UK53")
        assert answer["Content-Type"] == "text/tab-separated-values; charset=utf-8"
        assert answer["Content-Disposition"] == 'attachment; filename="tflink-interactions.tsv"'

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            ({"format": "xml"}, "it is none of: json, tsv, csv, jsonl, mitab, gmt"),
            ({"format": "tsv", "page_size": "10"}, "a file holds all rows and has no pages"),
            ({"format": "tsv", "cursor": "x"}, "no pages"),
            ({"format": "tsv", "colour": "red"}, "there is no such parameter here"),
            ({"format": "tsv", "tf": "nothing"}, "tf"),
        ],
    )
    def test_what_is_not_understood_is_refused(
        self, download: Download, query: dict[str, str], message: str
    ) -> None:
        assert message in download("interactions", expect=400, **query)

    def test_nothing_else_is_acceptable(self, download: Download) -> None:
        message = download("interactions", expect=406, accept="image/png")
        assert "text/tab-separated-values" in message


def test_a_file_takes_a_few_queries_for_each_batch(
    download: Download, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    tf = make_protein("Q9UK53", "ING1")
    for number in range(60):
        make_interaction(tf, make_protein(accession(number)), pmids=[number + 1])
    with django_assert_max_num_queries(16):
        assert len(lines(download("interactions", format="tsv"))) == 61


@pytest.fixture
def sites() -> None:
    tf = make_protein("P04637", "TP53")
    evidence = make_interaction(tf, tf, sources=["JASPAR"], pmids=[15889749]).evidence
    BindingSite.objects.create(
        tflink_id="TFLinkSS09902114", tf=tf, assembly="hg38", chromosome="chr1",
        start=147084576, end=147084596, strand="+", evidence=evidence,
        sequence="TGCAGTCTATCTTTCCACAC",
    )  # fmt: skip
    BindingSite.objects.create(tflink_id="TFLinkLS08541019", tf=tf, evidence=evidence)


@pytest.mark.usefixtures("sites")
class TestBindingSites:
    def test_gff3_counts_from_1(self, download: Download) -> None:
        version, *comments, row = lines(download("binding-sites", format="gff3"))
        assert version == ["##gff-version 3"]
        assert all(comment.startswith("# ") for (comment,) in comments)
        assert row[:8] == [
            "chr1", "TFLink", "TF_binding_site", "147084577", "147084596", ".", "+", ".",
        ]  # fmt: skip
        assert row[8].startswith("ID=TFLinkSS09902114;Name=TP53;Dbxref=UniProtKB:P04637,PMID:")

    def test_bed_counts_from_0(self, download: Download) -> None:
        *comments, row = lines(download("binding-sites", format="bed"))
        assert all(comment[0].startswith("#") for comment in comments)
        assert row[:4] == ["chr1", "147084576", "147084596", "TFLinkSS09902114"]
        assert row[5] == "+"

    def test_fasta(self, download: Download) -> None:
        assert download("binding-sites", format="fasta") == (
            ">TFLinkSS09902114;P04637;TP53;hg38;chr1:147084576-147084596 counting=not_known\n"
            "TGCAGTCTATCTTTCCACAC\n"
        )

    def test_a_table_of_all(self, download: Download) -> None:
        _, *rows = lines(download("binding-sites", format="tsv"))
        assert [row[0] for row in rows] == ["TFLinkLS08541019", "TFLinkSS09902114"]
        assert rows[0][4:9] == ["-"] * 5
