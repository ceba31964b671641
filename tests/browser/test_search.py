"""Suggestions below a search box: by keys, by mouse, without library, without JavaScript."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Route, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import PATIENCE, Visit
from tests.factories import make_protein

LIBRARY = Path(settings.BASE_DIR, "node_modules", "@github", "combobox-nav", "dist", "index.js")

pytestmark = pytest.mark.browser
needs_library = pytest.mark.skipif(
    not LIBRARY.is_file(), reason="@github/combobox-nav is missing: npm ci puts it in place"
)


@pytest.fixture
def proteins(visit: Visit) -> None:
    make_protein("Q9UK53", "ING1", genes=[3621])
    make_protein("Q9H160", "ING2")
    make_protein("P0C0S8", "<img src=x onerror=alert(1)>")


@needs_library
def test_by_keyboard(visit: Visit, proteins: None) -> None:
    page = visit.page
    visit.open("/")
    box = page.locator("#search-q")
    page.locator("#search-q").press_sequentially("ing")
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options).to_have_text(["ING1 Q9UK53, Homo sapiens", "ING2 Q9H160, Homo sapiens"])
    expect(page.get_by_role("search").get_by_role("status")).to_have_text(
        "2 suggestions; up and down arrows choose"
    )
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    box.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    chosen = options.nth(1).get_attribute("id")
    expect(box).to_have_attribute("aria-activedescendant", str(chosen))
    expect(box).to_be_focused()
    # Escape closes the list, and leaves what was typed.
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("ing")
    box.press_sequentially("2")
    expect(options).to_have_count(1)
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/protein/q9h160/")
    # Nothing chosen: Enter searches, from the header of any page.
    page.locator("#header-q").press_sequentially("in")
    expect(page.get_by_role("listbox", name="Suggestions").get_by_role("option")).to_have_count(2)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=in")
    assert visit.is_clean


@needs_library
def test_a_library_that_comes_after_the_answer(visit: Visit, proteins: None) -> None:
    page = visit.page
    held: list[Route] = []
    page.route("**/vendor/combobox-nav/**", lambda route: held.append(route))
    visit.open("/")
    with page.expect_response("**/suggestions/**"):
        page.locator("#search-q").press_sequentially("ing")
    (library,) = held
    library.continue_()
    expect(page.get_by_role("listbox", name="Suggestions").get_by_role("option")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/protein/q9uk53/")
    assert visit.is_clean


@needs_library
def test_by_mouse_and_what_names_hold(visit: Visit, proteins: None) -> None:
    page = visit.page
    page.set_viewport_size({"width": 390, "height": 844})
    visit.open("/browse/")
    page.locator("#header-q").press_sequentially("<img")
    option = page.locator(".suggestion")
    expect(option).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    option.click()
    page.wait_for_url("**/protein/p0c0s8/")
    assert visit.is_clean


def test_without_the_library(visit: Visit, proteins: None) -> None:
    page = visit.page
    page.route("**/vendor/combobox-nav/**", lambda route: route.abort())
    visit.open("/")
    page.locator("#search-q").press_sequentially("ing")
    expect(page.get_by_role("search").get_by_role("status")).to_have_text(
        "2 suggestions; Tab leads to them"
    )
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator(".suggestion").nth(1)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#search-q")).to_be_focused()
    expect(page.locator(".suggestions").first).to_be_hidden()


def test_without_an_answer_or_javascript(
    visit: Visit, chromium: Browser, live_server: LiveServer, proteins: None
) -> None:
    visit.page.route("**/suggestions/**", lambda route: route.abort())
    visit.open("/")
    visit.page.locator("#search-q").press_sequentially("ing2")
    visit.page.wait_for_timeout(400)
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/protein/q9h160/")
    context = chromium.new_context(java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{live_server.url}/")
    page.locator("#search-q").fill("3621")
    page.keyboard.press("Enter")
    page.wait_for_url("**/protein/q9uk53/")
    context.close()
