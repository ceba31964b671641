"""Limits of uploads, and the messages of refusals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from django.conf import settings


class UploadError(Exception):
    """Files that are not taken; its text says why, to the person who handed them in."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`received` bytes of one upload as they come, `unpacked` bytes once decompressed, `page`
    bytes of one page, `files` in one archive; `ratio` is the most that may be compressed."""

    received: int
    unpacked: int
    page: int
    files: int
    ratio: int

    @classmethod
    def now(cls) -> Self:
        """Return what the settings say."""
        return cls(
            received=settings.UPLOAD_MAX_BYTES,
            unpacked=settings.UPLOAD_MAX_UNPACKED_BYTES,
            page=settings.IMPORT_MAX_PAGE_BYTES,
            files=settings.UPLOAD_MAX_FILES,
            ratio=settings.UPLOAD_MAX_RATIO,
        )

    def check_ratio(self, what: str, packed: int, unpacked: int) -> None:
        """Raise `UploadError` where decompressing makes more of a file than of any page or
        table; small files are let through, whose ratio says little."""
        if unpacked > RATIO_MATTERS_FROM and unpacked > self.ratio * max(packed, 1):
            raise UploadError(
                f"{what} decompresses to more than {self.ratio:,} times its size, which no page "
                "or table does."
            )


#: Bytes; published pages and tables decompress to five to ten times their size.
RATIO_MATTERS_FROM = 1_000_000


def size_in_words(size: int) -> str:
    """Return a number of bytes as people say it: `12.5 MB`."""
    for unit, step in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= step:
            return f"{size / step:.1f}".removesuffix(".0") + f" {unit}"
    return f"{size} bytes"
