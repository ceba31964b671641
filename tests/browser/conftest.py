"""A real Chromium that opens the site, served from the test's own database.

`pip install playwright` brings the driver; the browser is one of the machine's own, or the
path in CHROMIUM, or what `playwright install chromium` fetched.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.core.cache import cache
from pytest_django.live_server_helper import LiveServer

from curation.vocabulary import load_vocabulary
from tests.browser.traffic import Traffic

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
#: Milliseconds for whatever a test waits for. Only a test that fails takes them; on a machine
#: that has much else to do, a few seconds are not enough.
PATIENCE = 60_000


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="Playwright is missing: pip install playwright"
    )
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    # Playwright's loop makes Django take the tests' own database calls for asynchronous ones.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    sync_api.expect.set_options(timeout=PATIENCE)
    with sync_api.sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        except sync_api.Error as error:
            pytest.skip(
                "No Chromium starts: install one, name its path in CHROMIUM, or run "
                f"`playwright install chromium` ({str(error).splitlines()[0]})"
            )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def all_traffic() -> Traffic:
    return Traffic()


@pytest.fixture(autouse=True)
def traffic(all_traffic: Traffic, transactional_db: None) -> Iterator[Traffic]:
    """What the site answers. It has come to its end when the database is emptied: browsers, which
    are opened later than this is made, are closed before."""
    yield all_traffic
    all_traffic.settle()


def wait_until(page: Page, is_so: Callable[[], object]) -> None:
    """Wait until it holds. (What Playwright has for this, the policy of our pages forbids.)"""
    ends = time.monotonic() + PATIENCE / 1000
    while not is_so():
        assert time.monotonic() < ends, "never so"
        page.wait_for_timeout(20)


@dataclass
class Visit:
    """A page of the site in the browser, and what must not happen meanwhile."""

    page: Page
    base_url: str
    errors: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self._on_console(message.type, message.text))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", self._dismiss)
        self.page.on("request", lambda request: self._on_request(request.url))
        self.page.on("response", lambda response: self._check(response.url, response.status))

    def _on_console(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.errors.append(text)

    def _check(self, url: str, status: int) -> None:
        if status >= 400:
            self.errors.append(f"{url}: {status}")

    def _dismiss(self, dialog: Dialog) -> None:
        self.errors.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _on_request(self, url: str) -> None:
        if not url.startswith(self.base_url):
            self.elsewhere.append(url)

    def open(self, path: str) -> None:
        response = self.page.goto(self.base_url + path)
        assert response is not None
        assert response.ok, response.status

    def follow(self, link: Locator) -> None:
        """Click what leads to another page, and wait until that page is whole.

        A click alone returns when the new page begins, of which a test would read half.
        """
        with self.page.expect_navigation():
            link.click()

    def expect_names(self, side: str, names: Sequence[str]) -> None:
        """Wait for the names in the first column of one table of a protein's page."""
        self.expect_texts(f"#{side} tbody th", names)

    def expect_texts(self, selector: str, texts: Sequence[str]) -> None:
        from playwright.sync_api import expect

        expect(self.page.locator(selector)).to_have_text(list(texts), use_inner_text=True)

    def expect_first(self, side: str, name: str) -> None:
        from playwright.sync_api import expect

        first = self.page.locator(f"#{side} tbody th").first
        expect(first).to_have_text(name, use_inner_text=True)

    @property
    def is_clean(self) -> bool:
        assert self.errors == []
        assert self.elsewhere == []
        return True


@pytest.fixture
def vocabulary(transactional_db: None) -> Iterator[None]:
    """Vocabularies, which the emptying of the database after each such test takes away."""
    load_vocabulary(apps)
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def visit(vocabulary: None, live_server: LiveServer, context: BrowserContext) -> Visit:
    return Visit(context.new_page(), live_server.url)
