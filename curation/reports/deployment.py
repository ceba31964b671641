"""What a site that readers reach by way of a proxy must say, checked by `check --deploy`."""

from __future__ import annotations

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
