"""Memos that responses share while nothing is written, in the memory of a worker.

They may hold what was read a moment after the state of the content that they belong to, never
before. With the page cache turned off (`PAGE_CACHE_BYTES`) there are no memos either.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, Generic, TypeVar

from django.conf import settings
from rest_framework.request import Request

Shared = TypeVar("Shared")

#: What each function of `shared` read last, with its state.
_entries: Final[dict[Callable[[], Any], tuple[object, Any]]] = {}
#: The state of the content that the present request shows; none outside of public requests.
_version: Final[ContextVar[object]] = ContextVar("content_version", default=None)


@contextmanager
def sharing(version: object) -> Iterator[None]:
    """Let what is read within share the memos of a state of the content."""
    token = _version.set(version if settings.PAGE_CACHE_BYTES else None)
    try:
        yield
    finally:
        _version.reset(token)


def shared(make: Callable[[], Shared]) -> Callable[[], Shared]:
    """Let the public requests of one state of the content share what `make` reads.

    For what all pages ask and few writes change, such as the vocabulary. It must not be modified.
    """

    @functools.wraps(make)
    def read() -> Shared:
        version = _version.get()
        if version is None:
            return make()
        entry = _entries.get(make)
        if entry is None or entry[0] != version:
            # One name for both: another thread may be replacing them.
            _entries[make] = entry = version, make()
        value: Shared = entry[1]
        return value

    return read


def shared_version() -> object:
    """The state of the content of which memos are shared just now; None where none are."""
    return _version.get()


def forget() -> None:
    """Drop what requests share."""
    _entries.clear()


class SharedMemo(Generic[Shared]):
    """A value that the responses of one state of the content share; made again for the next."""

    def __init__(self, make: Callable[..., Shared]) -> None:
        self._make = make
        self._entry: tuple[object, Shared] | None = None

    def of(self, request: Request, *others: object) -> Shared:
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
