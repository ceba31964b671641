"""Settings that are about where requests come from, checked (most by `check --deploy`)."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security, deploy=True)
def check_proxies(**_: Any) -> list[checks.CheckMessage]:
    """Warn where all readers would count as one sender: the proxy that they come through."""
    if not settings.SECURE_PROXY_SSL_HEADER or settings.TRUSTED_PROXIES > 0:
        return []
    return [
        checks.Warning(
            "Readers come through a proxy, and all of them count as one sender of reports.",
            hint=(
                "Let the proxy set X-Forwarded-For, and TRUSTED_PROXIES to how many proxies of "
                "your own there are."
            ),
            id="curation.W001",
        )
    ]


@checks.register(checks.Tags.security, deploy=True)
def check_hosts(**_: Any) -> list[checks.CheckMessage]:
    """Warn where a visitor chooses what the site calls itself, in links that it sends by mail."""
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [
        checks.Warning(
            "ALLOWED_HOSTS lets a request name any host, which links in mails then lead to.",
            hint="Name the hosts of the site.",
            id="curation.W002",
        )
    ]


@checks.register()
def check_metrics_allowed(**_: Any) -> list[checks.CheckMessage]:
    """Find networks of METRICS_ALLOWED that are none, before a request does."""
    return [
        checks.Error(
            f"METRICS_ALLOWED holds {network!r}, which is no network.",
            hint="Such as 127.0.0.1 or 10.0.0.0/8, with commas between them.",
            id="curation.E001",
        )
        for network in settings.METRICS_ALLOWED
        if not _is_network(network)
    ]


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True
