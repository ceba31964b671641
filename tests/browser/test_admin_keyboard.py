"""The desk without a mouse: to the content, through search and filters, to a record, to its
public page and back."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from proteins.models import Interaction, Protein
from tests.browser.conftest import Visit
from tests.curation.people import make_person
from tests.factories import accession, make_interaction, make_protein

pytestmark = pytest.mark.browser
#: How often a user presses Tab at most before they give up.
MOST_TABS = 70


@pytest.fixture
def desk(visit: Visit) -> Visit:
    """The browser of a senior curator, and 60 proteins that one regulates."""
    tf = make_protein("Q9UK53", "ING1")
    for number in range(60):
        make_interaction(tf, make_protein(accession(number), f"T{number:02d}"))
    client = Client()
    client.force_login(make_person("ann"))
    name = settings.SESSION_COOKIE_NAME
    visit.page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": visit.base_url}]
    )
    return visit


def tab_to(desk: Visit, selector: str) -> None:
    """Press Tab until the focus is on something; it must be visible there."""
    page = desk.page
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            assert page.evaluate(
                "() => { const style = getComputedStyle(document.activeElement);"
                " return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2; }"
            ), f"the focus on {selector} cannot be seen"
            return
    raise AssertionError(f"Tab does not lead to {selector}")


def test_from_a_list_to_a_record_to_its_public_page_and_back(desk: Visit) -> None:
    page = desk.page
    desk.open("/admin/proteins/protein/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to main content"
    page.keyboard.press("Enter")
    tab_to(desk, "#searchbar")
    page.keyboard.type("t12")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=t12*")
    assert page.locator("#result_list tbody tr").count() == 1
    tab_to(desk, "#result_list tbody th a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/change/**")
    tab_to(desk, ".viewsitelink")
    page.keyboard.press("Enter")
    page.wait_for_url("**/protein/p00012/")
    page.get_by_role("link", name="Edit this record").press("Enter")
    page.wait_for_url("**/admin/proteins/protein/*/change/")
    assert page.get_by_role("heading", level=2).first.inner_text() == "T12 (P00012)"
    assert desk.is_clean


def test_filters_are_put_on_and_taken_off(desk: Visit) -> None:
    page = desk.page
    desk.open("/admin/proteins/interaction/")
    tab_to(desk, "#changelist-filter details[data-filter=species] summary")
    page.keyboard.press("Enter")
    tab_to(desk, "#changelist-filter a[href*='species=Hs']")
    page.keyboard.press("Enter")
    page.wait_for_url("**species=Hs*")
    tab_to(desk, ".download")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.startswith("interactions-")
    with download.value.path().open(encoding="utf-8-sig") as file:
        assert len(file.readlines()) == 61
    tab_to(desk, ".active-filters a")
    assert page.locator(":focus").inner_text().startswith("species: Homo sapiens")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "species" not in url)
    assert desk.is_clean


def test_a_field_that_completes_what_is_typed_has_a_name_and_needs_no_mouse(desk: Visit) -> None:
    page = desk.page
    desk.open("/admin/proteins/interaction/add/")
    for name, text in (("TF", "t01"), ("Target", "t02")):
        box = page.get_by_role("combobox", name=name, exact=True)
        box.focus()
        page.keyboard.press("Enter")
        page.locator(".select2-search__field:focus").wait_for()
        page.keyboard.type(text)
        option = page.locator(".select2-results__option--highlighted", has_text=text.upper())
        option.wait_for()
        page.keyboard.press("Enter")
        page.get_by_role("combobox", name=f"{name}: {text.upper()}").wait_for()
    chosen = [page.locator(f"#id_{field}").input_value() for field in ("tf", "target")]
    assert chosen == [str(Protein.objects.get(name=name).pk) for name in ("T01", "T02")]
    assert desk.is_clean


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_list_is_wider_than_a_phone(desk: Visit, scheme: str) -> None:
    page = desk.page
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": 390, "height": 844})
    interaction = Interaction.objects.order_by("pk")[0]
    for path in (
        "/admin/",
        "/admin/proteins/protein/?q=nobody",
        "/admin/proteins/interaction/?species=Hs",
        f"/admin/proteins/interaction/{interaction.pk}/change/",
        "/admin/curation/pin/",
    ):
        desk.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    assert desk.is_clean
