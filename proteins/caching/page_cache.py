"""Pages kept in the memory of one process, to be sent again while nothing was written.

All that are kept belong to one version of the content: with the first page of another one
all are dropped, so that nothing stale takes room. How many bytes there are is bounded,
whatever is asked for; what was not asked for longest goes first. Once all room is taken, an
address is let in when it is asked for again: who walks through all pages once, as crawlers
do, drives nothing out.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Final, NamedTuple

#: More than any page should have; what is larger is not kept.
MAX_PAGE_BYTES: Final = 120_000
#: About what a page takes beside its content.
OVERHEAD: Final = 1_000
#: Addresses of which it is known that they were asked for, while there is no room.
MAX_SEEN: Final = 4_096

Version = tuple[object, ...]


class KeptPage(NamedTuple):
    content: bytes
    headers: tuple[tuple[str, str], ...]
    #: Of the content, for its tag.
    digest: str


class KeptPages:
    """Safe to be used by several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._version: Version = ()
        self._pages: OrderedDict[bytes, KeptPage] = OrderedDict()
        self._seen: OrderedDict[bytes, None] = OrderedDict()
        self.size = 0

    def get(self, version: Version, key: bytes) -> KeptPage | None:
        """Return a page of this version of the content; drop those of any other."""
        with self._lock:
            if version != self._version:
                self._drop_all()
                self._version = version
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def of_any_version(self, key: bytes) -> KeptPage | None:
        """Return a page as it was last, for the time when no version can be read."""
        with self._lock:
            return self._pages.get(key)

    def put(self, version: Version, key: bytes, page: KeptPage, room: int) -> None:
        """Keep a page, within `room` bytes for all; not one of a version that has passed."""
        size = _size(page)
        if size > room:
            return
        with self._lock:
            if version != self._version or key in self._pages:
                return
            if self.size + size > room and not self._is_seen(key):
                return
            self._pages[key] = page
            self.size += size
            while self.size > room:
                self.size -= _size(self._pages.popitem(last=False)[1])

    def clear(self) -> None:
        with self._lock:
            self._drop_all()
            self._seen.clear()
            self._version = ()

    def __len__(self) -> int:
        return len(self._pages)

    def _drop_all(self) -> None:
        self._pages.clear()
        self.size = 0

    def _is_seen(self, key: bytes) -> bool:
        if key in self._seen:
            del self._seen[key]
            return True
        self._seen[key] = None
        if len(self._seen) > MAX_SEEN:
            self._seen.popitem(last=False)
        return False


def _size(page: KeptPage) -> int:
    return len(page.content) + OVERHEAD
