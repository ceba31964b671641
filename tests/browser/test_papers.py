"""A paper at the desk: twelve interactions entered, proposed, reviewed, and offered again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from curation.models import Batch, BatchKind, Submission
from curation.permissions import CURATOR, SENIOR_CURATOR
from proteins.models import ChangeSet, Citation, Interaction, Statement
from proteins.queries.content_digest import content_digest
from tests.browser.conftest import PATIENCE, Visit, wait_until
from tests.browser.test_accessibility import ALL_RULES, AXE, RUN
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

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
#: Reports each click to the test.
COUNT = "window.addEventListener('click', () => counted(), true)"


@dataclass
class Clicks:
    number: int = 0

    def add(self, *_: object) -> None:
        self.number += 1


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
    user = make_person("sami", SENIOR_CURATOR)
    user.set_password(PASSWORD)
    user.save()
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


def violations(page: Page) -> list[str]:
    """What axe-core says of the page; nothing where it is not installed."""
    if not AXE.is_file():
        return []
    return list(page.evaluate(RUN, ALL_RULES))


@pytest.fixture
def people(
    chromium: Browser, visit: Visit, genes: None, live_server: LiveServer
) -> Iterator[tuple[Visit, Visit]]:
    """A Curator and a Senior curator, each in a browser of their own."""
    visits, contexts = [], []
    for name, role in (("cleo", CURATOR), ("sami", SENIOR_CURATOR)):
        context = chromium.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(PATIENCE)
        # axe-core runs before the page's own scripts, so that their policy does not concern it.
        if AXE.is_file():
            context.add_init_script(path=AXE)
        visitor = Visit(context.new_page(), live_server.url)
        log_in(visitor, make_person(name, role))
        visits.append(visitor)
        contexts.append(context)
    yield visits[0], visits[1]
    for context in contexts:
        context.close()


def test_a_curators_paper_is_reviewed_as_a_table_corrected_accepted_and_undone(
    people: tuple[Visit, Visit],
) -> None:
    cleo, sami = people
    digest, problems = content_digest(), list[str]()
    cleo.open("/admin/")
    enter_paper(cleo)
    problems += violations(cleo.page)
    cleo.follow(cleo.page.get_by_role("button", name="Preview"))
    problems += violations(cleo.page)
    cleo.follow(cleo.page.get_by_role("button", name="Propose 12 statements"))
    assert "It waits in the inbox" in cleo.page.locator("#content").inner_text()
    assert not Statement.objects.exists()

    sami.open("/admin/curation/proposal/")
    assert sami.page.locator("#result_list tbody tr").count() == 1
    sami.follow(sami.page.locator("#result_list tbody th a"))
    problems += violations(sami.page)
    rows = sami.page.locator("#content tbody tr")
    for number in (2, 5):
        rows.nth(number).get_by_role("checkbox").check()
        rows.nth(number).get_by_role("textbox").fill(f"Which figure? {number}")
    sami.follow(sami.page.get_by_role("button", name="Send the chosen back"))
    assert "2 rows are sent back to the author." in sami.page.locator(".messagelist").inner_text()

    submission = Submission.objects.get()
    cleo.open(f"/admin/curation/submission/{submission.pk}/change/")
    cleo.follow(cleo.page.get_by_role("link", name="Correct the 2 rows"))
    assert "Which figure? 5" in cleo.page.locator("#content").inner_text()
    for row, text in ((1, "Figure 2b."), (2, "Figure 5a.")):
        cell(cleo.page, "Quotation", row).fill(text)
    wait_until(
        cleo.page,
        lambda: "2 rows, none to correct" in cleo.page.locator("#grid-status").inner_text(),
    )
    problems += violations(cleo.page)
    cleo.follow(cleo.page.get_by_role("button", name="Preview"))
    cleo.follow(cleo.page.get_by_role("button", name="Propose again"))

    sami.open(f"/admin/curation/submission/{submission.pk}/change/")
    assert "Figure 5a." in sami.page.locator("#content").inner_text()
    sami.follow(sami.page.get_by_role("button", name="Accept all 12 that wait"))
    assert Statement.objects.count() == Interaction.objects.count() == 12
    assert set(Statement.objects.values_list("curator", flat=True)) == {"cleo"}
    assert problems == []

    number = Batch.objects.get(kind=BatchKind.ACCEPT).pk
    sami.open(f"/admin/curation/batch/{number}/change/")
    sami.follow(sami.page.get_by_role("button", name="Undo this batch"))
    sami.follow(sami.page.get_by_role("button", name="Undo the batch"))
    assert not Statement.objects.exists()
    assert content_digest() == digest
    assert cleo.is_clean
    assert sami.is_clean


def test_rows_that_were_left_are_offered_again(visit: Visit, genes: None) -> None:
    page = visit.page
    log_in(visit, make_person("cleo", CURATOR))
    visit.open(f"/admin/proteins/citation/paper/?pmid={PMID}&species=Hs")
    cell(page, "TF", 1).focus()
    for text in ("TP53", "GENE1", "repression"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    cell(page, "TF", 1).focus()
    page.keyboard.press("Enter")
    page.keyboard.type("TP53")
    assert cell(page, "TF", 2).input_value() == "TP53"
    wait_until(page, lambda: checked(page, 2) != "")
    visit.open("/admin/")  # left without saving
    visit.open(f"/admin/proteins/citation/paper/?pmid={PMID}&species=Hs")
    page.get_by_role("button", name="Restore the draft").click()
    wait_until(page, lambda: cell(page, "Target", 1).input_value() == "GENE1")
    assert cell(page, "Effect", 1).input_value() == "repression"
    assert cell(page, "TF", 2).input_value() == "TP53"
    page.get_by_role("button", name="Remove row 2").click()
    visit.follow(page.get_by_role("button", name="Preview"))
    visit.follow(page.get_by_role("button", name="Propose 1 statement"))
    assert drafts_in(page) == []
    assert visit.is_clean
