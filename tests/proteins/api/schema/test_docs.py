"""The documentation: made from the schema, readable without JavaScript, of our own host."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from proteins.api.schema import docs
from proteins.api.views import RESOURCES

pytestmark = pytest.mark.django_db


class Page(HTMLParser):
    """Collects anchors, links, and what a page loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if "id" in attributes:
            self.anchors.append(attributes["id"])
        if tag == "a":
            self.links.append(attributes.get("href", ""))
        if tag in ("script", "img", "iframe"):
            self.loads.append(attributes.get("src", ""))
        if tag == "link":
            self.loads.append(attributes["href"])
        if tag == "style" or (tag == "script" and "src" not in attributes):
            self.inline.append(tag)
        self.inline += [name for name in attributes if name == "style" or name.startswith("on")]


def page(client: Client, url: str) -> Page:
    response = client.get(url)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/html")
    return Page(response.content.decode())


@pytest.mark.parametrize("installed", [True, False])
@pytest.mark.parametrize("url", ["/api/v1/docs/", "/api/v1/docs/records/", "/api/v1/docs/console/"])
def test_nothing_is_inline_or_foreign(
    client: Client, monkeypatch: pytest.MonkeyPatch, url: str, installed: bool
) -> None:
    monkeypatch.setattr(docs, "console_is_installed", lambda: installed)
    parsed = page(client, url)
    assert parsed.inline == []
    assert all(source.startswith("/static/") for source in parsed.loads), parsed.loads


def test_every_operation_has_its_place(client: Client) -> None:
    parsed = page(client, "/api/v1/docs/")
    for prefix, _, _ in RESOURCES:
        assert prefix in parsed.anchors
        assert f"{prefix}-list" in parsed.anchors
    assert len(parsed.anchors) == len(set(parsed.anchors))
    records = page(client, "/api/v1/docs/records/")
    assert len(records.anchors) == len(set(records.anchors))
    beside = "/api/v1/docs/records/#"
    for links, anchors in (
        ([link[1:] for link in parsed.links if link.startswith("#")], parsed.anchors),
        ([link[1:] for link in records.links if link.startswith("#")], records.anchors),
        ([link[len(beside) :] for link in parsed.links if beside in link], records.anchors),
    ):
        assert links
        assert set(links) <= set(anchors)


def test_every_parameter_is_in_it(client: Client) -> None:
    text = client.get("/api/v1/docs/").content.decode()
    for _, view, _ in RESOURCES:
        for parameter in view.filterset_class.parameters():
            assert f"<code>{parameter['name']}</code>" in text


def test_the_console_is_linked_only_where_it_is_installed(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for installed in (True, False):
        monkeypatch.setattr(docs, "console_is_installed", lambda: installed)  # noqa: B023
        links = page(client, "/api/v1/docs/").links
        assert ("/api/v1/docs/console/" in links) is installed
    text = client.get("/api/v1/docs/console/").content.decode()
    assert "not installed" in text
    assert "swagger-ui" not in text


def test_the_console_tells_no_foreign_host() -> None:
    script = finders.find("proteins/api-console.js")
    assert script
    text = Path(script).read_text(encoding="utf-8")
    assert "validatorUrl: null" in text
    assert not re.search(r"https?://", text)


def test_it_is_short_and_says_what_is_common_once(client: Client) -> None:
    text = client.get("/api/v1/docs/").content.decode()
    assert len(text.encode()) < 100 * 1024
    for name in docs.EVERYWHERE:
        assert text.count(f"<dt><code>{name}</code></dt>") == 1
    for _, view, _ in RESOURCES:
        for offered in view.formats:
            assert f"<code>{offered.media_type}</code>" in text
    assert "/api/v1/docs/using/" in text
