"""Lookups that Django lacks: prefixes of texts, and rows beyond a keyset, each from an index.

The `prefix` lookup:

Django's `startswith` becomes a LIKE that SQLite answers by reading the whole table. Here
SQLite compares a range of its own (binary) order; PostgreSQL uses LIKE, for which Django
makes a pattern index beside that of every indexed text column.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, CharField, F, Func, Value
from django.db.models.lookups import StartsWith
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
