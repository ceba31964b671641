"""The copy of a database as it is at one moment, and back, by the means of each database."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection

from curation.operations.archive import DATABASE, BackupError

_ENDINGS: Final = {"sqlite": "sqlite3", "postgresql": "pgdump"}
#: Files that SQLite has beside a database in use.
_BESIDE: Final = ("-wal", "-shm", "-journal")
_IN_USE: Final = "The database is in use: stop the site and its jobs first."


def member_name() -> str:
    """Return what the database is called in a backup."""
    return f"{DATABASE}.{_ENDINGS[connection.vendor]}"


def copy_to(path: Path) -> None:
    """Write the database, as the read snapshot of the caller sees it, to a file."""
    if connection.vendor == "sqlite":
        # So that a full disk ends in Django's error, as everywhere.
        with connection.wrap_database_errors, closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
            # One file: what is restored has no log beside it.
            copy.execute("PRAGMA journal_mode=DELETE")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
    options = ["--format=custom", "--compress=0", "--no-owner", "--no-privileges"]
    _run("pg_dump", [*options, f"--snapshot={snapshot}", f"--file={path}"])


def is_empty() -> bool:
    """Whether the database of the settings has no tables yet."""
    if connection.vendor == "sqlite" and not _file().exists():
        return True
    return not connection.introspection.table_names()


def folder() -> Path:
    """Return where a copy is unpacked: beside the database, so that renaming it is one step."""
    return _file().parent if connection.vendor == "sqlite" else Path(settings.DATA_DIR)


def _file() -> Path:
    return Path(connection.settings_dict["NAME"])


@contextmanager
def opened(copy: Path) -> Iterator[None]:
    """Let Django read a copy of a SQLite database in place of the one of the settings."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(copy)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


def check_file() -> None:
    """Raise `BackupError` unless SQLite calls its file, and each reference in it, whole."""
    with connection.cursor() as cursor:
        integrity = cursor.execute("PRAGMA integrity_check(1)").fetchone()
        dangling = cursor.execute("PRAGMA foreign_key_check").fetchone()
    if integrity != ("ok",):
        raise BackupError(f"The database in it is damaged ({integrity[0]}).")
    if dangling:
        raise BackupError(f"The database in it is damaged: a row of {dangling[0]} refers to none.")


def put_in_place(copy: Path) -> None:
    """Make a copy the database of the settings, in one step: all of it or nothing."""
    if connection.vendor == "sqlite":
        connection.close()
        _release(_file())
        copy.replace(_file())
        return
    _demand_alone()
    connection.close()
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    _run("pg_restore", [*options, "--clean", "--if-exists", str(copy)])


def _demand_alone() -> None:
    """Raise `BackupError` while others are connected: PostgreSQL would wait for them for ever."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        if cursor.fetchone()[0]:
            raise BackupError(_IN_USE)


def _release(database: Path) -> None:
    """Take the log into a SQLite file that is to be replaced; it must belong to no other."""
    if not database.exists():
        return
    try:
        with closing(sqlite3.connect(database, timeout=1)) as old:
            old.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        raise BackupError(_IN_USE) from error
    except sqlite3.DatabaseError:
        pass  # damaged, which is why it is replaced
    for ending in _BESIDE:
        database.with_name(database.name + ending).unlink(missing_ok=True)


def _run(program: str, options: Sequence[str]) -> None:
    """Run a program of PostgreSQL's on the database of the settings."""
    if shutil.which(program) is None:
        raise BackupError(f"{program} is not installed; it comes with PostgreSQL's client.")
    parameters: dict[str, Any] = connection.get_connection_params()
    environment = os.environ | {
        f"PG{variable}": str(parameters[name])
        for name, variable in (("host", "HOST"), ("port", "PORT"), ("user", "USER"))
        if parameters.get(name)
    }
    environment |= {"PGPASSWORD": str(parameters.get("password") or "")}
    result = subprocess.run(  # noqa: S603  (nothing in it is from outside)
        [program, f"--dbname={parameters['dbname']}", "--no-password", *options],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode == 0:
        return
    if os.strerror(errno.ENOSPC) in result.stderr:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    lines = result.stderr.strip().splitlines() or ["no reason given"]
    raise BackupError(f"{program} failed: {lines[0]}")
