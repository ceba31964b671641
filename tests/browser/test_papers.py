"""A paper at the desk: twelve interactions entered, proposed, reviewed, and offered again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from curation.permissions import SENIOR_CURATOR
from proteins.models import ChangeSet, Citation, Interaction, Statement
from tests.browser.conftest import Visit, wait_until
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.both_databases]

PASSWORD = "a long enough word"
PMID = 31_000_001
METHOD = "chromatin immunoprecipitation assay"
TARGETS = [f"GENE{number}" for number in range(12)]
BLOCK = "Regulator\tTarget gene\tEffect\tAssay\tQuote\n" + "".join(
    f"TP53\t{target}\t{effect}\t{METHOD}\tp53 binds the promoter of {target} (Figure {number}).\n"
    for number, target in enumerate(TARGETS)
    for effect in [("activation", "repression")[number % 2]]
)
"""Counts what a person does with the mouse."""
COUNT = "window.addEventListener('click', () => counted(), true)"


@dataclass
class Clicks:
    number: int = 0

    def add(self, *_: object) -> None:
        self.number += 1


def person_of(visit: Visit, name: str, role: str) -> User:
    user = make_person(name, role)
    user.set_password(PASSWORD)
    user.save()
    return user


def log_in(visit: Visit, user: User) -> None:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    visit.page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": visit.base_url}]
    )


@pytest.fixture
def genes(vocabulary: None) -> None:
    tf = make_protein("P04637", "TP53", is_tf=True)
    for number, target in enumerate(TARGETS):
        gene = make_protein(f"P1000{number}" if number < 10 else f"P100{number}", target)
        if number % 3 == 0:
            make_interaction(tf, gene)
    Citation.objects.create(pmid=PMID, title="p53 regulates twelve genes that were made up")


def paste(page: Page, cell: Locator, text: str) -> None:
    """Paste as a spreadsheet does: its clipboard, in the cell that has the focus."""
    cell.evaluate(
        """(cell, text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            cell.dispatchEvent(new ClipboardEvent("paste",
                { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def cell(page: Page, column: str, row: int) -> Locator:
    return page.get_by_label(f"{column}, row {row}", exact=True)


def checked(page: Page, row: int) -> str:
    return page.locator("#grid tbody tr").nth(row - 1).locator(".checked").inner_text()


def drafts_in(page: Page) -> list[str]:
    return list(page.evaluate("Object.keys(localStorage).filter(key => key.includes('draft'))"))


def enter_paper(visit: Visit) -> None:
    """From the first page of the desk to the preview."""
    page = visit.page
    visit.follow(page.get_by_role("link", name="Add from a publication"))
    page.get_by_label("PubMed ID").click()
    page.keyboard.type(str(PMID))
    with page.expect_navigation():  # the publication has a page of its own, and drafts
        page.keyboard.press("Enter")
    assert "twelve genes" in page.locator("#publication").inner_text()
    page.get_by_label("Species").select_option("Hs")
    cell(page, "TF", 1).click()
    paste(page, cell(page, "TF", 1), BLOCK)
    wait_until(
        page, lambda: "12 rows, none to correct" in page.locator("#grid-status").inner_text()
    )


def test_twelve_interactions_of_a_paper_take_few_clicks_and_one_paste(
    visit: Visit, genes: None
) -> None:
    page, clicks = visit.page, Clicks()
    page.expose_binding("counted", clicks.add)
    page.add_init_script(COUNT)
    person_of(visit, "sami", SENIOR_CURATOR)
    visit.open("/admin/")
    page.get_by_label("Username").click()
    page.keyboard.type("sami")
    page.get_by_label("Password").click()
    page.keyboard.type(PASSWORD)
    visit.follow(page.get_by_role("button", name="Log in"))
    before = ChangeSet.objects.count()
    enter_paper(visit)
    assert checked(page, 1) == "new statement\nthe interaction"
    assert checked(page, 2) == "new interaction and new statement"
    visit.follow(page.get_by_role("button", name="Preview"))
    assert "12 statements on Homo sapiens would be added" in page.locator("#summary").inner_text()
    page.get_by_label("Reason").click()
    page.keyboard.type("Read in the paper.")
    visit.follow(page.get_by_role("button", name="Save 12 statements"))
    assert "saved as one change" in page.locator("#content").inner_text()
    assert clicks.number <= 25
    assert Statement.objects.exclude(quotation="").exclude(method=None).count() == 12
    assert Interaction.objects.count() == 12
    assert ChangeSet.objects.count() == before + 1
    assert drafts_in(page) == []
    assert visit.is_clean
