"""The theme of a reader is in the page that comes, and in nobody else's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from proteins.caching.conditional import cached_pages
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db

PAGE = "/protein/q9uk53/"
PRESSED = 'value="{}" aria-pressed="true"'


@pytest.fixture(autouse=True)
def _pages_are_cached(no_cached_pages: None, settings: LazySettings) -> Iterator[None]:
    settings.PAGE_CACHE_BYTES = 1_000_000
    cached_pages.clear()
    make_interaction(make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX"))
    yield
    cached_pages.clear()


def reader_of(theme: str) -> Client:
    """A browser in which a theme was chosen on a page of a protein."""
    client = Client()
    response = client.post(
        "/theme/", {"theme": theme}, headers={"referer": f"http://testserver{PAGE}"}
    )
    assert (response.status_code, response["Location"]) == (302, f"http://testserver{PAGE}")
    return client


def theme_in(html: str) -> str:
    """The theme that a page is in, which all its marks agree on."""
    themes = ("light", "dark", "system")
    (pressed,) = (theme for theme in themes if PRESSED.format(theme) in html)
    is_system = pressed == "system"
    assert (f'data-theme="{pressed}"' in html) is not is_system
    scheme = "light dark" if is_system else pressed
    assert f'<meta name="color-scheme" content="{scheme}">' in html
    assert html.count('aria-pressed="true"') == html.count("data-theme") + is_system == 1
    return pressed


@pytest.mark.parametrize("url", [PAGE, "/", "/nowhere/", "/search/?q=nothing", "/help/"])
def test_every_page_is_in_the_theme_of_its_reader(url: str) -> None:
    system, light, dark = Client(), reader_of("light"), reader_of("dark")
    for _ in range(2):  # rendered, and cached
        for client, theme in ((dark, "dark"), (system, "system"), (light, "light")):
            page = client.get(url)
            assert theme_in(page.text) == theme
            assert "Cookie" in page["Vary"]


def test_themes_share_a_cached_page(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    Client().get(PAGE)
    for theme in ("light", "dark"):
        reader = reader_of(theme)
        with django_assert_num_queries(1):
            page = reader.get(PAGE)
        assert theme_in(page.text) == theme
        assert page["Content-Length"] == str(len(page.content))
    assert len(cached_pages) == 1


def test_a_tag_is_that_of_one_theme() -> None:
    readers = [Client(), reader_of("light"), reader_of("dark")]
    tags = [reader.get(PAGE)["ETag"] for reader in readers]
    assert len(set(tags)) == 3
    for place, reader in enumerate(readers):
        statuses = [reader.get(PAGE, headers={"If-None-Match": tag}).status_code for tag in tags]
        assert statuses == [304 if other == place else 200 for other in range(3)]
        make_protein(f"P0000{place}")  # the state is another, the page the same
        again = reader.get(PAGE, headers={"If-None-Match": tags[place]})
        assert (again.status_code, again["ETag"]) == (304, tags[place])


def test_a_reader_of_a_theme_may_get_a_page_as_it_was(settings: LazySettings) -> None:
    settings.PAGE_STALE_SECONDS = 300
    reader = reader_of("dark")
    reader.get(PAGE)
    make_interaction(make_protein("P04637", "TP53"), make_protein("P99999", "CYCS"))
    page = reader.get(PAGE)
    assert type(page).__name__ == "CachedResponse"
    assert theme_in(page.text) == "dark"


def test_the_system_is_chosen_by_forgetting() -> None:
    client = reader_of("dark")
    cookie = client.cookies["theme"]
    assert (cookie["samesite"], cookie["httponly"], cookie["path"]) == ("Lax", True, "/")
    client.post("/theme/", {"theme": "system"})
    assert theme_in(client.get(PAGE).text) == "system"
    client.cookies["theme"] = '"><script>'
    assert theme_in(client.get(PAGE).text) == "system"


@pytest.mark.parametrize("referrer", ["https://elsewhere.example/x", "//elsewhere.example", ""])
def test_the_way_back_stays_on_the_site(client: Client, referrer: str) -> None:
    response = client.post("/theme/", {"theme": "dark"}, headers={"referer": referrer})
    assert response["Location"] == "/"


def test_pictures_follow_the_theme() -> None:
    for theme, media in (
        ("system", "screen and (prefers-color-scheme: dark)"),
        ("light", "not all"),
        ("dark", "screen"),
    ):
        assert f'<source media="{media}"' in reader_of(theme).get(PAGE).text


def test_no_other_theme_is_set(client: Client) -> None:
    response = client.post("/theme/", {"theme": "pink"})
    assert (response.status_code, len(response.cookies)) == (400, 0)
    assert client.get("/theme/").status_code == 405
