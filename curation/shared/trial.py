"""A dry run that holds nobody up: the real thing, on a copy of the database that is thrown away.

SQLite has one writer at a time, and a dry run writes for as long as an import takes. So it is
given a copy of the file, made by SQLite's own backup while others read and write. PostgreSQL
rolls the transaction back; so does a database in memory, which only tests have.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

#: What the names of the folders of copies begin with, beside the database.
_PREFIX: Final = ".trial-"


@contextmanager
def trial() -> Iterator[None]:
    """Hold a transaction whose writes leave no trace; the caller has the right to import."""
    if _is_file():
        with _on_a_copy(), _rolled_back():
            yield
    else:
        with _rolled_back():
            yield


@contextmanager
def _rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _is_file() -> bool:
    within: Any = connection
    return (
        connection.vendor == "sqlite"
        and not connection.in_atomic_block
        and not within.is_in_memory_db()
    )


@contextmanager
def _on_a_copy() -> Iterator[None]:
    """Let this thread's queries go to a copy of the SQLite file, removed at the end."""
    original = connections[DEFAULT_DB_ALIAS]
    file = Path(str(original.settings_dict["NAME"]))
    _remove_leftovers(file.parent)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=file.parent) as folder:
        name = str(Path(folder) / file.name)
        _copy(original, name)
        copy: Any = original.copy()
        copy.settings_dict = {**original.settings_dict, "NAME": name}
        connections[DEFAULT_DB_ALIAS] = copy
        try:
            yield
        finally:
            connections[DEFAULT_DB_ALIAS] = original
            copy.close()


def _copy(original: Any, name: str) -> None:
    """Copy all pages in one step, within one read: who writes meanwhile does not wait."""
    original.ensure_connection()
    with closing(sqlite3.connect(name)) as target:
        original.connection.backup(target)


def _remove_leftovers(folder: Path) -> None:
    """Remove copies of processes that died; one dry run at a time has the right to import."""
    for leftover in folder.glob(f"{_PREFIX}*"):
        shutil.rmtree(leftover, ignore_errors=True)
