"""The page cache: public pages in the memory of one process, each of a version of the content.

A version is current at the times at which it was read from the database. A page of one that has
passed is as old, at most, as the last of these times; whoever may get it for a while gets it, and
it stays until its URL is rendered again. The bytes of all pages are limited; the least recently
used goes first. Once all room is taken, a page is stored at the second request for its URL: a
crawler, which requests all pages once, drives nothing out.

Pages are compressed: a hub's of 70 KB takes 12, a third of a millisecond to store and a tenth to
return, so that six times as many stay.
"""

from __future__ import annotations

import zlib
from threading import Lock
from typing import Final, NamedTuple, Self

from proteins.caching.bounded import BoundedCache

#: The size of the cache in a worker, unless the setting PAGE_CACHE_BYTES is another; 0 is none.
DEFAULT_BYTES: Final = 32_000_000
#: More than any page should have; what is larger is not cached.
MAX_PAGE_BYTES: Final = 120_000
#: About what a page takes beside its content.
OVERHEAD: Final = 1_000
#: URLs that were requested once, while there is no room.
MAX_SEEN: Final = 4_096
#: Versions of which it is stored when they were current: one a write of the last minutes.
MAX_VERSIONS: Final = 4_096

#: The quickest: a slower one saves a seventh of the room.
_LEVEL: Final = 1

Version = tuple[object, ...]


class CachedPage(NamedTuple):
    #: The content, compressed.
    packed: bytes
    headers: tuple[tuple[str, str], ...]
    #: Of the content, for its tag.
    digest: str
    version: Version = ()
    #: The query of its URL, where those of several have one key.
    query: str = ""

    @classmethod
    def of(
        cls, content: bytes, headers: tuple[tuple[str, str], ...], digest: str, query: str = ""
    ) -> Self:
        return cls(zlib.compress(content, _LEVEL), headers, digest, query=query)

    @property
    def content(self) -> bytes:
        return zlib.decompress(self.packed)


class PageCache:
    """Safe for threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._current: BoundedCache[Version, float] = BoundedCache(MAX_VERSIONS)
        self._pages: BoundedCache[bytes, CachedPage] = BoundedCache(0, _size)
        self._seen: BoundedCache[bytes, bytes] = BoundedCache(MAX_SEEN)

    def confirm(self, version: Version, at: float) -> None:
        """Store that a version was current at a time of the monotonic clock."""
        self._current.put(version, at)

    def get(self, version: Version, key: bytes) -> CachedPage | None:
        """Return a page of this version of the content."""
        page = self._pages.get(key)
        return page if page is not None and page.version == version else None

    def of_any_version(self, key: bytes) -> CachedPage | None:
        """Return a page as it was last."""
        return self._pages.get(key)

    def age(self, page: CachedPage, now: float) -> float:
        """Return the seconds since the version of a page was current, as far as is known."""
        return now - self._current_at(page.version)

    def put(self, version: Version, key: bytes, page: CachedPage, room: int) -> None:
        """Store a page, within `room` bytes for all; not in place of one of a later version."""
        page = page._replace(version=version)
        size = _size(page)
        if size > room:
            return
        with self._lock:
            stored = self._pages.get(key)
            if stored is not None and stored.query == page.query:
                if self._current_at(stored.version) >= self._current_at(version):
                    return
            elif stored is None and self._pages.size + size > room and not self._is_seen(key):
                return
            self._pages.limit = room
            self._pages.put(key, page)

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._seen.clear()
            self._current.clear()

    @property
    def size(self) -> int:
        return self._pages.size

    def __len__(self) -> int:
        return len(self._pages)

    def _current_at(self, version: Version) -> float:
        at = self._current.get(version)
        return float("-inf") if at is None else at

    def _is_seen(self, key: bytes) -> bool:
        if self._seen.pop(key):
            return True
        self._seen.put(key, key)
        return False


def _size(page: CachedPage) -> int:
    return len(page.packed) + OVERHEAD
