"""Errors as RFC 9457 problem details, in one form whatever went wrong."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import resolve, reverse
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.views import set_rollback

from proteins.outages import Outage, outage_of

CONTENT_TYPE = "application/problem+json"
_MAX_VALUE_SHOWN = 100
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ParameterError:
    """One parameter of a request that could not be used, and why."""

    parameter: str
    value: str
    reason: str

    @classmethod
    def of(cls, parameter: str, value: str, reason: str) -> ParameterError:
        """With a long name or value cut."""
        return cls(_cut(parameter), _cut(value), reason)


def _cut(value: str) -> str:
    return value if len(value) <= _MAX_VALUE_SHOWN else value[: _MAX_VALUE_SHOWN - 1] + "…"


class InvalidParameters(exceptions.APIException):
    """Parameters that are unknown, repeated or badly written; all of them at once."""

    status_code = HTTPStatus.BAD_REQUEST

    def __init__(self, errors: Iterable[ParameterError]) -> None:
        self.errors = list(errors)
        super().__init__("; ".join(f"{error.parameter}: {error.reason}" for error in self.errors))


class SeveralMeant(exceptions.APIException):
    """An identifier that may mean any of several records; none of them is chosen."""

    status_code = HTTPStatus.MULTIPLE_CHOICES

    def __init__(self, candidates: Iterable[str], detail: str) -> None:
        self.candidates = list(candidates)
        super().__init__(detail)


def problem(
    request: HttpRequest,
    status: int,
    detail: str,
    errors: Iterable[ParameterError] = (),
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> JsonResponse:
    """The response that says what went wrong; its `type` is a place in the documentation."""
    about = request.build_absolute_uri(reverse("api-docs")) + f"#problem-{status}"
    return JsonResponse(
        {
            "type": about,
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
            "errors": [asdict(error) for error in errors],
            **more,
        },
        status=status,
        headers=headers,
        content_type=CONTENT_TYPE,
    )


def exception_handler(exc: Exception, context: Mapping[str, Any]) -> JsonResponse | None:
    """Convert what a view raised into a problem; the response of every error of the API.

    None leaves an unforeseen error to Django's traceback page, where DEBUG is on.
    """
    request = context["request"]._request
    set_rollback()
    if isinstance(exc, Http404):
        exc = exceptions.NotFound(*exc.args)
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied(*exc.args)
    elif isinstance(exc, SuspiciousOperation):
        exc = exceptions.ParseError(str(exc))
    if isinstance(exc, exceptions.APIException):
        return _foreseen(exc, request)
    if (outage := outage_of(exc)) is not None:
        logger.error("Service Unavailable: %s (%s)", request.path, outage)
        return unavailable(request, outage)
    if settings.DEBUG:
        return None
    # As Django does where an error is not caught: it is logged, and a test client raises it.
    got_request_exception.send(sender=type(context["view"]), request=request)
    logger.error("Internal Server Error: %s", request.path, exc_info=exc)
    return problem(request, 500, "Something went wrong here; it has been noted.")


def unavailable(request: HttpRequest, outage: Outage) -> JsonResponse:
    """The response while the whole site cannot work."""
    headers = {"Retry-After": str(outage.seconds), "Cache-Control": "no-store"}
    return problem(request, 503, outage.sentence, headers=headers)


def _foreseen(exc: exceptions.APIException, request: HttpRequest) -> JsonResponse:
    headers = {}
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(wait))
    if isinstance(exc, exceptions.NotAcceptable) and exc.available_renderers:
        offered = ", ".join(renderer.media_type for renderer in exc.available_renderers)
        exc.detail = exceptions.ErrorDetail(f"Only this can be had here: {offered}.")
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    errors = exc.errors if isinstance(exc, InvalidParameters) else []
    more = {"candidates": exc.candidates} if isinstance(exc, SeveralMeant) else {}
    return problem(request, exc.status_code, str(exc.detail), errors, headers, **more)


@csrf_exempt
def unknown_url(request: HttpRequest) -> HttpResponseBase:
    """Respond to a URL below /api/ that does not exist."""
    # Django adds a missing slash only where no URL pattern fits, and this one fits all.
    lacks_slash = not request.path_info.endswith("/") and request.method in ("GET", "HEAD")
    if lacks_slash and resolve(f"{request.path_info}/").func is not unknown_url:
        return HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True))
    return problem(
        request,
        404,
        f"There is nothing at this address; {reverse('api-root')} lists what there is.",
    )
