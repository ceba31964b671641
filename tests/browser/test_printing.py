"""Pages as they are printed: what a reader of paper needs is there, what only a screen can use is
not, and no drawing is cut."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

#: Of each page a part that must be on paper, and the largest number of sheets of A4.
PRINTED = [
    ("/protein/q9uk53/", "#targets table", 6),
    ("/interaction/Q9UK53-Q07812/", "#evidence", 4),
    ("/protein/q9uk53/network/", ".network-picture", 6),
]
#: The width of A4 within Chromium's margins, in pixels.
PAPER = 718
ON_SCREEN_ONLY = "header nav, form.filters, form.toolbar, nav.sections, .pager"
SHEET = re.compile(rb"/Type\s*/Page\b")
#: Drawings that stick out of the paper, and so would be cut.
CUT = """() => [...document.querySelectorAll("main svg")]
    .filter(one => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1)
    .map(one => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize(("path", "part", "most"), PRINTED)
def test_printed(visit: Visit, five_pages: Any, path: str, part: str, most: int) -> None:
    page = visit.page
    page.set_viewport_size({"width": PAPER, "height": 1000})
    page.emulate_media(media="print")
    page.goto(visit.base_url + path)
    assert page.locator(part).first.is_visible()
    assert page.locator(".cite").first.is_visible()
    for one in page.locator(ON_SCREEN_ONLY).all():
        assert not one.is_visible(), one.evaluate("one => one.outerHTML.slice(0, 120)")
    assert page.evaluate(CUT) == []
    assert 1 <= len(SHEET.findall(page.pdf(format="A4"))) <= most
