"""Figures as files of their own, and on the pages that show them: of the five real pages."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from proteins.analysis import store
from proteins.analysis.species import READ_AT_ONCE
from proteins.domain.evidence import SmallScale
from proteins.domain.methods import MARKED, MethodClass
from proteins.models import Citation, Dataset, Protein, ReviewStatus, SourceDatabase
from proteins.queries import site_places
from tests.factories import (
    accession,
    make_interaction,
    make_protein,
    make_site,
    make_statement,
    taxon,
)

pytestmark = pytest.mark.django_db

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def _nothing_cached() -> None:
    cache.clear()


def rows(client: Client, url: str) -> list[list[str]]:
    response = client.get(f"{url}.tsv")
    assert response.status_code == 200, url
    assert response["Content-Type"] == "text/tab-separated-values; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="')
    return [line.split("\t") for line in response.text.splitlines()]


def title(client: Client, url: str) -> str:
    response = client.get(f"{url}.svg")
    assert response.status_code == 200, url
    assert response["Content-Type"] == "image/svg+xml; charset=utf-8"
    root = ET.fromstring(response.content)
    assert root.get("role") == "img"
    return root.findtext(f"{SVG}title") or ""


SUPPORT = [
    ["side", "tier", "interactions"],
    ["Regulators", "strong", "3"],
    ["Regulators", "supported", "0"],
    ["Regulators", "repeated", "37"],
    ["Regulators", "single", "60"],
    ["Targets", "strong", "3"],
    ["Targets", "supported", "4"],
    ["Targets", "repeated", "0"],
    ["Targets", "single", "0"],
]
OUT_DEGREE = [
    ["from", "to", "proteins", "protein"],
    ["1", "1", "220", ""],
    ["2", "3", "42", ""],
    ["4", "7", "3", "ING1"],
    ["8", "15", "0", ""],
    ["16", "31", "1", ""],
    ["32", "63", "0", ""],
    ["64", "127", "1", ""],
]
OVERLAP = [
    ["databases", "interactions", "strong", "supported", "repeated", "single"],
    ["GTRD", "231", "0", "0", "0", "231"],
    ["GTRD;ReMap", "72", "0", "0", "72", "0"],
    ["ReMap", "33", "0", "0", "0", "33"],
    ["TRRUST", "33", "3", "19", "2", "9"],
]
CLASSES = [each.label for each in (*MARKED, MethodClass.OTHER)]
EVIDENCE = [
    ["database", *CLASSES, "publications", "publications cited jointly"],
    ["TRRUST", "", "", "", "", "reported", "", "2", "0"],
]


@pytest.mark.usefixtures("five_pages")
class TestRealPages:
    def test_support(self, client: Client) -> None:
        assert rows(client, "/protein/q9uk53/support") == SUPPORT
        assert title(client, "/protein/q9uk53/support") == (
            "Regulators: 3 strong, 37 repeated, 60 single; Targets: 3 strong, 4 supported"
        )

    def test_degrees_of_a_protein(self, client: Client) -> None:
        assert rows(client, "/protein/q9uk53/out-degree") == OUT_DEGREE
        assert title(client, "/protein/q9uk53/out-degree") == (
            "Targets per TF in Homo sapiens. ING1 has 7. More than 264 of 267 TFs; median 1."
        )
        assert rows(client, "/protein/q07812/in-degree")[-1] == ["64", "127", "2", "BAX"]

    def test_degrees_of_a_species(self, client: Client) -> None:
        assert [row[:3] for row in rows(client, "/species/Hs/out-degree")] == [
            row[:3] for row in OUT_DEGREE
        ]
        assert title(client, "/species/Hs/out-degree") == (
            "Targets per TF in Homo sapiens. 267 TFs; median 1, most 100."
        )

    def test_overlap(self, client: Client) -> None:
        table = rows(client, "/sources/overlap")
        assert table[: len(OVERLAP)] == OVERLAP
        total = Protein.objects.totals()["interactions"]
        assert sum(int(row[1]) for row in table[1:]) == total
        assert all(int(row[1]) == sum(map(int, row[2:])) for row in table[1:])
        # All five are human.
        assert rows(client, "/species/Hs/overlap") == table
        assert title(client, "/sources/overlap") == (
            "Combinations of source databases that report interactions. 151 of 454 interactions "
            "have several databases; the most frequent combination is GTRD (231)."
        )

    def test_evidence(self, client: Client) -> None:
        assert rows(client, "/interaction/Q9UK53-Q07812/evidence") == EVIDENCE


@pytest.fixture
def pair() -> None:
    make_interaction(make_protein("P04637", "TP53"), make_protein("Q07812", "BAX"))


@pytest.fixture
def sites() -> Protein:
    tf = make_protein("P04637", "TP53")
    for number in range(6):
        make_site(
            tf, number, sources=["JASPAR"], assembly="hg38", chromosome="chr14"[3 * (number % 2) :],
            start=1_000_000 * number + 5, end=1_000_000 * number + 15,
            small_scale=SmallScale.YES if number == 3 else SmallScale.NO,
        )  # fmt: skip
    make_site(tf, 90)
    return tf


URLS = [
    "/protein/p04637/support",
    "/protein/p04637/out-degree",
    "/protein/q07812/in-degree",
    "/species/Hs/in-degree",
    "/species/Hs/out-degree",
    "/species/Hs/overlap",
    "/sources/overlap",
    "/interaction/P04637-Q07812/evidence",
]


class TestFiles:
    @pytest.mark.usefixtures("pair")
    @pytest.mark.parametrize("url", URLS)
    def test_both_files_in_every_form(self, client: Client, url: str) -> None:
        assert title(client, url)
        for query in ("", "?size=narrow", "?theme=light", "?theme=dark&size=wide"):
            response = client.get(f"{url}.svg{query}")
            self._check(response.content, has_ground="theme" in query)
        narrow = ET.fromstring(client.get(f"{url}.svg?size=narrow").content)
        assert narrow.get("width") == "326"
        assert client.post(f"{url}.svg").status_code == 405
        for query in ("theme=x", "size=huge", "colour=red", "theme=light&theme=dark"):
            for suffix in ("svg", "tsv"):
                assert client.get(f"{url}.{suffix}?{query}").status_code == 400, query

    @staticmethod
    def _check(content: bytes, *, has_ground: bool) -> None:
        """It has a style of its own, which its policy names; nothing else has any."""
        root = ET.fromstring(content)
        assert not [each for each in root.iter() if "style" in each.attrib]
        assert len(list(root.iter(f"{SVG}style"))) == 1
        assert len(content) < 100_000
        grounds = [each for each in root.iter(f"{SVG}rect") if each.get("class") == "ground"]
        assert len(grounds) == int(has_ground)

    @pytest.mark.usefixtures("pair")
    @pytest.mark.parametrize("url", URLS)
    def test_tags_follow_the_content(
        self, client: Client, settings: LazySettings, url: str
    ) -> None:
        settings.PAGE_CACHE_BYTES = 1_000_000
        first = client.get(f"{url}.svg")
        same = {"If-None-Match": first["ETag"]}
        assert client.get(f"{url}.svg", headers=same).status_code == 304
        tf, other = Protein.objects.get(accession="P04637"), make_protein("P12345", "N")
        make_interaction(tf, other, sources=["ReMap"])
        changed = client.get(f"{url}.svg", headers=same)
        # What is changed is there at once: counts that requests share go with the state.
        assert changed.status_code == (304 if "evidence" in url else 200)

    @pytest.mark.usefixtures("pair")
    def test_other_spellings_redirect(self, client: Client) -> None:
        for given, meant in (
            ("/protein/P04637/support.svg?theme=dark", "/protein/p04637/support.svg?theme=dark"),
            ("/species/hs/overlap.tsv", "/species/Hs/overlap.tsv"),
            ("/interaction/p04637-Q07812/evidence.svg", "/interaction/P04637-Q07812/evidence.svg"),
        ):
            response = client.get(given)
            assert (response.status_code, response["Location"]) == (301, meant)

    def test_without_data_there_is_no_figure(self, client: Client) -> None:
        make_protein("P04637", "TP53")
        names = ("support", "out-degree", "in-degree", "publications-by-year", "chromosomes")
        urls = [f"/protein/p04637/{name}" for name in names]
        urls += ["/protein/p12345/support", "/species/Hs/out-degree", "/species/Xx/overlap"]
        urls += ["/species/Hs/overlap", "/sources/overlap", "/sources/publications-by-year"]
        urls += [
            "/species/support",
            "/interaction/P04637-P04637/evidence",
            "/interaction/x/evidence",
        ]
        for url in urls:
            for suffix in ("svg", "tsv"):
                assert client.get(f"{url}.{suffix}").status_code == 404, url

    def test_rejected_interactions_are_in_none(self, client: Client) -> None:
        tf, target = make_protein("P04637", "TP53"), make_protein("Q07812", "BAX")
        make_interaction(tf, target, status=ReviewStatus.REJECTED)
        for url in URLS:
            assert client.get(f"{url}.tsv").status_code == 404, url


def test_costs_do_not_grow(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The tag of a page, the record, and what the figure reads."""
    tf = make_protein("P04637", "TP53")
    make_interaction(tf, make_protein("Q07812", "BAX"))
    for number in range(30):
        if number in (1, 29):
            for url, queries in COSTS.items():
                with django_assert_num_queries(queries):
                    client.get(f"{url}.svg")
        target = make_protein(accession(number), f"N{number}")
        make_interaction(tf, target, sources=["GTRD", f"S{number}"], pmids=[number + 1])


COSTS = {
    "/protein/p04637/support": 6,
    "/protein/p04637/out-degree": 4,
    "/species/Hs/in-degree": 4,
    "/species/support": 3,
    "/sources/overlap": 7,
    "/interaction/P04637-Q07812/evidence": 7,
}


class TestChromosomes:
    def test_few_are_ticks(self, client: Client, sites: Protein) -> None:
        table = rows(client, "/protein/p04637/chromosomes")
        assert table[0] == ["assembly", "chromosome", "from", "to", "sites", "small_scale"]
        assert table[1] == ["hg38", "14", "5", "15", "1", "0"]
        assert table[4] == ["hg38", "14", "3000005", "3000015", "1", "1"]
        assert table[-1] == ["", "", "", "", "1", ""]
        label = title(client, "/protein/p04637/chromosomes")
        assert label == (
            "Binding sites of TP53 along the chromosomes of hg38. 6 sites, 1 of them small-scale; "
            "1 not placed. Most are on chromosome 14 (6)."
        )

    def test_many_are_counted_by_bins(
        self,
        client: Client,
        sites: Protein,
        monkeypatch: pytest.MonkeyPatch,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        monkeypatch.setattr(site_places, "FEW", 5)
        with django_assert_num_queries(5):
            table = rows(client, "/protein/p04637/chromosomes")
        # Bins of 2^20 bases, the chromosome in either spelling: two sites are in the first.
        assert table[1] == ["hg38", "14", "0", "1048575", "2", "0"]
        assert table[3] == ["hg38", "14", "2097152", "3145727", "1", "1"]
        assert sum(int(row[4]) for row in table[1:]) == 7
        response = client.get("/protein/p04637/chromosomes.svg")
        assert b'class="ticks"' in response.content
        assert b'class="strong-line"' in response.content
        assert client.get("/protein/p04637/chromosomes.svg?assembly=hg19").status_code == 404

    def test_counted_sites_are_shared_while_nothing_is_written(
        self,
        client: Client,
        sites: Protein,
        settings: LazySettings,
        monkeypatch: pytest.MonkeyPatch,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        monkeypatch.setattr(site_places, "FEW", 5)
        settings.PAGE_CACHE_BYTES = 1_000_000
        client.get("/protein/p04637/chromosomes.svg")
        with django_assert_num_queries(2):
            client.get("/protein/p04637/chromosomes.tsv")
        make_protein("P12345")  # a write
        make_site(sites, 91, assembly="hg38", chromosome="chr1", start=1, end=2)
        assert rows(client, "/protein/p04637/chromosomes")[1][1] == "1"

    def test_on_the_pages_of_its_sites(self, client: Client, sites: Protein) -> None:
        url = "/protein/p04637/chromosomes.svg?assembly=hg38"
        assert f'<img src="{url}"' in client.get("/sites/?tf=P04637").text
        assert f'<img src="{url}"' in client.get("/protein/p04637/").text
        region = "/sites/?region=chr14:1-900000"
        assert "chromosomes.svg" not in client.get(region).text
        other = make_protein("Q07812", "BAX")
        make_site(other, 95)
        assert "chromosomes.svg" not in client.get("/sites/?tf=Q07812").text
        assert client.get("/protein/p04637/chromosomes.svg?assembly=hg19").status_code == 404

    def test_sites_without_a_place_come_first_and_hide_nothing(
        self, client: Client, sites: Protein
    ) -> None:
        for number in range(100, 160):
            make_site(sites, number)
        assert "chromosomes.svg" in client.get("/sites/?tf=P04637").text


class TestEvidence:
    def test_what_databases_report_together_is_never_divided(self, client: Client) -> None:
        interaction = make_interaction(
            make_protein("P04637", "TP53"), make_protein("Q07812", "BAX"),
            sources=["GTRD", "TRRUST"], methods=["selex", "western blot"], pmids=[27924024, 7],
        )  # fmt: skip
        table = rows(client, "/interaction/P04637-Q07812/evidence")
        heads = table[0]
        for row in table[1:]:
            of = dict(zip(heads, row, strict=True))
            assert of[MethodClass.BINDING_IN_VITRO.label] == "reported jointly"
            assert of[MethodClass.EXPRESSION.label] == "reported jointly"
            assert of[MethodClass.CURATED.label] == ""
            assert (of["publications"], of["publications cited jointly"]) == ("0", "1")
        dataset = Dataset.objects.create(
            name="TRRUST file", source=SourceDatabase.objects.get(key="TRRUST")
        )
        make_statement(interaction, dataset, method="selex", pmid=7)
        last = dict(zip(heads, rows(client, "/interaction/P04637-Q07812/evidence")[2], strict=True))
        assert last["database"] == "TRRUST"
        assert last[MethodClass.BINDING_IN_VITRO.label] == "reported"
        assert last[MethodClass.EXPRESSION.label] == "reported jointly"
        assert (last["publications"], last["publications cited jointly"]) == ("1", "0")

    def test_on_its_page_where_there_are_several_databases(self, client: Client) -> None:
        tf, target = make_protein("P04637", "TP53"), make_protein("Q07812", "BAX")
        make_interaction(tf, target, sources=["GTRD", "TRRUST"])
        html = client.get("/interaction/P04637-Q07812/").text
        assert html.count('aria-label="Evidence of TP53 → BAX by source database. GTRD: ') == 2
        assert 'href="/interaction/P04637-Q07812/evidence.tsv"' in html
        assert "<style" not in html
        make_interaction(target, tf)
        assert "evidence.tsv" not in client.get("/interaction/Q07812-P04637/").text


class TestYears:
    @pytest.fixture
    def dated(self, pair: None) -> None:
        tf = Protein.objects.get(accession="P04637")
        target = make_protein("P12345", "N")
        make_interaction(tf, target, pmids=[27924024, 11, 12, 13, 14])
        for pmid, year in ((11, 1999), (12, 2001), (13, 2001)):
            Citation.objects.filter(pmid=pmid).update(year=year)
        # A database's own paper is no evidence.
        Citation.objects.filter(pmid=27924024).update(year=2017)

    @pytest.mark.usefixtures("dated")
    @pytest.mark.parametrize("url", ["/protein/p04637", "/sources"])
    def test_by_year_and_how_many_without(self, client: Client, url: str) -> None:
        assert rows(client, f"{url}/publications-by-year") == [
            ["year", "publications"], ["1999", "1"], ["2000", "0"], ["2001", "2"], ["", "1"],
        ]  # fmt: skip
        assert title(client, f"{url}/publications-by-year").endswith(
            "by year. 3 publications with a year; most (2) in 2001; 1 without a year."
        )

    @pytest.mark.usefixtures("dated")
    def test_on_pages_where_enough_years_are_stored(self, client: Client) -> None:
        for url in ("/protein/p04637/", "/sources/"):
            assert "publications-by-year.svg" in client.get(url).text
        Citation.objects.filter(pmid__in=[11, 12, 13]).update(year=None)
        for url in ("/protein/p04637/", "/sources/"):
            assert "publications-by-year.svg" not in client.get(url).text


class TestOverlapOfManyInteractions:
    def test_arrays_count_as_the_tables_do(self, client: Client) -> None:
        tf = make_protein("P04637", "TP53")
        for number in range(9):
            sources = ["GTRD", "ReMap"][: 1 + number % 2]
            make_interaction(tf, make_protein(accession(number)), sources=sources)
        before = rows(client, "/species/Hs/overlap")
        assert [row[:2] for row in before[1:]] == [["GTRD", "5"], ["GTRD;ReMap", "4"]]
        store.lay_out(taxon().pk)
        assert rows(client, "/species/Hs/overlap") == before
        # What has changed since is laid over them.
        make_interaction(tf, make_protein("Q07812"), sources=["ReMap"])
        assert ["ReMap", "1", "0", "0", "0", "1"] in rows(client, "/species/Hs/overlap")

    @pytest.mark.usefixtures("pair")
    def test_a_large_species_without_arrays_says_when_to_come_again(self, client: Client) -> None:
        Protein.objects.filter(accession="P04637").update(target_count=READ_AT_ONCE + 1)
        for suffix in ("svg", "tsv"):
            response = client.get(f"/sources/overlap.{suffix}")
            assert response.status_code == 503
            assert response["Retry-After"] == "30"


@pytest.mark.usefixtures("pair")
def test_figures_have_their_room_on_pages(client: Client) -> None:
    for url, figure in (
        ("/protein/p04637/", "/protein/p04637/out-degree"),
        ("/protein/q07812/", "/protein/q07812/in-degree"),
        ("/species/Hs/", "/species/Hs/out-degree"),
        ("/species/Hs/", "/species/Hs/overlap"),
        ("/sources/", "/sources/overlap"),
    ):
        html = client.get(url).text
        picture = html.split(f'<img src="{figure}.svg"')[1].split(">")[0]
        assert 'loading="lazy"' in picture
        drawn = ET.fromstring(client.get(f"{figure}.svg").content)
        assert f'width="{drawn.get("width")}" height="{drawn.get("height")}"' in picture
        narrow = ET.fromstring(client.get(f"{figure}.svg?size=narrow").content)
        room = f'size=narrow" width="{narrow.get("width")}" height="{narrow.get("height")}"'
        assert room in html
        assert f'href="{figure}.svg?theme=light"' in html
        assert f'href="{figure}.tsv"' in html
    assert "TP53 has 1 target. " in client.get("/protein/p04637/").text
    assert "in-degree" not in client.get("/protein/p04637/").text


def test_empty_pages_have_no_figures(client: Client) -> None:
    make_protein("P04637", "TP53")
    for url in ("/protein/p04637/", "/species/Hs/", "/sources/"):
        assert "<figure" not in client.get(url).text


@pytest.mark.usefixtures("pair")
def test_help_explains_every_column(client: Client) -> None:
    html = client.get("/help/").text.split('id="figures"')[1]
    for url in (*URLS, "/protein/p04637/chromosomes"):
        if url.endswith("chromosomes"):
            make_site(Protein.objects.get(accession="P04637"), 1, chromosome="1", start=1, end=2)
        for column in rows(client, url)[0]:
            assert f"<code>{column}</code></th><td>" in html, (url, column)
