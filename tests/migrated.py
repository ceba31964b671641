"""A migrated SQLite database, made once for all: to migrate an empty one takes as long as a few
hundred tests, as Django renders all models again at each of the migrations."""

from __future__ import annotations

import atexit
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from django.contrib.contenttypes.models import ContentType
from filelock import FileLock

from tests.places import ROOT

#: Names the folder that the processes of one run share: workers, and what they start.
_SHARED: Final = "TFLINK_MIGRATED"


def share() -> None:
    """Let this process, and those that it starts, have one migrated file until it ends."""
    if _SHARED not in os.environ:
        folder = tempfile.mkdtemp(prefix="tflink-migrated-")
        atexit.register(shutil.rmtree, folder)
        os.environ[_SHARED] = folder


def migrate(url: str) -> None:
    """Migrate a database by a process of its own."""
    command = [sys.executable, str(ROOT / "manage.py"), "migrate", "-v0", "--skip-checks"]
    subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=True)


def migrated_file() -> Path:
    """Return the file, which is not to be written to."""
    share()
    folder = Path(os.environ[_SHARED])
    file, partial = folder / "migrated.sqlite3", folder / "partial.sqlite3"
    with FileLock(folder / "lock"):
        if not file.exists():
            migrate(f"sqlite:///{partial}")
            # Whole in itself: what a copy has beside it is not read.
            with sqlite3.connect(partial) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
            partial.rename(file)
    return file


def put_into(folder: Path) -> None:
    """Let an installation whose data folder this is have a migrated database."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(migrated_file(), folder / "tflink.sqlite3")


def fill(connection: Any) -> None:
    """Put what the file holds in the place of all that a database in memory holds."""
    source = sqlite3.connect(migrated_file())
    source.backup(connection.connection)
    source.close()
    ContentType.objects.clear_cache()
