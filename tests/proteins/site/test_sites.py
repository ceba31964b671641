"""The list of binding sites of a region, and what leads to it."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from proteins.models import BindingSite, FormerSiteID
from proteins.queries import site_page
from tests.factories import make_protein, make_site

pytestmark = pytest.mark.django_db

REGION = "chr14:23,670,000-23,680,000"
QUERIES = 6  # one of them for the tag of the page; keys, rows, three for their evidence


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def sites() -> list[BindingSite]:
    tf = make_protein("P04637", "TP53")
    places = [(23_669_000, "chr14"), (23_670_688, "14"), (23_675_000, "chr14"), (100, "chr2")]
    return [
        make_site(
            tf, number, sources=["JASPAR"], assembly="hg38", chromosome=chromosome, start=start,
            end=start + 14, strand="+-"[number % 2],
        )
        for number, (start, chromosome) in enumerate(places)
    ]  # fmt: skip


def listed(client: Client, **query: str) -> list[str]:
    response = client.get("/sites/", query)
    assert response.status_code == 200
    return [row.site.tflink_id for row, _ in response.context["rows"]]


@pytest.mark.usefixtures("sites")
def test_sites_of_a_region(client: Client) -> None:
    assert listed(client, region=REGION) == ["TFLinkLS00000001", "TFLinkLS00000002"]
    assert listed(client, region=REGION, strand="plus") == ["TFLinkLS00000002"]
    assert listed(client, region=REGION, assembly="hg19") == []
    assert listed(client, region="chr2:100") == ["TFLinkLS00000003"]
    # Of the others there is a form alone.
    assert listed(client) == []
    page = client.get("/sites/", {"region": REGION}).content.decode()
    assert "format=gff3" in page
    assert "position=14:23670688-23670702" in page


@pytest.mark.usefixtures("sites")
def test_what_is_no_region(client: Client) -> None:
    page = client.get("/sites/", {"region": "nowhere", "after": "x"})
    assert "is not a region" in page.content.decode()
    assert page.context["rows"] == []


@pytest.mark.usefixtures("sites")
def test_pages_follow_one_another(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_page, "PAGE_SIZE", 1)
    query = {"region": REGION}
    first = client.get("/sites/", query)
    (link,) = first.context["links"]
    second = client.get(link.url)
    assert [row.site.tflink_id for row, _ in second.context["rows"]] == ["TFLinkLS00000002"]
    back = {link.label: link.url for link in second.context["links"]}["Previous"]
    again = client.get(back)
    assert [row.site.tflink_id for row, _ in again.context["rows"]] == ["TFLinkLS00000001"]


def test_a_region_and_an_id_lead_from_the_search_to_their_sites(
    client: Client, sites: list[BindingSite]
) -> None:
    FormerSiteID.objects.create(tflink_id="TFLinkLT0000001", site=sites[2])
    answer = client.get("/search/", {"q": REGION}, follow=True)
    assert len(answer.context["rows"]) == 2
    for text in ("TFLinkLS00000002", "TFLinkLT0000001"):
        answer = client.get("/search/", {"q": text}, follow=True)
        assert [row.site.tflink_id for row, _ in answer.context["rows"]] == ["TFLinkLS00000002"]


@pytest.mark.parametrize("number", [1, 60])
def test_query_count(
    client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tf = make_protein("P04637", "TP53")
    for start in range(1, number + 1):
        make_site(tf, start, chromosome="chr1", start=start, end=start + 9)
    with django_assert_num_queries(QUERIES):
        assert len(listed(client, region="chr1:1-1000")) == min(number, 50)


def test_regions_and_former_ids_in_the_api(client: Client, sites: list[BindingSite]) -> None:
    def api(**query: str) -> list[str]:
        answer = client.get("/api/v1/binding-sites/", query)
        assert answer.status_code == 200, answer.content
        return [site["tflink_id"] for site in answer.json()["results"]]

    FormerSiteID.objects.create(tflink_id="TFLinkLT0000001", site=sites[2])
    assert api(region=REGION) == ["TFLinkLS00000001", "TFLinkLS00000002"]
    assert api(region=REGION, strand="minus", assembly="hg38") == ["TFLinkLS00000001"]
    assert api(region=REGION, tf="P04637", source="ORegAnno") == []
    assert api(tflink_id="TFLinkLT0000001,TFLinkLS00000003") == [
        "TFLinkLS00000002",
        "TFLinkLS00000003",
    ]
    moved = client.get("/api/v1/binding-sites/TFLinkLT0000001/")
    assert (moved.status_code, moved["Location"]) == (
        301,
        "/api/v1/binding-sites/TFLinkLS00000002/",
    )
    assert client.get("/api/v1/binding-sites/TFLinkLT9/").status_code == 404
    assert client.get("/api/v1/binding-sites/", {"region": "chr1:9-1"}).status_code == 400
    assert client.get("/api/v1/binding-sites/", {"strand": "plus"}).status_code == 400
