"""The connection by which the content is read: of the primary, or of a replica of it."""

from __future__ import annotations

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from proteins.models.change import ChangeSet


def read_connection() -> BaseDatabaseWrapper:
    """Return the connection that querysets of the content use now (settings.DATABASE_ROUTERS)."""
    return connections[router.db_for_read(ChangeSet)]
