"""What keeps the whole site from working, told by the exception that it ends in: a database that
is away, locked or not migrated, a full disk, too little memory.

An error of the program is none of these. Pages answer 503 with the sentence, commands end with it
and with `EXIT_STATUS`.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor

#: Of a command that such a thing ended; 1 stays "some rows were refused", 2 wrong usage.
EXIT_STATUS: Final = 3


@dataclass(frozen=True)
class Outage:
    """A sentence for everybody, what its operator can do about it, and when to try again."""

    sentence: str
    remedy: str = ""
    seconds: int = 30

    def __str__(self) -> str:
        return f"{self.sentence} {self.remedy}".rstrip()


AWAY: Final = Outage(
    "The database cannot be reached.",
    "Is its server running, and does DATABASE_URL name it?",
)
LOCKED: Final = Outage(
    "An import is being written to the database. Nothing was saved; try again in a moment.",
    seconds=10,
)
SLOW: Final = Outage("The database took too long to answer.", "STATEMENT_TIMEOUT sets how long.")
DAMAGED: Final = Outage(
    "The database file is damaged, or is no database.",
    "Restore the newest backup: `manage.py restore FILE --replace`.",
    3600,
)
READ_ONLY: Final = Outage("The database cannot be written to.", "Is its file or server read-only?")
NO_ROOM: Final = Outage(
    "There is no room left on the disk.", "Make room, then do it again; nothing is half done.", 300
)
NO_MEMORY: Final = Outage("There is not enough memory.", "Nothing is half done.", 60)
NOT_MIGRATED: Final = Outage(
    "The database is of an older version than this program, or empty.",
    "Run `manage.py migrate`.",
    300,
)
TOO_NEW: Final = Outage(
    "The database is of a newer version than this program.",
    "Update the program, or restore a backup of its own version.",
    300,
)

_ERRNOS: Final = {
    errno.ENOSPC: NO_ROOM,
    errno.EDQUOT: NO_ROOM,
    errno.ENOMEM: NO_MEMORY,
    errno.EROFS: READ_ONLY,
}
#: The beginnings of PostgreSQL's SQLSTATE.
_STATES: Final = {
    "08": AWAY,
    "57P0": AWAY,
    "53300": AWAY,
    "53100": NO_ROOM,
    "53200": NO_MEMORY,
    "55P03": LOCKED,
    "57014": SLOW,
    "25006": READ_ONLY,
}
#: Words of an error without a code: SQLite has none that Django would hand on.
_WORDS: Final = {
    "database or disk is full": NO_ROOM,
    "disk i/o error": NO_ROOM,
    "database is locked": LOCKED,
    "database table is locked": LOCKED,
    "lock timeout": LOCKED,
    "unable to open database file": AWAY,
    "readonly database": READ_ONLY,
    "malformed": DAMAGED,
    "not a database": DAMAGED,
}
_SCHEMA_STATES: Final = ("42P01", "42703")
_SCHEMA_WORDS: Final = ("no such table", "no such column", "has no column")


def outage_of(error: BaseException) -> Outage | None:
    """Return what kept the site from working; None for an error of another kind."""
    for cause in _causes(error):
        if isinstance(cause, MemoryError):
            return NO_MEMORY
        if isinstance(cause, DatabaseError | InterfaceError):
            return _of_database(cause)
        if isinstance(cause, OSError) and cause.errno in _ERRNOS:
            return _ERRNOS[cause.errno]
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _of_database(error: Exception) -> Outage | None:
    state = getattr(error.__cause__, "sqlstate", None)
    text = str(error).lower()
    if state in _SCHEMA_STATES or any(words in text for words in _SCHEMA_WORDS):
        return schema_outage()
    if state:
        return next((outage for start, outage in _STATES.items() if state.startswith(start)), None)
    outage = next((outage for words, outage in _WORDS.items() if words in text), None)
    if outage is not None or connection.vendor == "sqlite":
        return outage
    # No server answered, or the connection is closed: an answer has a state.
    return AWAY if type(error).__name__ in ("OperationalError", "InterfaceError") else None


def schema_outage() -> Outage | None:
    """Return how the database differs from what this program was written for, if it does."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return NOT_MIGRATED
    except DatabaseError as error:
        # Not of the schema: only the table of migrations was read, where there is one.
        return _of_database(error) if not _is_about_schema(error) else NOT_MIGRATED
    loader = executor.loader
    ours = {app for app, _ in loader.disk_migrations}
    unknown = {key for key in loader.applied_migrations if key not in loader.disk_migrations}
    return TOO_NEW if any(app in ours for app, _ in unknown) else None


def _is_about_schema(error: Exception) -> bool:
    return any(words in str(error).lower() for words in _SCHEMA_WORDS)
