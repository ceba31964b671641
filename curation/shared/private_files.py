"""Files of the data folder that nobody but their owner reads: the database, uploads."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

from django.conf import settings
from django.db.backends.signals import connection_created

_OWNER_ONLY: Final = 0o600
#: SQLite makes its other files with the rights of the first.
_OF_SQLITE: Final = ("", "-wal", "-shm")


def create_private(path: Path) -> BinaryIO:
    """Open a new file for writing, which from the start only its owner may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "wb")


def keep_private(path: Path) -> None:
    """Take a file from all others who may read or write it; whose it is not, leave it."""
    with suppress(FileNotFoundError, PermissionError):
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(_OWNER_ONLY)


def keep_database_private(connection: Any, **_: Any) -> None:
    """Do so with SQLite's files in the data folder whenever they are opened."""
    if connection.vendor != "sqlite" or connection.is_in_memory_db():
        return
    database = Path(connection.settings_dict["NAME"]).resolve()
    if database.is_relative_to(settings.DATA_DIR):
        for ending in _OF_SQLITE:
            keep_private(database.with_name(database.name + ending))


def register() -> None:
    connection_created.connect(keep_database_private, dispatch_uid="private-files")
