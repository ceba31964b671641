"""Queries that are built and compiled once: to do so takes Django longer than the database takes
to answer, for the few rows of one protein."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, IntegerField, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from proteins.models import read_connection

#: What Django applies to a column of a row: the column's place, its expression, and functions.
_Converters = dict[int, tuple[list[Callable[..., Any]], Any]]


class Parameter(Expression):
    """What a prepared query is run with, in its place in the query; a number, if not said
    otherwise. It is sent as it is, so that it must be of the type of what it is compared with."""

    def __init__(self, position: int, output_field: Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=output_field or IntegerField())
        self.position = position

    def as_sql(
        self,
        compiler: SQLCompiler,  # noqa: ARG002
        connection: BaseDatabaseWrapper,  # noqa: ARG002
    ) -> tuple[str, Any]:
        return "%s", [self]


class Prepared:
    """A query of values, compiled once for each database.

    `build` returns the queryset, with a `Parameter` wherever a value differs between runs.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self._build = build
        self._compiled: dict[str, tuple[str, Sequence[Any], _Converters]] = {}

    def rows(self, *values: int | str) -> list[tuple[Any, ...]]:
        """Return all rows, as `values_list` does; `values` are by the positions of parameters."""
        connection = read_connection()
        sql, given, converters = self._of(connection)
        parameters = [
            values[each.position] if isinstance(each, Parameter) else each for each in given
        ]
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return _converted(rows, converters, connection) if converters else rows

    def _of(self, connection: BaseDatabaseWrapper) -> tuple[str, Sequence[Any], _Converters]:
        compiled = self._compiled.get(connection.alias)
        if compiled is None:
            compiler = self._build().query.get_compiler(connection=connection)
            sql, given = compiler.as_sql()
            columns = [column for column, *_ in compiler.select]
            compiled = sql, given, compiler.get_converters(columns)
            self._compiled[connection.alias] = compiled
        return compiled


def _converted(
    rows: list[tuple[Any, ...]], converters: _Converters, connection: BaseDatabaseWrapper
) -> list[tuple[Any, ...]]:
    """Rows whose columns are converted as Django does it."""
    lists = [list(row) for row in rows]
    for place, (functions, expression) in converters.items():
        for row in lists:
            for function in functions:
                row[place] = function(row[place], expression, connection)
    return list(map(tuple, lists))
