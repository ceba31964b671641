"""Headers of security on every answer, and a Content-Security-Policy that is nowhere wider than
it must be."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.http.response import HttpResponseBase
from django.test import Client

from proteins.drawing.figure import Theme, style_digest
from tests.factories import make_interaction, make_protein
from tests.places import ROOT
from tests.public_urls import public_urls

pytestmark = pytest.mark.django_db

STRICT = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "form-action": {"'self'"},
    "frame-ancestors": {"'none'"},
    "base-uri": {"'none'"},
}
#: The styles that a figure may have of its own, and nothing else.
FIGURES = {style_digest(theme) for theme in Theme}
#: A drawing or a file that is opened by itself needs nothing.
NOTHING = {
    name: {"'none'"} for name in ("default-src", "base-uri", "form-action", "frame-ancestors")
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def policy_of(answer: HttpResponseBase) -> dict[str, set[str]]:
    header = answer.headers["Content-Security-Policy"]
    parts = [part.split() for part in header.split(";") if part.strip()]
    return {name: set(sources) for name, *sources in parts}


def policy(client: Client, url: str) -> dict[str, set[str]]:
    return policy_of(client.get(url))


def check(answer: HttpResponseBase) -> None:
    """All that every answer has. Where a policy says who may frame it, `X-Frame-Options`, which
    static files lack, says nothing more."""
    for name, value in HEADERS.items():
        assert answer.headers[name] == value, name
    assert "geolocation=()" in answer.headers["Permissions-Policy"]
    policy = policy_of(answer)
    assert policy["default-src"] == policy["frame-ancestors"] == {"'none'"}
    assert policy["base-uri"] == {"'none'"}
    assert policy.get("script-src", {"'self'"}) == {"'self'"}
    styles = policy.get("style-src", {"'self'"})
    assert styles == {"'self'"} or (len(styles) == 1 and styles <= FIGURES)


def test_every_address_answers_with_all_headers(client: Client) -> None:
    """Pages, drawings, files, lists, the API; found, moved for good, absent, and refused."""
    make_interaction(make_protein("P04637", "TP53"), make_protein("Q07812", "BAX"))
    path_values = {"accession": "p04637", "pmid": "27924024", "key": "GTRD", "code": "Hs"}
    path_values |= {"name": "MI:0402", "begin": "p04637"}
    statuses = set()
    for values in (path_values | {"identifier": "P04637-Q07812"}, {}):
        for url in public_urls(values, otherwise="<b>x</b>"):
            for answer in (client.get(url), client.post(url, {"x": "1"})):
                check(answer)
                statuses.add(answer.status_code)
    assert {200, 301, 404, 405} <= statuses
    assert not any(status >= 500 for status in statuses), statuses


def test_the_style_of_a_figure_is_named_by_its_digest(client: Client) -> None:
    make_interaction(make_protein("P04637", "TP53"), make_protein("Q07812", "BAX"))
    for theme in Theme:
        answer = client.get("/protein/p04637/out-degree.svg", {"theme": theme.value})
        (style,) = re.findall(r"<style>(.*?)</style>", answer.text)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert policy_of(answer) == NOTHING | {"style-src": {f"'sha256-{digest}'"}}


def test_a_drawing_has_a_policy_of_its_own(client: Client) -> None:
    make_interaction(make_protein("P04637", "TP53"), make_protein("Q07812", "BAX"))
    url = "/protein/p04637/network.svg"
    assert policy(client, url) == NOTHING
    refused = client.get(url, {"limit": "x"})
    assert refused.status_code == 400
    assert policy_of(refused) == STRICT  # a page, with the style of all pages


@pytest.mark.parametrize("redirects", [False, True])
def test_a_foreign_host_name_is_refused_with_all_headers(
    client: Client, settings: LazySettings, redirects: bool
) -> None:
    """Where HTTPS is enforced, it is refused before any middleware of Django's adds headers."""
    settings.SECURE_SSL_REDIRECT = redirects
    answer = client.get("/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    check(answer)


@pytest.mark.parametrize(
    "url",
    [
        "/",
        "/browse/",
        "/search/?q=zzz",
        "/search/?q=p04637",
        "/protein/p04637/",
        "/protein/P04637",
        "/protein/p12345/",
        "/nowhere/",
        "/api/v1/",
        "/api/v1/docs/",
        "/api/v1/nowhere/",
        "/admin/",
        "/admin/login/",
        "/static/proteins/icon.svg",
    ],
)
def test_every_answer_has_it(client: Client, url: str) -> None:
    make_protein("P04637", "TP53")
    assert policy(client, url) == STRICT


def test_the_desk_has_no_other(client: Client) -> None:
    client.force_login(User.objects.create_superuser("ann"))
    for url in ("/admin/", "/admin/proteins/interaction/add/", "/admin/auth/user/add/"):
        assert policy(client, url) == STRICT


def test_a_server_error_has_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proteins.site.browse.render", None)
    client.raise_request_exception = False
    assert client.get("/browse/").status_code == 500
    assert policy(client, "/browse/") == STRICT


def test_the_console_alone_may_show_images_that_stand_in_its_style_sheet(client: Client) -> None:
    assert policy(client, "/api/v1/docs/console/") == {**STRICT, "img-src": {"'self'", "data:"}}


def test_no_page_of_ours_is_let_out() -> None:
    root = ROOT
    for package in ("proteins", "curation", "tflink"):
        for path in (root / package).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert "csp_exempt" not in text, path
            assert "unsafe-" not in text, path
