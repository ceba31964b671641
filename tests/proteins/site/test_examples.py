"""Examples under the search of the home page: each leads to something."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from proteins.domain.evidence import SmallScale
from proteins.models import Protein, ReviewStatus
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db
CHIP = re.compile(r'<a class="chip" href="([^"]+)"[^>]*>([^<]+) <span class="muted">([^<]+)<')


def examples(client: Client) -> dict[str, tuple[str, str]]:
    """The text and URL of each example, by its kind."""
    html = client.get("/").content.decode()
    return {kind: (unescape(text), unescape(url)) for url, text, kind in CHIP.findall(html)}


@pytest.fixture
def hub() -> Protein:
    """Regulates most; the others are one of a list of genes, and two of another species."""
    tf = make_protein("P03069", "GCN4", code="Sc")
    listed = make_protein("P32471", "TEF1;TEF2", code="Sc")
    for number, name in enumerate(("YAP1", "PDR3", "-", "X1")):
        target = make_protein(f"P1988{number}", name.strip("-"), code="Sc")
        make_interaction(tf, target, pmids=[number + 1])
        make_interaction(listed, target)
    make_interaction(listed, tf)
    make_interaction(listed, listed, pmids=[77], small_scale=SmallScale.YES)
    for accession, name, code in (("P04637", "pdr3", "Hs"), ("P02340", "Trp53", "Mm")):
        make_protein(accession, name, code=code)
    return tf


@pytest.mark.usefixtures("hub")
def test_each_leads_to_something(client: Client) -> None:
    shown = examples(client)
    assert {kind: text for kind, (text, _) in shown.items()} == {
        "gene symbol": "GCN4",
        "2 species": "PDR3",
        "publication": "PMID 77",
        "gene list": "GCN4, PDR3, YAP1",
    }
    # The last search was in another species, which no example is.
    client.get("/search/?q=x&taxon=10090")
    assert client.get(shown["gene symbol"][1]).headers["Location"] == "/protein/p03069/"
    assert client.get(shown["publication"][1]).headers["Location"] == "/publication/77/"
    several = client.get(shown["2 species"][1]).content.decode()
    assert "/protein/p19881/" in several
    assert "/protein/p04637/" in several
    listed = client.get(shown["gene list"][1]).content.decode()
    assert all(f"/protein/{one}/" in listed for one in ("p03069", "p19880", "p19881"))
    assert "not found" not in listed


def test_none_where_nothing_is_stored(client: Client) -> None:
    assert b"Try" not in client.get("/").content
    make_protein("P04637", "TP53")
    assert examples(client) == {}
    # What only a rejected interaction names is not public.
    tf, target = make_protein("P03069"), make_protein("P19880")
    make_interaction(tf, target, pmids=[5], status=ReviewStatus.REJECTED)
    assert examples(client) == {}


@pytest.mark.usefixtures("five_pages")
def test_of_the_five_pages(client: Client) -> None:
    shown = examples(client)
    assert {"gene symbol", "publication", "gene list"} <= shown.keys()
    for text, url in shown.values():
        html = client.get(url, follow=True).content.decode()
        assert "No matches" not in html, text
        assert re.search(r"/(protein|interaction)/\w", html), text
