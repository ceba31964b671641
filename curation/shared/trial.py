"""A dry run that holds nobody up: the real thing, on a copy of the records that is thrown away.

A dry run writes for as long as an import takes, and who writes meanwhile would wait for it: for
the one writer of SQLite, for the write lock of PostgreSQL and for the rows that it has changed. So
it is given a copy: of the file, made by SQLite's own backup while others read and write; of
PostgreSQL's tables, in temporary ones of a connection of its own (`trial_tables`). What is brief is
rolled back on PostgreSQL instead, where a copy would take longer; so is a dry run within a
transaction, or in memory, which only tests have.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from curation.shared.lock import without_write_lock
from curation.shared.trial_tables import TEMP_BUFFERS, copy_tables

#: What the names of the folders of copies begin with, beside the database.
_PREFIX: Final = ".trial-"


@contextmanager
def trial(*, brief: bool) -> Iterator[None]:
    """Hold a transaction whose writes leave no trace; the caller has the right to import.

    `brief` where it takes no longer than an import holds the write lock for one of its chunks.
    """
    with _way(brief=brief)():
        yield


def _way(*, brief: bool) -> Callable[[], AbstractContextManager[None]]:
    within: Any = connection
    if connection.in_atomic_block:
        return _rolled_back
    if connection.vendor == "postgresql":
        return _rolled_back if brief else _on_copied_tables
    return _rolled_back if within.is_in_memory_db() else _on_a_copied_file


@contextmanager
def _rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _on_copied_tables() -> Iterator[None]:
    copy: Any = connections[DEFAULT_DB_ALIAS].copy()
    options = copy.settings_dict["OPTIONS"]
    options["options"] = f"{options.get('options', '')} -c temp_buffers={TEMP_BUFFERS}".strip()
    with _queries_to(copy), _rolled_back(), without_write_lock():
        copy_tables()
        yield


@contextmanager
def _on_a_copied_file() -> Iterator[None]:
    """Work on a copy of the SQLite file, removed at the end."""
    original: Any = connections[DEFAULT_DB_ALIAS]
    file = Path(str(original.settings_dict["NAME"]))
    _remove_leftovers(file.parent)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=file.parent) as folder:
        name = str(Path(folder) / file.name)
        _copy(original, name)
        copy: Any = original.copy()
        copy.settings_dict = {**original.settings_dict, "NAME": name}
        with _queries_to(copy), _rolled_back():
            yield


@contextmanager
def _queries_to(copy: Any) -> Iterator[None]:
    """Let this thread's queries go to another connection, closed at the end."""
    original = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = copy
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = original
        copy.close()


def _copy(original: Any, name: str) -> None:
    """Copy all pages in one step, within one read: who writes meanwhile does not wait."""
    original.ensure_connection()
    # So that a full disk ends in Django's error, as everywhere.
    with original.wrap_database_errors, closing(sqlite3.connect(name)) as target:
        original.connection.backup(target)


def _remove_leftovers(folder: Path) -> None:
    """Remove copies of processes that died; one dry run at a time has the right to import."""
    for leftover in folder.glob(f"{_PREFIX}*"):
        shutil.rmtree(leftover, ignore_errors=True)
