"""What the served site is answering just now.

On SQLite the site and the test share one connection: what the test writes, and the emptying of
the database after it, fails ("table is locked") while the site still reads for a picture that
the browser has requested last.
"""

from __future__ import annotations

import threading
import time
from typing import Any, Final

from django.core.signals import request_finished, request_started

#: Seconds for which nothing must have been requested, and after which a wait ends (for
#: an answer that never came to its end).
_QUIET: Final = 0.03
_AT_MOST: Final = 30.0


class Traffic:
    """The requests that other threads than this one answer: one a thread at a time."""

    def __init__(self) -> None:
        self._own = threading.get_ident()
        self._lock = threading.Lock()
        self._answering: set[int] = set()
        self._changed = 0.0
        # Signals keep no hold of methods.
        request_started.connect(self._begin)
        request_finished.connect(self._end)

    def _begin(self, **_: Any) -> None:
        if (thread := threading.get_ident()) != self._own:
            with self._lock:
                self._answering.add(thread)
                self._changed = time.monotonic()

    def _end(self, **_: Any) -> None:
        with self._lock:
            self._answering.discard(threading.get_ident())
            self._changed = time.monotonic()

    def settle(self) -> None:
        """Wait until nothing is being answered."""
        ends = time.monotonic() + _AT_MOST
        while time.monotonic() < ends:
            with self._lock:
                if not self._answering and time.monotonic() - self._changed > _QUIET:
                    return
            time.sleep(0.005)
        with self._lock:
            self._answering.clear()
