"""Names, cross-references and the fates of identifiers that an import brought go, and what it
withdrew is stated again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Model

from curation.importing.loading.journal import SOURCED
from curation.importing.undo.history import UndoHistory, values_of
from curation.importing.undo.later import LaterRuns, ids_of
from curation.importing.undo.report import REPORTED_LATER, UndoReport
from curation.models import Pin, RecordKind
from curation.shared.bulk import Bulk
from curation.shared.changes import this_change
from curation.shared.name_rows import NAMES, TABLES, SourcedRow, Table, append_names
from proteins.models import (
    AccessionFate,
    GeneID,
    GeneIDFate,
    NameSource,
    Protein,
    SecondaryAccession,
)

if TYPE_CHECKING:
    from curation.importing.undo.changes import Changed

#: Rows of identifiers, and the columns that journals have of them.
FATES: Final[dict[str, tuple[type[Model], tuple[str, ...]]]] = {
    model._meta.label: (model, columns)
    for model, columns in (
        (AccessionFate, ("accession", "successor", "fate", "settled", "source_id")),
        (GeneIDFate, ("ncbi_gene_id", "successor", "settled", "source_id")),
        (SecondaryAccession, ("accession", "protein_id", "source_id")),
        (GeneID, ("protein_id", "ncbi_gene_id")),
    )
}
#: The field of a protein that such rows are, where they are one.
_FIELDS: Final = {GeneID: "gene_ids", SecondaryAccession: "secondary_accessions"}


class NameUndoer:
    """Takes back what an import did to names and identifiers."""

    def __init__(
        self, bulk: Bulk, report: UndoReport, history: UndoHistory, later: LaterRuns
    ) -> None:
        self._bulk = bulk
        self._report = report
        self._history = history
        self._later = later

    # Names and cross-references

    def restore_sources(self, entry: Sequence[Any]) -> None:
        """Let rows be of the version of their source that they were of."""
        kind, listed, _, label, before, after = entry
        table = TABLES[label]
        rows = {row.id: row for row in table.read(self._bulk, "id", list(ids_of(listed)))}
        restored = []
        for key in ids_of(listed):
            about = (SOURCED, key, label)
            if self._later.changed(about):
                self._later.correct(about, before)
            elif key in rows and rows[key].source == after:
                restored.append((before, key))
        if not NameSource.objects.filter(pk=before).exists():
            return
        self._bulk.update(table.model, ("source_id",), restored)
        self._touch({rows[key].protein for _, key in restored})
        self._report.restored[kind] += len(restored)

    def undo_changes(self, table: Table, changes: Sequence[Changed]) -> None:
        """Let rows that went be there again, and others be where they were."""
        gone = [SourcedRow(*change.before) for change in changes if change.field == "row"]
        self._restore_rows(table, gone)
        moved = {change.id: change for change in changes if change.field == "position"}
        rows = {row.id: row for row in table.read(self._bulk, "id", moved)}
        back = [
            rows[key]._replace(position=change.before)
            for key, change in moved.items()
            if key in rows and rows[key].position == change.after
        ]
        self._to_free_places(back)

    def _to_free_places(self, rows: Sequence[SourcedRow]) -> None:
        """Let names be at these positions, as far as none of another row is."""
        others = NAMES.read(self._bulk, "protein_id", {row.protein for row in rows})
        ids = {row.id for row in rows}
        taken = {(one.protein, one.kind, one.source, one.position): one.id for one in others}
        free = [
            row
            for row in rows
            if taken.get((row.protein, row.kind, row.source, row.position), row.id) in ids
        ]
        NAMES.place(self._bulk, free, [row.id for row in free])

    def _restore_rows(self, table: Table, gone: Collection[SourcedRow]) -> None:
        """Store rows again that a later import, or a person, has not stored meanwhile."""
        proteins = self._present({row.protein for row in gone})
        stored = table.read(self._bulk, "protein_id", proteins)
        texts = {(row.protein, row.kind, row.text, row.source) for row in stored}
        names = dict(NameSource.objects.values_list("pk", "name"))
        stated = {(row.protein, row.kind, row.text, names[row.source]) for row in stored}
        back = [
            row
            for row in gone
            if row.protein in proteins
            and row.source in names
            and (row.protein, row.kind, row.text, row.source) not in texts
            and (row.protein, row.kind, row.text, names[row.source]) not in stated
        ]
        self._with_history(table, {row.protein for row in back}, lambda: self._insert(table, back))
        self._report.restored[str(table.model._meta.verbose_name)] += len(back)

    def _insert(self, table: Table, rows: Collection[SourcedRow]) -> None:
        if table is NAMES:
            append_names(self._bulk, rows)
        else:
            table.insert(self._bulk, rows)

    def undo_created(self, table: Table, first: int, last: int) -> None:
        """Take back rows that no later import states."""
        ids = range(first, last + 1)
        merged = {key for kind, key in self._history.merged if kind == RecordKind.PROTEIN}
        gone: dict[int, int] = {}
        for row in table.read(self._bulk, "id", list(ids)):
            heir = self._later.stating(row.id, table.model)
            if heir is not None:
                self._later.inherit(table.model, [row.id], heir)
            elif row.protein not in merged:
                gone[row.id] = row.protein
        proteins = set(gone.values())
        self._with_history(table, proteins, lambda: self._bulk.delete(table.model, "id", gone))
        self._report.deleted[str(table.model._meta.verbose_name_plural)] += len(gone)

    def _with_history(self, table: Table, proteins: set[int], write: Callable[[], None]) -> None:
        """Write, and record what that does to the names of proteins."""
        if table is not NAMES:
            write()
            self._touch(proteins)
            return
        self._recorded("names", proteins, write)

    def _recorded(self, field: str, proteins: set[int], write: Callable[[], None]) -> None:
        before = values_of(RecordKind.PROTEIN, field, proteins)
        write()
        after = values_of(RecordKind.PROTEIN, field, proteins)
        for key, (accession, value) in before.items():
            if value != after[key][1]:
                self._history.restored(
                    RecordKind.PROTEIN, key, accession, field, value, after[key][1]
                )
        self._touch(proteins)

    def _touch(self, proteins: Iterable[int]) -> None:
        change = this_change()
        self._bulk.update(Protein, ("change_id",), [(change, key) for key in sorted(proteins)])

    def _present(self, proteins: Iterable[int]) -> set[int]:
        return {key for (key,) in self._bulk.select(Protein, ("id",), "id", proteins)}

    # Fates of identifiers

    def undo_fates(self, label: str, changes: Sequence[Changed]) -> None:
        """Let rows of identifiers be what they were, where they are still the import's."""
        model, columns = FATES[label]
        for change in changes:
            row = model._default_manager.filter(pk=change.id)
            now = row.values_list(*columns).first()
            values = dict(zip(columns, change.before, strict=True))
            is_its_own = (list(now) if now else None) == change.after
            if not is_its_own or not self._can_be(values) or self._is_pinned(model, values):
                self._report.stays(str(model._meta.verbose_name), change.key, REPORTED_LATER)
                continue
            self._write_fate(model, change.id, values, is_there=now is not None)
            self._report.restored[str(model._meta.verbose_name)] += 1

    def _write_fate(
        self, model: type[Model], key: int, values: dict[str, Any], *, is_there: bool
    ) -> None:
        def write() -> None:
            if is_there:
                model._default_manager.filter(pk=key).update(**values)
            else:
                model._default_manager.create(pk=key, **values)

        proteins = {values["protein_id"]} if "protein_id" in values else set[int]()
        if is_there and proteins:
            proteins |= set(
                model._default_manager.filter(pk=key).values_list("protein_id", flat=True)
            )
        if proteins:
            self._recorded(_FIELDS[model], proteins, write)
        else:
            write()

    @staticmethod
    def _can_be(values: dict[str, Any]) -> bool:
        """Whether what a row points at is there."""
        protein, source = values.get("protein_id"), values.get("source_id")
        return (protein is None or Protein.objects.filter(pk=protein).exists()) and (
            source is None or NameSource.objects.filter(pk=source).exists()
        )

    @staticmethod
    def _is_pinned(model: type[Model], values: dict[str, Any]) -> bool:
        field = _FIELDS.get(model)
        pins = Pin.objects.filter(kind=RecordKind.PROTEIN, field=field)
        return field is not None and pins.filter(record_id=values["protein_id"]).exists()

    def undo_created_fates(self, model: type[Model], first: int, last: int) -> None:
        """Take back rows of identifiers that no person has decided on."""
        rows = model._default_manager.filter(pk__gte=first, pk__lte=last)
        if model is not SecondaryAccession:
            rows = rows.filter(settled=False)
        proteins = set[int]()
        if model is SecondaryAccession:
            proteins = set(rows.values_list("protein_id", flat=True))
        if not proteins:
            deleted, _ = rows.delete()
        else:
            deleted = len(rows)
            self._recorded("secondary_accessions", proteins, lambda: _delete(rows))
        self._report.deleted[str(model._meta.verbose_name_plural)] += deleted


def _delete(rows: Any) -> None:
    rows.delete()
