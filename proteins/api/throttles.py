"""Rates of the API: by IP address, or by token, with higher limits.

Counted in windows of time, a number for each caller in Django's cache (`CACHE_URL`): one that
all workers share counts together, local memory counts in each worker for itself. DRF's own
throttles store the time of every request instead, and read and write them all each time.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django.conf import settings
from django.core import checks
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from proteins.api.tokens import digest_of
from proteins.client_address import address_of, network_of

#: What is counted; each has a rate for callers without a token, and one for those with.
REQUESTS: Final = "requests"
FILES: Final = "files"
LOOKUPS: Final = "lookups"

_TOKEN: Final = re.compile(r"[0-9a-f]{40}")
_RATE: Final = re.compile(r"[1-9][0-9]{0,8}/(second|minute|hour|day)")
logger = logging.getLogger(__name__)


class RateToken(TokenAuthentication):
    """`Authorization: Token ...`: raises the rates of its user, and changes no response."""

    def authenticate_credentials(self, key: str) -> Any:
        # What cannot be a token is not looked for; databases take no NUL.
        if not _TOKEN.fullmatch(key):
            raise AuthenticationFailed("Invalid token.")
        return super().authenticate_credentials(digest_of(key))


@dataclass(frozen=True)
class Left:
    """What a caller has left of a rate, for the headers of draft-ietf-httpapi-ratelimit."""

    scope: str
    most: int
    window: int
    left: int
    seconds: int

    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Policy": f'"{self.scope}";q={self.most};w={self.window}',
            "RateLimit": f'"{self.scope}";r={self.left};t={self.seconds}',
        }


class CallerThrottle(SimpleRateThrottle):
    """A rate of `settings.API_RATES` for each caller; no rate, no limit."""

    counted: ClassVar[str] = REQUESTS
    left: Left | None = None

    def get_rate(self) -> str | None:
        # It depends on the request.
        return None

    def get_cache_key(self, request: Request, view: Any) -> str:
        token = request.auth
        caller = f"token-{token.user_id}" if token else network_of(address_of(request))
        return f"api-{self.scope}-{caller}"

    def allow_request(self, request: Request, view: Any) -> bool:
        self.scope = f"{self.counted}-token" if request.auth else self.counted
        most, window = self.parse_rate(settings.API_RATES[self.scope] or None)
        if most is None or window is None:
            return True
        self.now = self.timer()
        began = int(self.now // window)
        used = _counted(f"{self.get_cache_key(request, view)}-{began}", window)
        self._wait = (began + 1) * window - self.now
        self.left = Left(self.scope, most, window, max(0, most - used), -int(-self._wait // 1))
        return used <= most

    def wait(self) -> float:
        """The seconds until the window ends."""
        return self._wait


class FilesThrottle(CallerThrottle):
    """Whole lists as files."""

    counted = FILES


class LookupsThrottle(CallerThrottle):
    """Look-ups of many identifiers at once."""

    counted = LOOKUPS


def _counted(key: str, window: int) -> int:
    """Count one more, and return how many there were; 0 where the cache cannot be reached:
    the API goes on without limits then, rather than not at all."""
    cache = SimpleRateThrottle.cache
    try:
        if cache.add(key, 1, window + 1):
            return 1
        return cache.incr(key)
    except ValueError:
        # Its time ran out in between.
        return 1
    except Exception:
        logger.exception("Requests to the API are not counted: the cache does not answer")
        return 0


@checks.register()
def check_rates(**_: Any) -> list[checks.CheckMessage]:
    """Find rates that could not be read, before a request does."""
    return [
        checks.Error(
            f"The rate of {scope!r} is {rate!r}.",
            hint="Write a number and a period, such as 600/minute; nothing for no limit.",
            id="proteins.E001",
        )
        for scope, rate in settings.API_RATES.items()
        if rate and not _RATE.fullmatch(rate)
    ]
