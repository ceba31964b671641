"""The page of one publication: what it says of itself, and everything that it supports."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from proteins.analysis import jobs, store
from proteins.analysis.coverage import read_coverage
from proteins.domain.evidence import SmallScale
from proteins.domain.statements import Sign
from proteins.models import BindingSite, Citation, Interaction, PubMedStatus, ReviewStatus
from proteins.queries import coverage, supported_interactions
from tests.curation.people import browser_of, make_person
from tests.factories import (
    accession,
    analyse,
    make_interaction,
    make_protein,
    make_statement,
    taxon,
)
from tests.proteins.reading import text_of

pytestmark = pytest.mark.django_db
PAGE = "/publication/71/"
GTRD = "/publication/27924024/"
QUERIES = 14


@pytest.fixture(scope="class")
def many(class_db: None) -> None:
    """130 interactions that cite 71: 60 of one evidence, the others of one each."""
    tf = make_protein("Q9UK53", "ING1")
    for number in range(130):
        make_interaction(
            tf,
            make_protein(accession(number), f"T{number}"),
            pmids=[71] if number < 60 else [71, *range(1000, 1000 + number)],
            small_scale=SmallScale.YES if number % 3 == 0 else SmallScale.NO,
        )
    analyse()


def interactions_in(html: str) -> list[str]:
    return re.findall(r'href="/interaction/([^/]+)/"', html)


def walk(client: Client, url: str, word: str) -> list[list[str]]:
    pages = []
    for _ in range(20):
        html = client.get(url).content.decode()
        pages.append(interactions_in(html))
        link = re.search(rf'<a href="([^"#]+)#interactions">{word}</a>', html)
        if link is None:
            return pages
        url = link[1]
    raise AssertionError("no end")


class TestWhatItIs:
    def test_what_pubmed_says(self, client: Client) -> None:
        make_interaction(make_protein("Q9UK53", "ING1"), make_protein("Q07812"), pmids=[71])
        assert "have not been retrieved from PubMed yet" in text_of(client, PAGE)
        Citation.objects.filter(pmid=71).update(
            title="On ING1",
            authors="Doe J",
            journal="Cell",
            year=2004,
            doi="10.1016/S0092-8674(04)00001-1",
            is_retracted=True,
            pubmed_status=PubMedStatus.FOUND,
        )
        text = text_of(client, PAGE)
        assert "On ING1 Doe J Cell 2004 Interactions 1" in text
        assert "Retracted. This publication has been retracted" in text
        assert "interactions that cite it alone (there is one)." in text
        assert "Primary publicationPMID 71doi 10.1016" in text
        html = client.get(PAGE).content.decode()
        assert 'href="https://doi.org/10.1016/S0092-8674(04)00001-1"' in html
        assert 'href="https://pubmed.ncbi.nlm.nih.gov/71/"' in html
        assert 'href="https://europepmc.org/article/MED/71"' in html
        assert 'href="https://pmc.ncbi.nlm.nih.gov/search/?term=71%5Bpmid%5D"' in html
        assert 'href="/api/v1/interactions/?pmid=71"' in html
        assert 'href="/api/v1/interactions/?pmid=71&amp;format=csv"' in html

    def test_unknown_to_pubmed(self, client: Client) -> None:
        make_interaction(make_protein("Q9UK53"), make_protein("Q07812"), pmids=[71])
        Citation.objects.filter(pmid=71).update(pubmed_status=PubMedStatus.NOT_FOUND)
        assert "PubMed has no record of this PubMed ID" in text_of(client, PAGE)

    def test_a_databases_own_paper(self, client: Client) -> None:
        assert "This paper describes GTRD" in text_of(client, GTRD)
        assert "TFLink has no interactions that cite this publication." in text_of(client, GTRD)

    def test_text_is_escaped(self, client: Client) -> None:
        name = "<script>alert(1)</script>\"'"
        make_interaction(
            make_protein("Q9UK53", name), make_protein("Q07812", name), pmids=[71], methods=[name]
        )
        Citation.objects.filter(pmid=71).update(
            title=name, authors=name * 30, journal=name, doi=f"10.1000/{name}"
        )
        assert "<script>" not in client.get(PAGE).content.decode()


class TestURL:
    @pytest.mark.parametrize("url", ["/publication/071/", "/publication/71", "/publication/71.0/"])
    def test_other_spellings_redirect_for_good(self, client: Client, url: str) -> None:
        make_interaction(make_protein("Q9UK53"), make_protein("Q07812"), pmids=[71])
        response = client.get(url)
        assert response.status_code == 301
        assert response["Location"] == PAGE

    @pytest.mark.parametrize("requested", ["0", "123456789", "x", "%00", "-1", "9" * 5000, "²"])
    def test_what_is_no_pubmed_id(self, client: Client, requested: str) -> None:
        response = client.get(f"/publication/{requested}/")
        assert response.status_code == 404
        assert b"is not a PubMed ID" in response.content
        assert len(response.content) < 5000

    def test_what_supports_nothing_public_is_answered_like_what_is_unknown(
        self, client: Client
    ) -> None:
        unknown = client.get(PAGE)
        make_interaction(
            make_protein("Q9UK53"),
            make_protein("Q07812"),
            pmids=[71],
            status=ReviewStatus.REJECTED,
        )
        rejected = client.get(PAGE)
        assert unknown.status_code == rejected.status_code == 404
        assert unknown.content == rejected.content
        assert b"https://pubmed.ncbi.nlm.nih.gov/71/" in rejected.content


def _cited_in_two_species() -> None:
    """Five interactions that cite 71 (two cite 72 too), of three TFs; one that does not."""
    ing1, tp53 = make_protein("Q9UK53", "ING1"), make_protein("P04637", "TP53")
    bax, gcn4 = make_protein("Q07812", "BAX"), make_protein("P03069", "GCN4", code="Sc")
    small = SmallScale.YES
    make_interaction(ing1, bax, pmids=[71, 27924024])
    make_interaction(ing1, tp53, pmids=[71, 72], small_scale=small)
    make_interaction(ing1, ing1, pmids=[71], small_scale=small)
    make_interaction(tp53, bax, pmids=[71, 72])
    make_interaction(gcn4, gcn4, pmids=[71], sources=["Yeastract"])
    make_interaction(tp53, tp53, pmids=[73])
    make_interaction(tp53, ing1, pmids=[71], status=ReviewStatus.REJECTED)


class TestWhatItCovers:
    def test_in_a_sentence_and_numbers(self, client: Client) -> None:
        _cited_in_two_species()
        text = text_of(client, PAGE)
        assert (
            "It supports 5 interactions of 3 TFs with 4 targets in 2 species. For 3 of them it is "
            "the only primary publication." in text
        )
        assert "Interactions 5 TFs 3 Targets 4 Only in this publication 3" in text
        assert "Strong 1Supported 1Repeated 1Single 2" in text
        assert "Homo sapiens 4, Saccharomyces cerevisiae 1" in text
        assert 'aria-label="ING1 3, GCN4 1, TP53 1"' in client.get(PAGE).text
        assert client.get(f"{PAGE}tfs.tsv").text.splitlines() == [
            "accession\ttf\tinteractions",
            "Q9UK53\tING1\t3",
            "P03069\tGCN4\t1",
            "P04637\tTP53\t1",
        ]
        assert "ING1 3, GCN4 1, TP53 1" in client.get(f"{PAGE}tfs.svg").text
        assert "Interactions\trepeated\t1" in client.get(f"{PAGE}support.tsv").text
        assert client.get("/publication/999/tfs.svg").status_code == 404
        assert client.get("/publication/x/tfs.svg").status_code == 404

    def test_of_one_interaction(self, client: Client) -> None:
        make_interaction(make_protein("Q9UK53", "ING1"), make_protein("Q07812"), pmids=[71])
        assert (
            "It supports 1 interaction of ING1 with 1 target in Homo sapiens. It is the only "
            "primary publication for it." in text_of(client, PAGE)
        )

    def test_a_databases_own_paper_is_no_ground(self, client: Client) -> None:
        _cited_in_two_species()
        text = text_of(client, GTRD)
        assert (
            "1 interaction of ING1 with 1 target in Homo sapiens cites this paper because GTRD "
            "reports them." in text
        )
        assert "Only in this publication" not in text

    def test_many_are_counted_in_the_arrays_of_species(
        self,
        client: Client,
        monkeypatch: pytest.MonkeyPatch,
        settings: LazySettings,
        tmp_path: Path,
    ) -> None:
        _cited_in_two_species()
        few = read_coverage(71)
        settings.DATA_DIR = tmp_path
        monkeypatch.setattr(coverage, "COUNTED", 4)
        assert read_coverage(71) == few
        store.lay_out(taxon("Hs").pk)
        assert read_coverage(71) == few
        # What has changed since is laid over.
        make_interaction(make_protein("Q9UK54"), make_protein("Q9UK55"), pmids=[71])
        later = read_coverage(71)
        assert later is not None
        assert (later.interactions, len(later.tfs), later.only) == (6, 4, 4)

    def test_while_a_large_species_has_no_arrays(
        self,
        client: Client,
        monkeypatch: pytest.MonkeyPatch,
        settings: LazySettings,
        tmp_path: Path,
    ) -> None:
        """The page is quick all the same: it says what it can."""
        _cited_in_two_species()
        settings.DATA_DIR = tmp_path
        monkeypatch.setattr(coverage, "COUNTED", 4)
        monkeypatch.setattr(jobs, "WORTH_IT", 1)
        started: list[int] = []
        monkeypatch.setattr(jobs, "start", lambda: started.append(1))
        assert read_coverage(71) is None
        assert started
        monkeypatch.setattr(supported_interactions, "COUNTED", 4)
        text = text_of(client, PAGE)
        assert "Interactions (more than 4)" in text
        assert "It supports" not in text

    def test_what_sources_state_on_its_grounds(self, client: Client) -> None:
        interaction = make_interaction(
            make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX"), pmids=[71]
        )
        assert "Statements" not in text_of(client, PAGE)
        make_statement(interaction, pmid=71, effect=Sign.ACTIVATION)
        text = text_of(client, PAGE)
        assert "ING1 →regulates BAX: activation" in text
        assert 'href="/api/v1/statements/?pmid=71"' in client.get(PAGE).text

    def test_a_row_has_its_primary_publications(self, client: Client) -> None:
        """The database's own paper is none of them."""
        make_interaction(make_protein("Q9UK53"), make_protein("Q07812"), pmids=[71, 72, 27924024])
        assert '<td role="cell" class="second end number" data-label="Publications">2</td>' in (
            client.get(PAGE).text
        )


@pytest.mark.usefixtures("many")
class TestList:
    def test_every_interaction_stands_on_one_page_in_order(self, client: Client) -> None:
        pages = walk(client, PAGE, "Next")
        assert [len(page) for page in pages] == [50, 50, 30]
        met = [key for page in pages for key in page]
        assert len(set(met)) == 130
        ranks = [
            (row.evidence.small_scale, row.evidence.citation_count)
            for row in (Interaction.objects.between(*key.split("-")).get() for key in met)
        ]
        assert ranks == sorted(ranks, reverse=True)
        assert "Interactions (130)" in text_of(client, PAGE)

    def test_back_again(self, client: Client) -> None:
        pages = walk(client, PAGE, "Next")
        last = Interaction.objects.between(*pages[-1][-1].split("-")).get()
        place = supported_interactions.Place.of(last)
        back = walk(client, f"{PAGE}?before={place}", "Previous")
        met = [key for page in pages for key in page]
        assert [key for page in reversed(back) for key in page] == met[:-1]

    def test_rejected_ones_are_left_out(self, client: Client) -> None:
        Interaction.objects.filter(pk__in=Interaction.objects.values("pk")[:70]).update(
            status=ReviewStatus.REJECTED
        )
        pages = walk(client, PAGE, "Next")
        assert sum(map(len, pages)) == 60

    @pytest.mark.parametrize("place", ["x", "1-2-3", "1-2-3-4-5", "9-9-9-9999999999", "%00", "-"])
    def test_a_place_that_is_none_is_said(self, client: Client, place: str) -> None:
        text = text_of(client, f"{PAGE}?after={place}")
        assert "the first page is shown" in text
        assert interactions_in(client.get(f"{PAGE}?after={place}").content.decode())

    def test_beyond_the_end(self, client: Client) -> None:
        text = text_of(client, f"{PAGE}?after=0-0-2147483647-2147483647")
        assert "There are no more interactions. Back to the first page" in text

    def test_numbers_that_a_filter_leaves_are_bounded(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(supported_interactions, "COUNTED", 100)
        assert "Interactions (130)" in text_of(client, PAGE)
        assert "Interactions (more than 100)" in text_of(client, f"{PAGE}?single_source=true")

    def test_those_that_cite_nothing_else(self, client: Client) -> None:
        assert len(interactions_in(client.get(f"{PAGE}?only_pmid=71").text)) == 50
        text = text_of(client, f"{PAGE}?only_pmid=71")
        # Of evidence with other publications there are 70.
        assert "Interactions (60)" in text
        assert "Only in this publication 60" in text

    def test_queries(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_num_queries(QUERIES):
            html = client.get(PAGE).content
        assert len(html) < 100_000

    @pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the plans are SQLite's")
    def test_nothing_is_read_but_by_an_index(self, client: Client) -> None:
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{PAGE}?after=1-60-1-1")
        for query in queries:
            if not query["sql"].startswith("SELECT") or "proteins_interaction" not in query["sql"]:
                continue
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
                plan = "; ".join(row[3] for row in cursor.fetchall())
            assert "SCAN proteins_interaction" not in plan, query["sql"]


def _make_sites(number: int) -> None:
    interaction = make_interaction(
        make_protein("Q9UK53", "ING1"), make_protein("Q07812"), pmids=[71]
    )
    for place in reversed(range(number)):
        BindingSite.objects.create(
            tflink_id=f"TFLinkLS{place:08d}",
            tf=interaction.tf,
            evidence=interaction.evidence,
            chromosome="chr1",
            start=place,
            end=place + 9,
        )


def _sites_of(text: str) -> list[tuple[int, ...]]:
    shown = re.findall(r"TFLinkLS0{6}(\d+) of ING1, Homo sapiens: chr1:(\d+)-(\d+)", text)
    return [tuple(map(int, site)) for site in shown]


def test_the_first_binding_sites(client: Client) -> None:
    _make_sites(25)
    text = text_of(client, PAGE)
    assert "Binding sites (25)" in text
    assert _sites_of(text) == [(place, place, place + 9) for place in range(20)]
    assert "These are the first 20" in text


def test_some_of_very_many_binding_sites(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    # To put those of a large source in order would read them all.
    monkeypatch.setattr(supported_interactions, "COUNTED", 22)
    _make_sites(25)
    text = text_of(client, PAGE)
    assert len(_sites_of(text)) == 20
    assert "These are some; the others" in text


def test_a_curator_finds_the_way_to_the_record(client: Client) -> None:
    make_interaction(make_protein("Q9UK53"), make_protein("Q07812"), pmids=[71])
    edit = f'href="/admin/proteins/citation/{Citation.objects.get(pmid=71).pk}/change/"'
    assert edit in browser_of(make_person("ann")).get(PAGE).text
    assert edit not in client.get(PAGE).text
