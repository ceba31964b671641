"""Many rows at once, by the fastest way of each database: COPY on PostgreSQL, the driver's
`executemany` on SQLite. One small interface; nothing here knows what the rows mean."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

Row = tuple[Any, ...]


class Bulk(ABC):
    """Reads and writes of whole lists over one connection.

    Columns are those of the database (`taxon_id`). Callers hold the transaction.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection

    def quoted(self, *names: str) -> str:
        return ", ".join(self.connection.ops.quote_name(name) for name in names)

    def table(self, model: type[Model]) -> str:
        return self.quoted(model._meta.db_table)

    def moment(self, value: datetime) -> Any:
        """Return a time as this database's driver takes it."""
        return self.connection.ops.adapt_datetimefield_value(value)

    def select(
        self,
        model: type[Model],
        columns: Sequence[str],
        key: str,
        values: Iterable[Any],
        **equal: Any,
    ) -> list[Row]:
        """Return `columns` of the rows whose `key` is among `values`, and other columns `equal`
        to what is given."""
        wanted = list(values)
        if not wanted:
            return []
        conditions = [f"{self.quoted(column)} = %s" for column in equal]
        conditions.append(f"{self.quoted(key)} {self._among()}")
        return self.query(
            f"SELECT {self.quoted(*columns)} FROM {self.table(model)} "  # noqa: S608
            f"WHERE {' AND '.join(conditions)}",
            [*equal.values(), self._list(wanted)],
        )

    def query(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, params)
            rows: list[Row] = cursor.fetchall()
            return rows

    def execute(self, sql: str, params: Sequence[Any] = ()) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, params)

    def update(self, model: type[Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Set `columns` of each row; a row holds their values, then its id."""
        if rows:
            self._update(model, columns, rows, add=False)

    def add(self, model: type[Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Add to `columns` of each row; a row holds the amounts, then its id."""
        if rows:
            self._update(model, columns, rows, add=True)

    def delete(self, model: type[Model], key: str, values: Iterable[Any]) -> None:
        wanted = list(values)
        if wanted:
            self.execute(
                f"DELETE FROM {self.table(model)} "  # noqa: S608
                f"WHERE {self.quoted(key)} {self._among()}",
                [self._list(wanted)],
            )

    def _execute_many(self, sql: str, rows: Sequence[Row]) -> None:
        with self.connection.cursor() as cursor:
            cursor.executemany(sql, rows)

    @abstractmethod
    def insert(self, model: type[Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Add rows that hold the values of `columns`."""

    @abstractmethod
    def _update(
        self, model: type[Model], columns: Sequence[str], rows: Sequence[Row], *, add: bool
    ) -> None:
        """Set or add to columns; a row holds the values, then its id."""

    @abstractmethod
    def reserve_ids(self, model: type[Model], count: int) -> Sequence[int]:
        """Return `count` ids that no other writer gets."""

    @abstractmethod
    def select_pairs(
        self,
        model: type[Model],
        columns: Sequence[str],
        keys: tuple[str, str],
        pairs: Sequence[tuple[int, int]],
    ) -> list[Row]:
        """Return `columns` of the rows whose two `keys` (32-bit integers) are among `pairs`."""

    @abstractmethod
    def used_among(
        self, model: type[Model], keys: Sequence[str], values: Collection[tuple[int, ...]]
    ) -> set[Row]:
        """Return those of `values` that some row has as its `keys`, by one look-up each in an
        index on them, however many rows have them."""

    @abstractmethod
    def _among(self) -> str:
        """The comparison of a column with one parameter that is a list."""

    @abstractmethod
    def _list(self, values: list[Any]) -> Any:
        """A list as that one parameter."""


class SqliteBulk(Bulk):
    def insert(self, model: type[Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
        if rows:
            marks = ", ".join(["%s"] * len(columns))
            self._execute_many(
                f"INSERT INTO {self.table(model)} ({self.quoted(*columns)}) "  # noqa: S608
                f"VALUES ({marks})",
                rows,
            )

    def _update(
        self, model: type[Model], columns: Sequence[str], rows: Sequence[Row], *, add: bool
    ) -> None:
        names = [self.quoted(column) for column in columns]
        assignments = ", ".join(
            f"{name} = {name} + %s" if add else f"{name} = %s" for name in names
        )
        self._execute_many(
            f"UPDATE {self.table(model)} SET {assignments} WHERE id = %s",  # noqa: S608
            rows,
        )

    def reserve_ids(self, model: type[Model], count: int) -> Sequence[int]:
        # The write lock is held (transactions begin IMMEDIATE), so no other writer counts on.
        rows = self.query("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
        last = rows[0][0] if rows else 0
        return range(last + 1, last + 1 + count)

    def select_pairs(
        self,
        model: type[Model],
        columns: Sequence[str],
        keys: tuple[str, str],
        pairs: Sequence[tuple[int, int]],
    ) -> list[Row]:
        if not pairs:
            return []
        first, second = (self.quoted(key) for key in keys)
        # Two 32-bit keys travel as one 64-bit number: json_each is quickest over those.
        packed = json.dumps([(a << 32) | b for a, b in pairs])
        return self.query(
            f"SELECT {self.quoted(*columns)} FROM (SELECT value FROM json_each(%s)) AS pair "  # noqa: S608
            f"CROSS JOIN {self.table(model)} "
            f"ON {first} = pair.value >> 32 AND {second} = pair.value & 4294967295",
            [packed],
        )

    def used_among(
        self, model: type[Model], keys: Sequence[str], values: Collection[tuple[int, ...]]
    ) -> set[Row]:
        given = [f"json_extract(given.value, '$[{place}]')" for place in range(len(keys))]
        equal = " AND ".join(
            f"{self.quoted(key)} = {value}" for key, value in zip(keys, given, strict=True)
        )
        rows = self.query(
            f"SELECT {', '.join(given)} FROM json_each(%s) AS given "  # noqa: S608
            f"WHERE EXISTS (SELECT 1 FROM {self.table(model)} WHERE {equal})",
            [json.dumps(list(values))],
        )
        return set(rows)

    def _among(self) -> str:
        return "IN (SELECT value FROM json_each(%s))"

    def _list(self, values: list[Any]) -> Any:
        return json.dumps(values)


class PostgresBulk(Bulk):
    def insert(self, model: type[Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
        if not rows:
            return
        statement = f"COPY {self.table(model)} ({self.quoted(*columns)}) FROM STDIN"
        # Django hands on the driver's errors as its own, but not those of COPY.
        errors = self.connection.wrap_database_errors
        with self.connection.cursor() as cursor, errors, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)

    def _update(
        self, model: type[Model], columns: Sequence[str], rows: Sequence[Row], *, add: bool
    ) -> None:
        # One statement for all rows: a column of values is an array of the column's type.
        names = [self.quoted(column) for column in columns]
        assignments = ", ".join(
            f"{name} = {f'target.{name} + ' if add else ''}given.v{position}"
            for position, name in enumerate(names)
        )
        types = [self._type(model, column) for column in (*columns, "id")]
        arrays = ", ".join(f"%s::{kind}[]" for kind in types)
        values = ", ".join([*(f"v{position}" for position in range(len(names))), "id"])
        self.execute(
            f"UPDATE {self.table(model)} AS target SET {assignments} "  # noqa: S608
            f"FROM unnest({arrays}) AS given ({values}) WHERE target.id = given.id",
            [_array(column) for column in zip(*rows, strict=True)],
        )

    def _type(self, model: type[Model], column: str) -> str:
        for field in model._meta.concrete_fields:
            if field.column == column:
                kind = field.rel_db_type if field.primary_key else field.db_type
                return str(kind(self.connection))
        raise ValueError(f"{model._meta.label} has no column {column}")

    def reserve_ids(self, model: type[Model], count: int) -> Sequence[int]:
        if not count:
            return []
        # The sequence is looked up once: for each number, it takes four fifths of the time.
        rows = self.query(
            "WITH of AS MATERIALIZED (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS name) "
            "SELECT nextval(of.name) FROM of, generate_series(1, %s)",
            [self.table(model), count],
        )
        return [number for (number,) in rows]

    def select_pairs(
        self,
        model: type[Model],
        columns: Sequence[str],
        keys: tuple[str, str],
        pairs: Sequence[tuple[int, int]],
    ) -> list[Row]:
        if not pairs:
            return []
        first, second = (self.quoted(key) for key in keys)
        return self.query(
            f"SELECT {self.quoted(*columns)} "  # noqa: S608
            f"FROM unnest(%s::int[], %s::int[]) AS pair (a, b) "
            f"JOIN {self.table(model)} ON {first} = pair.a AND {second} = pair.b",
            [_array([a for a, _ in pairs]), _array([b for _, b in pairs])],
        )

    def used_among(
        self, model: type[Model], keys: Sequence[str], values: Collection[tuple[int, ...]]
    ) -> set[Row]:
        if not values:
            return set()
        names = [f"v{place}" for place in range(len(keys))]
        equal = " AND ".join(
            f"{self.quoted(key)} = given.{name}" for key, name in zip(keys, names, strict=True)
        )
        # The limit keeps the planner from a join that reads the whole table.
        rows = self.query(
            f"SELECT given.* FROM unnest({', '.join(['%s::bigint[]'] * len(keys))}) "  # noqa: S608
            f"AS given ({', '.join(names)}), "
            f"LATERAL (SELECT 1 FROM {self.table(model)} WHERE {equal} LIMIT 1) AS used",
            [_array(column) for column in zip(*values, strict=True)],
        )
        return set(rows)

    def _among(self) -> str:
        return "= ANY(%s)"

    def _list(self, values: list[Any]) -> Any:
        return _array(values)


def _array(values: Sequence[Any]) -> Any:
    """Return an array for PostgreSQL; of whole numbers as text, which the driver makes of one
    number after the other: a tenth of the time of an import of statements."""
    if all(type(value) is int for value in values):
        return f"{{{','.join(map(str, values))}}}"
    return list(values)


def bulk_for() -> Bulk:
    """Return the bulk interface of the connection, by its database."""
    connection = connections["default"]
    kinds: dict[str, type[Bulk]] = {"sqlite": SqliteBulk, "postgresql": PostgresBulk}
    return kinds[connection.vendor](connection)
