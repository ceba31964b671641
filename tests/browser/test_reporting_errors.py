"""A reader reports an error from a phone, a curator answers, and the reader reads the answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from pytest_django.live_server_helper import LiveServer

from curation.models import PublicReport
from curation.permissions import SENIOR_CURATOR
from curation.reports import stamp
from tests.browser.conftest import PATIENCE, Visit
from tests.browser.test_curating import PASSWORD, Person
from tests.browser.traffic import Traffic
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
RECORD = "/interaction/Q9UK53-Q07812/"
TEXT = "BAX does not follow ING1 in the paper.\n<script>document.title = 'run'</script> \u202e"
ANSWER = "You are right: the paper was read the wrong way round."


@pytest.fixture
def reader(
    chromium: Browser, vocabulary: None, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Visit]:
    """A reader with a phone, and without JavaScript."""
    # A program is quicker than people are; the limit has tests of its own.
    monkeypatch.setattr(stamp, "LEAST", 0)
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=False, has_touch=True
    )
    context.set_default_timeout(PATIENCE)
    yield Visit(context.new_page(), live_server.url)
    context.close()


def test_from_report_to_answer(reader: Visit, chromium: Browser, traffic: Traffic) -> None:
    make_interaction(make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX"))
    page = reader.page
    reader.open(RECORD)
    reader.follow(page.get_by_role("link", name="Report an error"))
    # No reader who looks, listens or goes by the keyboard meets the field for programs.
    assert page.get_by_role("textbox", name="Leave this empty").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.get_by_label("What should it say, and how do you know?").fill(TEXT)
    page.get_by_label("Supporting publications (optional)").fill("9186514, and one more")
    reader.follow(page.get_by_role("button", name="Send the report"))
    assert page.evaluate("document.activeElement.id") == "mistakes"
    assert page.title().startswith("Not sent: ")
    summary = page.get_by_role("alert").inner_text()
    assert "Choose what is wrong." in summary
    assert "'and' is not a PubMed ID" in summary
    assert page.get_by_label("What should it say, and how do you know?").input_value() == TEXT
    page.get_by_role("link", name="Choose what is wrong.").click()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_role("radio", name="The direction is wrong: the target regulates the TF").check()
    page.get_by_label("Supporting publications (optional)").fill("9186514")
    reader.follow(page.get_by_role("button", name="Send the report"))
    assert "Thank you. The curators have your report." in page.get_by_role("status").inner_text()
    mine = page.url.partition("?")[0]
    assert mine in page.get_by_role("status").inner_text()
    assert page.get_by_role("heading", level=2).first.inner_text() == "Waiting"
    assert "<script>document.title" in page.locator("blockquote").inner_text()
    assert page.title() == "Waiting: your report – TFLink"
    reader.open(RECORD)
    assert "Reported by a reader, under review." in page.locator(".notice").inner_text()

    traffic.settle()
    user = make_person("sami", SENIOR_CURATOR)
    user.set_password(PASSWORD)
    user.save()
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    sami = Person(context.new_page(), reader.base_url)
    sami.log_in("sami")
    sami.follow(sami.page.get_by_role("link", name="1 from readers"))
    sami.follow(sami.page.locator("#result_list tbody th a").first)
    assert "<script>document.title" in sami.text
    sami.press("Not an error")
    assert "a reason is needed to reject" in sami.text
    sami.page.get_by_label("Answer to the reader, who sees it").fill(ANSWER)
    sami.press("Dealt with")
    assert "is dealt with" in sami.messages
    assert sami.is_clean
    context.close()

    page.goto(mine)
    assert page.get_by_role("heading", level=2).first.inner_text() == "Accepted"
    assert page.locator("blockquote").first.inner_text() == ANSWER
    assert "sami" not in page.locator("body").inner_text()
    reader.open(RECORD)
    assert page.locator(".notice").count() == 0
    assert PublicReport.objects.get().pmids == [9186514]
    assert reader.is_clean
