"""The network of a protein: with Cytoscape.js, without JavaScript, on a phone, by keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from proteins.domain.evidence import SmallScale
from proteins.models import Effect, Protein
from tests.browser.conftest import PATIENCE, Visit, wait_until
from tests.factories import accession, make_interaction, make_protein

LIBRARY = Path(settings.BASE_DIR, "node_modules", "cytoscape", "dist", "cytoscape.min.js")

pytestmark = pytest.mark.browser
needs_library = pytest.mark.skipif(
    not LIBRARY.is_file(), reason="Cytoscape.js is missing: npm ci puts it in place"
)
PAGE = "/protein/q9uk53/network/"
HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.fixture
def tf(visit: Visit) -> Protein:
    tf = make_protein("Q9UK53", "ING1")
    for number in range(30):
        other = make_protein(accession(number), f"N{number:02d}")
        make_interaction(*((tf, other) if number % 2 else (other, tf)), effect=Effect(number % 4))
    bax = make_protein("Q07812", "BAX")
    make_interaction(tf, bax, small_scale=SmallScale.YES, effect=Effect.REPRESSION, pmids=[1, 2])
    make_interaction(tf, tf)
    make_interaction(bax, make_protein("P04637", HOSTILE))
    make_interaction(Protein.objects.get(accession="P04637"), tf)
    return tf


def at(visit: Visit, expression: str) -> tuple[float, float]:
    """Where on the screen a thing of the interactive picture is."""
    place = visit.page.evaluate(
        "expression => { const cy = document.getElementById('network-canvas')._cyreg.cy;"
        " const box = cy.container().getBoundingClientRect();"
        " const element = cy.$(expression);"
        " const at = element.isNode() ? element.renderedPosition() : element.renderedMidpoint();"
        " return [box.x + at.x, box.y + at.y]; }",
        expression,
    )
    return place[0], place[1]


@needs_library
def test_choosing_what_is_drawn(visit: Visit, tf: Protein) -> None:
    page = visit.page
    visit.open(PAGE)
    expect(page.locator("#network-canvas canvas").first).to_be_visible()
    expect(page.locator("svg.network-picture")).to_be_hidden()
    about = page.locator("#network-about")
    page.mouse.click(*at(visit, '[label = "BAX"]'))
    expect(about).to_have_text(
        "BAX (Q07812) regulates 1 protein of the picture and is regulated by 1."
    )
    page.mouse.click(*at(visit, "#e0"))
    expect(about).to_have_text(
        "ING1 (Q9UK53) represses BAX (Q07812): small-scale evidence, 2 publications, 1 database "
        "(evidence)."
    )
    about.get_by_role("link", name="evidence").click()
    page.wait_for_url("**/interaction/Q9UK53-Q07812/")
    assert visit.is_clean


@needs_library
def test_arrows_and_signs(visit: Visit, tf: Protein) -> None:
    visit.open(PAGE)
    heads = visit.page.evaluate(
        "() => document.getElementById('network-canvas')._cyreg.cy.edges().map(edge =>"
        " [edge.source().data('label'), edge.target().data('label'),"
        " edge.style('target-arrow-shape'), edge.style('source-arrow-shape'),"
        " edge.style('line-style')].join(' '))"
    )
    assert "ING1 BAX tee none solid" in heads
    assert "N00 ING1 vee none dashed" in heads
    assert "ING1 N01 triangle none dashed" in heads
    assert "ING1 N03 diamond none dashed" in heads
    assert len(heads) == 34


@needs_library
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_png(visit: Visit, tf: Protein, scheme: str) -> None:
    visit.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    visit.open(f"{PAGE}?limit=20")
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="PNG").click()
    assert download.value.suggested_filename == "q9uk53-network-20.png"
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(b"\x89PNG")
    assert len(content) > 20_000
    assert visit.is_clean


@needs_library
def test_by_keyboard_alone(visit: Visit, tf: Protein) -> None:
    page = visit.page
    visit.open(PAGE)
    zoom = "document.getElementById('network-canvas')._cyreg.cy.zoom()"
    before = page.evaluate(zoom)
    page.get_by_role("button", name="Zoom in").press("Enter")
    assert page.evaluate(zoom) > before * 1.2
    page.get_by_role("button", name="Fit").press("Enter")
    assert page.evaluate(zoom) == pytest.approx(before, abs=0.01)
    page.get_by_role("button", name="Static view").press("Enter")
    expect(page.locator("svg.network-picture")).to_be_visible()
    # The drawing's proteins are links, and can be skipped.
    skip = page.get_by_role("link", name="Skip the drawing")
    skip.press("Enter")
    page.wait_for_url("**#network-table")
    page.get_by_role("link", name="BAX (Q07812)").press("Enter")
    page.wait_for_url("**/protein/q07812/")
    assert visit.is_clean


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone(visit: Visit, tf: Protein, scheme: str) -> None:
    page = visit.page
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": 390, "height": 844})
    for path in (PAGE, f"{PAGE}?limit=1", "/protein/q9uk53/", "/protein/p04637/network/"):
        visit.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        # A finger that scrolls must not be caught: the drawing stays until it is requested.
        if path.endswith("network/"):
            assert page.locator("svg.network-picture").is_visible()
    assert visit.is_clean


def test_the_drawing_alone_and_on_the_protein_page(visit: Visit, tf: Protein) -> None:
    page = visit.page
    visit.open("/protein/q9uk53/")
    picture = page.locator("#network img")
    picture.scroll_into_view_if_needed()
    width = "document.querySelector('#network img').naturalWidth"
    wait_until(page, lambda: page.evaluate(width) > 300)
    page.locator("#network a").last.click()
    page.wait_for_url(f"**{PAGE}")
    assert visit.is_clean
    # Without a link in the page, the browser requests a favicon.ico, which is not there.
    visit.open("/protein/q9uk53/network.svg")
    page.locator("a").filter(has_text="BAX").locator("text").click()
    page.wait_for_url("**/protein/q07812/")
    assert not [error for error in visit.errors if "favicon" not in error and "404" not in error]


def test_without_javascript(chromium: Browser, live_server: LiveServer, tf: Protein) -> None:
    context = chromium.new_context(java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(live_server.url + PAGE)
    assert page.locator("svg.network-picture").is_visible()
    assert not page.get_by_role("button", name="PNG").is_visible()
    assert not page.get_by_role("button", name="Interactive view").is_visible()
    assert page.locator("svg.network-picture a").count() == 32
    page.locator("svg.network-picture a").filter(has_text="BAX").locator("text").click()
    page.wait_for_url("**/protein/q07812/")
    context.close()
