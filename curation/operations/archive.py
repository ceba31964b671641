"""The file of a backup: a compressed tar, whose last member says what the others are.

    database.sqlite3 | database.pgdump
    releases/2026.12/...
    uploads/<folder>/...
    manifest.json        size and SHA-256 of each of these, when and of what they were made

A file without its manifest is a part of one: the manifest is written when all else is there.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

MANIFEST: Final = "manifest.json"
DATABASE: Final = "database"
RELEASES: Final = "releases"
UPLOADS: Final = "uploads"
#: Of the layout above.
FORMAT: Final = 1
#: Most of it is compressed already; the database shrinks to a third at once.
_LEVEL: Final = 1
_AT_ONCE: Final = 1 << 20
_DAMAGE: Final = (tarfile.TarError, EOFError, zlib.error, ValueError, KeyError, TypeError)


class BackupError(Exception):
    """A backup that cannot be made or restored; the text says why."""


class _Summed:
    """A file that is read once, and its SHA-256."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.sha256.update(data)
        return data


class Writer:
    """A backup that is being written."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._files: dict[str, dict[str, Any]] = {}

    def add(self, name: str, path: Path) -> None:
        """Add a file as it is now; raises `BackupError` where it shrinks meanwhile."""
        with path.open("rb") as file:
            info = tarfile.TarInfo(name)
            info.size, info.mode = os.fstat(file.fileno()).st_size, 0o600
            summed = _Summed(file)
            try:
                self._tar.addfile(info, summed)
            except OSError as error:
                if error.errno is not None:
                    raise
                raise BackupError(f"{path} was changed while it was read. Try again.") from error
        self._files[name] = {"size": info.size, "sha256": summed.sha256.hexdigest()}

    def finish(self, about: dict[str, Any]) -> None:
        text = json.dumps({"format": FORMAT, **about, "files": self._files}, indent=1).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(text), 0o600
        self._tar.addfile(info, io.BytesIO(text))


@contextmanager
def writing(file: IO[bytes]) -> Iterator[Writer]:
    with tarfile.open(fileobj=file, mode="w:gz", compresslevel=_LEVEL) as tar:
        yield Writer(tar)


def unpack(file: Path, to: Path, parts: frozenset[str]) -> dict[str, Any]:
    """Write the members of `parts` below a folder and return the manifest.

    All of the file is read, and each member compared with its sum. Raises `BackupError` where
    it is damaged, cut short, or no backup.
    """
    try:
        with gzip.open(file) as packed:
            with tarfile.open(fileobj=packed, mode="r:") as tar:
                manifest = _unpack(tar, to, parts)
            while packed.read(_AT_ONCE):  # to its end, which has a sum of its own
                pass
    except FileNotFoundError:
        raise BackupError(f"There is no file {file}.") from None
    except _DAMAGE as error:
        reason = str(error) or type(error).__name__
        raise BackupError(f"{file} is damaged, or is no backup ({reason}).") from error
    except OSError as error:
        if error.errno is not None:
            raise
        # Such as a sum of gzip's that does not fit.
        raise BackupError(f"{file} is damaged, or is no backup ({error}).") from error
    return manifest


def _unpack(tar: tarfile.TarFile, to: Path, parts: frozenset[str]) -> dict[str, Any]:
    sums: dict[str, dict[str, Any]] = {}
    manifest: dict[str, Any] | None = None
    for member in tar:
        content = tar.extractfile(member) if member.isreg() else None
        if content is None:
            raise ValueError(f"{member.name!r} is no plain file")
        if member.name == MANIFEST:
            manifest = json.loads(content.read())
            continue
        part = _part_of(member.name)
        summed = _Summed(content)
        path = to / member.name if part in parts else None
        # Releases are served by the web server too.
        size = _write(summed, path, is_public=part == RELEASES)
        sums[member.name] = {"size": size, "sha256": summed.sha256.hexdigest()}
    if manifest is None:
        raise EOFError("it ends before its manifest")
    if manifest["format"] != FORMAT:
        raise ValueError(f"its format is {manifest['format']}, not {FORMAT}")
    if manifest["files"] != sums:
        raise ValueError("a member differs from its SHA-256")
    return manifest


def _part_of(name: str) -> str:
    """Return what a member belongs to; raises `ValueError` for a name that leads elsewhere."""
    path = PurePosixPath(name)
    part = path.parts[0].partition(".")[0]
    if path.is_absolute() or ".." in path.parts or part not in (DATABASE, RELEASES, UPLOADS):
        raise ValueError(f"{name!r} is no member of a backup")
    return part


def _write(content: _Summed, path: Path | None, *, is_public: bool) -> int:
    size = 0
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    with Path(os.devnull if path is None else path).open("wb") as file:
        if path is not None and not is_public:
            path.chmod(0o600)
        while data := content.read(_AT_ONCE):
            size += file.write(data)
    return size
