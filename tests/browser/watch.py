"""A browser that reports whatever a supplied text made it do."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Request, Response

_REPORT: Final = """
document.addEventListener("securitypolicyviolation", (event) =>
  refused(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
#: What has become of texts: elements, attributes, URLs that run, a template that was read.
_FINDINGS: Final = """(page) => {
  const found = [];
  const addresses = /^(href|src|action|formaction|xlink:href|srcset|poster|hx-(get|post))$/;
  for (const element of page.querySelectorAll("*")) {
    if (element.matches("[data-xss], base, object, embed, iframe, math:not(.formula)")) {
      found.push(element.outerHTML.slice(0, 200));
    }
    for (const { name, value } of element.attributes) {
      if (name.startsWith("on") || name.startsWith("hx-on")
          || (addresses.test(name) && /^\\s*(javascript|data|vbscript):/i.test(value))) {
        found.push(`${element.tagName} ${name}=${value}`);
      }
    }
  }
  if (page.documentElement.textContent.includes("5332114")) {
    found.push("a template was read");
  }
  return found;
}"""
_LOOK: Final = f"""() => {{
  const found = ({_FINDINGS})(document);
  const links = [...document.querySelectorAll("a[href]:not([download])")]
    .map((link) => new URL(link.getAttribute("href"), location).href);
  return {{ found, links, source: document.documentElement.outerHTML }};
}}"""
#: Pages are fetched and parsed by the browser, which takes a third of the time of opening them.
_READ: Final = f"""async (path) => {{
  const find = {_FINDINGS};
  const answer = await fetch(path);
  const [type, source] = [answer.headers.get("content-type"), await answer.text()];
  const isPage = type.startsWith("text/html");
  // What is no page is not to be read as one.
  const page = new DOMParser().parseFromString(isPage ? source : "", "text/html");
  const links = [...page.querySelectorAll("a[href]:not([download])")]
    .map((link) => new URL(link.getAttribute("href"), answer.url).href);
  return {{
    type, links, found: find(page), source: isPage ? source : "", status: answer.status,
    sniffed: answer.headers.get("x-content-type-options") !== "nosniff",
    kept: answer.headers.get("content-disposition") ?? "",
  }};
}}"""


@dataclass
class Watch:
    context: BrowserContext
    base_url: str
    #: What must not be: what ran or was refused, what was made of texts, requests to elsewhere.
    reports: list[str] = field(default_factory=list)
    #: The numbers of fields that stood in a page, whose calls name them.
    numbers: set[int] = field(default_factory=set)
    #: URLs of ours that the pages link to, each once.
    links: dict[str, None] = field(default_factory=dict)
    path: str = ""
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        context = self.context
        context.expose_binding("xss", lambda _, *about: self.report("ran", *about))
        context.expose_binding("refused", lambda _, about: self.report("refused", about))
        context.add_init_script(_REPORT)
        context.on("console", self._listen)
        context.on("weberror", lambda error: self.report("error", error.error))
        context.on("dialog", self._dismiss)
        context.on("request", self._on_request)
        self.page = context.new_page()

    def report(self, *about: object) -> None:
        self.reports.append(f"{self.page.url}: {' '.join(map(str, about))}"[:400])

    def _dismiss(self, dialog: Dialog) -> None:
        self.report("dialog", dialog.message)
        dialog.dismiss()

    def _listen(self, message: ConsoleMessage) -> None:
        # A page that is not there was requested on purpose.
        own_urls = (self.page.url, f"{self.base_url}{self.path}", f"{self.base_url}/favicon.ico")
        of_page = message.location.get("url", "") in own_urls
        is_absent = of_page and message.text.startswith("Failed to load resource")
        if message.type in ("error", "warning") and not is_absent:
            self.report(message.type, message.text)

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((self.base_url, "blob:")):
            self.report("asked", request.url)

    def open(self, path: str) -> Response:
        answer = self.page.goto(self.base_url + path)
        assert answer is not None
        assert answer.status < 500, path
        self.look()
        return answer

    def look(self) -> None:
        """Collect what is in the page that is open, and what became of it."""
        self._collect(self.page.url, self.page.evaluate(_LOOK))

    def read(self, path: str) -> None:
        """Do the same for a page that the browser reads without opening it."""
        self.path = path
        seen = self.page.evaluate(_READ, path)
        self._collect(path, seen)
        assert seen["status"] < 500, path
        assert not seen["sniffed"], path
        # What a browser would open, it would open as a document of ours.
        is_opened = re.search("xml|svg", seen["type"]) is not None
        assert not is_opened or seen["kept"].startswith("attachment;"), path

    def _collect(self, path: str, seen: dict[str, Any]) -> None:
        self.reports += [f"{path}: {finding}" for finding in seen["found"]]
        self.numbers |= {int(number) for number in re.findall(r"xss\((\d+)", seen["source"])}
        for link in seen["links"]:
            if link.startswith(self.base_url):
                self.links[link.removeprefix(self.base_url).partition("#")[0]] = None
