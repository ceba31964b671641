from __future__ import annotations

import re
from html import unescape as html_unescape

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from proteins.domain.evidence import SmallScale
from proteins.hooks import PublicationCounts
from proteins.models import Citation, ReviewStatus
from proteins.queries import home
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db
PAGES = ["/", "/browse/", "/search/?q=P", "/protein/p04637/", "/protein/p12345/", "/nowhere/"]


@pytest.fixture(autouse=True)
def _nothing_cached() -> None:
    cache.clear()


def test_numbers_of_species(client: Client) -> None:
    tf = make_protein("P04637")
    make_interaction(tf, make_protein("Q07812"), pmids=[27924024, 5])
    make_interaction(tf, make_protein("P38936"), status=ReviewStatus.REJECTED, pmids=[6])
    make_protein("P15202", code="Sc", declared_tf=True)
    html = client.get("/").content.decode()
    rows = {
        row[0]: row[1:]
        for row in (
            re.findall(r"(?:<i>|>)([A-Z][a-z]+ [a-z]+|[\d,]+)<", one)
            for one in html.split("</table>")[0].split('<tr role="row">')[2:]
        )
    }
    assert rows["Homo sapiens"] == ["3", "1", "1", "1"]
    assert rows["Saccharomyces cerevisiae"] == ["1", "1", "0", "0"]
    assert rows["All species"] == ["4", "2", "1", "1", "3"]
    assert "not counted yet" in html
    for link in ("/species/Sc/", "/browse/?taxon=559292", "/browse/?taxon=9606&amp;is_target=true"):
        assert f'href="{link}"' in html
        assert client.get(html_unescape(link)).status_code == 200


def test_bars_of_species_are_by_tier(client: Client) -> None:
    tf, other = make_protein("P04637"), make_protein("P15202", code="Sc")
    make_interaction(tf, tf, small_scale=SmallScale.YES)
    make_interaction(tf, make_protein("Q07812"), sources=["GTRD", "ReMap"])
    make_interaction(tf, make_protein("P38936"), status=ReviewStatus.REJECTED)
    make_interaction(other, make_protein("P03069", code="Sc"))
    html = client.get("/").text
    legend = re.findall(r'<span class="key (\w+)">\w+ <b>(\d+)</b>', html)
    assert legend == [("strong", "0"), ("supported", "1"), ("repeated", "1"), ("single", "1")]
    assert "Small-scale experiments support 1 interaction. 33.3% of all rest on a" in html
    assert "Interactions by species and support: Homo sapiens 2, Saccharomyces cere" in html
    assert '<a href="/species/Sc/"><rect class="area" x="0" y="34"' in html
    rows = client.get("/species/support.tsv").text.splitlines()
    assert rows[:5] == [
        "species\ttier\tinteractions",
        "Homo sapiens\tstrong\t0",
        "Homo sapiens\tsupported\t1",
        "Homo sapiens\trepeated\t1",
        "Homo sapiens\tsingle\t0",
    ]
    for size in ("wide", "narrow"):
        picture = client.get(f"/species/support.svg?size={size}").text
        assert picture.count('class="repeated"') == 2  # one of them in the legend


def test_empty(client: Client) -> None:
    html = client.get("/").content
    assert b"No data have been imported yet." in html
    assert b"Newest changes" not in html


def test_citation_as_files(client: Client) -> None:
    bib, ris = client.get("/cite.bib"), client.get("/cite.ris")
    assert bib["Content-Type"] == "application/x-bibtex; charset=utf-8"
    assert bib["Content-Disposition"] == 'attachment; filename="tflink.bib"'
    assert bib.content.decode().count("{") == bib.content.decode().count("}")
    assert "author  = {Liska, Orsolya and Bohár, Balázs and" in bib.content.decode()
    lines = ris.content.decode().split("\r\n")
    assert lines[0] == "TY  - JOUR"
    assert lines[-2:] == ["ER  - ", ""]
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])
    assert client.get("/cite.txt").status_code == 404


def test_source_is_credited(client: Client) -> None:
    html = client.get("/").content
    assert b"https://doi.org/10.1093/database/baac083" in html
    assert b"free for non-commercial use" in html


@pytest.mark.parametrize("url", PAGES)
def test_every_page(client: Client, url: str) -> None:
    """Titled, with landmarks and one main heading; nothing inline, nothing from elsewhere."""
    make_protein("P04637", "TP53")
    html = client.get(url).content.decode()
    assert '<html lang="en">' in html
    assert re.search(r"<title>[^<]+ – TFLink</title>|<title>TFLink: ", html)
    assert html.count("<h1") == html.count("<main") == 1
    assert '<a class="skip-link" href="#main">' in html
    # Data for machines is within the page; what runs comes from a file.
    assert not re.search(r'<script(?! src="/static/| type="application/ld\+json")', html)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", html)
    assert not re.search(r'(?:src|action)="(?!/)', html)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for link in re.findall(r'<link rel="(?:icon|stylesheet)" href="([^"]+)"', html):
        assert finders.find(link.removeprefix("/static/")), link


def test_server_error_page_needs_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError

    monkeypatch.setattr("proteins.site.home.Home.read", broken)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert b"Server error" in response.content


def test_many_publications_are_as_the_last_import_counted_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_interaction(make_protein("P04637"), make_protein("Q07812"), pmids=[27924024, 5])
    counted = PublicationCounts(timezone.now(), {}, 7)
    cited = Citation.objects.cited()
    assert home.publications(cited, counted) == 2
    monkeypatch.setattr(home, "FEW", 1)
    assert home.publications(cited, counted) == 7
    assert home.publications(cited, None) == 2
