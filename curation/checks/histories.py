"""Histories against their records: nothing is missing between two revisions, and a record is as
its last revisions left it.

Revisions are read once, in the order of their records; in memory are the last values of a
few hundred records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from curation.models import RecordKind, Revision, Verb
from curation.records import AT_ONCE, records_among, records_of
from proteins.queries.snapshot import FETCH

#: The verbs that may end the history of a record that is not there.
GOING: Final = frozenset({Verb.REMOVED, Verb.MERGED, Verb.UNDONE})
_COLUMNS = ("kind", "record_id", "record_key", "verb", "changes")


class RecordHistory:
    """The state of one record by its history."""

    def __init__(self, kind: str, record_id: int) -> None:
        self.kind = kind
        self.id = record_id
        self.key = ""
        self.verb = ""
        #: The last value of each field that some revision has.
        self.values: dict[str, Any] = {}

    def follow(self, revisions: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, str]]:
        """Read its revisions, the oldest first, and yield what does not fit together."""
        for _, _, self.key, self.verb, changes in revisions:
            for name, (before, after) in changes.items():
                if name in self.values and self.values[name] != before:
                    yield self.name, f"its history lacks a change of {name}"
                self.values[name] = after

    @property
    def name(self) -> str:
        return f"{self.kind} {self.key}"

    def compare(self, now: dict[str, Any] | None) -> Iterator[tuple[str, str]]:
        """Yield where the record, None where it is not there, differs."""
        if now is None:
            if self.verb not in GOING:
                yield self.name, "it is not there, and its history does not say that it went"
            return
        if self.verb == Verb.REMOVED:
            yield self.name, "its history says that it was removed, and it is there"
            return
        for name, value in self.values.items():
            if name not in now:
                yield self.name, f"its history tells of {name}, which is no field of it"
            elif now[name] != value:
                yield self.name, f"its history does not lead to the {name} that it has"


def broken_histories() -> Iterator[tuple[str, str]]:
    """Yield record and reason of each breach."""
    # Of vocabularies, migrations and imports write what no revision has.
    of_records = Revision.objects.filter(kind__in=RecordKind.values)
    rows = of_records.order_by("kind", "record_id", "id").values_list(*_COLUMNS)
    held: list[RecordHistory] = []
    for (kind, record_id), revisions in groupby(
        rows.iterator(chunk_size=FETCH), key=itemgetter(0, 1)
    ):
        if held and (held[0].kind != kind or len(held) == AT_ONCE):
            yield from _against_records(held)
            held = []
        history = RecordHistory(kind, record_id)
        yield from history.follow(revisions)
        held.append(history)
    yield from _against_records(held)


def _against_records(histories: list[RecordHistory]) -> Iterator[tuple[str, str]]:
    """Compare histories of records of one kind with the records."""
    if not histories:
        return
    records = records_of(histories[0].kind)
    ids = [history.id for history in histories]
    rows = records_among(records.kind, ids)
    now = {record.pk: records.values(record) for record in rows}
    for history in histories:
        yield from history.compare(now.get(history.id))
