"""Statements of an import go, or state again what they did; their interactions are restated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from curation.importing.loading.statement_rows import (
    StatementRows,
    content_as_json,
    content_from_json,
)
from curation.importing.undo.history import UndoHistory
from curation.importing.undo.later import LaterRuns
from curation.importing.undo.report import UndoReport
from curation.models import Pin, RecordKind
from curation.records.restate import restate
from curation.shared.bulk import Bulk
from curation.shared.changes import this_change
from curation.shared.evidence_rows import EvidenceRows
from proteins.domain.evidence import EvidenceContent
from proteins.domain.statements import StatementContent
from proteins.models import Interaction, Statement

if TYPE_CHECKING:
    from curation.importing.undo.changes import Changed

_CHANGED_SINCE = "it has been changed since"


class StatementUndoer:
    """Takes back what an import did to statements."""

    def __init__(
        self, bulk: Bulk, report: UndoReport, history: UndoHistory, later: LaterRuns
    ) -> None:
        self._bulk = bulk
        self._report = report
        self._history = history
        self._later = later
        self._evidence = EvidenceRows(bulk)
        self._rows = StatementRows(bulk, self._evidence)
        #: Evidence that statements pointed at until now.
        self._replaced: set[int] = set()
        self._interactions: set[int] = set()

    def undo_changes(self, changes: Sequence[Changed]) -> None:
        """Take back changes of what statements say, and of their state."""
        self._restore_states([change for change in changes if change.field == "state"])
        self._restore_rows([change for change in changes if change.field != "state"])

    def _restore_states(self, changes: Sequence[Changed]) -> None:
        stored = {one.id: one for one in self._rows.read("id", [one.id for one in changes])}
        restored = []
        for change in changes:
            if change.id not in stored:
                continue
            if self._is_of_others(change, stored[change.id].state):
                continue
            restored.append((change.before, this_change(), change.id))
            self._interactions.add(stored[change.id].interaction)
            self._history.restored(
                change.kind, change.id, change.key, "state", change.after, change.before
            )
        self._bulk.update(Statement, ("state", "change_id"), restored)
        self._report.restored["statement"] += len(restored)

    def _restore_rows(self, changes: Sequence[Changed]) -> None:
        ids = [change.id for change in changes]
        stored = {one.id: one for one in self._rows.read("id", ids)}
        pinned = self._pinned(ids)
        restored: dict[int, tuple[StatementContent, EvidenceContent]] = {}
        for change in changes:
            if change.id not in stored:
                continue
            now = stored[change.id]
            present = None if change.id in pinned else content_as_json(now.content, now.evidence)
            if self._is_of_others(change, present):
                continue
            restored[change.id] = content_from_json(change.before)
            self._interactions.add(now.interaction)
            self._replaced.add(self._evidence.ids[now.evidence])
            for field, before in change.before.items():
                if before != change.after[field]:
                    self._history.restored(
                        change.kind, change.id, change.key, field, change.after[field], before
                    )
        self._rows.prepare(evidence for _, evidence in restored.values())
        self._rows.update(restored)
        self._report.restored["statement"] += len(restored)

    def _is_of_others(self, change: Changed, now: Any) -> bool:
        """Whether a person or a later import changed this, or a later import states it too."""
        about = (change.kind, change.id, change.field)
        is_its_own = now == change.after
        if self._later.changed(about):
            self._later.correct(about, change.before)
        elif (is_its_own or self._later.inherited(about)) and (
            heir := self._later.stating(change.id)
        ) is not None:
            self._later.inherit_change(heir, list(change))
        elif is_its_own:
            return False
        else:
            self._report.stays(change.kind, change.key, _CHANGED_SINCE)
        return True

    @staticmethod
    def _pinned(ids: Iterable[int]) -> set[int]:
        pins = Pin.objects.filter(kind=RecordKind.STATEMENT)
        return set(pins.values_list("record_id", flat=True)) & set(ids)

    def delete(self, rows: Sequence[tuple[int, int, int]]) -> None:
        """Delete statements: primary keys of each, its interaction and its evidence."""
        ids = [key for key, _, _ in rows]
        self._history.leave(RecordKind.STATEMENT, ids)
        self._bulk.delete(Statement, "id", ids)
        self._interactions.update(interaction for _, interaction, _ in rows)
        self._replaced.update(evidence for _, _, evidence in rows)
        self._report.deleted["statements"] += len(rows)

    def restate(self) -> None:
        """Write what the remaining statements come to for the interactions of all."""
        restated = restate(self._interactions)
        changed = Interaction.objects.select_related("tf", "target").in_bulk(restated.changes)
        for key, fields in restated.changes.items():
            for field, (before, after) in fields.items():
                kind = RecordKind.INTERACTION
                self._history.restored(kind, key, changed[key].key, field, before, after)
        self._evidence.drop_unused(self._replaced)
        self._interactions, self._replaced = set(), set()
