"""One line of JSON a request, its ID, and counters for Prometheus.

Who asks is not written: the web server in front knows the client's address, and its log has the
same request ID.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from prometheus_client import Counter, Histogram

from proteins.caching.conditional import CachedResponse
from tflink.log_lines import current_id, without_token

REQUEST_ID: Final = "X-Request-ID"
_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
logger = logging.getLogger("tflink.access")

REQUESTS: Final = Counter(
    "tflink_requests_total", "Requests answered.", ["view", "method", "status", "cache"]
)
SECONDS: Final = Histogram(
    "tflink_request_seconds",
    "Seconds until an answer was made; of a file, until it was sent.",
    ["view"],
    buckets=(0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10, 60, 600),
)
#: What others make up goes into no metric: each word would be a series of its own.
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


class AccessLog:
    """The outermost middleware: what it does not see was not answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        request_id = _id_of(request)
        current_id.set(request_id)
        response = self.get_response(request)

        def log() -> None:
            _log(request, response, request_id, time.perf_counter() - began)

        if response.streaming:
            # As Django closes files: when all is sent, or the client has gone.
            response._resource_closers.append(log)  # type: ignore[attr-defined]
        else:
            log()
        return response


def _id_of(request: HttpRequest) -> str:
    """The ID that our own proxy gave to a request, or a new one."""
    given = request.headers.get(REQUEST_ID, "")
    if settings.TRUSTED_PROXIES and _ID.fullmatch(given):
        return given
    return uuid.uuid4().hex


def _log(request: HttpRequest, response: HttpResponseBase, request_id: str, took: float) -> None:
    match = request.resolver_match
    view = (match.view_name if match else "") or "-"
    cached = isinstance(response, CachedResponse) or response.status_code == 304
    cache = "hit" if cached else "miss"
    method = request.method if request.method in _METHODS else "other"
    path = without_token(request.path)
    REQUESTS.labels(view, method, str(response.status_code), cache).inc()
    SECONDS.labels(view).observe(took)
    logger.info(
        "%s %s",
        request.method,
        path,
        extra={
            "access": {
                "request_id": request_id,
                "method": request.method,
                "path": path,
                # Lists of genes are unpublished research.
                "query": ""
                if getattr(request, "is_private", False)
                else request.META.get("QUERY_STRING", ""),
                "view": view,
                "status": response.status_code,
                "bytes": None if response.streaming else len(getattr(response, "content", b"")),
                "ms": round(took * 1000, 1),
                "cache": cache,
            }
        },
    )
