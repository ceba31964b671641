"""What pages tell machines, and where machines find them."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from proteins.site import sitemaps
from tests.factories import accession, make_interaction, make_protein

pytestmark = pytest.mark.django_db
HOST = "http://testserver"
HOSTILE = "</script><script>alert(1)</script><!--\u2028&amp;\"'"


@pytest.fixture(autouse=True)
def _nothing_cached() -> None:
    cache.clear()


def linked_data(html: str) -> dict[str, dict[str, Any]]:
    """What a page says, by type."""
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    document = json.loads(text)
    assert document["@context"] == "https://schema.org"
    return {part["@type"]: part for part in document["@graph"]}


def meta(html: str, name: str) -> str:
    (content,) = re.findall(rf'<meta (?:name|property)="{name}" content="([^"]*)">', html)
    return str(content)


def canonical(html: str) -> list[str]:
    return re.findall(r'<link rel="canonical" href="([^"]+)">', html)


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/interaction/P04637-Q07812/", "TP53 regulates BAX, Homo sapiens – TFLink"),
        ("/interaction/P04637-P04637/", "TP53 (P04637) regulates itself, Homo sapiens – TFLink"),
        ("/publication/27924024/", "PMID 27924024 – TFLink"),
        ("/source/GTRD/", "GTRD, source database – TFLink"),
        ("/method/MI:0402/", "chromatin immunoprecipitation assay, detection method – TFLink"),
        ("/species/Hs/", "Homo sapiens – TFLink"),
    ],
)
def test_every_record_has_one_address_and_a_title_to_be_shared(
    client: Client, path: str, title: str
) -> None:
    tf = make_protein("P04637", "TP53")
    make_interaction(tf, make_protein("Q07812", "BAX"))
    make_interaction(tf, tf)
    html = client.get(path).text
    assert canonical(html) == [meta(html, "og:url")] == [HOST + path]
    assert meta(html, "og:title") == title
    assert f"<title>{title}</title>" in html
    assert meta(html, "og:description") == meta(html, "description") != ""
    if path.startswith(("/publication", "/source", "/method")):
        later = client.get(path, {"after": "2-1-1-1"}).text
        assert meta(later, "robots") == "noindex"
        assert canonical(later) == []


class TestProteinPage:
    def test_linked_data(self, client: Client) -> None:
        make_protein("P04637", "TP53", genes=[7157, 7158], declared_tf=True)
        data = linked_data(client.get("/protein/p04637/").text)
        protein, gene = data["Protein"], data["Gene"]
        assert protein["@id"] == f"{HOST}/protein/p04637/#protein"
        assert protein["identifier"] == "uniprot:P04637"
        assert protein["name"] == "TP53"
        assert protein["taxonomicRange"]["identifier"] == "taxonomy:9606"
        assert [part["@id"] for part in protein["isEncodedByBioChemEntity"]] == [
            "https://identifiers.org/ncbigene:7157",
            "https://identifiers.org/ncbigene:7158",
        ]
        assert gene["encodesBioChemEntity"] == {"@id": protein["@id"]}
        for part, profile in ((protein, "Protein"), (gene, "Gene")):
            conforms = part["http://purl.org/dc/terms/conformsTo"]["@id"]
            assert conforms.startswith(f"https://bioschemas.org/profiles/{profile}/")

    def test_without_name_and_gene(self, client: Client) -> None:
        make_protein("P04637")
        data = linked_data(client.get("/protein/p04637/").text)
        assert list(data) == ["Protein"]
        assert data["Protein"]["name"] == "P04637"
        assert "isEncodedByBioChemEntity" not in data["Protein"]

    def test_a_histone_does_not_fill_the_head(self, client: Client) -> None:
        make_protein("P62805", "H4C1", genes=range(1, 60))
        html = client.get("/protein/p62805/").text
        assert html.count('"@type":"Gene"') == 10

    def test_state_of_tables_has_the_address_of_the_page(self, client: Client) -> None:
        make_protein("P04637", "TP53")
        html = client.get("/protein/p04637/?targets-sort=name").text
        assert canonical(html) == [f"{HOST}/protein/p04637/"]
        assert meta(html, "og:url") == f"{HOST}/protein/p04637/"
        assert meta(html, "og:title").startswith("TP53 (P04637), Homo sapiens")
        assert "0 targets and 0 regulating transcription factors" in meta(html, "description")

    def test_a_hostile_name_stays_data(self, client: Client) -> None:
        make_protein("P04637", HOSTILE)
        html = client.get("/protein/p04637/").text
        assert linked_data(html)["Protein"]["name"] == HOSTILE
        assert "<script>alert" not in html
        assert "<!--" not in html


def test_home_is_a_catalogue_of_one_data_set(client: Client) -> None:
    html = client.get("/").text
    data = linked_data(html)
    catalog, dataset = data["DataCatalog"], data["Dataset"]
    assert catalog["dataset"] == {"@id": dataset["@id"]}
    assert dataset["includedInDataCatalog"] == {"@id": catalog["@id"]}
    # What the profiles of Bioschemas demand.
    for name in ("name", "description", "url", "keywords", "license"):
        assert catalog[name], name
        assert dataset[name], name
    assert catalog["provider"]["@type"] == "Organization"
    assert dataset["identifier"] == "https://doi.org/10.1093/database/baac083"
    assert canonical(html) == [f"{HOST}/"]


def test_filtered_lists_and_searches_are_left_to_people(client: Client) -> None:
    make_protein("P04637", "TP53")
    assert canonical(client.get("/browse/").text) == [f"{HOST}/browse/"]
    for url in ("/browse/?species=Hs", "/browse/?after=0.P04637", "/search/?q=zzz"):
        html = client.get(url).text
        assert meta(html, "robots") == "noindex"
        assert canonical(html) == []


def test_robots(client: Client) -> None:
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert f"Sitemap: {HOST}/sitemap.xml" in answer.text
    robots = RobotFileParser()
    robots.parse(answer.text.splitlines())
    for path in ("/", "/browse/", "/protein/p04637/", "/sitemap.xml"):
        assert robots.can_fetch("*", HOST + path), path
    for path in ("/admin/", "/search/?q=x", "/api/v1/proteins/"):
        assert not robots.can_fetch("*", HOST + path), path


def urls(client: Client, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    name = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
    return [str(result.text) for result in ET.fromstring(answer.content).iter(name)]


class TestSitemaps:
    @pytest.fixture(autouse=True)
    def _small_parts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sitemaps, "PART_SIZE", 3)

    def test_each_protein_is_in_one_part(self, client: Client) -> None:
        numbers = range(7)
        for number in numbers:
            make_protein(accession(number))
        parts = urls(client, "/sitemap.xml")
        assert parts[0] == f"{HOST}/sitemap-pages.xml"
        result = [urls(client, part.removeprefix(HOST)) for part in parts[1:]]
        assert [len(part) for part in result] == [3, 3, 1]
        assert [url for part in result for url in part] == [
            f"{HOST}/protein/{accession(n).lower()}/" for n in numbers
        ]
        others = urls(client, "/sitemap-pages.xml")
        assert f"{HOST}/species/Hs/" in others
        for url in others:
            assert client.get(url.removeprefix(HOST)).status_code == 200

    def test_a_whole_number_of_parts(self, client: Client) -> None:
        for number in range(6):
            make_protein(accession(number))
        assert len(urls(client, "/sitemap.xml")) == 3

    def test_empty(self, client: Client) -> None:
        assert urls(client, "/sitemap.xml") == [f"{HOST}/sitemap-pages.xml"]

    @pytest.mark.parametrize("begin", ["x", "1", "<a>", "p04637-1"])
    def test_what_is_no_accession_begins_no_part(self, client: Client, begin: str) -> None:
        assert client.get(f"/sitemap-proteins-{begin}.xml").status_code == 404

    def test_queries(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(7):
            make_protein(accession(number))
        with django_assert_num_queries(4):
            client.get("/sitemap.xml")
        with django_assert_num_queries(0):
            client.get("/sitemap.xml")
        with django_assert_num_queries(1):
            client.get("/sitemap-proteins-p00003.xml")
