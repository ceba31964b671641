"""Cells of older pages that are HTML: the URLs that they link to, and their text."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

from proteins.domain.identifiers import IdentifierError, shown

#: Room for 900 publications; html.parser takes quadratic time over some malformed texts.
MAX_HTML_LENGTH: Final = 16_384


class Links(HTMLParser):
    """Collects the URLs that a cell's HTML links to, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.urls.extend(value or "" for key, value in attrs if key == "href")

    def handle_data(self, data: str) -> None:
        self.text += data


def read_html(text: str, what: str) -> Links:
    """Return what a cell links to; `what` names the cell in errors."""
    if len(text) > MAX_HTML_LENGTH:
        raise IdentifierError(f"the {what} {shown(text)} has over {MAX_HTML_LENGTH} characters")
    links = Links()
    try:
        links.feed(text)
        links.close()
    except AssertionError:  # how html.parser refuses a malformed `<![...`
        raise IdentifierError(f"the {what} {shown(text)} is not HTML") from None
    return links
