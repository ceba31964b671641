"""The page of one publication: what it says of itself, and everything that it supports."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from proteins.domain.evidence import SmallScale
from proteins.models import BindingSite, Citation, Interaction, PubMedStatus, ReviewStatus
from proteins.queries import supported_interactions
from tests.curation.people import browser_of, make_person
from tests.factories import accession, analyse, make_interaction, make_protein
from tests.proteins.reading import text_of

pytestmark = pytest.mark.django_db
PAGE = "/publication/71/"
GTRD = "/publication/27924024/"
QUERIES = 11


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
        assert "have not been retrieved yet" in text_of(client, PAGE)
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
        assert "On ING1 PMID 71 Retracted." in text
        assert "Authors Doe J Published Cell , 2004" in text
        assert "Type primary publication" in text
        html = client.get(PAGE).content.decode()
        assert 'href="https://doi.org/10.1016/S0092-8674(04)00001-1"' in html
        assert 'href="https://pubmed.ncbi.nlm.nih.gov/71/"' in html
        assert 'href="/api/v1/interactions/?pmid=71"' in html

    def test_unknown_to_pubmed(self, client: Client) -> None:
        make_interaction(make_protein("Q9UK53"), make_protein("Q07812"), pmids=[71])
        Citation.objects.filter(pmid=71).update(pubmed_status=PubMedStatus.NOT_FOUND)
        assert "PubMed has no record of this PubMed ID" in text_of(client, PAGE)

    def test_a_databases_own_paper(self, client: Client) -> None:
        assert "database paper: it describes GTRD" in text_of(client, GTRD)
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

    def test_numbers_are_bounded(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(supported_interactions, "COUNTED", 100)
        assert "Interactions (more than 100)" in text_of(client, PAGE)

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
