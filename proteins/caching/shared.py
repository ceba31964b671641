"""What answers share while nothing is written, in the memory of a worker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from django.conf import settings
from rest_framework.request import Request

Shared = TypeVar("Shared")


class Remembered(Generic[Shared]):
    """Something that is shared by the answers of one state of the content, and made anew with
    the next.

    It may hold what was read a moment after the state that it is kept for, never before. Who
    turned off the memory for answers (`PAGE_CACHE_BYTES`) has none for this either.
    """

    def __init__(self, make: Callable[..., Shared]) -> None:
        self._make = make
        self._kept: tuple[object, Shared] | None = None

    def of(self, request: Request, *others: object) -> Shared:
        """What is shared with requests of the same state, and of the same `others`."""
        version = getattr(request, "content_version", None)
        if version is None or not settings.PAGE_CACHE_BYTES:
            return self._make(*others)
        of = (version, *others)
        kept = self._kept
        if kept is None or kept[0] != of:
            # One name for both: another thread may be replacing them.
            self._kept = kept = of, self._make(*others)
        return kept[1]

    def forget(self) -> None:
        self._kept = None
