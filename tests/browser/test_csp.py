"""Pages and the desk in a real browser under the Content-Security-Policy, which reports nothing.

The browser writes each breach to its console, which a `Visit` collects.
"""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from proteins.api.schema.docs import console_is_installed
from proteins.models import Interaction, Protein
from tests.browser.conftest import Visit, wait_until
from tests.browser.traffic import Traffic
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    "/browse/",
    "/search/?q=T",
    "/protein/q9uk53/",
    "/protein/q9uk53/?targets-sort=name&targets-q=b",
    "/api/v1/docs/",
]


@pytest.fixture
def interaction(visit: Visit) -> Interaction:
    tf = make_protein("Q9UK53", "ING1", genes=[3621], has_page=True, declared_interactions=636)
    return make_interaction(tf, make_protein("Q07812", "BAX"), pmids=range(1, 12))


def breaches(visit: Visit) -> list[str]:
    return [error for error in visit.errors if "Content Security Policy" in error]


def test_what_is_inline_is_refused_and_noticed(visit: Visit) -> None:
    visit.open("/")
    for html in (
        '<p id="styled" style="opacity: 0.5">x</p>',
        '<img src="/static/proteins/icon.svg" onload="window.ran = true">',
        '<img src="https://example.org/x.png">',
    ):
        visit.errors.clear()
        visit.page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", html)
        wait_until(visit.page, lambda: breaches(visit))
        assert len(breaches(visit)) == 1, html
    assert visit.page.evaluate("window.ran") is None
    assert visit.page.evaluate("getComputedStyle(styled).opacity") == "1"


def test_public_pages(visit: Visit, interaction: Interaction) -> None:
    for path in PAGES:
        visit.open(path)
    for path in ("/protein/p04637/", "/nowhere/"):
        visit.page.goto(visit.base_url + path)
    assert breaches(visit) == []


@pytest.mark.skipif(not console_is_installed(), reason="Swagger UI is missing: npm ci")
def test_the_console_of_the_api_sends_a_request(visit: Visit, interaction: Interaction) -> None:
    page = visit.page
    visit.open("/api/v1/docs/console/")
    page.locator(".opblock-summary-control").first.click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    page.locator(".live-responses-table .response-col_status", has_text="200").wait_for()
    assert visit.is_clean


@pytest.fixture
def desk(visit: Visit, interaction: Interaction) -> Visit:
    """The browser of a user who may see and do all."""
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    name = settings.SESSION_COOKIE_NAME
    visit.page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": visit.base_url}]
    )
    return visit


def test_every_list_and_form_of_the_desk(desk: Visit, interaction: Interaction) -> None:
    page = desk.page
    desk.open("/admin/")
    links = page.locator("#content a").evaluate_all("all => all.map(a => a.pathname)")
    lists = sorted({path for path in links if path.startswith("/admin/") and path != "/admin/"})
    assert len(lists) > 10
    records = []
    for path in lists:
        desk.open(path)
        first = page.locator("#result_list tbody th a").first
        if first.count():
            records.append(str(first.get_attribute("href")))
    assert len(records) > 5
    for path in records:
        desk.open(path)
    assert desk.is_clean


def test_what_the_desk_does_with_scripts(
    desk: Visit, interaction: Interaction, traffic: Traffic
) -> None:
    """Fields that complete what is typed, choices side by side, calendars and the theme."""
    page = desk.page
    desk.open("/admin/proteins/interaction/add/")
    page.locator(".field-tf .select2-selection").focus()
    page.keyboard.press("Enter")
    page.locator(".select2-search__field:focus").wait_for()
    page.keyboard.type("bax")
    page.locator(".select2-results__option--highlighted", has_text="BAX").wait_for()
    page.keyboard.press("Enter")
    chosen = Protein.objects.get(pk=int(page.locator("#id_tf").input_value()))
    assert chosen.name == "BAX"

    desk.open(f"/admin/proteins/interaction/{interaction.pk}/history/")
    traffic.settle()
    user = make_person("new")
    desk.open(f"/admin/auth/user/{user.pk}/change/")
    theme = page.locator("html")
    before = theme.get_attribute("data-theme")
    page.locator(".theme-toggle:visible").first.click()
    assert theme.get_attribute("data-theme") != before
    calendar = page.locator(".datetimeshortcuts a:visible")
    if calendar.count():
        calendar.last.click()
    sides = page.locator(".selector-available select")
    if sides.count():
        sides.first.locator("option").first.dblclick()
    assert desk.is_clean
