"""Records read by the hundred, for what goes through all of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from curation.records import records_of

#: Records that are read at once: as many as SQLite takes numbers in one query.
AT_ONCE = 500


def records_among(kind: str, ids: Collection[int]) -> list[Any]:
    """Return those of at most `AT_ONCE` records that are there, ready for `values`.

    What several of them point at (an Evidence row, a TF) is read and held once.
    """
    records = records_of(kind)
    shared = [field.name for field in records.model._meta.fields if field.is_relation]
    rows = records.queryset().select_related(None).prefetch_related(*shared)
    return list(rows.filter(pk__in=ids))
