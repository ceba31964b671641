"""A browser without a screen for the admin's forms: real HTTP, cookies, and the fields of a
form as a page shows them."""

from __future__ import annotations

import http.client
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import urlencode, urlsplit

SECONDS: Final = 60
_FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Answer:
    status: int
    text: str
    location: str


class Visitor:
    """One person's browser; it follows no redirect."""

    def __init__(self, base_url: str, cookies: dict[str, str]) -> None:
        self._host = urlsplit(base_url).netloc
        self._cookies = dict(cookies)

    def get(self, path: str) -> Answer:
        return self._request("GET", path, None, {})

    def post(self, path: str, fields: Fields) -> Answer:
        return self._request("POST", path, urlencode(fields.pairs()), _FORM_TYPE)

    def _request(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection(self._host, timeout=SECONDS)
        try:
            cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
            connection.request(method, path, body, {**headers, "Cookie": cookie})
            answer = connection.getresponse()
            text = answer.read().decode()
            for header in answer.headers.get_all("Set-Cookie", []):
                for name, morsel in SimpleCookie(header).items():
                    self._cookies[name] = morsel.value
            return Answer(answer.status, text, answer.headers.get("Location", ""))
        finally:
            connection.close()


@dataclass
class Fields:
    """The fields of a form, each with what it holds, and the values of its buttons by name."""

    values: dict[str, list[str]] = field(default_factory=dict)
    buttons: dict[str, list[str]] = field(default_factory=dict)

    def pairs(self) -> list[tuple[str, str]]:
        return [(name, value) for name, values in self.values.items() for value in values]

    def type(self, name: str, *values: str) -> None:
        """Let a field hold something else; raises `KeyError` where there is no such field."""
        if name not in self.values:
            raise KeyError(name)
        self.values[name] = list(values)


def read_form(text: str, form_id: str) -> Fields:
    """Return the fields and buttons of one form of a page; no button is pressed yet."""
    reader = _FormReader(form_id)
    reader.feed(text)
    return reader.fields


class _FormReader(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.fields = Fields()
        self._form_id = form_id
        self._inside = False
        self._select = ""
        self._textarea = ""
        self._text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        name = given.get("name", "")
        if tag == "form":
            self._inside = given.get("id") == self._form_id
        elif not self._inside:
            return
        elif tag == "input" and name:
            self._input(name, given)
        elif tag == "button" and name:
            self.fields.buttons.setdefault(name, []).append(given.get("value", ""))
        elif tag == "select":
            self._select = name
            self.fields.values.setdefault(name, [])
        elif tag == "option" and self._select and "selected" in given:
            self.fields.values[self._select].append(given.get("value", ""))
        elif tag == "textarea":
            self._textarea, self._text = name, ""

    def _input(self, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in ("submit", "button", "image", "reset", "file"):
            return
        values = self.fields.values.setdefault(name, [])
        if kind not in ("checkbox", "radio") or "checked" in given:
            values.append(given.get("value", "on" if kind == "checkbox" else ""))

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._textarea:
            # As HTML has it, a line break right after the tag does not count.
            self.fields.values[self._textarea] = [self._text.removeprefix("\n")]
            self._textarea = ""
