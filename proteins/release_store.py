"""The releases that there are: folders of RELEASES_DIR, named by year and month.

A release appears by one renaming of a finished folder and never changes. So the names may be
cached as long as RELEASES_DIR is unchanged, and the manifest of a release for ever.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.conf import settings

MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"
_NAME: Final = re.compile(
    r"(?P<year>20[0-9]{2})\.(?P<month>0[1-9]|1[0-2])(?:\.(?P<more>[1-9][0-9]{0,2}))?"
)
#: The same for a database, which knows no names of groups.
NAME_PATTERN: Final = r"^20[0-9]{2}\.(0[1-9]|1[0-2])(\.[1-9][0-9]{0,2})?\Z"
LONGEST_NAME: Final = len("2026.12.999")
#: A folder changed so lately (nanoseconds) may change again within one tick of its clock.
_UNSETTLED: Final = 2_000_000_000

Version = tuple[int, int, int]
_listed: dict[Path, tuple[int, tuple[str, ...]]] = {}


def version(name: str) -> Version | None:
    """The parts of a release's name (`2026.12`, `2026.12.1`), by which releases are ordered;
    None for what is no such name."""
    if not (match := _NAME.fullmatch(name)):
        return None
    return int(match["year"]), int(match["month"]), int(match["more"] or 0)


def folder() -> Path:
    return Path(settings.RELEASES_DIR)


def names() -> tuple[str, ...]:
    """The names of all releases, the newest first."""
    root = folder()
    try:
        changed = root.stat().st_mtime_ns
    except FileNotFoundError:
        return ()
    cached = _listed.get(root)
    if cached and cached[0] == changed:
        return cached[1]
    versions = {path.name: version(path.name) for path in root.iterdir()}
    ordered = sorted(((parts, name) for name, parts in versions.items() if parts), reverse=True)
    listed = tuple(name for _, name in ordered if (root / name / MANIFEST).is_file())
    if time.time_ns() - changed > _UNSETTLED:
        _listed[root] = changed, listed
    return listed


def forget() -> None:
    """Drop the cached names: the folder is listed at the next call."""
    _listed.clear()


def state() -> tuple[object, ...]:
    """What differs after a release has come, or gone."""
    try:
        return folder().stat().st_mtime_ns, *names()
    except FileNotFoundError:
        return ()


def latest_name() -> str:
    """The name of the newest release; empty where there is none."""
    return next(iter(names()), "")


class ReleaseFile(NamedTuple):
    """One file of a release, as its manifest describes it. `species`, `evidence_class` and
    `format` are empty where a file is not of one."""

    name: str
    resource: str
    species: str
    taxon: int | None
    evidence_class: str
    format: str
    media_type: str
    rows: int | None
    size: int
    sha256: str


class Release:
    """A release as its manifest describes it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name
        self.manifest: dict[str, Any] = json.loads((path / MANIFEST).read_bytes())

    @cached_property
    def files(self) -> dict[str, ReleaseFile]:
        """The files that the manifest lists, by name."""
        return {row["name"]: ReleaseFile(**row) for row in self.manifest["files"]}

    @cached_property
    def digests(self) -> dict[str, str]:
        """SHA-256 of every file of the release, by name."""
        own = {name: _digest(self.path / name) for name in (MANIFEST, SUMS)}
        return own | {name: file.sha256 for name, file in self.files.items()}

    @property
    def moment(self) -> datetime:
        """The moment whose content it is."""
        return datetime.fromisoformat(self.manifest["moment"])

    def of(self, resource: str) -> list[ReleaseFile]:
        return [file for file in self.files.values() if file.resource == resource]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def release(name: str) -> Release | None:
    """The release of a name, None if there is none."""
    if version(name) is None:
        return None
    path = folder() / name
    try:
        state = (path / MANIFEST).stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return _read(path, state.st_ino, state.st_mtime_ns)


@lru_cache(maxsize=16)
def _read(path: Path, _inode: int, _changed: int) -> Release:
    return Release(path)
