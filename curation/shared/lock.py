"""The import lock and the write lock: one import, one writer at a time.

The lock goes with the process that holds it, so that one that was killed leaves none.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.db import InterfaceError, OperationalError, connection
from filelock import FileLock, Timeout

from curation.models import ImportRun, RunState
from proteins.outages import LOCKED, outage_of

#: Any number that nothing else in this database locks on.
_ADVISORY_KEY = 7_466_108_151
#: How long a curator's write waits for an import before it is refused, holding a thread of the
#: web server; SQLite's own limit is in the settings.
WRITE_LOCK_SECONDS = 5
#: How long an import waits for others, who write for milliseconds, on SQLite.
IMPORT_PATIENCE: Final = 60


def is_locked(error: BaseException) -> bool:
    """Whether an error of the database is that another's write did not end in time."""
    return isinstance(error, OperationalError) and outage_of(error) is LOCKED


class ImportBusyError(Exception):
    """Another import is running on this database; `started_at` where that is known."""

    def __init__(self, started_at: datetime | None) -> None:
        self.started_at = started_at
        when = f"; it began at {started_at:%Y-%m-%d %H:%M:%S} UTC" if started_at else ""
        super().__init__(f"Another import is running on this database{when}.")


class ImportLostError(ImportBusyError):
    """The connection of this import was replaced, and its right with it: another has it now."""

    def __init__(self) -> None:
        super().__init__(None)
        self.args = (
            "The connection to the database was lost, and another import or undo has begun since. "
            "This import has stopped; what it has stored is whole. Start it again to go on.",
        )


class ImportLock:
    """The right to import, as long as it is held by an open file: it cannot be lost."""

    def confirm(self) -> None:
        """Within a transaction of an import: make sure that the right is still held."""


class PostgresImportLock(ImportLock):
    """The right to import as an advisory lock of a session, which goes with its connection."""

    def __init__(self) -> None:
        self._holder: Any = None

    @property
    def _is_held(self) -> bool:
        session = connection.connection
        return session is not None and session is self._holder and not session.closed

    def acquire(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ADVISORY_KEY])
            if cursor.fetchone()[0]:
                self._holder = connection.connection
        return self._is_held

    def confirm(self) -> None:
        # A session counts how often it took a lock: only a new one takes it again.
        if not self._is_held and not self.acquire():
            raise ImportLostError

    def release(self) -> None:
        if not self._is_held:
            return
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_ADVISORY_KEY])
        except (OperationalError, InterfaceError):
            # Lost with its connection; what was to be stored is stored.
            connection.close()


@contextmanager
def import_lock() -> Iterator[ImportLock]:
    """Hold the only right to import; raises `ImportBusyError` where another run holds it.

    Runs that a killed process left behind as running are marked failed.
    """
    lock = _postgres_lock if connection.vendor == "postgresql" else _file_lock
    with lock() as held:
        ImportRun.objects.filter(state=RunState.RUNNING).update(state=RunState.FAILED)
        yield held


def _busy() -> ImportBusyError:
    run = ImportRun.objects.filter(state=RunState.RUNNING).first()
    return ImportBusyError(run.started_at if run else None)


@contextmanager
def _postgres_lock() -> Iterator[ImportLock]:
    lock = PostgresImportLock()
    if not lock.acquire():
        raise _busy()
    try:
        yield lock
    finally:
        lock.release()


def _lock_file() -> Path:
    name = str(connection.settings_dict["NAME"])
    if "memory" in name:  # a test's database: this process's own, and no file
        return Path(tempfile.gettempdir()) / f"tflink-import-{os.getpid()}.lock"
    return Path(f"{name}.import-lock")


@contextmanager
def _file_lock() -> Iterator[ImportLock]:
    lock = FileLock(_lock_file())
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise _busy() from None
    try:
        yield ImportLock()
    finally:
        lock.release()


#: Whether what is written now is for nobody but who writes it.
_on_a_copy: Final[ContextVar[bool]] = ContextVar("on a copy", default=False)


@contextmanager
def without_write_lock() -> Iterator[None]:
    """Let imports herein, which write to a copy, hold no curator up."""
    token = _on_a_copy.set(True)
    try:
        yield
    finally:
        _on_a_copy.reset(token)


def wait_for_curators() -> None:
    """Within a transaction of an import: let no curator write until it ends.

    SQLite has one writer at a time anyway. See `take_write_lock`.
    """
    if connection.vendor == "postgresql" and not _on_a_copy.get():
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
    """Let transactions that begin herein wait for so many seconds, not the usual (SQLite)."""
    if connection.vendor != "sqlite" or patience is None:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (usual,) = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {patience * 1000:d}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {usual:d}")
