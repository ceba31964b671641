"""The journal of a chunk: what it did, so that it can be reported and undone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

from django.db.models import Model
from django.utils import timezone

from curation.importing.planning.planned import Change
from curation.models import ImportRun, RecordKind, Revision, RunChunk, Verb
from curation.shared.bulk import Bulk, bulk_for
from curation.shared.changes import this_change
from curation.shared.support import Roles
from curation.shared.three_way import roles_as_json
from proteins.domain.support import SupportContent

#: The kind of the entries of support, which have ranges of primary keys instead of one.
SUPPORT: Final = "support"
#: The kind of the entries of names that are of another version of their source now, which have
#: ranges of primary keys as well; the field is the label of their model.
SOURCED: Final = "source of names"
#: Django builds the values of choices at each access.
_RECORDS: Final = frozenset(RecordKind.values)


class Events(Protocol):
    """Who wants to hear of single records while an import runs (a dry run, a report)."""

    def created(self, kind: str, keys: Iterable[str]) -> None: ...

    def changed(self, change: Change) -> None: ...

    def proposed(self, change: Change) -> None: ...


class Silent:
    """No listener."""

    def created(self, kind: str, keys: Iterable[str]) -> None:
        pass

    def changed(self, change: Change) -> None:
        pass

    def proposed(self, change: Change) -> None:
        pass


def ranges(ids: Sequence[int]) -> list[list[int]]:
    """Return ascending ids as `[first, last]` ranges."""
    listed: list[list[int]] = []
    for number in ids:
        if listed and listed[-1][1] + 1 == number:
            listed[-1][1] = number
        else:
            listed.append([number, number])
    return listed


class Journal:
    """Collects what one chunk creates and changes; `store` saves it with the run."""

    def __init__(self, events: Events) -> None:
        self.events = events
        self._created: dict[str, list[list[int]]] = {}
        self._changed: list[list[Any]] = []
        self._stated: dict[str, list[list[int]]] = {}
        self._revised: dict[tuple[str, int], tuple[str, dict[str, list[Any]]]] = {}
        self._supported: dict[tuple[SupportContent, SupportContent], list[int]] = {}
        self._sourced: list[list[Any]] = []

    def created(self, model: type[Model], ids: Sequence[int]) -> None:
        if ids:
            label = model._meta.label
            self._created.setdefault(label, []).extend(ranges(ids))

    def stated(self, model: type[Model], ids: Iterable[int]) -> None:
        """Note which records that were stored already are stated, for taking back the import
        that created them."""
        if listed := ranges(sorted(ids)):
            self._stated[model._meta.label] = listed

    def records_created(
        self, model: type[Model], ids: Sequence[int], kind: str, keys: Iterable[str]
    ) -> None:
        """Note what is new: the ids for taking back, the keys for whoever listens."""
        self.created(model, ids)
        self.events.created(kind, keys)

    def created_pages(self, paths: Iterable[str]) -> None:
        """Note which pages are recorded for the first time."""
        for path in paths:
            self.noted(Change("page", 0, path, "row", None, None))

    def changed(self, change: Change) -> None:
        self.noted(change)
        self.revised(change)

    def revised(self, change: Change) -> None:
        """Report a change and note it for the history of its record; what undo needs is
        journalled elsewhere."""
        self.events.changed(change)
        if change.kind in _RECORDS:
            _, fields = self._revised.setdefault((change.kind, change.id), (change.key, {}))
            first = fields[change.field][0] if change.field in fields else change.before
            fields[change.field] = [first, change.after]

    def noted(self, change: Change) -> None:
        """Journal a change for undo that is bookkeeping, and of no interest to people."""
        self._changed.append(
            [change.kind, change.id, change.key, change.field, change.before, change.after]
        )

    def supported(self, interaction: int, before: SupportContent, after: SupportContent) -> None:
        """Journal another support of an interaction, for undo."""
        self._supported.setdefault((before, after), []).append(interaction)

    def sourced(self, label: str, ids: Iterable[int], before: int, after: int) -> None:
        """Journal another version of the source of rows of a model, for undo."""
        self._sourced.append([SOURCED, ranges(sorted(ids)), "", label, before, after])

    def store(self, run: ImportRun) -> None:
        self._changed += self._sourced
        self._changed += [
            support_entry(ids, *differing_roles(before, after))
            for (before, after), ids in self._supported.items()
        ]
        if self._created or self._changed or self._stated:
            RunChunk.objects.create(
                run=run,
                change_id=this_change(),
                created=self._created,
                changed=self._changed,
                stated=self._stated,
            )
        write_revisions(self._revised, run, Verb.IMPORTED)
        self._created, self._changed, self._stated, self._revised = {}, [], {}, {}
        self._supported, self._sourced = {}, []


def insert_items(
    bulk: Bulk,
    journal: Journal,
    model: type[Model],
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    """Write rows of a list of records, and note them for taking back."""
    ids = bulk.reserve_ids(model, len(rows))
    numbered = [(key, *row) for key, row in zip(ids, rows, strict=True)]
    bulk.insert(model, ("id", *columns), numbered)
    journal.created(model, ids)


def differing_roles(before: SupportContent, after: SupportContent) -> tuple[Roles, Roles]:
    """Return what those roles say that say something else, before and after."""
    old, new = before.by_role(), after.by_role()
    roles = sorted(role for role in {*old, *new} if old.get(role) != new.get(role))
    return {role: old.get(role) for role in roles}, {role: new.get(role) for role in roles}


def support_entry(interactions: Iterable[int], before: Roles, after: Roles) -> list[Any]:
    """Return the entry of a journal for interactions whose support changed alike."""
    ids = ranges(sorted(interactions))
    return [SUPPORT, ids, "", "", roles_as_json(before), roles_as_json(after)]


def write_revisions(
    revised: Mapping[tuple[str, int], tuple[str, dict[str, list[Any]]]],
    run: ImportRun,
    verb: Verb,
) -> None:
    """Store revisions: for each record (kind and id) its key and the changes of its fields."""
    if not revised:
        return
    bulk = bulk_for()
    now = bulk.moment(timezone.now())
    columns = (
        "kind", "record_id", "record_key", "verb", "changes", "reason", "run_id", "at",
        "change_id",
    )  # fmt: skip
    rows = [
        (kind, key, name, verb.value, json.dumps(changes), "", run.pk, now, this_change())
        for (kind, key), (name, changes) in revised.items()
    ]
    bulk.insert(Revision, columns, rows)
