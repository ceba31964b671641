"""Rate of requests to a service, and waits after failures (standard library only)."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

#: Seconds from one try to the next.
_LONGEST_WAIT = 60.0


@dataclass(frozen=True)
class Time:
    """The clock (seconds), the sleep and the chance that waiting takes; tests bring their own."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    #: From 0 to 1.
    chance: Callable[[], float] = random.random


class Pace:
    """Lets one request go in each `interval` (seconds), the first at once."""

    def __init__(self, interval: float, clock: Time) -> None:
        self._interval, self._clock = interval, clock
        self._next = clock.now()

    def wait(self) -> None:
        """Return when the next request may go."""
        early = self._next - self._clock.now()
        if early > 0:
            self._clock.sleep(early)
        self._next = self._clock.now() + self._interval


def backoff(failures: int, chance: float) -> float:
    """Return how many seconds to wait after so many failures in a row.

    It doubles each time, and is spread by chance over its upper half, so that several who
    failed together do not come back together.
    """
    whole: float = min(_LONGEST_WAIT, 2.0 ** min(failures - 1, 30))
    return whole * (0.5 + 0.5 * chance)


def retry_after_seconds(retry_after: str | None) -> float | None:
    """Return the seconds that a `Retry-After` header states (RFC 9110: a number or a date)."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())
