"""Files as they are frozen: gzip without a time or a name, so that the same text gives the
same bytes; on the disk, not in its cache, before the manifest names them."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, NamedTuple, cast

#: zlib's own choice between speed and size.
LEVEL: Final = 6


class Written(NamedTuple):
    """A file on the disk: its bytes, and their SHA-256."""

    size: int
    sha256: str


class _Digested(io.RawIOBase):
    """A file whose size and digest are computed while it is written."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self._file = file
        self._sha256 = hashlib.sha256()
        self._size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        content = cast(bytes, data)
        self._file.write(content)
        self._sha256.update(content)
        size = memoryview(content).nbytes
        self._size += size
        return size

    def written(self) -> Written:
        self._file.flush()
        os.fsync(self._file.fileno())
        return Written(self._size, self._sha256.hexdigest())


@dataclass
class PackedFile:
    """A new file of gzip, which is written a text at a time."""

    path: Path
    _text: IO[str]
    _written: Written | None = None

    @property
    def written(self) -> Written:
        assert self._written is not None, "It is not closed yet."  # noqa: S101
        return self._written

    def write(self, text: str) -> None:
        self._text.write(text)


@contextmanager
def packing(path: Path) -> Iterator[PackedFile]:
    """Open a new file of gzip; `written` once it is closed, and on the disk."""
    with path.open("xb") as file:
        digested = _Digested(file)
        with (
            gzip.GzipFile("", "wb", LEVEL, digested, mtime=0) as packed,
            io.TextIOWrapper(packed, "utf-8", newline="") as text,
        ):
            opened = PackedFile(path, text)
            yield opened
        opened._written = digested.written()


def write_plain(path: Path, texts: Iterable[str]) -> Written:
    """Write a new file of UTF-8, a text at a time."""
    with path.open("xb") as file:
        digested = _Digested(file)
        for some in texts:
            digested.write(some.encode())
        return digested.written()


def sync_folder(path: Path) -> None:
    """Have the names in a folder on the disk, too."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
