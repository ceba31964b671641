"""Slots: how many of what takes long are answered at the same time.

A worker has so many, and a client so many in all workers that share a cache; of one worker's it
never has the last, so that others get theirs. Whoever gets none is sent away with the time after
which to try again, and waits without a thread.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from threading import Lock
from typing import Final

from django.core.cache import cache

#: Seconds after which a slot counts as free whatever became of it (a worker that was killed),
#: beside those for which it may be held.
MARGIN: Final = 60
logger = logging.getLogger(__name__)


class Slot:
    """A right that is given back once, by whoever has it."""

    def __init__(self, slots: Slots, client: str, key: str, ends: float) -> None:
        self.client, self.ends = client, ends
        self._slots, self._key = slots, key

    def release(self) -> None:
        if self._slots.drop(self) and self._key:
            _give_back(self._key)


class Slots:
    """The slots of one kind of work. Limits and time are read when they are needed; a limit of 0
    is none."""

    def __init__(
        self,
        name: str,
        in_worker: Callable[[], int],
        of_client: Callable[[], int],
        seconds: Callable[[], float],
    ) -> None:
        self._name = name
        self._in_worker, self._of_client, self._seconds = in_worker, of_client, seconds
        self._held: set[Slot] = set()
        self._lock = Lock()

    def take(self, client: str) -> Slot | None:
        """Return a slot, or None where others have them all."""
        lease = self._seconds() + MARGIN
        slot = self._take_here(client, time.monotonic() + lease)
        if slot is None:
            return None
        key = self._take_in_all(client, lease)
        if key is None:
            self.drop(slot)
            return None
        slot._key = key
        return slot

    def is_free(self, client: str) -> bool:
        """Whether a client would get a slot of this worker now."""
        with self._lock:
            return self._is_free(client)

    def drop(self, slot: Slot) -> bool:
        """Forget a slot of this worker; return whether it was still held."""
        with self._lock:
            was_held = slot in self._held
            self._held.discard(slot)
            return was_held

    def clear(self) -> None:
        with self._lock:
            self._held.clear()

    def __len__(self) -> int:
        return len(self._held)

    def _take_here(self, client: str, ends: float) -> Slot | None:
        with self._lock:
            if not self._is_free(client):
                return None
            slot = Slot(self, client, "", ends)
            self._held.add(slot)
            return slot

    def _is_free(self, client: str) -> bool:
        limit, now = self._in_worker(), time.monotonic()
        self._held = {slot for slot in self._held if slot.ends > now}
        own = sum(slot.client == client for slot in self._held)
        return not limit or (len(self._held) < limit and own < max(1, limit - 1))

    def _take_in_all(self, client: str, lease: float) -> str | None:
        """Return the key of the slot in the cache, empty where there is no limit; None where the
        client has as many as it may."""
        limit = self._of_client()
        keys = [f"slot-{self._name}-{client}-{number}" for number in range(limit)]
        try:
            free = (key for key in keys if cache.add(key, uuid.uuid4().hex, lease))
            return next(free, None) if keys else ""
        except Exception:
            logger.exception("Slots of clients are not counted: the cache does not answer")
            return ""


def _give_back(key: str) -> None:
    try:
        cache.delete(key)
    except Exception:
        logger.exception("A slot is given back only by time: the cache does not answer")
