from __future__ import annotations

import re

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.test import Client

from proteins.models import ReviewStatus
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db
PAGES = ["/", "/browse/", "/search/?q=P", "/protein/p04637/", "/protein/p12345/", "/nowhere/"]


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    cache.clear()


def test_numbers(client: Client) -> None:
    tf = make_protein("P04637")
    make_interaction(tf, make_protein("Q07812"), pmids=[27924024, 5])
    make_interaction(tf, make_protein("P38936"), status=ReviewStatus.REJECTED)
    html = re.sub(r"\s+", " ", client.get("/").content.decode())
    assert (
        "Here are 3 proteins, 1 of them transcription factors, with 1 interaction supported "
        "by 2 publications."
    ) in html


def test_empty(client: Client) -> None:
    assert b"No proteins are here yet." in client.get("/").content


def test_source_is_credited(client: Client) -> None:
    html = client.get("/").content
    assert b"https://doi.org/10.1093/database/baac083" in html
    assert b"free for non-commercial use" in html


@pytest.mark.parametrize("address", PAGES)
def test_every_page(client: Client, address: str) -> None:
    """Titled, with landmarks and one main heading; nothing inline, nothing from elsewhere."""
    make_protein("P04637", "TP53")
    html = client.get(address).content.decode()
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

    monkeypatch.setattr("proteins.views._totals", broken)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert b"Something went wrong here" in response.content
