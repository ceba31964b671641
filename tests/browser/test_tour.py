"""The whole tour of the public pages, by keyboard alone and with JavaScript off: home, search, a
protein and its tables, an interaction, a publication, back, browse, the network, a download, a
report of an error."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from curation.models import Origin, Proposal
from curation.reports import stamp
from proteins.domain.evidence import SmallScale
from proteins.models import Protein
from tests.browser.conftest import PATIENCE, Visit
from tests.factories import accession, make_interaction, make_protein

pytestmark = pytest.mark.browser
#: How often a user presses Tab at most before they give up.
MOST_TABS = 200

#: Whether the focus is where it should be, and what is wrong with it: it has a ring, it is in
#: the window, and nothing (the head of a table that stays on top) lies over it.
FOCUS = """selector => {
    const one = document.activeElement;
    const style = getComputedStyle(one);
    const problems = [];
    if (one.matches(":focus-visible") && one.tagName !== "MAIN" && one.tagName !== "BODY") {
        if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) {
            problems.push("has no ring");
        }
        const seen = [...one.getClientRects()].some(box => {
            const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            return top && (one.contains(top) || one instanceof SVGElement);
        });
        if (!seen && one.clientHeight < innerHeight) problems.push("is hidden or out of sight");
    }
    return [one.matches(selector), problems.map(what => `${one.outerHTML.slice(0, 150)} ${what}`)];
}"""


@pytest.fixture
def tf(vocabulary: None, monkeypatch: pytest.MonkeyPatch) -> Protein:
    """A TF with 30 targets, of which T07 alone is supported on a small scale."""
    monkeypatch.setattr(stamp, "LEAST", 0)  # a browser fills in a form faster than a person
    tf = make_protein("Q9UK53", "ING1", genes=[3621], has_page=True)
    for number in range(30):
        make_interaction(
            tf,
            make_protein(accession(99 - number), f"T{number:02d}", genes=[number + 1]),
            sources=["TRRUST"] if number == 7 else ["GTRD"],
            pmids=[9, 15662138] if number == 7 else [27924024],
            small_scale=SmallScale.YES if number == 7 else SmallScale.NO,
        )
    return tf


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def tab_to(visit: Visit, selector: str, key: str = "Tab") -> None:
    """Press Tab until the focus is on something; it must be seen all the way there."""
    for _ in range(MOST_TABS):
        visit.page.keyboard.press(key)
        is_there, problems = visit.page.evaluate(FOCUS, selector)
        assert problems == [], f"{visit.page.url}, on the way to {selector}"
        if is_there:
            return
    raise AssertionError(f"{key} does not lead to {selector} on {visit.page.url}")


def enter(visit: Visit, selector: str, url: str) -> None:
    tab_to(visit, selector)
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url(url)


def test_by_keyboard_alone(visit: Visit, tf: Protein) -> None:
    page, key = visit.page, visit.page.keyboard
    visit.open("/")
    tab_to(visit, ".skip-link")
    tab_to(visit, "#search-q")
    key.type("ing1")
    key.press("Enter")
    page.wait_for_url("**/protein/q9uk53/")

    key.press("Tab")
    key.press("Enter")  # past header and search, to the content
    enter(visit, "#targets thead a[href*='sort=name']", "**targets-sort=name**")
    page.locator("#targets th[aria-sort]", has_text="Target").wait_for()
    visit.expect_first("targets", "T00")
    enter(visit, "#targets .pager a[href*='page=2']", "**targets-page=2**")
    page.locator("#targets caption", has_text="26–30 of 30").wait_for()
    visit.expect_names("targets", [f"T{number:02d}" for number in range(25, 30)])
    tab_to(visit, "#targets tbody a", key="Shift+Tab")
    tab_to(visit, "[name='targets-q']", key="Shift+Tab")
    key.type("t07")
    key.press("Enter")
    page.wait_for_url("**targets-q=t07**")
    page.locator("#targets caption", has_text="of 1").wait_for()
    visit.expect_names("targets", ["T07"])

    tab_to(visit, "#targets a.more")
    key.press("Enter")
    page.locator("#targets .opened").wait_for()
    enter(visit, ".opened p a[href^='/interaction/']", "**/interaction/Q9UK53-**")
    assert heading(page).endswith("T07")
    enter(visit, "main a[href='/publication/15662138/']", "**/publication/15662138/")
    assert heading(page) == "PMID 15662138"
    page.go_back()  # the browser's own key, which one without a window lacks
    assert heading(page).endswith("T07")

    enter(visit, ".site-header a[href='/browse/']", "**/browse/")
    tab_to(visit, "#is_tf-true")
    key.press("Enter")
    page.wait_for_url("**is_tf=**")
    visit.expect_texts("tbody th", ["ING1"])
    enter(visit, "tbody a[href='/protein/q9uk53/']", "**/protein/q9uk53/")
    enter(visit, "main a[href$='/network/']", "**/network/")
    tab_to(visit, "a[download][href*='.sif']")
    with page.expect_download() as download:
        key.press("Enter")
    assert download.value.suggested_filename.endswith(".sif")

    enter(visit, "main a[href='/protein/q9uk53/']", "**/protein/q9uk53/")
    enter(visit, "a[href='/report/protein/Q9UK53/']", "**/report/**")
    tab_to(visit, "[type='radio']")
    key.press("Space")
    tab_to(visit, "textarea")
    key.type("The name of this gene is ING1b.")
    tab_to(visit, ".report-form button")
    key.press("Enter")
    page.get_by_text("The curators have your report.").wait_for()
    assert Proposal.objects.get().origin == Origin.PUBLIC
    assert visit.is_clean


@pytest.fixture
def without_scripts(chromium: Browser, live_server: LiveServer) -> Iterator[Visit]:
    context = chromium.new_context(java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    yield Visit(context.new_page(), live_server.url)
    context.close()


def test_with_javascript_off(without_scripts: Visit, tf: Protein) -> None:
    visit, page = without_scripts, without_scripts.page
    visit.open("/")
    page.get_by_role("searchbox").fill("ing1")
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_url("**/protein/q9uk53/")
    targets = page.locator("#targets")
    visit.follow(targets.get_by_role("columnheader", name="Target").get_by_role("link"))
    visit.expect_first("targets", "T00")
    visit.follow(targets.get_by_role("link", name="Next"))
    visit.expect_names("targets", [f"T{number:02d}" for number in range(25, 30)])
    targets.locator("[name='targets-q']").fill("t07")
    targets.locator("[name='targets-q']").press("Enter")
    page.wait_for_url("**targets-q=t07**")
    visit.expect_names("targets", ["T07"])

    visit.follow(targets.locator("a[href^='/interaction/']").first)
    assert heading(page).endswith("T07")
    visit.follow(page.locator("#publications a[href='/publication/15662138/']"))
    assert heading(page) == "PMID 15662138"
    page.go_back()
    assert heading(page).endswith("T07")
    visit.follow(page.locator(".site-header").get_by_role("link", name="Browse"))
    page.locator("#is_tf-true").click()
    page.wait_for_url("**is_tf=**")
    visit.expect_texts("tbody th", ["ING1"])
    visit.follow(page.locator("tbody").get_by_role("link", name="ING1"))
    visit.follow(page.locator("main a[href$='/network/']").first)
    assert page.locator("svg.network-picture a[data-n]").count() == 30
    with page.expect_download() as download:
        page.locator("a[download][href*='.sif']").click()
    assert download.value.suggested_filename.endswith(".sif")

    visit.follow(page.locator(".crumbs").get_by_role("link", name="ING1"))
    visit.follow(page.get_by_role("link", name="Report an error"))
    page.get_by_role("radio").first.check()
    page.locator("textarea").fill("The name of this gene is ING1b.")
    visit.follow(page.get_by_role("button", name="Send the report"))
    assert page.get_by_text("The curators have your report.").is_visible()
    assert Proposal.objects.get().origin == Origin.PUBLIC
    assert visit.is_clean
