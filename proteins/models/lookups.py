"""Lookups that Django lacks: prefixes of texts, rows beyond a keyset, long lists of numbers, and
keys of other rows, each from an index.

The `prefix` lookup:

Django's `startswith` becomes a LIKE that SQLite answers by reading the whole table. Here
SQLite compares a range of its own (binary) order; PostgreSQL uses LIKE, for which Django
makes a pattern index beside that of every indexed text column.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    AutoField,
    BooleanField,
    CharField,
    F,
    ForeignKey,
    Func,
    IntegerField,
    Value,
)
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import In, StartsWith
from django.db.models.sql.compiler import SQLCompiler

_LAST_CHARACTER = "\U0010ffff"
#: A longer list of numbers is one parameter. Of a short one databases are told the length.
MOST_PARAMETERS: Final = 100


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


class _InList(In):
    """`__in` of any number of whole numbers, without a parameter for each.

    A long list is one array on PostgreSQL, which plans it as it does `IN (1, 2, ...)`, and one
    text of JSON on SQLite, which takes 250,000 parameters at most, or 32,766. To prepare and to
    bind 10,000 parameters takes Django and the driver a fifth of a second.
    """

    def get_prep_lookup(self) -> Any:
        if _is_long(self.rhs) and self._is_of_numbers():
            # They are ready as they are: to prepare each takes longer than all else.
            return list(self.rhs)
        return super().get_prep_lookup()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, Any]:
        if not self._is_one_list():
            return self.as_sql(compiler, connection)
        low, high = connection.ops.integer_field_range(self._field.get_internal_type())
        if not low <= min(self.rhs) <= max(self.rhs) <= high:
            return self.as_sql(compiler, connection)
        column, params = self.process_lhs(compiler, connection)
        kind = self._field.cast_db_type(connection)
        # The column's own type: PostgreSQL looks things up by hash in no array of another.
        numbers = ",".join(map(str, self.rhs))
        return f"{column} = ANY(%s::{kind}[])", [*params, f"{{{numbers}}}"]

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        if not self._is_one_list():
            return self.as_sql(compiler, connection)
        column, params = self.process_lhs(compiler, connection)
        numbers = ",".join(map(str, self.rhs))
        return f"{column} IN (SELECT value FROM json_each(%s))", [*params, f"[{numbers}]"]  # noqa: S608

    def _is_one_list(self) -> bool:
        return self.rhs_is_direct_value() and _is_long(self.rhs) and self._is_of_numbers()

    def _is_of_numbers(self) -> bool:
        return isinstance(self._field, IntegerField)

    @property
    def _field(self) -> Any:
        field = getattr(self.lhs, "output_field", None)
        # The primary key that a key points at may be a key itself.
        while isinstance(field, ForeignKey):
            field = field.target_field
        return field


def _is_long(values: Any) -> bool:
    """Whether a list of whole numbers that is to be one parameter."""
    return (
        isinstance(values, Collection)
        and len(values) > MOST_PARAMETERS
        and set(map(type, values)) == {int}
    )


@IntegerField.register_lookup
class NumberIn(_InList):
    """`number__in=[...]`."""


@ForeignKey.register_lookup
class KeyIn(_InList, RelatedIn):
    """`foreign_key__in=[...]`."""


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
