"""What taking an import back does to records, for their histories."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import Any, TypeVar

from curation.importing.loading.journal import write_revisions
from curation.models import ImportRun, RecordKind, Revision, Verb
from curation.records import AT_ONCE, records_among, records_of

Item = TypeVar("Item")

#: Records whose changes are held before they are written.
_HELD = 5000


def pieces(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield `items` in lists of a bounded size."""
    rest = iter(items)
    while piece := list(islice(rest, size)):
        yield piece


class UndoHistory:
    """Writes a revision for each record that changes, in whole lists.

    Several changes of one field of a record become one, where they are close together.
    """

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self._revised: dict[tuple[str, int], tuple[str, dict[str, list[Any]]]] = {}

    @cached_property
    def merged(self) -> set[tuple[str, int]]:
        """Kind and id of records that took over something of another one since the run: what
        the run changed cannot be distinguished from that any more."""
        later = Revision.objects.filter(verb=Verb.MERGED, at__gt=self.run.started_at)
        return set(later.order_by().values_list("kind", "record_id").iterator())

    def restored(
        self, kind: str, record_id: int, key: str, field: str, before: Any, after: Any
    ) -> None:
        """Note that a field returns from `before` to `after`."""
        if field not in records_of(kind).labels:
            return  # bookkeeping, which no history speaks of
        if len(self._revised) >= _HELD:
            self.flush()
        _, fields = self._revised.setdefault((kind, record_id), (key, {}))
        first = fields[field][0] if field in fields else before
        fields[field] = [first, after]

    def flush(self) -> None:
        write_revisions(self._revised, self.run, Verb.UNDONE)
        self._revised = {}

    def leave(self, kind: RecordKind, record_ids: Iterable[int]) -> None:
        """Note that records are about to go, those that have a history."""
        records = records_of(kind)
        for ids in pieces(record_ids, AT_ONCE):
            revised = Revision.objects.filter(kind=kind, record_id__in=ids)
            with_history = set(revised.order_by().values_list("record_id", flat=True))
            with_history.update(key for key in ids if (kind, key) in self._revised)
            for record in records_among(kind, with_history):
                key = records.key(record)
                for name, value in records.values(record).items():
                    self.restored(kind, record.pk, key, name, value, None)


def values_of(kind: RecordKind, field: str, ids: Collection[int]) -> dict[int, tuple[str, Any]]:
    """Return key and value of one field of records, by their ids."""
    records = records_of(kind)
    return {
        record.pk: (records.key(record), records.values(record)[field])
        for piece in pieces(ids, AT_ONCE)
        for record in records_among(kind, piece)
    }
