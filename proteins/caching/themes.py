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

#: What pages have for the theme of the system, and for another: the root (templates/base.html), the
#: colour of the window until the style sheet is there, the buttons of the choice, and pictures
#: that are loaded by scheme.
_SYSTEM_MARKS: Final = (
    b'<html lang="en">',
    b'name="color-scheme" content="light dark"',
    b'value="system" aria-pressed="true"',
    b'value="%s" aria-pressed="false"',
    b'media="screen and (prefers-color-scheme: dark)"',
)
_CHOSEN_MARKS: Final = (
    b'<html lang="en" data-theme="%s">',
    b'name="color-scheme" content="%s"',
    b'value="system" aria-pressed="false"',
    b'value="%s" aria-pressed="true"',
)
_DARK_PICTURES: Final = {b"light": b'media="not all"', b"dark": b'media="screen"'}


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
    chosen_marks = (*_CHOSEN_MARKS, _DARK_PICTURES[theme])
    for mark, chosen in zip(_SYSTEM_MARKS, chosen_marks, strict=True):
        content = content.replace(mark.replace(b"%s", theme), chosen.replace(b"%s", theme))
    response.content = content
    if "Content-Length" in response:
        response["Content-Length"] = str(len(response.content))
