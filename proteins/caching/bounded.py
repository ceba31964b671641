"""One cache with a limit, for everything that a process holds in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


def _one(_: object) -> int:
    return 1


class BoundedCache(Generic[Key, Value]):
    """Values by key; beyond the limit the least recently used go. Safe for threads.

    The limit is on the number of values, or on the sum of what `size_of` says of each.
    """

    def __init__(self, limit: int, size_of: Callable[[Value], int] = _one) -> None:
        self.limit = limit
        self.size = 0
        self._size_of = size_of
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> Value | None:
        with self._lock:
            return self._get(key)

    def put(self, key: Key, value: Value) -> None:
        with self._lock:
            self._put(key, value)

    def pop(self, key: Key) -> Value | None:
        with self._lock:
            return self._pop(key)

    def of(
        self, keys: Collection[Key], read: Callable[[set[Key]], dict[Key, Value]]
    ) -> dict[Key, Value]:
        """Return the values of `keys`; what is missing is read together, without the lock."""
        values = {}
        with self._lock:
            for key in self._values.keys() & keys:
                values[key] = self._values[key]
                self._values.move_to_end(key)
        if missing := set(keys).difference(values):
            new = read(missing)
            values.update(new)
            with self._lock:
                for key, value in new.items():
                    self._put(key, value)
        return values

    def clear(self) -> None:
        with self._lock:
            self._values.clear()
            self.size = 0

    def __contains__(self, key: Key) -> bool:
        return key in self._values

    def __len__(self) -> int:
        return len(self._values)

    def _get(self, key: Key) -> Value | None:
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def _put(self, key: Key, value: Value) -> None:
        self._pop(key)
        self._values[key] = value
        self.size += self._size_of(value)
        while self.size > self.limit:
            self.size -= self._size_of(self._values.popitem(last=False)[1])

    def _pop(self, key: Key) -> Value | None:
        value = self._values.pop(key, None)
        if value is not None:
            self.size -= self._size_of(value)
        return value
