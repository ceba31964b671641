"""The Content-Security-Policy: on every answer, and nowhere wider than it must be."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.factories import make_protein

pytestmark = pytest.mark.django_db

STRICT = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'"},
    "connect-src": {"'self'"},
    "form-action": {"'self'"},
    "frame-ancestors": {"'none'"},
    "base-uri": {"'none'"},
}


def policy(client: Client, address: str) -> dict[str, set[str]]:
    header = client.get(address).headers["Content-Security-Policy"]
    parts = [part.split() for part in header.split(";") if part.strip()]
    return {name: set(sources) for name, *sources in parts}


@pytest.mark.parametrize(
    "address",
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
def test_every_answer_has_it(client: Client, address: str) -> None:
    make_protein("P04637", "TP53")
    assert policy(client, address) == STRICT


def test_the_desk_has_no_other(client: Client) -> None:
    client.force_login(User.objects.create_superuser("ann"))
    for address in ("/admin/", "/admin/proteins/interaction/add/", "/admin/auth/user/add/"):
        assert policy(client, address) == STRICT


def test_a_server_error_has_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proteins.views.render", None)
    client.raise_request_exception = False
    assert client.get("/browse/").status_code == 500
    assert policy(client, "/browse/") == STRICT


def test_the_console_alone_may_show_images_that_stand_in_its_style_sheet(client: Client) -> None:
    assert policy(client, "/api/v1/docs/console/") == {**STRICT, "img-src": {"'self'", "data:"}}


def test_no_page_of_ours_is_let_out() -> None:
    root = Path(__file__).resolve().parent.parent
    for package in ("proteins", "curation", "tflink"):
        for path in (root / package).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert "csp_exempt" not in text, path
            assert "unsafe-" not in text, path
