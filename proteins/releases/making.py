"""How a release is made: beside the others, under a name that no reader uses, and renamed when
it is whole and on the disk. Whatever happens before leaves the releases as they were."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.utils import timezone
from filelock import FileLock, Timeout

from proteins import release_store
from proteins.domain.identifiers import shown
from proteins.outages import outage_of
from proteins.queries.changes import InteractionKeys, interactions_since
from proteins.queries.snapshot import consistent_read
from proteins.release_store import MANIFEST, SUMS, Release, ReleaseFile
from proteins.releases import changelog
from proteins.releases.freezing import Freezer, Progress
from proteins.releases.manifest import change_number, manifest
from proteins.releases.writing import sync_folder, write_plain

_LOCK: Final = ".lock"
_PARTIAL: Final = ".{name}.partial-{pid}"
#: Of more interactions than these it is quicker to compare all than to list which were written.
MOST_WRITTEN: Final = 200_000
_READ_ONLY_FILE, _READ_ONLY_FOLDER, _OWN_FOLDER = 0o444, 0o555, 0o755


class ReleaseError(Exception):
    """A release that cannot be made, and why; nothing of it is there."""


def _ignore(*_: object) -> None:
    """Progress that is not shown."""


def make_release(name: str, progress: Progress = Progress(_ignore, _ignore)) -> Release:  # noqa: B008
    """Freeze the public content of this moment; ReleaseError where that cannot be.

    What keeps the whole machine from working, such as a full disk, is raised as it is.
    """
    check_name(name)
    root = release_store.folder()
    try:
        root.mkdir(parents=True, exist_ok=True)
        with _alone(root):
            _clear_dead(root)
            previous = check_name(name)
            return _make(name, previous, root, progress)
    except OSError as error:
        if outage_of(error) is not None:
            raise
        raise ReleaseError(
            f"Release {name} could not be written: {error}. Nothing of it is left."
        ) from error


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """One at a time; the lock goes with its process, so that a dead one holds none."""
    lock = FileLock(root / _LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise ReleaseError("Another release is being made; wait for its end.") from None
    try:
        yield
    finally:
        lock.release()


def _clear_dead(root: Path) -> None:
    """Remove what dead processes left; a live one would hold the lock."""
    for path in root.glob(_PARTIAL.format(name="*", pid="*")):
        _remove(path)


def _remove(path: Path) -> None:
    path.chmod(_OWN_FOLDER)
    shutil.rmtree(path)


def check_name(name: str) -> Release | None:
    """The newest release, which one of this name would follow; ReleaseError where it cannot."""
    if release_store.version(name) is None:
        raise ReleaseError(
            f"{shown(name)} is no name of a release: give year and month, and a number where "
            "there are several in a month, such as 2026.12 or 2026.12.1."
        )
    # Read again: the cached names may be older than the lock.
    release_store.forget()
    newest = release_store.latest_name()
    if name in release_store.names() or (release_store.folder() / name).exists():
        raise ReleaseError(f"Release {name} is there already; releases never change.")
    if newest and (release_store.version(newest) or ()) > (release_store.version(name) or ()):
        raise ReleaseError(f"Release {name} would come before {newest}, which is there already.")
    return release_store.release(newest) if newest else None


def _make(name: str, previous: Release | None, root: Path, progress: Progress) -> Release:
    partial = root / _PARTIAL.format(name=name, pid=os.getpid())
    try:
        # In here: a signal that comes with the call's return finds the folder, and removes it.
        partial.mkdir()
        _write(name, previous, partial, progress)
        _seal(partial)
        # Fails where a folder of that name has come meanwhile: it is not empty.
        partial.rename(root / name)
    except BaseException:
        # Not there before it is made, nor once it is renamed: the release is then whole.
        if partial.exists():
            _remove(partial)
        raise
    sync_folder(root)
    release_store.forget()
    made = release_store.release(name)
    assert made is not None  # noqa: S101  (it was renamed)
    return made


def _write(name: str, previous: Release | None, folder: Path, progress: Progress) -> None:
    freezer = Freezer(name, folder, progress)
    with consistent_read():
        moment = timezone.now()
        freezer.freeze()
        content = manifest(freezer, moment, previous.name if previous else "")
        since = _written_since(previous, content) if previous else None
    changes = changelog.compare(name, previous, folder, freezer.files, since)
    for file, texts in (
        (changelog.JSON, changelog.as_json(changes)),
        (changelog.TEXT, changelog.as_text(changes)),
    ):
        written = write_plain(folder / file, texts)
        freezer.files.append(
            ReleaseFile(file, "changelog", "", None, "", "", "", None, written.size, written.sha256)
        )
    changelog.clear(changes)
    content |= {"changes": changes.summary(), "files": [file._asdict() for file in freezer.files]}
    _finish(folder, content, freezer.files)


def _written_since(previous: Release, content: dict[str, Any]) -> InteractionKeys | None:
    """Return the interactions that were written since a release; None where that is not known.

    The release may be older than change numbers, or of another database, whose change of that
    number is another one. A database or method that has another name now is in the records of
    interactions that were not written.
    """
    change = previous.manifest.get("change")
    if not change or change_number(change["number"]) != change:
        return None
    for vocabulary, name in (("sources", "key"), ("methods", "name")):
        had, has = (
            {each[name] for each in listed[vocabulary]} for listed in (previous.manifest, content)
        )
        if had - has:
            return None
    return interactions_since(change["number"], MOST_WRITTEN)


def _finish(folder: Path, content: dict[str, Any], files: list[ReleaseFile]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    written = write_plain(folder / MANIFEST, [text])
    sums = [(file.sha256, file.name) for file in files] + [(written.sha256, MANIFEST)]
    write_plain(folder / SUMS, (f"{digest}  {name}\n" for digest, name in sums))


def _seal(folder: Path) -> None:
    """Make all of it read-only, and have it on the disk."""
    for path in folder.iterdir():
        path.chmod(_READ_ONLY_FILE)
    folder.chmod(_READ_ONLY_FOLDER)
    sync_folder(folder)
