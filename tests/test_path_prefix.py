"""A site below a path prefix: no link of any page, answer or form leaves it, and none is dead."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import get_script_prefix, set_script_prefix

from proteins.api.views import SETS
from proteins.models import Ortholog, Protein
from proteins.site.protein import cells
from proteins.templatetags.front_end import url_where_installed
from tests.factories import taxon
from tests.proteins.releases.conftest import fill

pytestmark = pytest.mark.django_db

PREFIX = "/tflink"
HOST = "http://testserver"
#: What is nothing without a parameter, a POST or a release, and the stem of the URLs of recipes.
_DEMANDING = re.compile(r"/autocomplete/|/logout/|/lookup/|/theme/|[?&]release=|/api/v1$")
#: Attributes whose value is a URL, those of htmx and of our scripts among them.
_ATTRIBUTE = re.compile(
    r"""\b(?:href|src|action|hx-get|hx-post|hx-push-url|formaction|data-[a-z-]*(?:url|schema|src|"""
    r"""suggest)[a-z-]*)="([^"]*)\""""
)
_ABSOLUTE = re.compile(rf"{HOST}[^\s\"'<>,)\\]*")


@pytest.fixture
def prefixed(settings: LazySettings, tmp_path: Path) -> Iterator[Client]:
    settings.FORCE_SCRIPT_NAME = PREFIX
    settings.STATIC_URL = f"{PREFIX}/static/"
    settings.RELEASES_DIR = tmp_path / "releases"
    before = get_script_prefix()
    set_script_prefix(f"{PREFIX}/")  # as the server's handler does
    clear = (
        url_where_installed.cache_clear,
        cells._url.cache_clear,
        cells._support_cells.cache_clear,
    )
    for each in clear:
        each()
    yield Client()
    for each in clear:
        each()
    set_script_prefix(before)


def links(page: str, url: str) -> set[str]:
    """The URLs of this host in a page, without fragments."""
    named = {urljoin(url, html.unescape(each)) for each in _ATTRIBUTE.findall(page)}
    named |= set(_ABSOLUTE.findall(html.unescape(page)))
    return {each.partition("#")[0] for each in named if each.startswith(HOST)}


def crawl(client: Client, starts: list[str], most: int) -> dict[str, int]:
    """Visit pages and what they link to, the shapes of URLs once each."""
    waiting = [f"{HOST}{PREFIX}{start}" for start in starts]
    seen: dict[str, int] = {}
    shapes: dict[str, int] = {}
    while waiting and len(seen) < most:
        url = waiting.pop(0)
        if url in seen:
            continue
        parts = urlsplit(url)
        assert parts.path.startswith(f"{PREFIX}/") or parts.path == PREFIX, url
        shape = re.sub(r"[0-9A-Za-z]*[0-9][0-9A-Za-z]*", "0", parts.path)
        shapes[shape] = shapes.get(shape, 0) + 1
        if shapes[shape] > 3 or _DEMANDING.search(url):
            continue
        path = unquote(parts.path).removeprefix(PREFIX)
        answer = client.get(f"{path}?{parts.query}" if parts.query else path)
        seen[url] = answer.status_code
        if answer.status_code in (301, 302):
            waiting.append(urljoin(url, answer["Location"]))
        elif re.match("text/html|application/(json|xml|ld)|text/plain", answer["Content-Type"]):
            waiting += sorted(links(answer.getvalue().decode(), url))
    return seen


def test_no_link_of_the_site_leaves_the_prefix(prefixed: Client) -> None:
    fill()
    ing = Protein.objects.get(accession="Q9UK53")  # an example of the documentation
    Ortholog.objects.create(protein=ing, taxon=taxon("Mm"), identifier="Q9QXV3", in_tflink=True)
    starts = ["/", "/protein/p04637/", "/browse/", "/api/v1/", "/api/v1/docs/", "/sitemap.xml"]
    starts += ["/robots.txt", "/api/v1/docs/using/", "/api/v1/proteins/?page_size=1"]
    visited = crawl(prefixed, starts, 400)
    assert len(visited) > 60
    # Of questions, their bare URLs: the root of the API lists them, and each names what it needs.
    bare = {
        f"{HOST}{PREFIX}/api/v1/{name}/" for name in (*SETS, "enrichment", "loop-counts", "search")
    }
    assert {visited.pop(url) for url in bare} == {400}
    assert {url: status for url, status in visited.items() if status >= 400} == {}


def test_no_link_of_the_desk_leaves_the_prefix(prefixed: Client) -> None:
    fill()
    prefixed.force_login(User.objects.create_superuser("admin"))
    visited = crawl(prefixed, ["/admin/", "/admin/proteins/protein/"], 150)
    assert len(visited) > 40
    assert {url: status for url, status in visited.items() if status >= 400} == {}


def test_paths_in_texts_have_the_prefix(prefixed: Client) -> None:
    robots = prefixed.get("/robots.txt").text
    assert all(f": {PREFIX}/" in line for line in robots.splitlines() if "llow:" in line)
    schema = prefixed.get("/api/v1/schema/?format=json").json()
    assert schema["servers"] == [{"url": PREFIX}]
    using = prefixed.get("/api/v1/docs/using/").text
    assert f"{HOST}{PREFIX}/api/v1" in using
    assert f"{HOST}/api/v1" not in using
    assert prefixed.get("/nowhere/").status_code == 404
    assert f"{PREFIX}/api/v1/" in prefixed.get("/api/v1/nothing/").text
