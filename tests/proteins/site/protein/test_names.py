"""Where names show: the page of a protein, tables, linked data, the API, files."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from proteins.domain.cross_references import Database
from proteins.domain.names import NameKind, folded_name
from proteins.models import (
    AccessionFate,
    CrossReference,
    GeneIDFate,
    NameSource,
    Protein,
    ProteinName,
    SecondaryAccession,
)
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> NameSource:
    return NameSource.objects.create(name="UniProt", version="2026_04")


@pytest.fixture
def tp53(source: NameSource) -> Protein:
    protein = make_protein("P04637", "TP53", genes=[7157])
    names = [
        (NameKind.PRIMARY, "TP53"), (NameKind.SYNONYM, "P53"),
        (NameKind.FULL_NAME, "Cellular tumor antigen p53"), (NameKind.MNEMONIC, "P53_HUMAN"),
    ]  # fmt: skip
    for kind, text in names:
        ProteinName.objects.create(
            protein=protein, kind=kind, text=text, folded=folded_name(text), source=source
        )
    CrossReference.objects.create(
        protein=protein, database=Database.ENSEMBL, identifier="ENSG00000141510", source=source
    )
    SecondaryAccession.objects.create(accession="Q15086", protein=protein, source=source)
    return protein


def divide(accession: str, *successors: str) -> None:
    for one in successors:
        AccessionFate.objects.create(
            accession=accession, successor=one, fate=AccessionFate.Fate.DEMERGED
        )


def facts(client: Client, protein: Protein) -> dict[str, str]:
    html = client.get(protein.get_absolute_url()).content.decode()
    pairs = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", html, re.S)
    return {term: " ".join(re.sub("<[^>]+>", "", text).split()) for term, text in pairs}


def test_the_page_shows_names_and_where_else_the_gene_is(client: Client, tp53: Protein) -> None:
    divide("P99998", "P04637", "Q99999")
    shown = facts(client, tp53)
    assert shown["Synonym"] == "P53"
    assert shown["UniProt name"] == "P53_HUMAN"
    assert shown["Former accessions"] == (
        "Q15086 (merged into this entry), P99998 (divided into this entry and Q99999)"
    )
    html = client.get(tp53.get_absolute_url()).content.decode()
    assert '<span title="UniProt 2026_04">P53</span>' in html
    assert '<span title="UniProt 2026_04">Cellular tumor antigen p53</span>' in html
    assert 'href="https://www.ensembl.org/id/ENSG00000141510"' in html


def test_linked_data_have_the_other_names(client: Client, tp53: Protein) -> None:
    html = client.get(tp53.get_absolute_url()).content.decode()
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    assert data is not None
    protein = json.loads(data[1])["@graph"][0]
    assert protein["alternateName"] == ["P53", "Cellular tumor antigen p53", "P53_HUMAN"]


def test_names_in_tables_have_the_full_name_as_title(client: Client, tp53: Protein) -> None:
    make_interaction(make_protein("P00001", "TF1"), tp53)
    title = 'title="Cellular tumor antigen p53">TP53</a>'
    for url in (reverse("protein", args=["p00001"]), reverse("browse")):
        assert title in client.get(url).content.decode()


def test_the_api_has_names_with_kind_source_and_version(client: Client, tp53: Protein) -> None:
    record = client.get(reverse("api-protein-detail", args=["P04637"])).json()
    assert record["names"][1] == {
        "kind": "synonym", "text": "P53", "source": "UniProt", "version": "2026_04",
    }  # fmt: skip
    assert record["cross_references"] == [
        {
            "database": "Ensembl",
            "identifier": "ENSG00000141510",
            "url": "https://www.ensembl.org/id/ENSG00000141510",
            "source": "UniProt",
            "version": "2026_04",
        }
    ]
    assert record["former_accessions"] == [{"accession": "Q15086", "others": []}]
    assert record["accession_fates"] == []


def test_aliases_of_mitab(client: Client, tp53: Protein) -> None:
    make_interaction(make_protein("P00001", "TF1"), tp53)
    answer = client.get(reverse("api-interaction-list"), {"format": "mitab"})
    [_, line] = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert line.split("\t")[4:6] == [
        "uniprotkb:TF1(gene name)",
        "uniprotkb:TP53(gene name)|uniprotkb:P53(gene name synonym)|psi-mi:P53_HUMAN(display_long)",
    ]


def test_sets_of_genes_are_named_by_the_primary_name(client: Client, tp53: Protein) -> None:
    make_interaction(make_protein("P00001", "TF1"), tp53)
    answer = client.get(reverse("api-interaction-list"), {"format": "gmt-name"})
    line = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert line.rstrip("\n").split("\t")[2:] == ["TP53"]


def test_a_deleted_accession_says_so_and_stays(client: Client, source: NameSource) -> None:
    protein = make_protein("P00001", "TF1", genes=[5])
    AccessionFate.objects.create(accession="P00001", fate=2, source=source)
    GeneIDFate.objects.create(ncbi_gene_id=5, successor=6, source=source)
    html = client.get(protein.get_absolute_url()).content.decode()
    assert "UniProt 2026_04 deleted the entry P00001; its interactions stay in TFLink." in html
    assert "NCBI has discontinued the gene ID 5 in favour of 6." in html
    record = client.get(reverse("api-protein-detail", args=["P00001"])).json()
    assert record["accession_fates"] == [
        {"fate": "deleted", "successor": None, "source": "UniProt", "version": "2026_04"}
    ]


def test_a_divided_accession_offers_all_and_picks_none(client: Client, tp53: Protein) -> None:
    divide("P99998", "P04637", "Q99999")
    for url in ("/protein/p99998/", "/protein/P99998/publications/"):
        page = client.get(url)
        html = page.content.decode()
        assert page.status_code == 300
        assert '<a href="/protein/p04637/">TP53 (P04637)</a>' in html
        assert "Q99999" in html
        assert not page.has_header("Location")
    answer = client.get(reverse("api-protein-detail", args=["p99998"]))
    assert answer.status_code == 300
    body: dict[str, Any] = answer.json()
    assert (body["status"], body["candidates"]) == (300, ["P04637", "Q99999"])


def test_a_protein_whose_own_accession_was_divided(client: Client, tp53: Protein) -> None:
    divide("P04637", "P00001", "P00002")
    html = client.get(tp53.get_absolute_url()).content.decode()
    assert "UniProt divided the entry P04637 into P00001, P00002; which of them is meant" in html
    AccessionFate.objects.update(settled=True)
    html = client.get(tp53.get_absolute_url()).content.decode()
    assert "divided the entry P04637 into P00001, P00002." in html
