"""A memo that responses share while nothing is written, in the memory of a worker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from django.conf import settings

Shared = TypeVar("Shared")


class SharedMemo(Generic[Shared]):
    """A value that the responses of one state of the content share; made again for the next.

    It may hold what was read a moment after the state that it belongs to, never before. With
    the page cache turned off (`PAGE_CACHE_BYTES`) there is no memo either.
    """

    def __init__(self, make: Callable[..., Shared]) -> None:
        self._make = make
        self._entry: tuple[object, Shared] | None = None

    def of(self, request: object, *others: object) -> Shared:
        """The value for requests of the same state and the same `others`, of which it is made."""
        version = getattr(request, "content_version", None)
        if version is None or not settings.PAGE_CACHE_BYTES:
            return self._make(*others)
        key = (version, *others)
        entry = self._entry
        if entry is None or entry[0] != key:
            # One name for both: another thread may be replacing them.
            self._entry = entry = key, self._make(*others)
        return entry[1]

    def clear(self) -> None:
        self._entry = None
