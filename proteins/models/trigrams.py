"""Indexes of trigrams, by which texts are met that hold a piece or are nearly like another.

Databases differ in what they have for that, and maintain it themselves, whoever writes:

- PostgreSQL: a GIN index of `pg_trgm`, an extension that the owner of a database may install
  (it is trusted). Where it is not to be had there is no index: `proteins.queries.trigrams` then
  compares the names that begin alike.
- SQLite: an FTS5 table of trigrams without content of its own, which triggers maintain.

They are set after each `migrate`, so that they come back where a migration made a table again,
and appear where the extension was installed later.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from django.apps import AppConfig
from django.db import DatabaseError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate


class Trigrams(NamedTuple):
    """An index of trigrams of an expression over the columns of a table.

    `{0}` in the expression, and in the condition of the rows that are in it, is before the name
    of each column (`new.`, or nothing).
    """

    name: str
    table: str
    columns: tuple[str, ...]
    expression: str
    condition: str = "true"

    def of(self, row: str = "") -> str:
        """The expression over the columns of a row (`new.`)."""
        return self.expression.format(row)

    def has(self, row: str = "") -> str:
        """Whether a row is in the index."""
        return self.condition.format(row)


_NAME: Final = "' ' || {0}folded || ' '"
#: Names as they are looked up: in small letters, with a blank at both ends, so that the beginning
#: of a name counts. Full names are apart: half of them hold the word "protein", whose trigrams
#: near misses of symbols would meet 50,000 times.
NAMES: Final = Trigrams(
    "proteinname_trigrams", "proteins_proteinname", ("folded", "kind"), _NAME, "{0}kind <> 4"
)
FULL_NAMES: Final = Trigrams(
    "fullname_trigrams", "proteins_proteinname", ("folded", "kind"), _NAME, "{0}kind = 4"
)
PUBLICATIONS: Final = Trigrams(
    "citation_trigrams",
    "proteins_citation",
    ("title", "authors"),
    "lower({0}title || ' ' || {0}authors)",
)
ALL: Final = (NAMES, FULL_NAMES, PUBLICATIONS)


def set_after_migrate(sender: AppConfig, **_: Any) -> None:
    post_migrate.connect(_set, sender=sender)


def _set(*, using: str, **_: Any) -> None:
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    for trigrams in ALL:
        if trigrams.table in tables:
            _SETTERS[connection.vendor](connection, trigrams)


def is_indexed(connection: BaseDatabaseWrapper, trigrams: Trigrams) -> bool:
    """Whether the index is there; it may be missing on PostgreSQL."""
    if connection.vendor == "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [trigrams.name])
        return bool(cursor.fetchone()[0])


def _set_on_sqlite(connection: BaseDatabaseWrapper, trigrams: Trigrams) -> None:
    """Make the table and its triggers, and fill it, where any of them is missing."""
    triggers = dict(_triggers(trigrams))
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE tbl_name = %s", [trigrams.table])
        if triggers.keys() <= {name for (name,) in cursor.fetchall()}:
            return
        cursor.execute(f"DROP TABLE IF EXISTS {trigrams.name}")
        cursor.execute(
            f"CREATE VIRTUAL TABLE {trigrams.name} USING "
            "fts5(text, tokenize='trigram', content='', detail=none)"
        )
        for name, statement in triggers.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(statement)
        cursor.execute(
            f"INSERT INTO {trigrams.name} (rowid, text) "  # noqa: S608
            f"SELECT id, {trigrams.of()} FROM {trigrams.table} WHERE {trigrams.has()}"
        )


def _triggers(trigrams: Trigrams) -> Iterator[tuple[str, str]]:
    name, table = trigrams.name, trigrams.table
    add = (
        f"INSERT INTO {name} (rowid, text) "
        f"SELECT new.id, {trigrams.of('new.')} WHERE {trigrams.has('new.')};"
    )
    remove = (
        f"INSERT INTO {name} ({name}, rowid, text) "
        f"SELECT 'delete', old.id, {trigrams.of('old.')} WHERE {trigrams.has('old.')};"
    )
    columns = ", ".join(trigrams.columns)
    for event, actions in (
        ("INSERT", add),
        ("DELETE", remove),
        (f"UPDATE OF id, {columns}", f"{remove} {add}"),
    ):
        trigger = f"{name}_{event.split()[0].lower()}"
        yield trigger, f"CREATE TRIGGER {trigger} AFTER {event} ON {table} BEGIN {actions} END"


def _set_on_postgresql(connection: BaseDatabaseWrapper, trigrams: Trigrams) -> None:
    """Make the index where the extension is, or may be, installed."""
    if is_indexed(connection, trigrams):
        return
    try:
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            cursor.execute(
                f"CREATE INDEX {trigrams.name} ON {trigrams.table} "
                f"USING gin (({trigrams.of()}) gin_trgm_ops) WHERE {trigrams.has()}"
            )
    except DatabaseError:
        # Not to be had here, which is no fault of the migration.
        return


_SETTERS: Final = {"sqlite": _set_on_sqlite, "postgresql": _set_on_postgresql}
