"""A read snapshot (REPEATABLE READ) for everything that reads the whole database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from proteins.models import read_connection

#: SQLite's settings for a read of everything: bytes of the file in memory, page cache (KiB).
_LITTLE: Final = {"mmap_size": 0, "cache_size": -8192}
#: Rows that are fetched at once; more saves nothing.
FETCH = 5000


@contextmanager
def consistent_read() -> Iterator[None]:
    """Let all queries within see the database as it is at the first of them.

    Takes no lock: an import may go on writing meanwhile. Within a transaction of the caller,
    or another such read, nothing is done.
    """
    connection = read_connection()
    if connection.in_atomic_block or _is_reading(connection):
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(using=connection.alias):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # Transactions of Django take SQLite's write lock (settings); a plain BEGIN does not.
        with connection.cursor() as cursor, _little_memory(cursor):
            cursor.execute("BEGIN")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def _is_reading(connection: BaseDatabaseWrapper) -> bool:
    """Whether a plain BEGIN, which Django knows nothing of, is under way on SQLite."""
    return connection.vendor == "sqlite" and bool(
        getattr(connection.connection, "in_transaction", False)
    )


@contextmanager
def _little_memory(cursor: CursorWrapper) -> Iterator[None]:
    """Let SQLite hold little of its file while all of it is read once."""
    usual: dict[str, int] = {}
    for name, value in _LITTLE.items():
        # A database in memory has no file to map.
        if row := cursor.execute(f"PRAGMA {name}").fetchone():
            usual[name] = row[0]
            cursor.execute(f"PRAGMA {name}={value}")
    try:
        yield
    finally:
        for name, value in usual.items():
            cursor.execute(f"PRAGMA {name}={value}")
