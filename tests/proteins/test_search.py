from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.factories import accession, make_protein

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


def found(client: Client, text: str) -> list[str]:
    response = client.get("/search/", {"q": text})
    assert response.status_code == 200
    return re.findall(r'class="subtitle">(?:<a[^>]*>)?([A-Z0-9]+)', response.content.decode())


@pytest.mark.parametrize("text", ["P04637", "p04637", " P04637 ", "7157", "\t7157"])
def test_an_exact_match_leads_to_its_page(client: Client, text: str) -> None:
    response = client.get("/search/", {"q": text})
    assert response.status_code == 302
    assert response["Location"] == "/protein/p04637/"


def test_a_whole_name(client: Client) -> None:
    assert client.get("/search/", {"q": "arg5,6"})["Location"] == "/protein/p15202/"
    assert found(client, "bbc3") == ["Q96PG8", "Q9BXH1"]


def test_a_shared_gene(client: Client) -> None:
    assert found(client, "27113") == ["Q96PG8", "Q9BXH1"]


def test_whole_names_before_those_that_only_begin_so(client: Client) -> None:
    assert found(client, "TP53") == ["P04637", "P79734", "O15350"]


def test_beginnings(client: Client) -> None:
    assert found(client, "tp5") == ["O15350", "P04637", "P79734"]
    assert found(client, "A0A1B") == ["A0A1B0GVJ0"]


def test_nothing_asked_for(client: Client) -> None:
    for address in ("/search/", "/search/?q=", "/search/?q=%20"):
        html = client.get(address).content
        assert b"Nothing found" not in html
        assert b"no name" not in html


@pytest.mark.parametrize("text", ["zzz", "9" * 90, "0", "-1", "²", "%", "_", "<script>", "ß"])
def test_nothing_found(client: Client, text: str) -> None:
    response = client.get("/search/", {"q": text})
    assert response.status_code == 200
    assert b"Nothing found for" in response.content
    assert b"<script" not in response.content


def test_valid_accession_that_is_not_here(client: Client) -> None:
    html = client.get("/search/?q=q9uk53").content
    assert b"Q9UK53 is a valid UniProt accession, but no such protein is here" in html
    assert b"https://www.uniprot.org/uniprotkb/Q9UK53/entry" in html


@pytest.mark.parametrize("text", ["a" * 101, "a\x00b"])
def test_what_cannot_be_searched_for_is_said(client: Client, text: str) -> None:
    response = client.get("/search/", {"q": text})
    assert response.status_code == 200
    assert b'class="notice"' in response.content


def test_more_than_a_page(client: Client) -> None:
    for number in range(60):
        make_protein(accession(number))
    response = client.get("/search/?q=p0")
    assert response.content.count(b'class="subtitle"') == 50
    assert b"The first 50 proteins" in response.content
    assert b'href="/browse/?q=p0"' in response.content
