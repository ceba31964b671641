"""The interactions of a database, method or publication: in every order, paged, as files."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from proteins.domain.evidence import SmallScale
from proteins.models import Interaction, ReviewStatus
from proteins.queries import publication_page, supported_interactions
from proteins.site import records
from tests.factories import accession, make_interaction, make_protein

pytestmark = pytest.mark.django_db
PAGE = 4
URL = "/source/GTRD/"


@pytest.fixture
def pairs(monkeypatch: pytest.MonkeyPatch) -> list[Interaction]:
    """Eleven interactions of three TFs, one without a name, with few numbers of publications."""
    for module in (supported_interactions, records):
        monkeypatch.setattr(module, "PAGE_SIZE", PAGE)
    tfs = [make_protein(accession(number), name) for number, name in enumerate(("b", "", "A"))]
    names = ("x", "C", "", "y")
    targets = [make_protein(accession(10 + number), name) for number, name in enumerate(names)]
    rows = []
    for number, tf in enumerate(tfs):
        for other, target in enumerate(targets):
            scale = SmallScale.YES if (number + other) % 3 == 0 else SmallScale.NO
            pmids = list(range(1, 1 + (number + 2 * other) % 3))
            rows.append(make_interaction(tf, target, pmids=pmids, small_scale=scale))
    rows[5].status = ReviewStatus.REJECTED
    rows[5].save(update_fields=["status"])
    return [row for row in rows if row.status != ReviewStatus.REJECTED]


def key_of(row: Interaction) -> str:
    return f"{row.tf.accession}-{row.target.accession}"


def by_name(protein: Any) -> tuple[bool, str, str]:
    return (not protein.name, protein.name.lower(), protein.accession)


def sorted_rows(rows: list[Interaction], order: str) -> list[str]:
    """What the page must show, by the definition of the order."""
    down = order.startswith("-")
    first, other = ("target", "tf") if "target" in order else ("tf", "target")
    rows = sorted(rows, key=lambda row: by_name(getattr(row, other)))
    if "publications" in order:
        rows = sorted(rows, key=lambda row: by_name(row.target))
        rows = sorted(rows, key=lambda row: by_name(row.tf))
        rows.sort(key=lambda row: row.evidence.citation_count, reverse=down)
    else:
        rows.sort(key=lambda row: by_name(getattr(row, first))[1:], reverse=down)
        rows.sort(key=lambda row: not getattr(row, first).name)
    return [key_of(row) for row in rows]


def walk(client: Client, url: str, follow: Callable[[str], str]) -> list[list[str]]:
    pages = []
    while url:
        html = client.get(url).content.decode()
        pages.append(re.findall(r'<th scope="row"[^>]*><a href="/interaction/([^/]+)/"', html))
        url = follow(html)
    return pages


def flat(pages: list[list[str]]) -> list[str]:
    return [one for page in pages for one in page]


def to_next(html: str) -> str:
    match = re.search(r'<a href="([^"#]*)#interactions">Next<', html)
    return unescape(match[1]) if match else ""


@pytest.mark.parametrize(
    "order", ["tf", "-tf", "target", "-target", "publications", "-publications"]
)
def test_orders(client: Client, pairs: list[Interaction], order: str) -> None:
    wanted = sorted_rows(pairs, order)
    pages = walk(client, f"{URL}?sort={order}", to_next)
    assert [len(page) for page in pages] == [4, 4, 3]
    assert flat(pages) == wanted


def test_weakest_support_first(client: Client, pairs: list[Interaction]) -> None:
    strongest = flat(walk(client, URL, to_next))
    weakest = walk(client, f"{URL}?sort=support", to_next)
    assert len(strongest) == len(pairs)
    assert flat(weakest) == strongest[::-1]
    second = client.get(f"{URL}?sort=support").context["links"][-1].url

    def to_previous(html: str) -> str:
        match = re.search(r'<a href="([^"#]*)#interactions">Previous<', html)
        return unescape(match[1]) if match else ""

    assert walk(client, second, to_previous) == [weakest[1], weakest[0]]


def test_heads_and_files(client: Client, pairs: list[Interaction]) -> None:
    html = client.get(f"{URL}?tier=single").content.decode()
    head = (
        'aria-sort="descending"><a href="/source/GTRD/?tier=single&amp;sort=support#interactions">'
    )
    assert head in html
    assert html.count("aria-sort") == 1
    html = client.get(f"{URL}?tier=single&sort=tf").content.decode()
    assert re.search(r'aria-sort="ascending"><a href="[^"]*sort=-tf[^"]*">Interaction', html)
    assert 'columnheader"><a href="/source/GTRD/?tier=single#interactions">Support' in html
    assert html.count("aria-sort") == 1
    assert "TF, A to Z" in html
    match = re.search(r'as a file: <a href="([^"]+)" rel="nofollow">TSV</a>', html)
    assert match
    lines = client.get(unescape(match[1])).getvalue().decode().splitlines()
    shown = {key_of(row) for row in pairs if row.evidence.tier == 0}
    assert {"-".join(line.split("\t")[:2]) for line in lines[1:]} == shown


def test_too_many_are_listed_by_support(
    client: Client, pairs: list[Interaction], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (supported_interactions, publication_page, records):
        if hasattr(module, "COUNTED"):
            monkeypatch.setattr(module, "COUNTED", 10)
    html = client.get(f"{URL}?sort=tf").content.decode()
    assert "More than 10 interactions are listed by support only." in html
    assert flat(walk(client, f"{URL}?sort=tf", lambda _: "")) == (
        flat(walk(client, URL, lambda _: ""))
    )
    assert "sort=publications" not in html
    assert '<option value="tf"' not in html
    assert "More than" not in client.get(f"{URL}?sort=support").content.decode()


def test_a_publication_of_very_many_is_listed_by_support(
    client: Client, pairs: list[Interaction], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their number is known from arrays, which makes sorting them no cheaper."""
    url = "/publication/1/"
    few = client.get(f"{url}?sort=tf").text
    assert 'aria-sort="ascending"' in few
    assert "too many to be sorted" not in few
    monkeypatch.setattr(publication_page, "MOST_SORTED", 2)
    many = client.get(f"{url}?sort=tf").text
    assert "interactions are listed by support only." in many
    assert "too many to be sorted by another column than support" in many
    assert 'aria-sort="ascending"' not in many


def test_a_page_that_is_not_there(client: Client, pairs: list[Interaction]) -> None:
    html = client.get(f"{URL}?sort=tf&page=9").content.decode()
    assert "There are no more interactions." in html
    assert "This page does not exist" in client.get(f"{URL}?sort=tf&page=x").content.decode()
