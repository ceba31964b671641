"""Values that an import changed return to what they were, where they are still its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from curation.evidence import evidence_for
from curation.importing.bulk import Bulk
from curation.importing.three_way import evidence_as_json, evidence_from_json
from curation.importing.undo_report import UndoReport
from curation.models import ImportRun, Pin, Proposal, SourcePage, SourceTable
from proteins.models import BindingSite, Interaction, Ortholog, Protein

_CHANGED_SINCE = "its {} has been changed since"


class ChangeUndoer:
    """Takes back the journal's changes; each is `[kind, id, key, field, before, after]`."""

    def __init__(self, bulk: Bulk, run: ImportRun, report: UndoReport) -> None:
        self.bulk = bulk
        self.run = run
        self.report = report
        #: Evidence that records pointed at until now.
        self.replaced_evidence: set[int] = set()

    def undo(self, changes: Sequence[list[Any]]) -> None:
        for kind, key, name, field, before, after in reversed(changes):
            if kind == "protein":
                self._restore_field(Protein, kind, key, name, field, before, after)
            elif kind == "ortholog":
                self._restore_field(Ortholog, kind, key, name, field, before, after)
            elif kind in ("interaction", "binding site"):
                self._restore_supported(kind, key, name, field, before, after)
            elif kind == "pin":
                self._restore_pin(name, key, field, before)
            elif kind == "proposal":
                Proposal.objects.filter(pk=key, state=after).update(state=before)
            elif kind == "page":
                self._restore_page(name, before)
            elif kind == "table":
                self._restore_table(name, before)

    def _restore_field(
        self,
        model: type[Protein | Ortholog | Interaction | BindingSite],
        kind: str,
        key: int,
        name: str,
        field: str,
        before: Any,
        after: Any,
    ) -> None:
        """Restore one column, if its value is still the one that the import gave."""
        stamp = {"changed_at": timezone.now()} if model in (Protein, Interaction) else {}
        pinned = Pin.objects.filter(kind=kind, record_id=key, field=field).exists()
        rows = model._default_manager.filter(pk=key, **{field: after})
        if not pinned and rows.update(**{field: before}, **stamp):
            self.report.restored[kind] += 1
        elif model._default_manager.filter(pk=key).exists():
            self.report.keep(kind, name, _CHANGED_SINCE.format(field.replace("_", " ")))

    def _restore_supported(
        self, kind: str, key: int, name: str, field: str, before: Any, after: Any
    ) -> None:
        model = Interaction if kind == "interaction" else BindingSite
        if field != "evidence":
            self._restore_field(model, kind, key, name, field, before, after)
            return
        record = model._default_manager.filter(pk=key).select_related("evidence").first()
        if record is None:
            return
        pinned = Pin.objects.filter(kind=kind, record_id=key, field="evidence").exists()
        if pinned or evidence_as_json(record.evidence.content()) != after:
            self.report.keep(kind, name, _CHANGED_SINCE.format("evidence"))
            return
        self.replaced_evidence.add(record.evidence_id)
        record.evidence = evidence_for(evidence_from_json(before))
        if isinstance(record, Interaction):
            record.changed_at = timezone.now()
        record.save()
        self.report.restored[kind] += 1

    def _restore_pin(self, kind: str, record_id: int, field: str, before: Any) -> None:
        source_value, pinned_by = before
        Pin.objects.get_or_create(
            kind=kind,
            record_id=record_id,
            field=field,
            defaults={"source_value": source_value, "pinned_by_id": pinned_by},
        )
        self.report.restored["pin"] += 1

    def _restore_page(self, path: str, before: Any) -> None:
        page = SourcePage.objects.filter(path=path, run=self.run)
        if before is None:
            self._forget(page, "page")
            return
        sha256, generation, protein, run, imported_at, downloads, unknown_keys = before
        page.update(
            sha256=sha256,
            generation=generation,
            protein_id=protein,
            run_id=run,
            imported_at=datetime.fromisoformat(imported_at),
            downloads=downloads,
            unknown_keys=unknown_keys,
        )

    def _forget(self, rows: Any, kind: str) -> None:
        deleted, _ = rows.delete()
        if deleted:
            self.report.deleted[kind] += 1

    def _restore_table(self, path: str, before: Any) -> None:
        table = SourceTable.objects.filter(path=path, run=self.run).first()
        if table is None:
            return
        sha256, rows, run, imported_at, taxa = before
        table.sha256, table.rows, table.run_id = sha256, rows, run
        table.imported_at = datetime.fromisoformat(imported_at)
        table.save()
        table.taxa.set(taxa)
