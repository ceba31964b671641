"""The change set of a write: its number, taken first thing under the write lock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from django.contrib.auth.models import User

from curation.shared.bulk import bulk_for
from proteins.models import ChangeKind, ChangeSet, Gone, GoneReason

_current: Final[ContextVar[ChangeSet | None]] = ContextVar("change set", default=None)


@contextmanager
def change_set(
    kind: ChangeKind, *, user: User | None = None, run: int | None = None, reason: str = ""
) -> Iterator[ChangeSet]:
    """Take the number of a change; the caller has just begun a transaction and taken the lock.

    What is written within the write of another is part of its change.
    """
    if (outer := _current.get()) is not None:
        yield outer
        return
    change = ChangeSet.objects.create(kind=kind, user=user, run=run, reason=reason)
    token = _current.set(change)
    try:
        yield change
    finally:
        _current.reset(token)


def this_change() -> int:
    """Return the number under which records are written now."""
    change = _current.get()
    if change is None:
        raise RuntimeError("Records are written within a change set only.")
    return change.pk


def record_gone(kind: str, keys: Iterable[str], why: GoneReason) -> None:
    """Record that public records leave public view, by their public identifiers."""
    rows = [(this_change(), kind, key, why.value) for key in keys]
    bulk_for().insert(Gone, ("change_id", "kind", "record_key", "why"), rows)
