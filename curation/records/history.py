"""What a record was, and how it came to be what it is: read from its revisions.

Revisions hold differences, so that a record is followed backwards from what it is now.
What an import created has no revision of its own; its run is found by the record's id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import CharField, QuerySet, Value

from curation.models import Comment, ImportRun, Revision, RunChunk, Verb
from curation.records import RecordGoneError, Values, records_of
from proteins.caching.shared import shared


def revisions_of(kind: str, record_id: int) -> QuerySet[Revision]:
    """Return the revisions of a record, the newest first, with who and by which import."""
    return (
        Revision.objects.filter(kind=kind, record_id=record_id)
        .select_related("user", "run", "proposal__author")
        .defer("run__problems", "run__counts", "run__paths")
    )


def timeline(kind: str, record_id: int) -> QuerySet[Any, tuple[datetime, str, int]]:
    """Return when, `revision` or `comment`, and id of all changes of a record and comments
    on it, the newest first: something to count and to cut pages from."""
    of_record = {"kind": kind, "record_id": record_id}
    revisions = Revision.objects.filter(**of_record).annotate(what=Value("revision", CharField()))
    comments = Comment.objects.filter(**of_record).annotate(what=Value("comment", CharField()))
    columns = ("what", "pk")
    return (
        revisions.order_by()
        .values_list("at", *columns)
        .union(comments.order_by().values_list("written_at", *columns), all=True)
        .order_by("-at", "-pk")
    )


def version_of(kind: str, record_id: int) -> int:
    """Return the number of a record's last revision, 0 where it has none.

    A form holds it while open, and sends it on saving: see `curation.actions`.
    """
    newest = revisions_of(kind, record_id).order_by("-id").values_list("id", flat=True).first()
    return newest or 0


def since(kind: str, record_id: int, version: int) -> list[Revision]:
    """Return what happened to a record after `version`, the oldest first."""
    return list(revisions_of(kind, record_id).filter(id__gt=version).order_by("id"))


def rewound(values: Values, later: Iterable[Revision]) -> Values:
    """Return what `values` were before the revisions of `later` (the newest first)."""
    before = dict(values)
    for revision in later:
        before |= {name: change[0] for name, change in revision.changes.items()}
    return before


def values_at_version(kind: str, record_id: int, version: int) -> Values:
    """Return a record as its revision `version` left it (0: as it first was).

    Raises `RecordGoneError` where it is not there any more.
    """
    records = records_of(kind)
    now = records.values(records.get(record_id))
    return rewound_to(kind, record_id, version, now)


@dataclass(frozen=True)
class RecordAtTime:
    """A record at a time: its values, or None where it was not there."""

    at: datetime
    values: Values | None
    #: Whether it had been there, and was removed by then.
    is_gone: bool = False


def values_at(kind: str, record_id: int, at: datetime) -> RecordAtTime:
    """Return a record as it was at a time, also one that has been removed since.

    Raises `RecordGoneError` where it is not there and has no history.
    """
    now, left = last_values(kind, record_id)
    if left is not None and left.at <= at:
        return RecordAtTime(at, None, is_gone=True)
    if at < created_at(kind, record_id):
        return RecordAtTime(at, None)
    return RecordAtTime(at, _rewound_over(now, _changes(kind, record_id).filter(at__gt=at)))


def last_values(kind: str, record_id: int) -> tuple[Values, Revision | None]:
    """Return a record's values; of one that is gone, none, and the revision that removed
    it, from which its values are found backwards. Raises `RecordGoneError` as above."""
    records = records_of(kind)
    try:
        return records.values(records.get(record_id)), None
    except RecordGoneError:
        # Ids are never given twice: what is gone went with its last revision.
        last = revisions_of(kind, record_id).order_by("-id").first()
        if last is None:
            raise
        return {}, last


def rewound_to(kind: str, record_id: int, version: int, values: Values) -> Values:
    """Return what `values`, those of `last_values`, were as revision `version` left them."""
    return _rewound_over(values, _changes(kind, record_id).filter(id__gt=version))


def _changes(kind: str, record_id: int) -> QuerySet[Revision]:
    return Revision.objects.filter(kind=kind, record_id=record_id).order_by("-id")


def _rewound_over(values: Values, later: QuerySet[Revision]) -> Values:
    """Do as `rewound` does, with nothing in memory but the values."""
    before = dict(values)
    for changes in later.values_list("changes", flat=True).iterator(chunk_size=500):
        before |= {name: change[0] for name, change in changes.items()}
    return before


def was_added(kind: str, record_id: int) -> bool:
    """Whether a curator added a record, so that its history begins with that."""
    return revisions_of(kind, record_id).filter(verb=Verb.ADDED).exists()


def created_at(kind: str, record_id: int) -> datetime:
    """Return when a record came into being, the beginning of time where nothing records it."""
    added = revisions_of(kind, record_id).filter(verb=Verb.ADDED).order_by("id").first()
    if added is not None:
        return added.at
    run = run_that_created(kind, record_id)
    return run.started_at if run else datetime.min.replace(tzinfo=UTC)


def run_that_created(kind: str, record_id: int) -> ImportRun | None:
    """Return the import that brought a record, if one did.

    Each chunk of an import stores the ranges of ids that it created: a few numbers for each
    of some hundred chunks, even with all of TFLink in. The rest of a chunk, which may be
    large, is not read.
    """
    label = records_of(kind).model._meta.label
    for chunk in _chunks():
        if any(first <= record_id <= last for first, last in chunk.created.get(label, ())):
            return chunk.run
    return None


@shared
def _chunks() -> list[RunChunk]:
    """What each chunk created, with its run."""
    large = ("changed", "stated", "run__problems", "run__counts", "run__paths")
    return list(RunChunk.objects.select_related("run").order_by().defer(*large))


@dataclass(frozen=True)
class FieldDifference:
    """One field before and after, in the words that people read."""

    name: str
    label: str
    before: Any
    after: Any


def differences(kind: str, changes: Mapping[str, Sequence[Any]]) -> list[FieldDifference]:
    """Return the changes of a revision or proposal in the order of the record's fields."""
    labels = records_of(kind).labels
    named = [name for name in labels if name in changes]
    others = sorted(changes.keys() - labels.keys())
    return [
        FieldDifference(name, labels.get(name, name), changes[name][0], changes[name][1])
        for name in [*named, *others]
    ]
