"""The theme of the pages: light, dark, or that of the reader's system.

A reader's choice is in a cookie. Pages are rendered, and cached, once for all themes; the choice
is written into the bytes of a page on its way out, so that it is there before anything is painted
and costs the page cache nothing. The tags of pages (ETag) differ by theme.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers

#: The name of the cookie, and the seconds for which a browser has it: a year.
COOKIE: Final = "theme"
MAX_AGE: Final = 31_536_000
SYSTEM: Final = "system"
#: What the cookie may hold.
THEMES: Final = ("light", "dark")

#: What templates/base.html has for the theme of the system, each with its form for another theme.
_MARKS: Final = (
    (b'<html lang="en">', b'<html lang="en" data-theme="%s">'),
    # The colour of the window until the style sheet is there.
    (b'name="color-scheme" content="light dark"', b'name="color-scheme" content="%s"'),
    (b'value="system" aria-pressed="true"', b'value="system" aria-pressed="false"'),
)


def theme_of(request: HttpRequest) -> str:
    """The theme that the reader chose; empty for that of the system."""
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in THEMES else ""


class Themes:
    """Middleware that gives each page the theme of its reader."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # A view may take the cookies away.
        theme = theme_of(request)
        response = self.get_response(request)
        if isinstance(response, HttpResponse) and _is_page(response):
            patch_vary_headers(response, ["Cookie"])
            if theme:
                _apply(response, theme.encode())
        return response


def _is_page(response: HttpResponse) -> bool:
    return response.get("Content-Type", "").startswith("text/html") and bool(response.content)


def _apply(response: HttpResponse, theme: bytes) -> None:
    content = response.content
    for plain, chosen in _MARKS:
        content = content.replace(plain, chosen.replace(b"%s", theme), 1)
    pressed = b'value="%s" aria-pressed="' % theme
    response.content = content.replace(pressed + b"false", pressed + b"true", 1)
    if "Content-Length" in response:
        response["Content-Length"] = str(len(response.content))
