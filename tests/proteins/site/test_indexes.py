"""The indexes of databases, methods, species and datasets: sorted, filtered and saved."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from proteins import hooks
from proteins.domain.evidence import SmallScale
from proteins.models import ReviewStatus
from proteins.queries.species_counts import supported_by_vocabulary
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db


@pytest.fixture
def interactions(monkeypatch: pytest.MonkeyPatch) -> None:
    """GTRD: 3 interactions of 2 TFs; TRED 2 of 1; ReMap 1 of 1, PAZAR a rejected one."""
    tf, other = make_protein("P04637", "TP53"), make_protein("P38936", "CDKN1A")
    target = make_protein("Q07812", "BAX")
    make_interaction(tf, target, sources=["GTRD", "TRED"], methods=["selex"])
    make_interaction(tf, other, sources=["GTRD", "TRED"], methods=["one hybrid", "selex"])
    make_interaction(other, target, sources=["GTRD"], methods=["one hybrid"])
    yeast = make_protein("P03069", "GCN4", code="Sc")
    make_interaction(yeast, yeast, sources=["ReMap"], methods=[], small_scale=SmallScale.YES)
    make_interaction(yeast, make_protein("P19880", code="Sc"), status=ReviewStatus.REJECTED)
    counted = supported_by_vocabulary()
    counts = hooks.PublicationCounts(timezone.now(), {}, None, None, None, *counted)
    monkeypatch.setattr(hooks, "publication_counts", lambda: counts)


@pytest.mark.usefixtures("interactions")
def test_what_is_counted() -> None:
    sources, methods = supported_by_vocabulary()
    assert sources == {
        "GTRD": {"interactions": 3, "tfs": 2},
        "TRED": {"interactions": 2, "tfs": 1},
        "ReMap": {"interactions": 1, "tfs": 1},
    }
    assert methods == {
        "selex": {"interactions": 2, "tfs": 1},
        "one hybrid": {"interactions": 2, "tfs": 2},
    }


def first_cells(client: Client, url: str) -> list[str]:
    html = client.get(url).content.decode()
    return re.findall(r'<th scope="row"[^>]*><a href="[^"]*">(?:<i>)?([^<]*)', html)


@pytest.mark.usefixtures("interactions")
@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("/sources/", ["GTRD", "ReMap", "TRED"]),
        ("/sources/?sort=-database", ["TRED", "ReMap", "GTRD"]),
        ("/sources/?sort=-interactions", ["GTRD", "TRED", "ReMap"]),
        ("/sources/?sort=interactions", ["ReMap", "TRED", "GTRD"]),
        ("/sources/?sort=-tfs", ["GTRD", "ReMap", "TRED"]),
        ("/sources/?q=re", ["ReMap", "TRED"]),
        ("/sources/?q=nothing", []),
        ("/methods/", ["one hybrid", "selex"]),
        ("/methods/?sort=-tfs", ["one hybrid", "selex"]),
        ("/methods/?sort=tfs", ["selex", "one hybrid"]),
        ("/methods/?q=MI:0657", ["selex"]),
        ("/species/", ["Homo sapiens", "Saccharomyces cerevisiae", "All species"]),
        (
            "/species/?sort=interactions",
            ["Saccharomyces cerevisiae", "Homo sapiens", "All species"],
        ),
        ("/species/?q=sapiens", ["Homo sapiens"]),
    ],
)
def test_orders_and_filters(client: Client, url: str, names: list[str]) -> None:
    assert first_cells(client, url) == names


@pytest.mark.usefixtures("interactions")
def test_heads_are_links(client: Client) -> None:
    html = client.get("/sources/?q=re&sort=-interactions").content.decode()
    head = 'class="number" aria-sort="descending"><a href="/sources/?q=re&amp;sort=interactions">'
    assert f"{head}Interactions" in html
    assert '<a href="/sources/?q=re">Database</a>' in html
    assert html.count("aria-sort") == 1
    assert 'content="noindex"' in html
    assert 'content="noindex"' not in client.get("/sources/").content.decode()
    assert "No order is called “size”" in client.get("/sources/?sort=size").content.decode()


@pytest.mark.usefixtures("interactions")
@pytest.mark.parametrize("kind", ["tsv", "csv"])
def test_files_have_the_same_selection(client: Client, kind: str) -> None:
    html = client.get("/sources/?q=re&sort=-interactions").content.decode()
    link = re.search(rf'<a href="([^"]+)" download rel="nofollow">{kind.upper()}<', html)
    assert link
    response = client.get(unescape(link[1]))
    assert response["Content-Disposition"] == f'attachment; filename="tflink-sources.{kind}"'
    text = response.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter="\t" if kind == "tsv" else ","))
    assert [(row["database"], row["interactions"], row["tfs"]) for row in rows] == [
        ("TRED", "2", "1"),
        ("ReMap", "1", "1"),
    ]
    assert rows[0]["pmid"] == "17202159"


def test_before_any_count(client: Client) -> None:
    assert b"No data have been imported yet" in client.get("/sources/").content
    make_interaction(make_protein("P04637"), make_protein("Q07812"))
    html = client.get("/sources/?sort=-interactions").content.decode()
    assert "not counted yet" in html


@pytest.mark.usefixtures("five_pages")
def test_an_import_counts(client: Client) -> None:
    counted = hooks.publication_counts()
    assert counted is not None
    assert (counted.sources, counted.methods) == supported_by_vocabulary()
    assert "not counted yet" not in client.get("/sources/").content.decode()
