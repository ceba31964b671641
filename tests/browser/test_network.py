"""The network of a protein: pointed at, by keyboard, with Cytoscape.js, without JavaScript, on a
phone."""

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


def bright(visit: Visit) -> int:
    """How many edges are highlighted."""
    return visit.page.locator(".is-focused .net-line path.near").count()


def test_what_is_pointed_at_or_focused_has_its_edges_highlighted(visit: Visit, tf: Protein) -> None:
    page = visit.page
    visit.open(PAGE)
    about = page.locator("#network-about")
    expect(about).to_contain_text("34 of 34 edges are drawn")
    page.locator("a[data-n] text", has_text="BAX").hover()
    expect(about).to_have_text(
        "BAX (Q07812) regulates 1 protein of the drawing and is regulated by 1."
    )
    assert bright(visit) == 2
    page.mouse.move(2, 2)
    expect(about).to_contain_text("34 of 34 edges are drawn")
    assert bright(visit) == 0
    page.get_by_role("link", name="N01 (P00001)").focus()
    assert bright(visit) == 1
    page.keyboard.press("Escape")
    assert bright(visit) == 0
    # An edge leads to its evidence.
    path = page.locator(".net-line.net-repression[data-tier=strong] path").first
    path.dispatch_event("click")
    expect(about).to_contain_text(
        "ING1 (Q9UK53) represses BAX (Q07812), support: strong (evidence)."
    )
    about.get_by_role("link", name="evidence").click()
    page.wait_for_url("**/interaction/Q9UK53-Q07812/")
    assert visit.is_clean


def test_a_neighbour_is_expanded_in_place(visit: Visit, tf: Protein) -> None:
    """By keyboard: the focus stays, the URL has the state, and one can go back."""
    page = visit.page
    bax = Protein.objects.get(accession="Q07812")
    for number in range(40, 43):
        make_interaction(bax, make_protein(accession(number), f"FAR{number}"))
    visit.open(PAGE)
    page.evaluate("window.scrollTo(0, 300); window.isSamePage = true")
    page.get_by_role("link", name="Expand BAX").press("Enter")
    expect(page.get_by_role("link", name="FAR42")).to_have_count(2)
    expect(page.get_by_role("link", name="Collapse BAX")).to_be_focused()
    assert page.url.endswith("?expand=Q07812")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Expand BAX")).to_be_focused()
    page.go_back()
    expect(page.get_by_role("link", name="Collapse BAX")).to_be_visible()
    assert page.evaluate("window.isSamePage")
    assert visit.is_clean


@needs_library
def test_nodes_are_rearranged_with_the_library(visit: Visit, tf: Protein) -> None:
    visit.open(PAGE)
    page = visit.page
    assert not page.evaluate("typeof cytoscape === 'function'"), "before it is wanted"
    page.get_by_role("button", name="Rearrange nodes").click()
    expect(page.locator("#network-canvas canvas").first).to_be_visible()
    expect(page.locator("svg.network-picture")).to_be_hidden()
    heads = page.evaluate(
        "() => document.getElementById('network-canvas')._cyreg.cy.edges().map(edge =>"
        " [edge.source().data('label'), edge.target().data('label'),"
        " edge.style('target-arrow-shape'), edge.style('source-arrow-shape'),"
        " edge.style('width')].join(' '))"
    )
    assert "ING1 BAX tee none 2.5px" in heads
    assert "N00 ING1 vee none 1px" in heads
    assert "ING1 N01 triangle none 1px" in heads
    assert "ING1 N03 diamond none 1px" in heads
    assert len(heads) == 34
    page.get_by_role("button", name="Back to the drawing").press("Enter")
    expect(page.locator("svg.network-picture")).to_be_visible()
    assert visit.is_clean


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


def test_by_keyboard_alone(visit: Visit, tf: Protein) -> None:
    page = visit.page
    visit.open(PAGE)
    width = "document.getElementById('network-picture').getBoundingClientRect().width"
    before = page.evaluate(width)
    page.get_by_role("button", name="Zoom in").press("Enter")
    assert page.evaluate(width) == pytest.approx(before * 1.25, abs=1)
    page.get_by_role("button", name="Actual size").press("Enter")
    assert page.evaluate(width) == pytest.approx(before, abs=1)
    # The drawing's proteins are links, and can be skipped.
    skip = page.get_by_role("link", name="Skip the drawing")
    skip.press("Enter")
    page.wait_for_url("**#network-table")
    page.locator("a[data-n]", has_text="BAX").press("Enter")
    page.wait_for_url("**/protein/q07812/")
    assert visit.is_clean


def test_labels_do_not_overlap_and_targets_are_large_enough(visit: Visit, tf: Protein) -> None:
    """In the typeface that the reader has: the layout reckons with widths."""
    for number in range(60, 230):
        make_interaction(tf, make_protein(accession(number), f"WIDE-NAME{number}"))
    visit.open(f"{PAGE}?limit=200")
    small, overlapping = visit.page.evaluate(
        """() => {
          const boxes = (selector) => [...document.querySelectorAll(selector)]
            .map((each) => each.getBoundingClientRect());
          const texts = boxes(".net-cast text");
          const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0
            && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 5;
          return [
            boxes("svg.network-picture a")
              .filter((box) => box.width < 24 || box.height < 24).length,
            texts
              .filter((one, place) => texts.slice(place + 1).some((other) => meet(one, other)))
              .length,
          ];
        }"""
    )
    assert (small, overlapping) == (0, 0)


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


def test_buttons_that_the_script_shows_have_their_room_before(visit: Visit, tf: Protein) -> None:
    page = visit.page
    page.set_viewport_size({"width": 390, "height": 844})
    visit.open(PAGE)
    buttons = page.locator("#network-buttons")
    expect(buttons).to_be_visible()
    top = "document.querySelector('figure.network').getBoundingClientRect().top"
    shown = page.evaluate(top)
    buttons.evaluate("one => one.hidden = true")
    expect(buttons).to_be_hidden()
    assert page.evaluate(top) == shown


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
    assert not page.get_by_role("button", name="Rearrange nodes").is_visible()
    assert page.locator("svg.network-picture a").count() == 2 * 32
    page.get_by_role("link", name="Expand BAX").click()
    page.wait_for_url("**?expand=Q07812")
    page.get_by_role("link", name="Collapse BAX").click()
    page.wait_for_url(f"**{PAGE}")
    page.locator("svg.network-picture a").filter(has_text="BAX").locator("text").click()
    page.wait_for_url("**/protein/q07812/")
    context.close()
