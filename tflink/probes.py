"""What monitoring asks: `/health/live`, `/health/ready` and `/metrics`.

A middleware, before all that looks at the host name or demands HTTPS: a load balancer comes by
number and in the clear. Metrics are for addresses of METRICS_ALLOWED only.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Final

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    generate_latest,
    multiprocess,
)

from proteins.client_address import address_of
from proteins.outages import AWAY, outage_of, schema_outage
from tflink import replica

LIVE: Final = "/health/live"
READY: Final = "/health/ready"
METRICS: Final = "/metrics"
#: Names the folder by which workers share their metrics (prometheus_client reads it).
_SHARED_METRICS: Final = "PROMETHEUS_MULTIPROC_DIR"
_REPLICA_METRICS: Final = replica.ReplicaMetrics()
REGISTRY.register(_REPLICA_METRICS)


class Probes:
    """Answers probes; all else goes on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        probe = _PROBES.get(request.path_info)
        if probe is None:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        response = probe(request)
        response["Cache-Control"] = "no-store"
        return response


def _live(_: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is looked at, so that no outage restarts it."""
    return _text("live")


def _ready(_: HttpRequest) -> HttpResponse:
    """The database answers too, and is of this program's version."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        outage = schema_outage()
    except Error as error:
        outage = outage_of(error) or AWAY
    if outage is None:
        return _text(f"ready\nreplica: {replica.look()}" if replica.is_configured() else "ready")
    response = _text(f"not ready: {outage.sentence}", 503)
    response["Retry-After"] = str(outage.seconds)
    return response


def _metrics(request: HttpRequest) -> HttpResponse:
    if not _may_read_metrics(request):
        return _text("not found", 404)
    registry = REGISTRY
    if os.environ.get(_SHARED_METRICS):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        registry.register(_REPLICA_METRICS)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read_metrics(request: HttpRequest) -> bool:
    """Whether the client is of METRICS_ALLOWED; one that a proxy forwards, which the settings
    know nothing of, is not."""
    if "X-Forwarded-For" in request.headers and not settings.TRUSTED_PROXIES:
        return False
    try:
        client = ip_address(address_of(request))
    except ValueError:
        # A socket's client has no address, and is on this machine.
        return not request.META.get("REMOTE_ADDR")
    return any(client in ip_network(network) for network in settings.METRICS_ALLOWED)


def _text(words: str, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")


_PROBES: Final = {LIVE: _live, READY: _ready, METRICS: _metrics}
