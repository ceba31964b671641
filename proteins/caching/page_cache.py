"""The page cache: public pages in the memory of one process, sent again while nothing is written.

All cached pages belong to one version of the content: with the first page of another one all
are dropped, so that nothing stale takes room. The bytes of all of them are limited; the least
recently used goes first. Once all room is taken, a page is stored at the second request for its
URL: a crawler, which requests all pages once, drives nothing out.
"""

from __future__ import annotations

from threading import Lock
from typing import Final, NamedTuple

from proteins.caching.bounded import BoundedCache

#: The size of the cache in a worker, unless the setting PAGE_CACHE_BYTES is another; 0 is none.
DEFAULT_BYTES: Final = 32_000_000
#: More than any page should have; what is larger is not cached.
MAX_PAGE_BYTES: Final = 120_000
#: About what a page takes beside its content.
OVERHEAD: Final = 1_000
#: URLs that were requested once, while there is no room.
MAX_SEEN: Final = 4_096

Version = tuple[object, ...]


class CachedPage(NamedTuple):
    content: bytes
    headers: tuple[tuple[str, str], ...]
    #: Of the content, for its tag.
    digest: str


class PageCache:
    """Safe for threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._version: Version = ()
        self._pages: BoundedCache[bytes, CachedPage] = BoundedCache(0, _size)
        self._seen: BoundedCache[bytes, bytes] = BoundedCache(MAX_SEEN)

    def get(self, version: Version, key: bytes) -> CachedPage | None:
        """Return a page of this version of the content; drop those of any other."""
        with self._lock:
            if version != self._version:
                self._pages.clear()
                self._version = version
            return self._pages.get(key)

    def of_any_version(self, key: bytes) -> CachedPage | None:
        """Return a page as it was last, for the time when no version can be read."""
        with self._lock:
            return self._pages.get(key)

    def put(self, version: Version, key: bytes, page: CachedPage, room: int) -> None:
        """Store a page, within `room` bytes for all; not one of a version that has passed."""
        size = _size(page)
        if size > room:
            return
        with self._lock:
            if version != self._version or key in self._pages:
                return
            if self._pages.size + size > room and not self._is_seen(key):
                return
            self._pages.limit = room
            self._pages.put(key, page)

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._seen.clear()
            self._version = ()

    @property
    def size(self) -> int:
        return self._pages.size

    def __len__(self) -> int:
        return len(self._pages)

    def _is_seen(self, key: bytes) -> bool:
        if self._seen.pop(key):
            return True
        self._seen.put(key, key)
        return False


def _size(page: CachedPage) -> int:
    return len(page.content) + OVERHEAD
