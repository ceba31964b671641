"""Temporary copies of PostgreSQL's tables of records: of the same names, so that queries of the
connection that made them meet these, and no row or lock of the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model

from curation.shared.bulk import bulk_for

#: Whose tables an import, or its undo, writes.
_APPS: Final = ("proteins", "curation")
#: What temporary tables may have of memory. With the 8 MB that are usual, an index of a million
#: rows is read from its file again and again.
TEMP_BUFFERS: Final = "128MB"


def copy_tables() -> None:
    """Copy all within the caller's transaction, which is new: as they are at one moment.

    Nothing waits for it, and it waits for nothing but a migration. Indexes are made when the rows
    are there, which takes half as long. Foreign keys, which cannot leave temporary tables, are
    not copied.
    """
    bulk_for().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    models = list(_models())
    for model in models:
        _copy(model)
    for statement in connection.ops.sequence_reset_sql(no_style(), models):
        bulk_for().execute(statement)


def _models() -> Iterator[type[Model]]:
    for app in _APPS:
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:
                yield model


def _copy(model: type[Model]) -> None:
    bulk = bulk_for()
    table = bulk.table(model)
    ((original,),) = bulk.query("SELECT %s::regclass::oid", [table])
    indexes = bulk.query(_INDEXES, [f" ON pg_temp.{table} USING ", original])
    ((place,),) = bulk.query(_PLACE, [original])
    bulk.execute(f"CREATE TEMPORARY TABLE {table} (LIKE {place} {_LIKE}) ON COMMIT DROP")
    columns = bulk.quoted(
        *(str(field.column) for field in model._meta.concrete_fields if not field.generated)
    )
    bulk.execute(f"INSERT INTO pg_temp.{table} ({columns}) SELECT {columns} FROM {place}")  # noqa: S608
    for (statement,) in indexes:
        bulk.execute(statement)
    bulk.execute(f"ANALYZE pg_temp.{table}")


_LIKE: Final = (
    "INCLUDING CONSTRAINTS INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING IDENTITY "
    "INCLUDING STORAGE"
)
_PLACE: Final = (
    "SELECT format('%%I.%%I', nspname, relname) FROM pg_class "
    "JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE pg_class.oid = %s"
)
#: The statements that make the indexes of a table, with its name changed.
_INDEXES: Final = (
    r"SELECT regexp_replace(pg_get_indexdef(indexrelid), ' ON (ONLY )?\S+ USING ', %s) "
    "FROM pg_index WHERE indrelid = %s ORDER BY indexrelid"
)
