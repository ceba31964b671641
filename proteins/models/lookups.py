"""Lookups that Django lacks: prefixes of texts, rows beyond a keyset, and keys of other rows,
each from an index.

The `prefix` lookup:

Django's `startswith` becomes a LIKE that SQLite answers by reading the whole table. Here
SQLite compares a range of its own (binary) order; PostgreSQL uses LIKE, for which Django
makes a pattern index beside that of every indexed text column.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import AutoField, BooleanField, CharField, F, Func, Value
from django.db.models.lookups import In, StartsWith
from django.db.models.sql.compiler import SQLCompiler

_LAST_CHARACTER = "\U0010ffff"


@CharField.register_lookup
class Prefix(StartsWith):
    """`field__prefix="sox"`, case-sensitive; the value must be a plain text."""

    lookup_name = "prefix"

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        return (
            f"({column} >= %s AND {column} < %s)",
            [*params, self.rhs, *params, self.rhs + _LAST_CHARACTER],
        )

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, Any]:
        # PostgreSQL's operators are found by the name of the lookup, which is not its own.
        return StartsWith(self.lhs, self.rhs).as_sql(compiler, connection)


@AutoField.register_lookup
class Among(In):
    """`pk__among=rows.values("protein")`, beside other conditions joined by "or".

    PostgreSQL reads a subquery in `IN` for each row of the whole table, where the condition
    is one of several; an array it reads once, and takes the rows from the index.
    """

    lookup_name = "among"

    def get_rhs_op(self, connection: BaseDatabaseWrapper, rhs: str) -> str:
        return f"= ANY(ARRAY{rhs})" if connection.vendor == "postgresql" else f"IN {rhs}"


class _Row(Func):
    template = "(%(expressions)s)"


class _Beyond(Func):
    template = "%(expressions)s"
    output_field = BooleanField()


def row_beyond(columns: Iterable[str], values: Iterable[Any], *, downward: bool) -> Func:
    """The condition `(a, b) > (x, y)`, or `<`, as both databases have it.

    Django's own comparison of tuples is spelt out for SQLite (`a > x OR a = x AND b > y`),
    which then reads all that have `a = x` to find its place.
    """
    sides = _Row(*map(F, columns)), _Row(*map(Value, values))
    return _Beyond(*sides, arg_joiner=" < " if downward else " > ")
