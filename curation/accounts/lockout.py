"""What django-axes asks of us: who a client is, and what a locked out one reads."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any, Final

from axes.utils import reset
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from proteins.client_address import address_of, network_of

_NOWHERE: Final = "0.0.0.0"  # noqa: S104  (no server binds to it: all without an address)


def client_of(request: HttpRequest) -> str:
    """Return the address that failures are counted by: of an IPv6 client, that of its network."""
    try:
        return str(ip_network(network_of(address_of(request))).network_address)
    except ValueError:
        return _NOWHERE


def locked_out(
    request: HttpRequest, _: HttpResponse | None, __: Mapping[str, Any] | None
) -> HttpResponse:
    """The page in place of the log-in; whether there is such an account it does not say."""
    seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
    context = {"minutes": -(-seconds // 60), "can_reset": settings.PASSWORD_RESET_BY_MAIL}
    response = render(request, "admin/locked_out.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response


def unlock(username: str) -> bool:
    """Forget the failures of an account; return whether there were any."""
    return bool(reset(username=username))
