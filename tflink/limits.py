"""Limits of what one client may cost: pages, tables, log-in and whole files.

The API counts its own requests (`proteins.api.throttles`); the slots of files are the same. Pages
of the page cache cost nothing, and are not counted; nothing is done for whoever is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse

from proteins.api.problems import problem
from proteins.caching.conditional import CachedResponse
from proteins.limits import files, rates
from proteins.limits.slots import Slots

PAGES: Final = "pages"
TABLES: Final = "tables"
LOG_IN: Final = "log-in"
_LOG_IN_URLS: Final = ("admin:login", "admin_password_reset")
_API: Final = "/api/"
#: Of the API's paths, those of pages.
_API_PAGES: Final = "/api/v1/docs/"
#: Seconds that the hash of a password may take, far more than it does.
_HASHING_SECONDS: Final = 60

#: A password is hashed for half a second of processor, on purpose.
log_ins: Final = Slots(
    LOG_IN, lambda: settings.LOGIN_SLOTS, lambda: settings.LOGIN_SLOTS, lambda: _HASHING_SECONDS
)


class Limits:
    """A middleware, after static files and before all that reads the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with files.answers.one_more():
            response = self._answer(request)
        return _as_file(request, response)

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        scope = _scope(request)
        if scope is None:
            return self.get_response(request)
        rate, client = settings.READER_RATES[scope], rates.client_of(request)
        before = rates.left(scope, client, rate)
        if before is not None and before.is_exceeded:
            return _too_often(scope, before)
        response = self._log_in(request) if scope == LOG_IN else self.get_response(request)
        if not _is_ready(response):
            rates.count(scope, client, rate)
        return response

    def _log_in(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "POST":
            return self.get_response(request)
        slot = log_ins.take(rates.client_of(request))
        if slot is None:
            return _page(
                503,
                "Please wait a moment",
                "Other people are logging in at the same time. Nothing that you sent was looked "
                "at: go back and send it again.",
                files.RETRY_AFTER,
            )
        try:
            return self.get_response(request)
        finally:
            slot.release()


def _scope(request: HttpRequest) -> str | None:
    """What a request counts as; None for those of the API, which counts them itself."""
    path = request.path_info
    if path.startswith(_API) and not path.startswith(_API_PAGES):
        return None
    if request.path in _log_in_paths():
        return LOG_IN
    return TABLES if "HX-Request" in request.headers else PAGES


def _log_in_paths() -> list[str]:
    paths = []
    for name in _LOG_IN_URLS:
        try:
            paths.append(reverse(name))
        except NoReverseMatch:  # a site without password reset by mail
            continue
    return paths


def _is_ready(response: HttpResponseBase) -> bool:
    return isinstance(response, CachedResponse) or response.status_code == 304


def _as_file(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Limit what is streamed; other responses are as they are."""
    if not isinstance(response, StreamingHttpResponse):
        return response
    if request.method == "HEAD":
        files.without_body(response)
        return response
    slot = getattr(response, "file_slot", None) or files.take_slot(request)
    if slot is None:
        files.drop(response)
        if request.path_info.startswith(_API):
            return problem(
                request, 503, files.REFUSAL, headers={"Retry-After": str(files.RETRY_AFTER)}
            )
        return _page(503, "This file has to wait", files.REFUSAL, files.RETRY_AFTER)
    try:
        files.send_within(response, slot)
    except BaseException:
        slot.release()
        raise
    return response


def _too_often(scope: str, left: rates.Left) -> HttpResponse:
    what = {PAGES: "pages", TABLES: "changes of tables", LOG_IN: "log-ins"}[scope]
    response = _page(
        429,
        "That was very quick",
        f"From your network came more than {left.most:,} {what} within {_in_words(left.window)}. "
        f"Please go on in {left.seconds} second{'s' * (left.seconds != 1)}.",
        left.seconds,
    )
    for name, value in left.headers().items():
        response[name] = value
    return response


def _in_words(seconds: int) -> str:
    return {1: "a second", 60: "a minute", 3_600: "an hour"}.get(seconds, "a day")


def _page(status: int, heading: str, sentence: str, seconds: int) -> HttpResponse:
    # Without the request: it is answered by reading nothing.
    context = {"heading": heading, "sentence": sentence}
    response = HttpResponse(render_to_string("429.html", context), status=status)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response
