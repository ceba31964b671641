"""What every view of the API does: rates, ETag and 304, the page cache.

The API takes no sessions: its responses are public, so that a worker caches them and sends
them again, or 304 instead, until the next write (`proteins.caching.conditional`). A view
first counts the request (`throttles`), then looks into the cache, then begins to work.
"""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from typing import Any, ClassVar, Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from proteins.api.headers import Deprecation
from proteins.api.negotiation import Negotiation
from proteins.api.throttles import CallerThrottle, FilesThrottle
from proteins.caching.conditional import ConditionalRequest, canonical_query
from proteins.caching.shared import sharing
from proteins.limits import files
from proteins.release_store import latest_name

#: Bytes of a request. The longest list of identifiers that is looked up is far shorter.
MAX_BODY_BYTES: Final = 1_000_000
#: Limit of a cached response in bytes: some 400 interactions, one in 60 of the cache.
MAX_CACHED_BYTES: Final = 1_000_000


class TooLargeError(exceptions.APIException):
    status_code = 413
    default_detail = f"The body has more than {MAX_BODY_BYTES:,} bytes and was not read."


class NoSlotError(exceptions.APIException):
    status_code = 503
    default_detail = files.REFUSAL
    wait = files.RETRY_AFTER


class ReadyError(Exception):
    """A response is ready: 304, or from the page cache."""

    def __init__(self, response: HttpResponseBase) -> None:
        super().__init__()
        self.response = response


class Served(APIView):
    """A view of the API whose response follows from the URL and the content alone."""

    content_negotiation_class = Negotiation
    #: What is counted before a response is made; a view may add its own.
    throttle_classes = (CallerThrottle,)
    #: Set where the operation will go.
    deprecation: ClassVar[Deprecation | None] = None
    _conditional: ConditionalRequest | None = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with ExitStack() as self._while_answering:
            response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
            return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        _demand_small_body(request)
        super().initial(request, *args, **kwargs)
        if request.method in ("GET", "HEAD") and not settings.DEBUG:
            conditional = ConditionalRequest(_key_of(request), request.headers, vary="Accept")
            if (ready := conditional.ready()) is not None:
                raise ReadyError(ready)
            self._conditional = conditional
            request.content_version = conditional.version  # type: ignore[attr-defined]
            self._while_answering.enter_context(sharing(conditional.version))

    def get_throttles(self) -> list[BaseThrottle]:
        self._throttles: list[BaseThrottle] = super().get_throttles()
        return self._throttles

    def handle_exception(self, exc: Exception) -> Any:
        if isinstance(exc, ReadyError):
            return exc.response
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if response.status_code == 200 and self._conditional:
            response = self._sent(request, self._conditional, response)
        for throttle in getattr(self, "_throttles", ()):
            if left := getattr(throttle, "left", None):
                for name, value in left.headers().items():
                    response[name] = value
        if self.deprecation:
            self.deprecation.mark(response)
        return response

    def _sent(self, request: Request, conditional: ConditionalRequest, response: Any) -> Any:
        if not response.streaming:
            if not getattr(response, "is_rendered", True):
                response.render()
            return conditional.store(response, MAX_CACHED_BYTES)
        # Only here is it certain that a file is sent; nothing of it is written yet.
        if (refusal := self._refused_file(request, response)) is not None:
            return super().finalize_response(request, self.handle_exception(refusal))
        return conditional.tagged(response, "file")

    def _refused_file(self, request: Request, response: Any) -> exceptions.APIException | None:
        """Take a slot for a file and count it; who asks for its head is counted alike."""
        slot = None
        if request.method == "GET" and (slot := files.take_slot(request._request)) is None:
            return NoSlotError()
        throttle = FilesThrottle()
        self._throttles.append(throttle)
        if throttle.allow_request(request, self):
            response.file_slot = slot
            return None
        if slot:
            slot.release()
        return exceptions.Throttled(throttle.wait())


def _demand_small_body(request: Request) -> None:
    """Raise where more is sent than anything here reads; not a byte of it is read."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not length.isascii() or not length.isdigit() or int(length[:20]) > MAX_BODY_BYTES:
        raise TooLargeError


def _key_of(request: Request) -> bytes:
    """All that a response is made from. The path and the parameters as they came (see the key of
    pages), in whatever order; of the header Accept what was chosen by it."""
    plain: HttpRequest = request._request
    parts = [
        "api",
        plain.scheme,
        plain.get_host(),
        plain.path,
        canonical_query(plain.META.get("QUERY_STRING", "")),
        request.accepted_media_type,
        getattr(getattr(request, "file_format", None), "name", ""),
        latest_name(),
    ]
    return hashlib.blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).digest()
