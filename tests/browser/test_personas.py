"""What people come for, in a real browser: each task with the clicks that it takes at most.

Seconds depend on the machine: they are printed (`pytest -s`) and decide nothing. The regulators of
GCN4 are all rows of TFLink's table of yeast in which GCN4 is the target.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from curation.importing.run import import_tables
from tests.browser.conftest import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Locator

pytestmark = pytest.mark.browser

TABLE: Final = Path(__file__).with_name("data") / "regulators-of-gcn4.tsv"
SCREEN: Final = (1280, 800)


@dataclass
class Persona:
    """Somebody with a task, whose clicks are counted."""

    visit: Visit
    task: str
    clicks: int = 0
    began: float = field(default_factory=time.monotonic)

    def click(self, what: Locator) -> None:
        self.clicks += 1
        what.click()

    def searches(self, text: str) -> None:
        """Type into the search of the home page, and click on its button."""
        page = self.visit.page
        page.set_viewport_size({"width": SCREEN[0], "height": SCREEN[1]})
        self.visit.open("/")
        page.get_by_role("searchbox").fill(text)
        with page.expect_navigation():
            self.click(page.get_by_role("button", name="Search"))

    def sees(self, what: Locator) -> None:
        """It is on the screen, without scrolling."""
        box = what.bounding_box()
        assert box is not None
        assert self.visit.page.evaluate("scrollY") == 0
        assert box["x"] + box["width"] <= SCREEN[0]
        assert box["y"] + box["height"] <= SCREEN[1], what

    def is_done(self, clicks: int) -> None:
        seconds = time.monotonic() - self.began
        print(f"\n{self.task}: {self.clicks} clicks, {seconds:.1f} s")
        assert self.clicks <= clicks
        assert self.visit.is_clean


def test_a_biologist_wants_the_regulators_of_gcn4_and_their_papers(visit: Visit) -> None:
    import_tables([TABLE])
    biologist = Persona(visit, "Best regulators of GCN4, and the papers")
    biologist.searches("GCN4")
    regulators = visit.page.locator("#tfs")
    rows = regulators.locator("tbody tr")
    assert rows.nth(0).inner_text().split("\t")[0].strip() == "GLN3"
    assert [rows.nth(n).locator(".tier").inner_text() for n in range(4)] == [
        *["Strong"] * 3,
        "Repeated",
    ]
    biologist.click(regulators.get_by_role("button", name="Details").first)
    papers = (
        regulators.locator("tr.opened")
        .get_by_role("link", name="PMID")
        .or_(regulators.locator("tr.opened a[href^='/publication/']"))
    )
    papers.first.wait_for()
    assert papers.count() >= 4
    biologist.is_done(clicks=2)


def test_a_biologist_asks_whether_ing1_regulates_bax(visit: Visit, five_pages: Any) -> None:
    biologist = Persona(visit, "Is ING1 → BAX sure, and why")
    biologist.searches("ING1 BAX")
    evidence = visit.page.locator("#evidence")
    for answer in (
        visit.page.get_by_role("heading", level=1, name="ING1"),
        evidence.locator(".tier.strong"),
        evidence.get_by_text("TRRUST reports that ING1 regulates BAX"),
        evidence.get_by_role("link", name="15662138"),
        visit.page.get_by_text("Strong: A small-scale experiment supports it"),
        visit.page.get_by_text("Small-scale", exact=True),
    ):
        biologist.sees(answer)
    biologist.is_done(clicks=1)


def test_an_author_cites_an_interaction(visit: Visit, five_pages: Any) -> None:
    page = visit.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.open("/interaction/Q9UK53-Q07812/")
    author = Persona(visit, "Cite an interaction")
    author.click(page.get_by_role("button", name="Copy"))
    page.get_by_text("Copied").wait_for()
    text = page.evaluate("navigator.clipboard.readText()")
    assert text == page.locator(".cite pre").inner_text()
    assert text.startswith("TFLink: ING1 regulates BAX, Homo sapiens. Data imported on ")
    assert text.endswith(f"{visit.base_url}/interaction/Q9UK53-Q07812/")
    author.is_done(clicks=1)


def test_a_newcomer_learns_what_small_scale_means(visit: Visit, five_pages: Any) -> None:
    page = visit.page
    page.set_viewport_size({"width": SCREEN[0], "height": SCREEN[1]})
    visit.open("/interaction/Q9UK53-Q07812/")
    newcomer = Persona(visit, "What does small-scale mean")
    help_button = page.get_by_role("button", name="Help: Small-scale and large-scale")
    newcomer.sees(help_button)
    newcomer.click(help_button)
    definition = page.get_by_text("examines one or a few interactions")
    definition.wait_for()
    newcomer.sees(definition)
    newcomer.is_done(clicks=1)
