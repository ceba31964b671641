from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from curation.records.facets import refacet
from proteins.domain.evidence import SmallScale
from proteins.models import BindingSite, Effect, Protein, ReviewStatus
from tests.factories import accession, make_interaction, make_protein
from tests.proteins.reading import names_in, text_of

pytestmark = pytest.mark.django_db


def step_in(client: Client, url: str, word: str) -> str:
    """The URL that a link of the table of binding sites with this word leads to."""
    section = client.get(url).content.decode().partition('id="sites"')[2]
    link = re.search(rf'<a href="([^"]*)">{word}</a>', section)
    assert link is not None
    return html.unescape(link[1]).partition("#")[0]


@pytest.fixture
def hub() -> Protein:
    """A TF with 60 targets, named T00 to T59 in the order of their accessions."""
    tf = make_protein("Q9UK53", "ING1", has_page=True, declared_tf=True)
    for number in range(60):
        make_interaction(tf, make_protein(accession(number), f"T{number:02d}"))
    tf.refresh_from_db()
    return tf


class TestOrderAndPages:
    def test_best_supported_first(self, client: Client) -> None:
        tf = make_protein("Q9UK53", "ING1")
        make_interaction(tf, make_protein("P00001", "few"), pmids=[1])
        make_interaction(tf, make_protein("P00002", "many"), pmids=[1, 2, 3])
        make_interaction(tf, make_protein("P00003", "small"), small_scale=SmallScale.YES)
        make_interaction(
            tf, make_protein("P00004", "unstated"), small_scale=SmallScale.NOT_STATED, pmids=[1, 2]
        )
        assert names_in(client, "/protein/q9uk53/") == ["small", "many", "few", "unstated"]

    @pytest.mark.parametrize("order", ["name", "-name"])
    def test_nameless_ones_are_last_by_name(self, client: Client, order: str) -> None:
        tf = make_protein("Q9UK53", "ING1")
        for number, name in enumerate(["", "b", "A", ""]):
            make_interaction(tf, make_protein(accession(number), name))
        named = ["A", "b"] if order == "name" else ["b", "A"]
        expected = [*named, "P00000", "P00003"]
        assert names_in(client, f"/protein/q9uk53/?targets-sort={order}") == expected
        file = client.get(f"/protein/q9uk53/targets.tsv?targets-sort={order}")
        rows = file.getvalue().decode().splitlines()[1:]
        assert [row.split("\t")[5] or row.split("\t")[4] for row in rows] == expected

    @pytest.mark.parametrize(
        ("order", "expected"),
        [("name", ["a", "B", "P00003"]), ("-name", ["B", "a", "P00003"])],
    )
    def test_those_without_a_name_come_last(
        self, client: Client, order: str, expected: list[str]
    ) -> None:
        tf = make_protein("Q9UK53")
        for key, name in (("P00003", ""), ("P00004", "B"), ("P00005", "a")):
            make_interaction(tf, make_protein(key, name))
        assert names_in(client, f"/protein/q9uk53/?targets-sort={order}") == expected

    @pytest.mark.parametrize(
        ("order", "first"),
        [
            ("name", "a"),
            ("-name", "c"),
            ("accession", "c"),
            ("-accession", "a"),
            ("sources", "c"),
            ("-sources", "b"),
            ("publications", "a"),
            ("-publications", "b"),
            ("small_scale", "b"),
            ("-small_scale", "c"),
            ("status", "b"),
            ("-status", "a"),
        ],
    )
    def test_orders(self, client: Client, order: str, first: str) -> None:
        tf = make_protein("Q9UK53")
        make_interaction(
            tf,
            make_protein("P00003", "a"),
            sources=["GTRD", "ReMap"],
            pmids=[1],
            status=ReviewStatus.DISPUTED,
        )
        make_interaction(
            tf, make_protein("P00002", "b"), sources=["GTRD", "ReMap", "TRED"], pmids=[1, 2, 3]
        )
        make_interaction(
            tf,
            make_protein("P00001", "c"),
            pmids=[1, 2],
            small_scale=SmallScale.YES,
            status=ReviewStatus.CONFIRMED,
        )
        assert names_in(client, f"/protein/q9uk53/?targets-sort={order}")[0] == first

    def test_heads_say_and_turn_the_order(self, client: Client, hub: Protein) -> None:
        html = client.get("/protein/q9uk53/?targets-sort=name&targets-page=2").content.decode()
        assert html.count("aria-sort=") == 1
        assert 'aria-sort="ascending"><a href="/protein/q9uk53/?targets-sort=-name#targets"' in html
        html = client.get("/protein/q9uk53/?targets-sort=-name").content.decode()
        assert 'aria-sort="descending"><a href="/protein/q9uk53/?targets-sort=name#targets"' in html

    def test_pages(self, client: Client, hub: Protein) -> None:
        expected = [f"T{number:02d}" for number in range(60)]
        for page, names in enumerate((expected[:25], expected[25:50], expected[50:]), start=1):
            url = f"/protein/q9uk53/?targets-sort=name&targets-page={page}"
            assert names_in(client, url) == names
        assert "51–60 of 60." in text_of(client, "/protein/q9uk53/?targets-page=3")

    def test_the_states_of_both_tables_stand_side_by_side(
        self, client: Client, hub: Protein
    ) -> None:
        for number in range(60, 90):
            make_interaction(make_protein(accession(number), f"R{number}"), hub)
        html = client.get("/protein/q9uk53/?targets-sort=name&tfs-q=R").content.decode()
        links = re.findall(r'<a href="([^"]*#(?:tfs|targets))">Next', html)
        assert len(links) == 2
        for link in links:
            state = parse_qs(urlsplit(link.replace("&amp;", "&")).query)
            assert state["targets-sort"] == ["name"]
            assert state["tfs-q"] == ["R"]
        assert '<input type="hidden" name="tfs-q" value="R">' in html


class TestFilters:
    @pytest.fixture
    def varied(self) -> Protein:
        tf = make_protein("Q9UK53", "ING1")
        make_interaction(
            tf,
            make_protein("P00001", "alpha%"),
            sources=["TFactS_via_DoRothEA"],
            methods=["selex"],
            small_scale=SmallScale.YES,
            status=ReviewStatus.CONFIRMED,
            effect=Effect.REPRESSION,
        )
        make_interaction(tf, make_protein("P00002", "beta_Q"), small_scale=SmallScale.NOT_STATED)
        make_interaction(tf, make_protein("P00003", "gamma"))
        return tf

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("targets-q=ALPHA", ["alpha%"]),
            ("targets-q=%25", ["alpha%"]),
            ("targets-q=a_q", ["beta_Q"]),
            ("targets-q=p00003", ["gamma"]),
            ("targets-source=TFactS_via_DoRothEA", ["alpha%"]),
            ("targets-method=selex", ["alpha%"]),
            ("targets-small_scale=no", ["gamma"]),
            ("targets-small_scale=not_stated", ["beta_Q"]),
            ("targets-status=confirmed", ["alpha%"]),
            ("targets-effect=repression", ["alpha%"]),
            ("targets-effect=unknown", ["gamma", "beta_Q"]),
            ("targets-source=GTRD&targets-sort=-name", ["gamma", "beta_Q"]),
            ("targets-source=GTRD&targets-method=selex", []),
        ],
    )
    def test_filters(self, client: Client, varied: Protein, query: str, names: list[str]) -> None:
        assert names_in(client, f"/protein/q9uk53/?{query}") == names

    def test_nothing_left(self, client: Client, varied: Protein) -> None:
        text = text_of(client, "/protein/q9uk53/?targets-q=zeta")
        assert "None of the 3 targets matches these filters. Clear filters" in text

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            ("targets-source=Foo", "Database: No source database is called “Foo”."),
            ("targets-method=Foo", "Method: No detection method is called “Foo”."),
            ("targets-sort=Foo", "Order: No order is called “Foo”."),
            ("targets-small_scale=maybe", "No kind of evidence is called “maybe”."),
            ("targets-page=0", "This page does not exist; the first page is shown."),
            ("targets-page=x", "This page does not exist; the first page is shown."),
            ("targets-page=9", "There is no page 9: the last is 1. This is the first."),
            ("targets-page=" + "9" * 5000, "This page does not exist; the first page is shown."),
            ("targets-q=%00", "Name or accession: It holds a NUL character."),
            ("targets-q=" + "a" * 301, "has 301 characters; at most 300"),
            ("targets-pmid=x", "pmid: &#x27;x&#x27; is not a whole number from 1 to 99999999."),
            ("sites-page=3", None),
        ],
    )
    def test_what_is_not_understood_is_said(
        self, client: Client, varied: Protein, query: str, message: str | None
    ) -> None:
        url = f"/protein/q9uk53/?{query}"
        assert len(names_in(client, url)) == 3
        assert message is None or message in text_of(client, url)


class TestBindingSites:
    @pytest.fixture
    def tf(self) -> Protein:
        tf = make_protein("P04637", "TP53")
        evidence = make_interaction(tf, tf).evidence
        BindingSite.objects.bulk_create(
            BindingSite(
                tflink_id=f"TFLinkLS{number:08d}",
                tf=tf,
                assembly="hg38",
                chromosome="chr14",
                start=number,
                end=number + 14,
                strand="-",
                evidence=evidence,
                overlaps=0,
            )
            for number in range(1, 60)
        )
        BindingSite.objects.create(
            tflink_id="TFLinkSS00000001", tf=tf, evidence=evidence, sequence="ACGT" * 30
        )
        refacet([tf.pk])
        return tf

    def test_sites_with_sequences_come_first(self, client: Client, tf: Protein) -> None:
        html = client.get("/protein/p04637/").content.decode()
        assert names_in(client, "/protein/p04637/", "sites")[:2] == [
            "TFLinkSS00000001",
            "TFLinkLS00000059",
        ]
        assert "ACGT" * 30 in html
        assert "https://genome.ucsc.edu/cgi-bin/hgTracks?db=hg38&amp;position=chr14:59-73" in html
        assert "not placed" in html

    @pytest.mark.parametrize("order", ["", "small_scale"])
    def test_sites_are_paged(self, client: Client, tf: Protein, order: str) -> None:
        """There and back, each page from where the one before ended."""
        names = sorted(BindingSite.objects.values_list("tflink_id", flat=True))
        names = names if order else names[::-1]
        pages = [names[:25], names[25:50], names[50:]]
        url = f"/protein/p04637/?sites-sort={order}"
        for step, read in (("Next", pages), ("Previous", pages[::-1])):
            for number, page in enumerate(read):
                assert names_in(client, url, "sites") == page
                assert f"{len(page)} of 60." in text_of(client, url)
                if number < 2:
                    url = step_in(client, url, step)

    def test_no_page_of_sites_skips_rows(self, client: Client, tf: Protein) -> None:
        """To skip the rows before it takes as long as to read them."""
        for url in (
            "/protein/p04637/?sites-after=TFLinkLS00000020&sites-source=GTRD",
            "/protein/p04637/?sites-before=TFLinkLS00000020",
            "/api/v1/binding-sites/?tf=P04637&page_size=7",
            client.get("/api/v1/binding-sites/?tf=P04637&page_size=7").json()["next"],
        ):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            assert not [one["sql"] for one in queries if " OFFSET " in one["sql"]]

    def test_rows_that_come_meanwhile_shift_no_page(self, client: Client, tf: Protein) -> None:
        url = step_in(client, "/protein/p04637/", "Next")
        page = names_in(client, url, "sites")
        evidence = BindingSite.objects.first().evidence  # type: ignore[union-attr]
        BindingSite.objects.create(tflink_id="TFLinkSS00000002", tf=tf, evidence=evidence)
        assert names_in(client, url, "sites") == page

    def test_pages_of_sites_that_are_not_there(self, client: Client, tf: Protein) -> None:
        text = text_of(client, "/protein/p04637/?sites-after=TFLinkAA1")
        assert "There are no binding sites on this page. Clear filters" in text
        text = text_of(client, "/protein/p04637/?sites-after=nonsense")
        assert "these are the first." in text
        assert "25 of 60." in text
