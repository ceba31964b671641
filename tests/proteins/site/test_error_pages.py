"""Pages that say what went wrong: whole without a database, and in the look of the others."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from proteins.templatetags.front_end import url_where_installed

ERRORS = {400: SuspiciousOperation, 403: PermissionDenied, 500: RuntimeError}
HEADINGS = {
    400: "The request was malformed",
    403: "Permission denied",
    404: "This page does not exist",
    500: "Server error",
}
SHEET = '<link rel="stylesheet" href="/static/proteins/site.css">'
FONT = '<link rel="stylesheet" href="/static/fonts/source-sans.css">'


def fail(request: HttpRequest, status: int) -> HttpResponse:
    raise ERRORS[status]("the secret of the server")


urlpatterns = [path("fail/<int:status>/", fail), path("", include("tflink.urls"))]


@pytest.fixture(autouse=True)
def looked_up_again() -> None:
    url_where_installed.cache_clear()


@pytest.mark.parametrize("status", HEADINGS)
@override_settings(ROOT_URLCONF=__name__)
def test_no_error_page_asks_the_database(status: int) -> None:
    """Without `django_db`, a query would be an error."""
    response = Client(raise_request_exception=False).get(f"/fail/{status}/")
    if status == 404:
        response = Client().get("/nowhere/")
    html = response.content.decode()
    assert response.status_code == status
    assert f"{HEADINGS[status]}</h1>" in html
    assert SHEET in html
    assert 'href="/"' in html
    assert "secret" not in html


@override_settings(ALLOWED_HOSTS=["tflink.example.org"])
def test_a_host_name_that_is_not_ours() -> None:
    response = Client().get("/", headers={"host": "elsewhere.example.org"})
    assert response.status_code == 400
    assert HEADINGS[400] in response.content.decode()
    assert "elsewhere" not in response.content.decode()


def test_a_form_from_elsewhere() -> None:
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x"})
    assert response.status_code == 403
    assert "This form was not accepted" in response.content.decode()


@override_settings(ROOT_URLCONF=__name__)
def test_a_missing_list_of_static_files_breaks_no_error_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As in production before `collectstatic`, when every URL of a static file fails."""
    manifest = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": manifest}}
    with override_settings(STORAGES=storages):
        response = Client(raise_request_exception=False).get("/fail/500/")
    assert response.status_code == 500
    assert HEADINGS[500] in response.content.decode()
    assert "<link" not in response.content.decode()


@pytest.mark.parametrize("installed", [True, False])
def test_the_base_from_npm_comes_before_our_sheet_where_it_is_installed(
    monkeypatch: pytest.MonkeyPatch, installed: bool
) -> None:
    monkeypatch.setattr(finders, "find", lambda _: "/there" if installed else None)
    html = Client().get("/nowhere/").content.decode()
    assert SHEET in html
    assert (FONT in html) is installed
    assert not installed or html.index(FONT) < html.index(SHEET)
