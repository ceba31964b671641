"""A write that meets another's lock: 503 with Retry-After, whatever page or middleware wrote."""

from __future__ import annotations

from typing import Final

from django.contrib.sessions.middleware import SessionMiddleware
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from curation.actions import BusyError
from curation.shared.lock import is_locked

#: An import writes for seconds at a time.
RETRY_SECONDS: Final = 10


class BusySessions(SessionMiddleware):
    """Sessions, the one thing that is stored after a view has answered, and what views let pass.

    The desk reports a lock beside the form that was to be saved; this is for all other writes,
    such as to log in.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except OperationalError as error:
            if not is_locked(error):
                raise
            return _busy(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return _busy(request) if isinstance(error, BusyError) or is_locked(error) else None


def _busy(request: HttpRequest) -> HttpResponse:
    response = render(request, "503.html", {"reason": str(BusyError())}, status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    return response
