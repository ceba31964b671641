"""Rates: requests of a client, counted in windows of time.

A number for each client in Django's cache, not the time of every request, which DRF's own
throttles read and write all each time.
"""

from __future__ import annotations

import logging
import re
import time
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core import checks
from django.core.cache import cache
from django.http import HttpRequest

from proteins.client_address import address_of, network_of

_RATE: Final = re.compile(r"([1-9][0-9]{0,8})/(second|minute|hour|day)")
_SECONDS: Final = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Left:
    """What a client has left of a rate, for the headers of draft-ietf-httpapi-ratelimit."""

    scope: str
    most: int
    window: int
    used: int
    #: Until the window ends.
    seconds: int

    @property
    def is_exceeded(self) -> bool:
        return self.used > self.most

    def headers(self) -> dict[str, str]:
        left = max(0, self.most - self.used)
        return {
            "RateLimit-Policy": f'"{self.scope}";q={self.most};w={self.window}',
            "RateLimit": f'"{self.scope}";r={left};t={self.seconds}',
        }


def client_of(request: HttpRequest) -> str:
    """Return what counts as one client: an IPv4 address, or the /64 of an IPv6 address."""
    return network_of(address_of(request))


def count(scope: str, client: str, rate: str) -> Left | None:
    """Count one more request, and return what is left; None where there is no rate."""
    return _left(scope, client, rate, counting=True)


def left(scope: str, client: str, rate: str) -> Left | None:
    """Return what would be left after one more, which is not counted."""
    return _left(scope, client, rate, counting=False)


def _left(scope: str, client: str, rate: str, *, counting: bool) -> Left | None:
    if not rate:
        return None
    most, window = _parsed(rate)
    now = _clock()
    began = int(now // window)
    key = f"rate-{scope}-{client}-{began}"
    used = _counted(key, window) if counting else _used(key) + 1
    return Left(scope, most, window, used, -int(-((began + 1) * window - now) // 1))


def _parsed(rate: str) -> tuple[int, int]:
    match = _RATE.fullmatch(rate)
    if match is None:
        raise ValueError(f"{rate!r} is no rate, such as 600/minute")
    return int(match[1]), _SECONDS[match[2]]


def _counted(key: str, window: int) -> int:
    """Count one more, and return how many there were; 0 where the cache cannot be reached:
    the site goes on without limits then, rather than not at all."""
    try:
        if cache.add(key, 1, window + 1):
            return 1
        return cache.incr(key)
    except ValueError:
        # Its time ran out in between.
        return 1
    except Exception:
        logger.exception("Requests are not counted: the cache does not answer")
        return 0


def _used(key: str) -> int:
    try:
        return int(cache.get(key, 0))
    except Exception:
        logger.exception("Requests are not counted: the cache does not answer")
        return -1


_clock = time.time


@checks.register()
def check_rates(**_: object) -> list[checks.CheckMessage]:
    """Find rates that could not be read, before a request does."""
    return [
        checks.Error(
            f"The rate of {scope!r} is {rate!r}.",
            hint="Write a number and a period, such as 600/minute; nothing for no limit.",
            id="proteins.E001",
        )
        for rates in (settings.API_RATES, settings.READER_RATES)
        for scope, rate in rates.items()
        if rate and not _RATE.fullmatch(rate)
    ]
