"""Results and suggestions are cached in a room of their own, whatever is typed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.db import DEFAULT_DB_ALIAS
from django.http import HttpResponseBase
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from curation.actions import amend_protein
from proteins.caching.conditional import (
    SEARCHES,
    CachedResponse,
    _caches,
    cached_pages,
    forget_pages,
)
from proteins.models import Protein
from tests.curation.people import make_person
from tests.factories import make_protein

pytestmark = pytest.mark.django_db
SEARCH, SUGGESTIONS = "/search/", "/search/suggestions/"
searches = _caches[DEFAULT_DB_ALIAS, SEARCHES]


@pytest.fixture(autouse=True)
def _searches_are_cached(no_cached_pages: None, settings: LazySettings) -> Iterator[None]:
    settings.PAGE_CACHE_BYTES = 4_000_000
    yield
    forget_pages()


@pytest.fixture(autouse=True)
def named(db: None) -> Protein:
    make_protein("Q07812", "BAXTER")
    return make_protein("Q9UK53", "BAX", genes=[3621])


def searched(client: Client, text: str, url: str = SEARCH, **others: str) -> HttpResponseBase:
    return client.get(url, {"q": text, **others})


def is_cached(response: HttpResponseBase) -> bool:
    return isinstance(response, CachedResponse)


@pytest.mark.parametrize("url", [SEARCH, SUGGESTIONS])
def test_the_second_search_takes_one_query(
    client: Client, url: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = searched(client, "ba", url)
    with django_assert_num_queries(1):
        second = searched(client, "ba", url)
    assert is_cached(second)
    assert not is_cached(first)
    assert second.content == first.content
    for name in ("Cache-Control", "Content-Type", "ETag"):
        assert second[name] == first[name]
    tagged = client.get(url, {"q": "ba"}, headers={"If-None-Match": first["ETag"]})
    assert tagged.status_code == 304


@pytest.mark.parametrize("url", [SEARCH, SUGGESTIONS])
def test_a_write_shows_at_once(client: Client, named: Protein, url: str) -> None:
    searched(client, "ba", url)
    amend_protein(user=make_person("editor"), protein=named, values={"name": "BAK1"})
    assert b"BAK1" in searched(client, "ba", url).content


@pytest.mark.parametrize("text", [" ba", "ba ", "  ba  ", "b\u200ba", "\ufeffba"])
def test_blanks_and_what_is_invisible_make_no_other_page(client: Client, text: str) -> None:
    first = searched(client, "ba")
    again = searched(client, text)
    assert is_cached(again)
    assert again.content == first.content


def test_each_line_of_a_list_is_an_identifier_still(client: Client) -> None:
    searched(client, "BAX BAXTER")
    assert b"A list of 2 identifiers" in searched(client, "BAX\nBAXTER").content


def test_a_page_shows_the_text_as_it_was_typed(client: Client) -> None:
    for text in ("ba", "BA", "Ba", "bA", "ba", "Ba"):
        assert f"“<bdi>{text}</bdi>”" in searched(client, text).content.decode()


def test_spellings_take_three_places_at_most(client: Client) -> None:
    for number in range(64):
        bits = zip("baxxer", f"{number:06b}", strict=True)
        searched(client, "".join(a.upper() if bit == "1" else a for a, bit in bits))
    assert len(searches) == 3
    for text in ("baxxer", "BAXXER"):
        assert is_cached(searched(client, text))


def test_junk_drives_out_no_page(client: Client, settings: LazySettings) -> None:
    settings.PAGE_CACHE_BYTES = 400_000
    client.get("/browse/")
    for number in range(40):
        for _ in range(2):
            searched(client, f"junk {number}")
    assert is_cached(client.get("/browse/"))
    assert 0 < searches.size <= settings.PAGE_CACHE_BYTES // SEARCHES.parts
    assert len(cached_pages) == 1


def test_the_species_is_a_part_of_the_search_wherever_it_comes_from(client: Client) -> None:
    make_protein("P02340", "BAX", code="Mm")
    everything = searched(client, "ba")
    mouse = searched(client, "ba", taxon="10090")
    assert mouse.cookies["species"].value == "10090"
    assert mouse.content != everything.content
    # By the cookie, now; the page is the same and sets none.
    remembered = searched(client, "ba")
    assert is_cached(remembered)
    assert remembered.content == mouse.content
    assert not remembered.cookies
    every = searched(client, "ba", taxon="all")
    assert every.content == everything.content
    assert every.cookies["species"].value == ""


def test_who_may_be_logged_in_has_pages_of_their_own(client: Client) -> None:
    searched(client, "ba")
    client.force_login(make_person("curator"))
    assert not is_cached(searched(client, "ba"))
    assert len(searches) == 1


def test_what_is_refused_is_not_cached(client: Client) -> None:
    for _ in range(2):
        assert not is_cached(searched(client, "ba", taxon="1"))
        assert not is_cached(searched(client, "a\x00b"))
    assert len(searches) == 0
