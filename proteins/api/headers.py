"""Headers that every answer below /api/ has, whatever made it: a view, or a refusal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.http import http_date

from proteins.release_store import latest_name

VERSION: Final = "1"


class ApiHeaders:
    """Says of which version of the API an answer is, which release of the content is the
    newest ("none" where there is none yet), and where its licence is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path_info.startswith("/api/"):
            response["API-Version"] = VERSION
            response["TFLink-Release"] = latest_name() or "none"
            add_link(response, f"{reverse('home')}#licence", "license")
        return response


@dataclass(frozen=True)
class Deprecation:
    """That an operation will go, for its answers to say: since when (RFC 9745), until when
    it works (RFC 8594), and where that is explained."""

    since: datetime
    explained: str
    until: datetime | None = None

    def mark(self, response: HttpResponseBase) -> None:
        response["Deprecation"] = f"@{int(self.since.timestamp())}"
        if self.until:
            response["Sunset"] = http_date(self.until.timestamp())
        add_link(response, self.explained, "deprecation")


def add_link(response: HttpResponseBase, url: str, relation: str) -> None:
    """Add to the header Link (RFC 8288)."""
    link = f'<{url}>; rel="{relation}"'
    response["Link"] = f"{response['Link']}, {link}" if response.has_header("Link") else link
