"""Every public page against WCAG 2.2 AA: by axe-core, and what axe-core cannot see.

The pages are those of the URL configuration, each with content, so that none is left out; then
the states of some. axe-core is a library from npm (package.json), which the site itself does not
use.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.test import Client

from proteins.models import Interaction
from proteins.releases.making import make_release
from proteins.site import sets
from tests.browser.conftest import Visit
from tests.curation.reports.sending import sent
from tests.public_urls import public_urls

AXE = Path(settings.BASE_DIR, "node_modules", "axe-core", "axe.min.js")

pytestmark = pytest.mark.browser

#: What stands for each parameter of a URL.
VALUES = {
    "accession": "q9uk53",
    "begin": "q9uk53",
    "code": "Hs",
    "identifier": "Q9UK53-Q07812",
    "key": "GTRD",
    "kind": "interaction",
    "name": "MI:0364",
    "number": "1",
    "pmid": "27924024",
    "release": "2026.12",
}
#: A file of a release: there is none of the name of a method.
ABSENT = {"/downloads/2026.12/MI:0364"}
#: Its content is that of Swagger UI.
NOT_OURS = {"/api/v1/docs/console/"}
LISTED = "taxon=9606&identifiers=ING1;BAX;TP53;NOSUCH;CDKN1A;BCL2"
#: Other kinds of proteins (a target alone, a hub), lists that are filtered, answers, nothing.
STATES = [
    "/protein/q07812/",
    "/protein/q06945/",
    "/protein/q13950/",
    "/protein/p04637/",
    "/protein/q9uk53/?targets-q=x&targets-sort=name",
    "/protein/q9uk53/network/?side=regulators",
    "/protein/q9uk53/network/?limit=0",
    "/protein/p99999/",
    "/interaction/Q07812-Q9UK53/",
    "/publication/1/",
    "/search/?q=T",
    "/search/?q=nothing",
    "/search/?q=ING1;BAX;TP53",
    "/browse/?taxon=9606&q=T",
    "/browse/?is_tf=true&has_small_scale=false",
    "/protein/q9uk53/?targets-tier=strong,supported",
    "/sites/?region=chr14:1-500",
    f"/enrichment/?{LISTED}",
    *(
        f"/analyse/?question={name}&at_least=1&{LISTED}"
        for name in sets.QUESTIONS
        if name != "paths"
    ),
    "/analyse/?question=paths&taxon=9606&identifiers=ING1;BAX&tier=single",
    "/downloads/2026.12/?species=Hs",
    "/nowhere/",
]
ALL_RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
}
#: What else than colours is the same in the dark.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
#: Of each table its first rows: the others are made alike, and hundreds of them take minutes.
FEWER_ROWS = """() => document.querySelectorAll("tbody").forEach(
    body => [...body.rows].slice(8).forEach(row => row.remove()))"""
RUN = """async options => {
    const found = await axe.run({...options, resultTypes: ["violations"]});
    return found.violations.flatMap(rule => rule.nodes.map(node =>
        `${rule.id}: ${node.html.slice(0, 200)} ${node.failureSummary}`));
}"""
SPACED = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
        word-spacing: 0.16em !important } p { margin-bottom: 2em !important }`);
    document.adoptedStyleSheets = [sheet];
}"""
ENLARGED = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("html { font-size: 200% }");
    document.adoptedStyleSheets = [sheet];
}"""
PLAIN = "() => { document.adoptedStyleSheets = [] }"
#: Largest HTML of a page.
MOST_BYTES = 100 * 1024
#: What sticks out of the page, but for what scrolls in a region that says so.
STICKING_OUT = """() => [...document.querySelectorAll("main *, header *, footer *")]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1
        && !one.closest("[role=region][tabindex], svg, .visually-hidden, .skip-link"))
    .map(one => one.outerHTML.slice(0, 120))"""


@pytest.fixture
def pages(visit: Visit, five_pages: Any, settings: LazySettings, tmp_path: Path) -> Visit:
    settings.RELEASES_DIR = tmp_path / "releases"
    make_release("2026.12")
    return visit


@pytest.fixture
def followed(pages: Visit) -> str:
    """The page where a report is followed that has just been sent."""
    interaction = Interaction.objects.get(tf__accession="Q9UK53", target__accession="Q07812")
    return f"/report/{sent(Client(), interaction).token}/?sent"


@pytest.fixture
def result(pages: Visit) -> str:
    """The token of a result about a list of genes that was kept."""
    listed = {"taxon": "9606", "identifiers": "ING1;BAX;TP53;NOSUCH"}
    return str(Client().post("/results/", listed)["Location"]).split("/")[2]


def pages_of(urls: Iterator[str]) -> list[str]:
    """The URLs that are pages; each is there, so that its content is looked at."""
    pages, absent = [], set()
    for url in urls:
        response = Client().get(url)
        if response.get("Content-Type", "").startswith("text/html"):
            if response.status_code == 200:
                pages.append(url)
            elif response.status_code == 404:
                absent.add(url)
    assert {url for url in absent if not url.startswith("/results/")} == ABSENT
    return [url for url in pages if url not in NOT_OURS]


def _violations(visit: Visit, path: str) -> Iterator[str]:
    page = visit.page
    page.evaluate(FEWER_ROWS)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme, options in (("light", ALL_RULES), ("dark", COLOURS)):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            for line in page.evaluate(RUN, options):
                yield f"{path} {width} {scheme}: {line}"


def _too_wide(visit: Visit, path: str) -> Iterator[str]:
    """1280 pixels at a zoom of 400 %, at 200 %, with letters twice as large, and with the
    spacing of WCAG 1.4.12; then as designed."""
    page = visit.page
    for width, change in (
        (320, None),
        (640, None),
        (320, SPACED),
        (640, ENLARGED),
        (390, PLAIN),
        (1600, None),
        (1280, None),
    ):
        page.set_viewport_size({"width": width, "height": 512})
        if change:
            page.evaluate(change)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            yield f"{path} {width} {change}: {page.evaluate(STICKING_OUT)}"


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is missing: npm ci puts it in place")
def test_every_public_page(pages: Visit, followed: str, result: str) -> None:
    """One browser opens each page once."""
    pages.page.context.add_init_script(path=AXE)
    secrets = {"token": followed.split("/")[2], "secret": result}
    listed = pages_of(public_urls(VALUES | secrets, otherwise="1"))
    assert {f"/results/{result}/", f"/results/{result}/delete/"} < set(listed)
    assert len(listed) > 20
    complaints = []
    for path in [*listed, *STATES]:
        pages.page.emulate_media(color_scheme="light")
        response = pages.page.goto(pages.base_url + path)
        assert response is not None
        assert response.status < 500, path
        if len(response.body()) > MOST_BYTES:
            complaints.append(f"{path} has {len(response.body())} bytes")
        complaints += [*_too_wide(pages, path), *_violations(pages, path)]
    assert not complaints, "\n".join(complaints)
