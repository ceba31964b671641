"""The import lock and the write lock: one import, one writer at a time.

The lock goes with the process that holds it, so that one that was killed leaves none.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import connection
from filelock import FileLock, Timeout

from curation.models import ImportRun, RunState

#: Any number that nothing else in this database locks on.
_ADVISORY_KEY = 7_466_108_151
#: How long a curator's write waits for an import before it is refused; SQLite's own limit
#: is in the settings.
WRITE_LOCK_SECONDS = 20


class ImportBusyError(Exception):
    """Another import is running on this database; `started_at` where that is known."""

    def __init__(self, started_at: datetime | None) -> None:
        self.started_at = started_at
        when = f"; it began at {started_at:%Y-%m-%d %H:%M:%S} UTC" if started_at else ""
        super().__init__(f"Another import is running on this database{when}.")


@contextmanager
def import_lock() -> Iterator[None]:
    """Hold the only right to import; raises `ImportBusyError` where another run holds it.

    Runs that a killed process left behind as running are marked failed.
    """
    lock = _postgres_lock if connection.vendor == "postgresql" else _file_lock
    with lock():
        ImportRun.objects.filter(state=RunState.RUNNING).update(state=RunState.FAILED)
        yield


def _busy() -> ImportBusyError:
    run = ImportRun.objects.filter(state=RunState.RUNNING).first()
    return ImportBusyError(run.started_at if run else None)


@contextmanager
def _postgres_lock() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ADVISORY_KEY])
        if not cursor.fetchone()[0]:
            raise _busy()
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ADVISORY_KEY])


def _lock_file() -> Path:
    name = str(connection.settings_dict["NAME"])
    if "memory" in name:  # a test's database: this process's own, and no file
        return Path(tempfile.gettempdir()) / f"tflink-import-{os.getpid()}.lock"
    return Path(f"{name}.import-lock")


@contextmanager
def _file_lock() -> Iterator[None]:
    lock = FileLock(_lock_file())
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise _busy() from None
    try:
        yield
    finally:
        lock.release()


def wait_for_curators() -> None:
    """Within a transaction of an import: let no curator write until it ends.

    SQLite has one writer at a time anyway. See `take_write_lock`.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY_KEY + 1])


def take_write_lock(patience: int | None = None) -> None:
    """Take the write lock within a transaction of a curator.

    An import could otherwise overwrite what a curator changes between its reading and its
    writing, and two curators could each find shared evidence unused, or in use, by what the
    other is about to change. Writes of curators take milliseconds. Raises
    `OperationalError` after `patience` seconds (`WRITE_LOCK_SECONDS`, where not given), as SQLite
    does by itself when a transaction begins (`waiting_at_most`).
    """
    if connection.vendor == "postgresql":
        seconds = WRITE_LOCK_SECONDS if patience is None else patience
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{seconds:d}s'")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY_KEY + 1])


@contextmanager
def waiting_at_most(patience: int | None) -> Iterator[None]:
    """Limit the seconds for which a transaction that begins herein waits (SQLite)."""
    if connection.vendor != "sqlite" or patience is None:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (usual,) = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {min(usual, patience * 1000):d}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {usual:d}")
