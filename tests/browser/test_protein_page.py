from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from proteins.domain.evidence import SmallScale
from proteins.models import Protein
from tests.browser.conftest import PATIENCE, Visit
from tests.factories import accession, make_interaction, make_protein

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture
def tf(visit: Visit) -> Protein:
    return _make_tf()


def _make_tf() -> Protein:
    """A TF with 30 targets, of which T07 alone is supported on a small scale."""
    tf = make_protein("Q9UK53", "ING1", has_page=True, declared_interactions=636)
    for number in range(30):
        make_interaction(
            tf,
            make_protein(accession(99 - number), f"T{number:02d}", genes=[number + 1]),
            sources=["TRRUST"] if number == 7 else ["GTRD"],
            pmids=range(1, 10) if number == 7 else [27924024],
            small_scale=SmallScale.YES if number == 7 else SmallScale.NO,
        )
    return tf


def _comes_to(page: Page, url: str, caption: str) -> None:
    """Wait for a URL, which changes first, and for the table's caption."""
    page.wait_for_url(f"**{url}#targets")
    page.locator("#targets caption", has_text=caption).wait_for()


def _browse(visit: Visit, *, scripts: bool = True) -> None:
    """Sort, page, filter, and show all again; the URL has each state."""
    page = visit.page
    targets = page.locator("#targets")
    targets.get_by_role("columnheader", name="Target").get_by_role("link").click()
    _comes_to(page, "?targets-sort=name", "A to Z: 1–25")
    visit.expect_names("targets", [f"T{number:02d}" for number in range(25)])
    assert targets.locator("th[aria-sort=ascending]").inner_text().startswith("Target")

    targets.get_by_role("link", name="Next").click()
    _comes_to(page, "?targets-sort=name&targets-page=2", "A to Z: 26–30")
    visit.expect_names("targets", [f"T{number:02d}" for number in range(25, 30)])

    targets.get_by_label("Database", exact=True).select_option("TRRUST")
    if not scripts:  # else it applies as soon as it is chosen
        targets.get_by_role("button", name="Apply").click()
    _comes_to(page, "targets-source=TRRUST**", "that match the filter")
    visit.expect_names("targets", ["T07"])
    tier = targets.get_by_role("link", name="Strong 1")
    tier.click()
    _comes_to(page, "targets-tier=strong**", "that match the filter")
    expect(tier).to_have_attribute("aria-current", "true")
    if scripts:
        expect(tier).to_be_focused()
    targets.get_by_role("link", name="Clear filters").click()
    _comes_to(page, "?targets-sort=name", "A to Z: 1–25")
    visit.expect_first("targets", "T00")


def test_sort_filter_and_page_in_place(visit: Visit, tf: Protein) -> None:
    page = visit.page
    visit.open("/protein/q9uk53/")
    assert page.get_by_role("heading", level=1).inner_text() == "ING1"
    assert page.get_by_text("Only the 30 best-supported of 636 known interactions").is_visible()
    visit.expect_first("targets", "T07")
    assert page.locator("#targets tbody th").nth(1).inner_text() == "T29"
    page.evaluate("window.isTheSamePage = true")
    _browse(visit)
    assert page.evaluate("window.isTheSamePage")

    # What was used keeps the focus; the announcement of the change is in its live region.
    announcement = page.locator("#table-change")
    page.locator("#targets-by-name").press("Enter")
    _comes_to(page, "?targets-sort=-name", "Z to A: 1–25")
    announcement.filter(has_text="Targets of ING1, name, Z to A: 1–25 of 30").wait_for(
        state="attached"
    )
    assert page.evaluate("document.activeElement.id") == "targets-by-name"
    page.locator("#targets").get_by_role("link", name="Next").press("Enter")
    _comes_to(page, "targets-page=2", "Z to A: 26–30")
    announcement.filter(has_text="Z to A: 26–30 of 30").wait_for(state="attached")
    assert page.evaluate("document.activeElement.id") == "targets-heading"

    # Back is a whole page that shows the same, also from another page.
    page.go_back()
    page.locator("caption", has_text="1–25 of 30").wait_for()
    assert not page.evaluate("window.isTheSamePage")
    visit.expect_first("targets", "T29")
    page.get_by_role("link", name="T29", exact=True).click()
    page.wait_for_url("**/protein/p00070/")
    page.go_back()
    page.wait_for_url("**?targets-sort=-name#targets")
    assert page.get_by_role("heading", level=1).inner_text() == "ING1"
    visit.expect_first("targets", "T29")
    assert visit.is_clean


def test_without_javascript(chromium: Browser, vocabulary: None, live_server: LiveServer) -> None:
    context = chromium.new_context(java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    visit = Visit(context.new_page(), live_server.url)
    _make_tf()
    visit.open("/protein/q9uk53/")
    _browse(visit, scripts=False)
    with visit.page.expect_download() as download:
        visit.page.locator("#targets").get_by_role("link", name="TSV").click()
    assert download.value.suggested_filename == "TFLink_targets_of_Q9UK53.tsv"
    lines = download.value.path().read_text().splitlines()
    assert len(lines) == 31
    assert lines[1].startswith("Q9UK53-P00099\t")
    context.close()


def test_a_row_opens_its_evidence_in_place(visit: Visit, tf: Protein) -> None:
    visit.open("/protein/q9uk53/")
    page = visit.page
    opener = page.locator("#targets").get_by_role("button", name="Details:").first
    opener.press("Enter")
    opened = page.locator("#targets tr.opened")
    opened.get_by_role("link", name="9", exact=True).wait_for()
    assert "reports that ING1 regulates T07" in opened.inner_text()
    assert opener.get_attribute("aria-expanded") == "true"
    # No name of a part is twice on the page.
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))
    opener.press("Space")
    opened.wait_for(state="detached")
    assert opener.get_attribute("aria-expanded") == "false"
    assert visit.is_clean


def test_a_term_explains_itself(visit: Visit, tf: Protein) -> None:
    visit.open("/protein/q9uk53/")
    page = visit.page
    definition = page.locator("#term-tier")
    assert not definition.is_visible()
    page.locator("#targets").get_by_role("button", name="Help: Support").click()
    assert "Strong: a small-scale experiment" in definition.inner_text()
    page.keyboard.press("Escape")
    assert not definition.is_visible()
    assert visit.is_clean


def test_by_keyboard_alone(visit: Visit, tf: Protein) -> None:
    page = visit.page
    visit.open("/protein/q9uk53/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Homo sapiens"
    page.locator("#targets").get_by_label("Name or accession").focus()
    page.keyboard.type("t12")
    page.keyboard.press("Enter")
    page.wait_for_url("**targets-q=t12**")
    visit.expect_names("targets", ["T12"])
    assert visit.is_clean


def test_from_the_search_to_the_page(visit: Visit, tf: Protein) -> None:
    page = visit.page
    visit.open("/")
    page.get_by_role("searchbox").fill("ing1")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/protein/q9uk53/")
    visit.follow(page.get_by_role("link", name="Browse"))
    assert page.get_by_role("heading", level=1).inner_text() == "Browse proteins 31"
    page.get_by_role("link", name="TF 1", exact=True).click()
    page.wait_for_url("**/browse/?is_tf=true")
    visit.expect_texts("tbody th", ["ING1"])
    assert page.get_by_role("heading", level=1).inner_text() == "Browse proteins 1"
    page.locator("#id_taxon").select_option("9606")
    # Applied at once, without the fields that are empty.
    page.wait_for_url("**/browse/?is_tf=true&taxon=9606")
    assert visit.is_clean


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_phone(visit: Visit, tf: Protein, scheme: str) -> None:
    page = visit.page
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": 390, "height": 844})
    make_interaction(make_protein("P04637", "W" * 100, genes=range(1, 30)), tf)
    for path in ("/", "/browse/", "/search/?q=T", "/protein/q9uk53/", "/protein/p04637/"):
        visit.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    assert visit.is_clean


def test_script_in_a_name_is_text(visit: Visit) -> None:
    hostile = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>"
    tf = make_protein("P04637", hostile)
    make_interaction(tf, tf, sources=[hostile], methods=[hostile])
    for path in ("/protein/p04637/", "/browse/", "/search/?q=%3Cimg", "/?q=%3Cscript%3E"):
        visit.open(path)
    visit.open("/protein/p04637/?targets-q=%3Cscript%3Ealert(3)%3C/script%3E")
    assert visit.is_clean
