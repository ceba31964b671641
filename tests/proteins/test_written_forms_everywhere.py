"""Every form that people write finds what it means, wherever it is typed: on the page of the
search, among its suggestions, in the look-up, in the search and in a filter of the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from proteins.domain.names import NameKind, folded_name
from proteins.models import (
    CrossReference,
    NameSource,
    Protein,
    ProteinName,
    SecondaryAccession,
)
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db

#: Names of the proteins of these tests that UniProt has beside the primary one.
SYNONYMS = {
    "P04637": ["p53"],
    "P02340": ["P53"],
    "Q01860": ["OCT4", "OTF3"],
    "P19838": ["NF-kB1", "NF-κB"],
    "P01106": ["c-Myc"],
    "Q13950": ["RUNX-2", "CBFA1"],
    "O16850": ["daf16"],
    "P03069": ["AAS3"],
}


def name(accession: str, text: str, kind: NameKind = NameKind.SYNONYM) -> None:
    """Let UniProt call a protein so."""
    source, _ = NameSource.objects.get_or_create(name="UniProt", version="2026_04")
    protein = Protein.objects.get(accession=accession)
    ProteinName.objects.create(
        protein=protein,
        kind=kind,
        position=protein.names.filter(kind=kind).count(),
        text=text,
        folded=folded_name(text),
        source=source,
    )


@pytest.fixture
def stored(db: None) -> None:
    tp53 = make_protein("P04637", "TP53", genes=[7157])
    make_protein("P02340", "Trp53", code="Mm")
    make_protein("Q8IMZ4", "p53", code="Dm")
    make_protein("Q01860", "POU5F1")
    make_protein("P19838", "NFKB1")
    make_protein("P01106", "MYC")
    make_protein("Q13950", "RUNX2")
    make_protein("O16850", "daf-16", code="Ce")
    make_protein("P03069", "GCN4", code="Sc")
    gal1 = make_protein("P04385", "GAL1", code="Sc", genes=[852308])
    make_protein("P38704", "STP2", code="Sc", genes=[853974])
    make_protein("P08566", "ARG5,6", code="Sc")
    ing1 = make_protein("Q9UK53", "ING1")
    make_interaction(ing1, make_protein("Q07812", "BAX"))
    SecondaryAccession.objects.create(accession="Q15086", protein=tp53)
    for accession, synonyms in SYNONYMS.items():
        for text in synonyms:
            name(accession, text)
    name("P04637", "P53_HUMAN", NameKind.MNEMONIC)
    name("P04385", "YBR020W", NameKind.ORDERED_LOCUS)
    CrossReference.objects.create(protein=tp53, database=1, identifier="ENSG00000141510")
    CrossReference.objects.create(protein=gal1, database=3, identifier="S000000224")


#: A text, and the one protein that it means.
FORMS = [
    ("P04637", "P04637"),
    ("p04637", "P04637"),
    ("P04637-2", "P04637"),
    ("P04637.4", "P04637"),
    ("sp|P04637|P53_HUMAN", "P04637"),
    ("P53_HUMAN", "P04637"),
    ("UniProtKB:P04637", "P04637"),
    ("uniprot:P04637", "P04637"),
    ("https://www.uniprot.org/uniprotkb/P04637/entry", "P04637"),
    ("Q15086", "P04637"),
    ("GeneID:7157", "P04637"),
    ("https://www.ncbi.nlm.nih.gov/gene/7157", "P04637"),
    ("ENSG00000141510", "P04637"),
    ("ENSG00000141510.18", "P04637"),
    ("TP53", "P04637"),
    ("tp53", "P04637"),
    ("TP53 human", "P04637"),
    ("p53 human", "P04637"),
    ("OCT4", "Q01860"),
    ("Oct-4", "Q01860"),
    ("NF-kB", "P19838"),
    ("NF-κB", "P19838"),
    ("c-Myc", "P01106"),
    ("RUNX-2", "Q13950"),
    ("daf16", "O16850"),
    ("gcn-4", "P03069"),
    ("GAL1", "P04385"),
    ("gal1", "P04385"),
    ("Gal-1", "P04385"),
    ("YBR020W", "P04385"),
    ("S000000224", "P04385"),
    ("852308", "P04385"),
    ("853974.0", "P38704"),
    ("ARG5,6", "P08566"),
]


def accessions(client: Client, text: str, **query: str) -> list[str]:
    """What the search of the API says that a text means exactly."""
    answer = client.get("/api/v1/search/", {"q": text, **query}).json()
    return [one["accession"] for one in answer["proteins"] if one["is_exact"]]


def look_up(client: Client, *texts: str, **body: Any) -> list[dict[str, Any]]:
    content = json.dumps({"identifiers": texts, **body})
    answer = client.post("/api/v1/lookup/", content, content_type="application/json")
    rows: list[dict[str, Any]] = answer.json()["results"]
    return rows


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(("text", "accession"), FORMS)
def test_every_form_means_one_protein_everywhere(client: Client, text: str, accession: str) -> None:
    url = f"/protein/{accession.lower()}/"
    page = client.get("/search/", {"q": text})
    assert (page.status_code, page.get("Location")) == (302, url)
    (first, *_) = client.get("/search/suggestions/", {"q": text}).json()["suggestions"]
    assert first["url"] == url
    (row,) = look_up(client, text)
    assert ([one["accession"] for one in row["matches"]], row["is_certain"]) == ([accession], True)
    assert accessions(client, text) == [accession]
    answer = client.get("/api/v1/interactions/", {"either": text.replace(",", "\\,")})
    assert answer.status_code == 200, answer.content


@pytest.mark.usefixtures("stored")
def test_a_name_of_several_opens_none_and_human_is_first(client: Client) -> None:
    page = client.get("/search/", {"q": "p53"})
    assert page.status_code == 200
    html = page.content.decode()
    places = [html.index(f'href="/protein/{one}/"') for one in ("p04637", "p02340", "q8imz4")]
    assert places == sorted(places)
    assert "p53, a synonym of TP53: UniProt 2026_04" in html
    suggested = client.get("/search/suggestions/", {"q": "p53"}).json()["suggestions"]
    assert [one["url"] for one in suggested] == [
        "/protein/p04637/", "/protein/p02340/", "/protein/q8imz4/",
    ]  # fmt: skip
    (row,) = look_up(client, "p53")
    assert row["is_certain"] is False
    assert {one["accession"] for one in row["matches"]} == {"P04637", "P02340", "Q8IMZ4"}
    assert accessions(client, "p53") == ["P04637", "P02340", "Q8IMZ4"]
    refused = client.get("/api/v1/interactions/", {"tf": "p53"})
    assert refused.status_code == 400
    reason = refused.json()["errors"][0]["reason"]
    assert "several proteins" in reason
    assert {"P04637", "P02340", "Q8IMZ4"} <= set(reason.replace(",", " ").split())
    assert "taxon" in reason
    assert client.get("/api/v1/interactions/", {"tf": "p53", "taxon": "7227"}).status_code == 200
    for url in ("/protein/p53/", "/protein/P53/"):
        page = client.get(url)
        assert page.status_code == 404
        assert b'href="/protein/q8imz4/"' in page.content
        assert b'href="/protein/p04637/"' in page.content


@pytest.mark.usefixtures("stored")
def test_one_protein_of_the_chosen_species_opens(client: Client) -> None:
    answer = client.get("/search/", {"q": "p53", "taxon": "7227"})
    assert answer["Location"] == "/protein/q8imz4/"
    # And the choice is remembered, until another is made.
    assert client.get("/search/", {"q": "p53"})["Location"] == "/protein/q8imz4/"
    html = client.get("/search/", {"q": "OCT4"}).content.decode()
    assert "In other species" in html
    assert 'href="/protein/q01860/"' in html
    assert client.get("/search/", {"q": "p53", "taxon": "all"}).status_code == 200
    assert client.get("/search/", {"q": "p53"}).status_code == 200
    assert b"TFLink has no species" in client.get("/search/", {"q": "x", "taxon": "5"}).content


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    "text", ["ING1 BAX", "ING1-BAX", "ING1->BAX", "ING1 → BAX", "Q9UK53-Q07812", "ing1 bax"]
)
def test_a_pair(client: Client, text: str) -> None:
    url = "/interaction/Q9UK53-Q07812/"
    assert client.get("/search/", {"q": text})["Location"] == url
    (first, *_) = client.get("/search/suggestions/", {"q": text}).json()["suggestions"]
    assert first["url"] == url
    answer = client.get("/api/v1/search/", {"q": text}).json()
    assert [one["url"] for one in answer["interactions"]] == [f"http://testserver{url}"]


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BAX, TP53", ["Q07812", "P04637"]),
        ("BAX TP53 MYC", ["Q07812", "P04637", "P01106"]),
        ("BAX;ARG5,6\tP04637-2", ["Q07812", "P08566", "P04637"]),
        ("GAL1,TP53,nothing", ["P04385", "P04637", None]),
    ],
)
def test_a_list(client: Client, text: str, expected: list[str | None]) -> None:
    html = client.get("/search/", {"q": text}).content.decode()
    assert f"A list of {len(expected)} identifiers" in html
    for accession in filter(None, expected):
        assert f'href="/protein/{accession.lower()}/"' in html
    listed = client.get("/api/v1/search/", {"q": text}).json()["identifiers"]
    assert [[p["accession"] for p in one["proteins"]] or [None] for one in listed] == [
        [accession] for accession in expected
    ]


@pytest.mark.usefixtures("stored")
def test_edited_urls(client: Client) -> None:
    for url in ("/protein/TP53/", "/protein/OCT4/", "/protein/P04637-2/"):
        assert client.get(url).status_code == 302
    assert client.get("/protein/TP53/")["Location"] == "/protein/p04637/"
    assert client.get("/interaction/ING1-BAX/")["Location"] == "/interaction/Q9UK53-Q07812/"
    assert client.get("/interaction/ING1-nothing/").status_code == 404


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("text", "accession"), [("TP35", "P04637"), ("POU5F2", "Q01860"), ("GLA1", "P04385")]
)
def test_near_misses(client: Client, text: str, accession: str) -> None:
    page = client.get("/search/", {"q": text})
    html = page.content.decode()
    assert "Did you mean" in html
    assert f'href="/protein/{accession.lower()}/"' in html
    near = client.get("/api/v1/search/", {"q": text}).json()["near"]
    assert accession in [one["accession"] for one in near]


@pytest.mark.usefixtures("stored")
def test_a_filter_says_what_it_does_not_know(client: Client) -> None:
    for text in ("nothing", "p53,nothing"):
        answer = client.get("/api/v1/interactions/", {"tf": text})
        assert answer.status_code == 400
        assert "no protein has the accession, gene ID or name 'nothing'" in answer.content.decode()
    answer = client.get("/api/v1/interactions/", {"tf": "ING1", "target": "BAX", "taxon": "9606"})
    assert [one["id"] for one in answer.json()["results"]] == ["Q9UK53-Q07812"]
    holding = client.get("/api/v1/proteins/", {"name_contains": "cT4"}).json()["results"]
    assert [one["accession"] for one in holding] == ["Q01860"]
    assert client.get("/api/v1/proteins/", {"name_contains": "cT"}).status_code == 400
    assert b"Q01860" in client.get("/browse/", {"name_contains": "cT4"}).content
