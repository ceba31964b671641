from __future__ import annotations

import re

import pytest
from django.test import Client

from proteins.domain.evidence import SmallScale
from proteins.queries import browse
from proteins.site import browse as browse_view
from tests.factories import accession, make_interaction, make_protein

pytestmark = pytest.mark.django_db


def accessions(html: str) -> list[str]:
    return re.findall(r'class="first"><span class="id">([A-Z0-9]+)', html)


def link(html: str, word: str) -> str:
    result = re.search(rf'<a href="([^"]*)">{word}</a>', html)
    return result[1].replace("&amp;", "&") if result else ""


def walk(client: Client, url: str, word: str) -> list[list[str]]:
    pages = []
    while url:
        html = client.get(url).content.decode()
        pages.append(accessions(html))
        url = link(html, word)
    return pages


BY_ACCESSION = "/browse/?sort=accession"


def _after(client: Client) -> str:
    """The URL of the last page of those by accession, one by one."""
    second = link(client.get(BY_ACCESSION).content.decode(), "Next")
    return link(client.get(second).content.decode(), "Next")


def numbers(html: str) -> list[str]:
    """What the pager of a page shows, the page that it is in brackets."""
    pager = re.search(r'<nav class="pager".*?</nav>', html)
    parts = re.findall(r"<(?:a|span)([^>]*)>([^<]+)<", pager[0]) if pager else []
    return [f"[{label}]" if "aria-current" in marks else label for marks, label in parts]


class TestPages:
    @pytest.fixture(autouse=True)
    def _proteins(self) -> None:
        for number in range(60):
            make_protein(accession(number), "" if number % 2 else f"n{number}")

    def test_there_and_back(self, client: Client) -> None:
        expected = [accession(number) for number in range(60)]
        there = walk(client, f"{BY_ACCESSION}", "Next")
        assert there == [expected[:25], expected[25:50], expected[50:]]
        back = walk(client, _after(client), "Previous")
        assert back == [expected[50:], expected[25:50], expected[:25]]

    def test_the_first_page_has_no_earlier_and_the_last_no_later(self, client: Client) -> None:
        first = client.get(BY_ACCESSION).content.decode()
        assert (link(first, "Previous"), link(first, "First")) == ("", "")
        last = client.get(_after(client)).content.decode()
        assert link(last, "Next") == ""
        assert numbers(last) == ["Previous", "1", "2", "[3]"]
        assert "51–60 of 60" in last
        last = client.get(f"{BY_ACCESSION}&page=last").content.decode()
        assert link(last, "First") == BY_ACCESSION
        assert link(last, "Last") == ""
        assert accessions(last) == [accession(number) for number in range(35, 60)]
        assert link(last, "Next") == ""
        assert "before=P00035" in link(last, "Previous")

    def test_what_has_most_interactions_comes_first(self, client: Client) -> None:
        hub = make_protein("Q9UK53", "ING1")
        make_interaction(hub, make_protein("Q07812", "BAX"))
        make_interaction(hub, make_protein("P04637", "TP53"))
        html = client.get("/browse/").content.decode()
        assert accessions(html)[0] == "Q9UK53"
        assert "most interactions first" in html
        assert "1–25 of 63" in html
        assert client.get("/browse/?page=1").content.decode() == html
        assert client.get("/browse/?sort=-interaction_count").content.decode() == html

    def test_addresses_made_up(self, client: Client) -> None:
        html = client.get(f"{BY_ACCESSION}&after=nonsense").content.decode()
        assert "is not a UniProt accession; the first page is shown" in html
        assert accessions(html)[0] == "P00000"
        assert link(client.get("/browse/?after=0.A0A1B0GVJ0").content.decode(), "Previous") == ""
        for place, order in (
            ("P00001", "name"),
            ("x.P00001", "targets"),
            ("9" * 11 + ".P00001", "targets"),
            ("1.P00001", "accession"),
            ("²2.P00001", "regulators"),
        ):
            html = client.get("/browse/", {"after": place, "sort": order}).content.decode()
            assert ("is not a place in this order; the" in html) == (order != "name"), place
        assert (
            "This page does not exist; the first page is shown."
            in client.get("/browse/?page=21").content.decode()
        )
        assert b"ack to the first page" in client.get("/browse/?page=4").content
        assert b"ack to the first page" in client.get("/browse/?after=0.A0A1B0GVJ0").content
        assert b"ack to the first page" in client.get("/browse/?before=0.Q9UK53").content
        both = client.get("/browse/?after=0.p00003&before=0.P00001").content.decode()
        assert "not both" in both
        assert accessions(both)[0] == "P00002"

    def test_links_keep_the_filter(self, client: Client) -> None:
        html = client.get("/browse/?species=Hs&q=p0").content.decode()
        assert link(html, "Next") == "/browse/?q=p0&taxon=9606&page=2"
        html = client.get("/browse/?species=Hs&q=p0&page=last").content.decode()
        assert link(html, "Previous") == "/browse/?q=p0&taxon=9606&before=0.P00024&of=49772e5b"

    def test_a_place_belongs_to_its_filters_and_order(self, client: Client) -> None:
        html = client.get("/browse/?taxon=9606&sort=-accession").content.decode()
        last = client.get("/browse/?taxon=9606&sort=-accession&page=last").content.decode()
        url = link(last, "Previous")
        first, later = accessions(html), accessions(client.get(url).content.decode())
        assert (len(first), later[:1] == first[:1]) == (25, False)
        for changed in (
            url.replace("sort=-accession", "sort=accession"),
            url.replace("taxon=9606&", ""),
            url.replace("&of=", "&of=0"),
            url.partition("&of=")[0],
            "/browse/?after=P00024&of=49772e5b",
        ):
            page = client.get(changed).content.decode()
            assert "the first page is shown." in page, changed
            assert accessions(page)[0] in (first[0], "A0A1B0GVJ0", "P00000", "P00059"), changed

    def test_a_repeated_parameter(self, client: Client) -> None:
        for query in ("taxon=9606&taxon=10090", "taxon=9606,10090"):
            html = client.get(f"/browse/?{query}").content.decode()
            assert len(accessions(html)) == 25
            assert link(html, "Next") == "/browse/?taxon=9606%2C10090&page=2"
        html = client.get("/browse/?sort=name&sort=-name").content.decode()
        assert "“sort” is given 2 times; it takes one value." in html
        html = client.get("/browse/?is_tf=true&is_tf=false").content.decode()
        assert "“is_tf” is given 2 times; it takes one value." in html


def test_the_first_pages_have_numbers(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browse, "PAGE_SIZE", 2)
    monkeypatch.setattr(browse_view, "PAGE_SIZE", 2)
    monkeypatch.setattr(browse_view, "NUMBERED", 4)
    for number in range(13):
        make_protein(accession(number))
    pages, url = [], BY_ACCESSION
    while url:
        html = client.get(url).content.decode()
        pages.append(numbers(html))
        url = link(html, "Next")
    assert pages == [
        ["[1]", "2", "3", "…", "7", "Next"],
        ["Previous", "1", "[2]", "3", "…", "7", "Next"],
        ["Previous", "1", "2", "[3]", "4", "…", "7", "Next"],
        ["Previous", "1", "2", "3", "[4]", "…", "7", "Next"],
        # From here on a page begins after the last row of the one before.
        ["First", "Previous", "Next", "Last"],
        ["First", "Previous", "Next", "Last"],
        ["First", "Previous"],
    ]
    assert link(client.get(f"{BY_ACCESSION}&page=4").content.decode(), "Next") == (
        f"{BY_ACCESSION}&after=P00007&of=4bff513a"
    )
    last = client.get(f"{BY_ACCESSION}&page=last").content.decode()
    assert accessions(last) == [accession(11), accession(12)]
    assert '<a href="/browse/?sort=accession&amp;page=last" aria-label="Page 7">' in (
        client.get(BY_ACCESSION).content.decode()
    )


class TestFilters:
    @pytest.fixture(autouse=True)
    def _proteins(self) -> None:
        tf = make_protein("P04637", "TP53", genes=[7157])
        both = make_protein("Q07812", "BAX")
        make_interaction(tf, both)
        make_interaction(both, make_protein("P38936", "CDKN1A"))
        make_protein("P02340", "Trp53", code="Mm")

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", ["P02340", "P04637", "P38936", "Q07812"]),
            ("species=Mm", ["P02340"]),
            ("function=tf", ["P04637", "Q07812"]),
            ("function=target", ["P38936", "Q07812"]),
            ("function=both", ["Q07812"]),
            ("q=tp", ["P04637"]),
            ("q=p0", ["P02340", "P04637"]),
            ("q=7157", ["P04637"]),
            ("q=p0&species=Hs&function=tf", ["P04637"]),
        ],
    )
    def test_filters(self, client: Client, query: str, expected: list[str]) -> None:
        assert accessions(client.get(f"{BY_ACCESSION}&{query}").content.decode()) == expected

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            ("species=Xx", "No species is called “Xx”"),
            ("function=x", "No function is called “x”"),
            ("q=%00", "It holds a NUL character."),
            ("source=Nowhere", "No source database is called “Nowhere”"),
            ("method=guess", "No detection method is called “guess”"),
            ("small_scale=maybe", "No kind of evidence is called “maybe”"),
            ("status=rejected", "No review status is called “rejected”"),
            ("sites=3", "No choice is called “3”"),
            ("sort=status", "No order is called “status”"),
        ],
    )
    def test_what_is_not_understood_is_said(self, client: Client, query: str, message: str) -> None:
        html = client.get(f"/browse/?{query}").content.decode()
        assert message in html
        assert len(accessions(html)) == 4

    def test_nothing_left(self, client: Client) -> None:
        assert b"No protein matches these filters" in client.get("/browse/?q=zzz").content


def test_heads_sort_and_keep_the_filter(client: Client) -> None:
    make_interaction(make_protein("P04637", "TP53"), make_protein("Q07812", "BAX"))
    html = client.get("/browse/?species=Hs&after=A0A1B0GVJ0").content.decode()
    url = "/browse/?taxon=9606&amp;sort="
    assert f'aria-sort="descending"><a href="{url}interaction_count">Interactions' in html
    assert f'<a href="{url}accession">Accession</a>' in html
    assert f'class="number"><a href="{url}-target_count">Targets</a>' in html
    html = client.get("/browse/?sort=-targets").content.decode()
    assert accessions(html) == ["P04637", "Q07812"]
    assert 'aria-sort="descending"><a href="/browse/?sort=target_count">Targets' in html
    assert "Proteins, most targets first" in html
    assert html.count("aria-sort") == 1


def test_bars_are_on_a_common_scale(client: Client) -> None:
    hub, other = make_protein("P04637", "TP53"), make_protein("Q07812", "BAX")
    for number in range(4):
        scale = SmallScale.NO if number else SmallScale.YES
        make_interaction(hub, make_protein(accession(number)), small_scale=scale)
    make_interaction(other, hub, sources=["GTRD", "ReMap"])
    html = client.get("/browse/?q=p0463").text
    assert "<title>1 supported, 1 repeated, 3 single</title>" in html
    widths = '<rect class="supported" x="0" width="32" height="10"/>'
    assert f'{widths}<rect class="repeated" x="32" width="32" height="10"/>' in html
    assert '<rect class="single" x="64" width="96" height="10"/>' in html
    of_other = client.get("/browse/").text.split(">BAX<")[1].split("</tr>")[0]
    assert '<rect class="repeated" x="0" width="32" height="10"/></svg>' in of_other


def test_a_species_that_is_chosen_is_no_column(client: Client) -> None:
    make_protein("P04637", "TP53")
    for query, is_there in (("", True), ("?taxon=9606", False), ("?taxon=9606,10090", True)):
        table = client.get(f"/browse/{query}").text.partition("<table")[2]
        assert ("Homo sapiens" in table) == (">Species<" in table) == is_there, query


def test_a_choice_of_few_values_is_a_link(client: Client) -> None:
    make_interaction(make_protein("P04637", "TP53"), make_protein("Q07812", "BAX"))
    html = client.get("/browse/?q=p0463").text
    url = re.search(r'id="is_tf-true" href="([^"]*)" rel="nofollow">TF <span>1<', html)
    assert url
    html = client.get(url[1].replace("&amp;", "&")).text
    assert accessions(html) == ["P04637"]
    assert (
        'id="is_tf-true" href="/browse/?q=p0463" rel="nofollow" aria-current="true">TF '
        '<span>1</span><span class="visually-hidden">, remove this filter</span></a>' in html
    )
    # The form beside the links passes on what they chose.
    assert '<input type="hidden" name="is_tf" value="true">' in html
    assert '<a class="chip" href="/browse/?q=p0463">TF <span' in html
    html = client.get("/browse/?is_tf=false").text
    assert re.search(r'id="is_tf-false"[^>]* aria-current="true">TF: no <span>1<', html)


def test_empty(client: Client) -> None:
    assert b"No proteins have been imported yet" in client.get("/browse/").content
