"""What makes a change set a batch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.contrib.auth.models import User

from curation.actions.writing import writing
from curation.models import Batch, BatchKind, Revision
from curation.permissions import Right
from curation.records.facets import facets_at_end
from curation.shared.changes import this_change

#: Records of one batch: ten times what anybody has selected.
LIMIT: Final = 100_000


@contextmanager
def batch(
    kind: BatchKind,
    *,
    user: User | None,
    right: Right,
    reason: str = "",
    undoes: Batch | None = None,
    patience: int | None = None,
) -> Iterator[int]:
    """Hold what `writing` holds, and let all that is written within be one batch; yields its
    number, that of the change set.

    Facets of proteins are computed once, at the end. Where no record changed, there is no batch.
    """
    with writing(user, right, reason, patience=patience):
        with facets_at_end():
            yield this_change()
        if records := _records_of(this_change()):
            Batch.objects.create(change_id=this_change(), kind=kind, records=records, undoes=undoes)


def _records_of(change: int) -> int:
    revisions = Revision.objects.filter(change=change, run__isnull=True).order_by()
    return revisions.values("kind", "record_id").distinct().count()
