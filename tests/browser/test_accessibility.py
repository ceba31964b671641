"""Every public page against WCAG 2.2 AA: by axe-core, and what axe-core cannot see.

axe-core is a library from npm (package.json), which the site itself does not use.
"""

from __future__ import annotations

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

AXE = Path(settings.BASE_DIR, "node_modules", "axe-core", "axe.min.js")

pytestmark = pytest.mark.browser

PROTEINS = ["/protein/q9uk53/", "/protein/q06945/", "/protein/q13950/", "/protein/p04637/"]
OTHERS = [
    "/",
    "/browse/",
    "/search/?q=T",
    "/search/?q=nothing",
    "/interaction/Q9UK53-Q07812/",
    "/publication/27924024/",
    "/source/GTRD/",
    "/method/MI:0364/",
    "/species/Hs/",
    "/help/",
    "/sources/",
    "/methods/",
    "/species/",
    "/protein/q9uk53/network/",
    "/protein/q9uk53/?targets-q=x&targets-sort=name",
    "/protein/p99999/",
    "/report/interaction/Q9UK53-Q07812/",
    "/nowhere/",
    "/api/v1/docs/",
    "/api/v1/docs/using/",
    "/downloads/",
    "/downloads/2026.12/",
    "/downloads/2026.12/?species=Hs",
]
_LISTED = "taxon=9606&identifiers=ING1;BAX;TP53;NOSUCH;CDKN1A;BCL2"
LISTS = [
    "/enrichment/",
    f"/enrichment/?{_LISTED}",
    "/analyse/",
    *(
        f"/analyse/?question={name}&at_least=1&{_LISTED}"
        for name in sets.QUESTIONS
        if name != "paths"
    ),
    "/analyse/?question=paths&taxon=9606&identifiers=ING1;BAX&tier=single",
    "/help/statistics/",
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
    """A result about a list of genes that was kept."""
    listed = {"taxon": "9606", "identifiers": "ING1;BAX;TP53;NOSUCH"}
    return str(Client().post("/results/", listed)["Location"])


def _violations(visit: Visit, path: str) -> list[str]:
    page = visit.page
    violations: list[str] = []
    page.goto(visit.base_url + path)
    page.evaluate(FEWER_ROWS)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme, options in (("light", ALL_RULES), ("dark", COLOURS)):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            violations += [
                f"{path} {width} {scheme}: {line}" for line in page.evaluate(RUN, options)
            ]
    return violations


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is missing: npm ci puts it in place")
@pytest.mark.parametrize("paths", [PROTEINS, OTHERS, LISTS], ids=["proteins", "others", "lists"])
def test_axe_finds_nothing(pages: Visit, followed: str, result: str, paths: list[str]) -> None:
    pages.page.context.add_init_script(path=AXE)
    own = [result, f"{result}delete/"] if paths is LISTS else [followed]
    violations = [line for path in [*own, *paths] for line in _violations(pages, path)]
    assert violations == []


def test_no_page_is_wider_than_a_narrow_window(pages: Visit, followed: str, result: str) -> None:
    """1280 pixels at a zoom of 400 %, at 200 %, with letters twice as large, and with the
    spacing of WCAG 1.4.12."""
    page = pages.page
    for path in [followed, result, *PROTEINS, *OTHERS, *LISTS]:
        page.goto(pages.base_url + path)
        for width, change in ((320, None), (640, None), (320, SPACED), (640, ENLARGED)):
            page.set_viewport_size({"width": width, "height": 512})
            if change:
                page.evaluate(change)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (path, width, change, page.evaluate(STICKING_OUT))
