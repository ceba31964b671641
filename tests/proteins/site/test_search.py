from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from proteins.domain.names import MAX_NAME_LENGTH
from proteins.models import (
    BindingSite,
    Citation,
    DetectionMethod,
    Interaction,
    Protein,
    ReviewStatus,
    SecondaryAccession,
    SourceDatabase,
)
from tests.factories import accession, make_interaction, make_protein

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _proteins() -> None:
    make_protein("P04637", "TP53", genes=[7157])
    make_protein("P79734", "tp53", code="Dr")
    make_protein("O15350", "TP53I3")
    make_protein("Q96PG8", "BBC3", genes=[27113])
    make_protein("Q9BXH1", "BBC3", genes=[27113])
    make_protein("P15202", "ARG5,6", code="Sc")
    make_protein("A0A1B0GVJ0")
    SecondaryAccession.objects.create(
        accession="Q15086", protein=Protein.objects.get(accession="P04637")
    )


def results(client: Client, text: str) -> list[str]:
    response = client.get("/search/", {"q": text})
    assert response.status_code == 200
    return re.findall(r'class="first"><span class="id">([A-Z0-9]+)', response.content.decode())


def pair(**fields: Any) -> Interaction:
    tf, target = (Protein.objects.get(accession=key) for key in ("P04637", "Q96PG8"))
    return make_interaction(tf, target, **fields)


def goes_to(client: Client, text: str) -> str:
    response = client.get("/search/", {"q": text})
    return response["Location"] if response.status_code == 302 else ""


@pytest.mark.parametrize(
    "text", ["P04637", "p04637", " P04637 ", "7157", "\t7157", "GeneID:7157", "gene 7157", "q15086"]
)
def test_an_exact_match_leads_to_its_page(client: Client, text: str) -> None:
    assert goes_to(client, text) == "/protein/p04637/"


def test_a_whole_name(client: Client) -> None:
    assert goes_to(client, "arg5,6") == "/protein/p15202/"
    assert results(client, "bbc3") == ["Q96PG8", "Q9BXH1"]


def test_a_shared_gene(client: Client) -> None:
    assert results(client, "27113") == ["Q96PG8", "Q9BXH1"]


def test_whole_names_before_those_that_only_begin_so(client: Client) -> None:
    assert results(client, "TP53") == ["P04637", "P79734", "O15350"]


def test_beginnings(client: Client) -> None:
    assert results(client, "tp5") == ["P04637", "O15350", "P79734"]
    assert results(client, "A0A1B") == ["A0A1B0GVJ0"]


def test_a_publication(client: Client) -> None:
    """A number is a gene ID, a PubMed ID or both; which of them can be said."""
    pair(pmids=[18271, 7157])
    for text in ("18271", "PMID: 18271", "pmid18271"):
        assert goes_to(client, text) == "/publication/18271/"
    html = client.get("/search/?q=7157").content.decode()
    assert 'href="/publication/7157/"' in html
    assert 'href="/protein/p04637/"' in html
    assert goes_to(client, "pmid 7157") == "/publication/7157/"
    assert goes_to(client, "GeneID 7157") == "/protein/p04637/"


def test_a_publication_that_the_public_may_not_see(client: Client) -> None:
    """What supports only what is rejected is not found; what supports a binding site is."""
    rejected = pair(pmids=[18271], status=ReviewStatus.REJECTED)
    Citation.objects.create(pmid=18272)
    for text in ("18271", "18272", "P04637-Q96PG8"):
        assert "No matches" in client.get("/search/", {"q": text}).content.decode()
    BindingSite.objects.create(
        tflink_id="TFLinkLS00000001", tf=rejected.tf, evidence=rejected.evidence
    )
    assert goes_to(client, "18271") == "/publication/18271/"


@pytest.mark.parametrize(
    "text", ["P04637-Q96PG8", "p04637 -> q96pg8", "P04637 → Q96PG8", "Q15086 Q96PG8"]
)
def test_an_interaction(client: Client, text: str) -> None:
    assert goes_to(client, text) == ""
    pair()
    assert goes_to(client, text) == "/interaction/P04637-Q96PG8/"


@pytest.mark.parametrize("text", ["Hs", "homo sapiens", "human", "H. sapiens", "9606"])
def test_a_species(client: Client, text: str) -> None:
    assert goes_to(client, text) == "/species/Hs/"


def test_databases_and_methods(client: Client) -> None:
    assert goes_to(client, "MI:0402") == "/method/MI:0402/"
    assert goes_to(client, "trrust") == "/source/TRRUST/"
    make_protein("Q00001", "TRRUST")
    html = client.get("/search/?q=trrust").content.decode()
    assert 'href="/source/TRRUST/"' in html
    assert 'href="/protein/q00001/"' in html
    SourceDatabase.objects.create(key="Unseen", name="Unseen")
    DetectionMethod.objects.create(name="unseen method")
    assert "No matches" in client.get("/search/?q=unseen").content.decode()
    pair(sources=["Unseen"], methods=["unseen method"])
    html = client.get("/search/?q=uns").content.decode()
    assert 'href="/source/Unseen/"' in html
    assert 'href="/method/unseen%20method/"' in html


def test_nothing_asked_for(client: Client) -> None:
    for url in ("/search/", "/search/?q=", "/search/?q=%20"):
        assert b"No matches" not in client.get(url).content


HOSTILE = [
    "zzz", "9" * 90, "4294967296", "0", "-1", "²", "٣", "%", "_", "TP%", "TP_3", "ß", "--", "->",
    "<script>alert(1)", "'\"`;--", "\u202egpj.exe", "مرحبا", "🧬" * 90, "P04637-", "a/b?c#d",
    "\U0010ffff",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_found(client: Client, text: str) -> None:
    response = client.get("/search/", {"q": text})
    assert response.status_code == 200
    assert b"No matches for" in response.content
    assert b"<script>" not in response.content
    assert b'href="/browse/"' in response.content
    assert client.get("/search/suggestions/", {"q": text}).json() == {"suggestions": []}


def test_valid_accession_that_is_not_here(client: Client) -> None:
    html = client.get("/search/?q=q9uk53").content
    assert b"Q9UK53 is a valid UniProt accession, but it is not in TFLink" in html
    assert b"https://www.uniprot.org/uniprotkb/Q9UK53/entry" in html


@pytest.mark.parametrize("text", ["a" * (MAX_NAME_LENGTH + 1), "a\x00b"])
def test_what_cannot_be_searched_for_is_said(client: Client, text: str) -> None:
    response = client.get("/search/", {"q": text})
    assert response.status_code == 200
    assert b'class="notice"' in response.content
    assert client.get("/search/suggestions/", {"q": text}).json() == {"suggestions": []}


def test_more_than_a_page(client: Client) -> None:
    for number in range(60):
        make_protein(accession(number))
    response = client.get("/search/?q=p0")
    assert response.content.count(b'class="first"') == 50
    assert b"The first 50 proteins" in response.content
    assert b'href="/browse/?q=p0"' in response.content


def suggested(client: Client, text: str) -> list[tuple[str, str]]:
    answer = client.get("/search/suggestions/", {"q": text})
    assert answer["Content-Type"] == "application/json"
    return [(line["label"], line["url"]) for line in answer.json()["suggestions"]]


def test_suggestions(client: Client) -> None:
    answer = client.get("/search/suggestions/?q=tp5").json()
    assert answer["suggestions"][2] == {
        "label": "tp53",
        "detail": "P79734, Danio rerio",
        "kind": "protein",
        "url": "/protein/p79734/",
    }
    assert suggested(client, "A0A1B") == [("A0A1B0GVJ0", "/protein/a0a1b0gvj0/")]
    assert suggested(client, "Q15086") == [("TP53", "/protein/p04637/")]
    assert suggested(client, "hum") == [("Homo sapiens", "/species/Hs/")]
    assert suggested(client, "") == suggested(client, " ") == []
    pair(pmids=[7157])
    assert suggested(client, "7157") == [
        ("TP53", "/protein/p04637/"),
        ("PMID 7157", "/publication/7157/"),
    ]
    assert [url for _, url in suggested(client, "P04637-Q96PG8")] == ["/interaction/P04637-Q96PG8/"]


def test_more_than_are_suggested(client: Client) -> None:
    for number in range(60):
        make_protein(accession(number), f"HOX<b>{number:02d}")
    lines = suggested(client, "hox<b>")
    assert [label for label, _ in lines[:2]] == ["HOX<b>00", "HOX<b>01"]
    assert len(lines) == 10
    assert lines[-1] == ("All results for “hox<b>”", "/search/?q=hox%3Cb%3E")
    assert suggested(client, "hox<b>07") == [("HOX<b>07", "/protein/p00007/")]
