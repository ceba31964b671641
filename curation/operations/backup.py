"""Write a backup while the site goes on: whatever stops it leaves none that looks whole."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from filelock import FileLock, Timeout

from curation.operations import databases
from curation.operations.archive import RELEASES, UPLOADS, BackupError, Writer, writing
from curation.shared.private_files import create_private
from proteins import release_store
from proteins.outages import schema_outage
from proteins.queries.content_digest import content_parts, digest_of
from proteins.queries.snapshot import consistent_read

_NAME: Final = re.compile(r"tflink-[0-9]{8}T[0-9]{6}Z\.tar\.gz")
_PARTIAL: Final = ".partial"
#: What a job's process writes beside its files while it works.
_PASSING: Final = frozenset({".lock", ".log"})


@dataclass(frozen=True)
class Backup:
    """A backup that is there: its file, its size, and the digest of its content."""

    path: Path
    size: int
    digest: str


def make_backup(folder: Path, *, releases: bool, uploads: bool, keep: int | None) -> Backup:
    """Write a backup into a folder, and remove all but the newest `keep` there.

    It appears under its name when it is whole, readable by its owner alone. Raises
    `BackupError`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / ".tflink-backup.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise BackupError(f"Another backup is being written to {folder}.") from None
    try:
        for left in folder.glob(f".tflink-*{_PARTIAL}"):  # of one that was killed
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        backup = _write(folder, releases=releases, uploads=uploads)
        _remove_old(folder, keep)
    finally:
        lock.release()
    return backup


def _write(folder: Path, *, releases: bool, uploads: bool) -> Backup:
    path = folder / f"tflink-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar.gz"
    draft = folder / f".{path.name}{_PARTIAL}"
    try:
        with create_private(draft) as file:
            with writing(file) as backup:
                about = _add_database(backup, folder)
                if releases:
                    _add_folders(backup, RELEASES, _releases())
                if uploads:
                    _add_folders(backup, UPLOADS, _folders(Path(settings.UPLOAD_DIR)))
                backup.finish(about)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return Backup(path, path.stat().st_size, about["digest"])


def _add_database(backup: Writer, folder: Path) -> dict[str, Any]:
    """Add the database and return what the manifest says of it, all read at one moment."""
    name = databases.member_name()
    with tempfile.TemporaryDirectory(prefix=".tflink-", suffix=_PARTIAL, dir=folder) as parts:
        copy = Path(parts) / name
        with consistent_read():
            about = {
                "made": datetime.now(UTC).isoformat(timespec="seconds"),
                "vendor": connection.vendor,
                "migrations": sorted(map(list, MigrationRecorder(connection).applied_migrations())),
                # Of another version of the program nothing can be said but what is stored.
                "digest": "" if schema_outage() else digest_of(content_parts()),
            }
            databases.copy_to(copy)
        backup.add(name, copy)
    return about


def _releases() -> Iterator[Path]:
    """The folders of releases that are whole."""
    for name in sorted(release_store.names()):
        yield release_store.folder() / name


def _folders(root: Path) -> Iterator[Path]:
    if root.is_dir():
        yield from sorted(path for path in root.iterdir() if path.is_dir())


def _add_folders(backup: Writer, part: str, folders: Iterator[Path]) -> None:
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_symlink() or not path.is_file() or path.suffix in _PASSING:
                continue
            try:
                backup.add(f"{part}/{folder.name}/{path.relative_to(folder).as_posix()}", path)
            except FileNotFoundError:
                continue  # its job has ended meanwhile


def _remove_old(folder: Path, keep: int | None) -> None:
    if keep is None:
        return
    backups = sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))
    for path in backups[: max(0, len(backups) - keep)]:
        path.unlink()
