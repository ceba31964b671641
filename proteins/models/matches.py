"""`accession__matches=PATTERN`: a rule of an identifier, for constraints that every client of the
database can evaluate. Django's `__regex` is a Python function on SQLite: the `sqlite3` shell could
neither check nor restore a table with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Lookup
from django.db.models.sql.compiler import SQLCompiler

from proteins.domain.globs import globs_of

if TYPE_CHECKING:
    _Lookup = Lookup[Any]
else:
    _Lookup = Lookup


@CharField.register_lookup
class Matches(_Lookup):
    """A text that a pattern matches from beginning to end."""

    lookup_name = "matches"

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column}::text ~ %s", (*parameters, self.rhs)

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        globs = globs_of(str(self.rhs))
        sql = " OR ".join(f"{column} GLOB %s" for _ in globs)
        return f"({sql})", tuple(item for glob in globs for item in (*parameters, glob))
