"""Parameters that mean nothing, and known ones in another order: the same page, cached once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import pytest
from django.conf import LazySettings
from django.test import Client

from proteins.caching.conditional import CachedResponse, cached_pages, canonical_query
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db
PAGE = "/protein/q9uk53/"
LIST = "/api/v1/interactions/"


@pytest.fixture(autouse=True)
def _pages_are_cached(no_cached_pages: None, settings: LazySettings, db: None) -> Iterator[None]:
    settings.PAGE_CACHE_BYTES = 1_000_000
    cached_pages.clear()
    tf = make_protein("Q9UK53", "ING1", genes=[3621])
    make_interaction(tf, make_protein("Q07812", "BAX"))
    yield
    cached_pages.clear()


@pytest.mark.parametrize("path", [PAGE, "/", "/browse/", "/interaction/Q9UK53-Q07812/"])
def test_junk_neither_misses_nor_fills_the_page_cache(client: Client, path: str) -> None:
    page = client.get(path)
    for query in ("utm_source=mail", "x=1", "x=%00&x=%ff", "=&&x", "fbclid=a&gclid=b"):
        junk = client.get(f"{path}?{query}")
        assert isinstance(junk, CachedResponse)
        assert (junk.content, junk["ETag"]) == (page.content, page["ETag"])
    assert len(cached_pages) == 1


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        (PAGE, ["targets-sort=name", "tfs-q=a", "tfs-sort=accession", "targets-q=", "utm_id=1"]),
        ("/browse/", ["taxon=9606", "sort=-name", "is_tf=true", "sort="]),
        (LIST, ["tf=Q9UK53", "page_size=1", "fields=id"]),
    ],
)
def test_the_order_of_parameters_makes_no_difference(
    client: Client, settings: LazySettings, path: str, parameters: list[str]
) -> None:
    urls = [f"{path}?{'&'.join(order)}" for order in permutations(parameters)]
    settings.PAGE_CACHE_BYTES = 0
    # Each as it is without the cache: that they are one page is no work of the cache's.
    rendered = {client.get(url).content for url in urls[:: len(urls) // 6]}
    assert len(rendered) == 1
    settings.PAGE_CACHE_BYTES = 1_000_000
    assert {client.get(url).status_code for url in urls} == {200}
    assert {client.get(url).content for url in urls[:3]} == rendered
    assert len(cached_pages) == 1


def test_values_of_one_parameter_stay_in_their_order() -> None:
    assert canonical_query("b=2&a=%C3%A9&b=1&a=b") == "a=%C3%A9&a=b&b=2&b=1"
