"""Put a backup in place: unpacked and checked first, then each part in one step.

Killed at any moment, it leaves the database as it was, or as it is in the backup; run again, it
goes on.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from curation.checks import find_breaches
from curation.operations import databases
from curation.operations.archive import DATABASE, RELEASES, UPLOADS, BackupError, unpack
from proteins.analysis import places
from proteins.outages import schema_outage
from proteins.queries.content_digest import content_parts, digest_of

_STAGING: Final = ".tflink-restoring-"


@dataclass(frozen=True)
class Restored:
    """What was put in place: when it was made, its digest, and what does not hold of it.

    `is_older` where migrations are to be run first: then it has neither.
    """

    made: str
    digest: str
    breaches: tuple[str, ...]
    is_older: bool


def restore_backup(file: Path, *, replace: bool, releases: bool, uploads: bool) -> Restored:
    """Restore a backup into the database and folders of the settings.

    They must be empty, or `replace` be said, which is of the database: of releases and uploads
    what is there stays. Raises `BackupError`; nothing was changed then, unless it says so.
    """
    if not replace and not databases.is_empty():
        raise BackupError(
            "The database is not empty. --replace puts the backup in its place, for good."
        )
    folders = {RELEASES: (releases, _releases()), UPLOADS: (uploads, Path(settings.UPLOAD_DIR))}
    parts = frozenset({DATABASE, *(name for name, (wanted, _) in folders.items() if wanted)})
    with _staging(databases.folder()) as staging:
        manifest = unpack(file, staging, parts)
        _check_kind(manifest)
        copy = staging / databases.member_name()
        if connection.vendor == "sqlite":
            with databases.opened(copy):
                databases.check_file()
                restored = _verify(manifest)
        for name, (wanted, root) in folders.items():
            if wanted and (staging / name).is_dir():
                _put_folders(staging / name, root)
        databases.put_in_place(copy)
    return restored if connection.vendor == "sqlite" else _verify(manifest)


def _releases() -> Path:
    return Path(settings.RELEASES_DIR)


@contextmanager
def _staging(root: Path) -> Iterator[Path]:
    """A folder to unpack into, on the file system that all goes to; those left of runs that were
    killed go first."""
    root.mkdir(parents=True, exist_ok=True)
    for left in root.glob(f"{_STAGING}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_STAGING, dir=root) as folder:
        yield Path(folder)


def _check_kind(manifest: dict[str, Any]) -> None:
    """Raise `BackupError` where this database, or this program, cannot take it."""
    if manifest["vendor"] != connection.vendor:
        raise BackupError(
            f"It is a backup of {manifest['vendor']}, and DATABASE_URL names {connection.vendor}."
        )
    loader = MigrationLoader(None)
    apps = {app for app, _ in loader.disk_migrations}
    for app, name in manifest["migrations"]:
        if app in apps and (app, name) not in loader.disk_migrations:
            raise BackupError(
                f"It is of a newer version than this program, which has no {app} {name}."
            )


def _verify(manifest: dict[str, Any]) -> Restored:
    """Compare what was restored with what was backed up, and check its records."""
    if schema_outage() or not manifest["digest"]:
        return Restored(manifest["made"], "", (), is_older=True)
    digest = digest_of(content_parts())
    if digest != manifest["digest"]:
        raise BackupError(
            f"The content of the restored database has the digest {digest}, and that of the "
            f"backup {manifest['digest']}."
        )
    # Those that it names are the original's.
    places.forget_all()
    return Restored(manifest["made"], digest, tuple(map(str, find_breaches())), is_older=False)


def _put_folders(staged: Path, root: Path) -> None:
    """Move folders to where they belong, each in one step; what is there already stays."""
    root.mkdir(parents=True, exist_ok=True)
    for folder in sorted(staged.iterdir()):
        place = root / folder.name
        if place.exists():
            continue
        # By way of a name of its own: the folder may be on another file system.
        with _staging(root) as passing:
            shutil.move(folder, passing / folder.name)
            (passing / folder.name).rename(place)
