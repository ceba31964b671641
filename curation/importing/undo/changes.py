"""Values that an import changed return to what they were, where they are still its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, groupby
from typing import Any, Final, NamedTuple

from django.db.models import Model

from curation.importing.loading.journal import SOURCED, SUPPORT
from curation.importing.loading.site_parts import KIND, restore
from curation.importing.undo.history import UndoHistory, pieces, values_of
from curation.importing.undo.later import LaterRuns, entries
from curation.importing.undo.names import FATES, NameUndoer
from curation.importing.undo.report import REPORTED_LATER, UndoReport
from curation.importing.undo.sites import OtherSites
from curation.importing.undo.statements import StatementUndoer
from curation.importing.undo.support import SupportUndoer
from curation.models import ImportRun, Pin, Proposal, RecordKind, SitePart, SourcePage, SourceTable
from curation.shared.bulk import Bulk
from curation.shared.changes import this_change
from curation.shared.evidence import evidence_for
from curation.shared.name_rows import TABLES
from curation.shared.protein_names import write_primary_names
from curation.shared.three_way import evidence_from_json
from proteins.domain.evidence import EvidenceContent
from proteins.models import BindingSite, Dataset, Evidence, Interaction, Ortholog, Protein

_CHANGED_SINCE = "its {} has been changed since"
_BATCH = 5000
#: Fields that tables state, and those that tables alone do.
_OF_TABLES: Final = frozenset({"in_table", "reporting"})
_OF_ANY_TABLE: Final = _OF_TABLES | {"name"}
_MODELS: Final[dict[str, type[Model]]] = {
    "protein": Protein,
    "interaction": Interaction,
    "binding site": BindingSite,
}


class Changed(NamedTuple):
    """One change of the journal."""

    kind: str
    id: int
    key: str
    field: str
    before: Any
    after: Any


class ChangeUndoer:
    """Takes back the journal's changes, in whole lists."""

    def __init__(
        self,
        bulk: Bulk,
        run: ImportRun,
        report: UndoReport,
        history: UndoHistory,
        later: LaterRuns,
        others: OtherSites,
    ) -> None:
        self.bulk = bulk
        self.run = run
        self.report = report
        self.history = history
        self.later = later
        self.others = others
        self.supports = SupportUndoer(bulk, report, history, later)
        self.statements = StatementUndoer(bulk, report, history, later)
        self.names = NameUndoer(bulk, report, history, later)
        #: Evidence that binding sites pointed at until now.
        self.replaced_evidence: set[int] = set()
        #: Changes of IDs of sites, by site, whose earlier ID another site has at this moment.
        self._waiting: dict[int, list[Changed]] = {}
        self._evidence_ids: dict[EvidenceContent, int] = {}

    def undo(self, changes: Sequence[list[Any]]) -> None:
        """Take back the changes of one chunk, the last first."""
        for entry in entries(reversed(changes)):
            if entry[0] == SUPPORT:
                self.supports.restore(entry)
            elif entry[0] == SOURCED:
                self.names.restore_sources(entry)
        self.supports.flush()
        ranged = (SUPPORT, SOURCED)
        others = (entry for entry in entries(reversed(changes)) if entry[0] not in ranged)
        backwards = (Changed(*entry) for entry in others)
        for kind, alike in groupby(backwards, key=lambda change: change.kind):
            for piece in pieces(alike, _BATCH):
                self._undo_alike(kind, piece)

    def _undo_alike(self, kind: str, changes: list[Changed]) -> None:
        if kind in ("binding site", KIND):
            changes = [change for change in changes if not self._passes_on(change)]
        if kind in _MODELS:
            for field in dict.fromkeys(change.field for change in changes):
                of_field = [item for item in changes if item.field == field]
                for each_once in _each_once(of_field):
                    self._restore(kind, field, each_once)
        elif kind == "ortholog":
            self._restore_orthologs(changes)
        elif kind == KIND:
            self._restore_parts(changes)
        elif kind in TABLES:
            self.names.undo_changes(TABLES[kind], changes)
        elif kind in FATES:
            self.names.undo_fates(kind, changes)
        elif kind == "statement":
            self.statements.undo_changes(changes)
        elif kind == "dataset":
            for change in changes:
                self._restore_dataset(change)
        else:
            for change in changes:
                self._undo_bookkeeping(change)

    def _passes_on(self, change: Changed) -> bool:
        """Whether a later import states the site that changed, and none changed it since: it
        stays as that met it."""
        if self.later.changed((change.kind, change.id, change.field)):
            return False
        heir = self.others.later_heir(change.id)
        if heir is not None:
            self.others.pass_on_change(heir, change)
            self.report.stays(change.kind, change.key, REPORTED_LATER)
        return heir is not None

    def _undo_bookkeeping(self, change: Changed) -> None:
        about = (change.kind, change.key, change.field)
        if self.later.changed(about):
            self.later.correct(about, change.before)
        elif change.kind == "pin":
            self._restore_pin(change.key, change.id, change.field, change.before)
        elif change.kind == "proposal":
            waiting = Proposal.objects.filter(pk=change.id, state=change.after)
            waiting.update(state=change.before)
        elif change.kind == "page":
            self._restore_page(change.key, change.before)
        elif change.kind == "table":
            self._restore_table(change.key, change.before)

    # Fields of records

    def _restore(self, kind: str, field: str, changes: list[Changed]) -> None:
        """Restore one column of records, where it still holds what the import gave it."""
        if field == "tflink_id":
            changes = self._with_free_ids(changes)
        column = "evidence_id" if field == "evidence" else field
        given = self._given(field, changes)
        ids = [change.id for change in changes]
        current: dict[int, Any] = dict(self.bulk.select(_MODELS[kind], ("id", column), "id", ids))
        pinned = _pinned(kind, field, current)
        heirs = self._heirs(kind, field, current)
        restored = []
        for change in changes:
            about = (kind, change.id, field)
            if change.id not in current:
                continue
            if self.later.changed(about):
                self.later.correct(about, change.before)
                self._keep(change, field)
                continue
            is_its_own = current[change.id] == given[change.id]
            if change.id in heirs and (is_its_own or self.later.inherited(about)):
                self.later.inherit_change(heirs[change.id], list(change))
                continue
            if change.id in pinned or (kind, change.id) in self.history.merged or not is_its_own:
                self._keep(change, field)
                continue
            if field == "evidence":
                self.replaced_evidence.add(current[change.id])
                restored.append((self._evidence_id(change.before), change.id))
            else:
                restored.append((change.before, change.id))
            self.history.restored(kind, change.id, change.key, field, change.after, change.before)
        self._set(_MODELS[kind], column, restored)
        self.report.restored[kind] += len(restored)

    def _with_free_ids(self, changes: Iterable[Changed]) -> list[Changed]:
        """Return the changes whose earlier ID no other site has; the rest waits for
        `restore_ids`, until the sites that the import created have gone."""
        wanted = {change.before: change for change in changes}
        taken: dict[str, int] = dict(
            self.bulk.select(BindingSite, ("tflink_id", "id"), "tflink_id", wanted)
        )
        free = []
        for change in wanted.values():
            if change.id in self._waiting or taken.get(change.before, change.id) != change.id:
                self._waiting.setdefault(change.id, []).append(change)
            else:
                free.append(change)
        return free

    def restore_ids(self) -> None:
        """Restore the IDs of sites that were those of others until now; what a later import
        gave to another site returns with that import."""
        waiting, self._waiting = self._waiting, {}
        for each_once in _each_once(chain.from_iterable(waiting.values())):
            self._restore(RecordKind.BINDING_SITE, "tflink_id", each_once)
        for change in chain.from_iterable(self._waiting.values()):
            taken_by = BindingSite.objects.filter(tflink_id=change.before).first()
            heir = taken_by and self.later.creating(taken_by)
            if heir:
                self.others.pass_on_change(heir, change)
            self._keep(change, change.field)

    def _heirs(self, kind: str, field: str, ids: Iterable[int]) -> dict[int, int]:
        """Return which later import states the value of a field as well, by record."""
        later, heirs = self.later, dict[int, int]()
        # Of binding sites it is recorded who states them, and such changes have been passed on.
        if not later.runs or kind == RecordKind.BINDING_SITE:
            return heirs
        column = {"protein": "id", "interaction": "tf_id"}[kind]
        proteins: dict[int, int] = dict(self.bulk.select(_MODELS[kind], ("id", column), "id", ids))
        taxa: dict[int, int] = dict(
            self.bulk.select(Protein, ("id", "taxon_id"), "id", set(proteins.values()))
        )
        for key, protein in proteins.items():
            of_page = None if field in _OF_TABLES else later.described(protein)
            of_table = later.completed(taxa[protein]) if field in _OF_ANY_TABLE else None
            runs = [run for run in (of_page, of_table) if run is not None]
            if runs:
                heirs[key] = min(runs)
        return heirs

    def _set(self, model: type[Model], column: str, rows: list[tuple[Any, int]]) -> None:
        if not rows:
            return
        if model is BindingSite:  # it has no number of its last change
            self.bulk.update(model, (column,), rows)
            return
        if model is Protein and column == "name":
            write_primary_names(self.bulk, {key: value for value, key in rows})
        change = this_change()
        self.bulk.update(
            model, (column, "change_id"), [(value, change, key) for value, key in rows]
        )

    def _keep(self, change: Changed, field: str) -> None:
        why = _CHANGED_SINCE.format(field.replace("_", " "))
        self.report.stays(change.kind, change.key, why)

    def _given(self, field: str, changes: list[Changed]) -> dict[int, Any]:
        """Return what the import gave each record, as its column holds it."""
        if field != "evidence":
            return {change.id: change.after for change in changes}
        digests = {change.id: evidence_from_json(change.after).digest for change in changes}
        rows = self.bulk.select(Evidence, ("digest", "id"), "digest", set(digests.values()))
        by_digest: dict[str, int] = dict(rows)
        return {key: by_digest.get(digest) for key, digest in digests.items()}

    def _evidence_id(self, value: Mapping[str, Any]) -> int:
        """Return the row that says `value`, made where it has gone meanwhile."""
        content = evidence_from_json(value)
        if content not in self._evidence_ids:
            self._evidence_ids[content] = evidence_for(content).pk
        return self._evidence_ids[content]

    def _restore_parts(self, changes: list[Changed]) -> None:
        """Restore former IDs and parts of sites that still have those which the import gave."""
        for change in changes:
            about = (change.kind, change.id, change.field)
            if not BindingSite.objects.filter(pk=change.id).exists():
                continue
            if self.later.changed(about):
                self.later.correct(about, change.before)
                continue
            parts = set(SitePart.objects.filter(site=change.id).values_list("tflink_id", flat=True))
            if parts == change.after["parts"].keys():
                restore(change.id, change.before, change.after)

    def _restore_orthologs(self, changes: list[Changed]) -> None:
        """Restore whether TFLink lists orthologs, which is part of what their protein says."""
        ids = [change.id for change in changes]
        rows = self.bulk.select(Ortholog, ("id", "protein_id", "in_tflink"), "id", ids)
        proteins = {key: protein for key, protein, _ in rows}
        listed = {key: bool(value) for key, _, value in rows}
        pinned = _pinned("protein", "orthologs", proteins.values())
        restored: list[tuple[Any, int]] = []
        for change in changes:
            about = (change.kind, change.id, change.field)
            if change.id not in listed:
                continue
            if self.later.changed(about):
                self.later.correct(about, change.before)
                self._keep(change, change.field)
            elif proteins[change.id] in pinned or listed[change.id] != change.after:
                self._keep(change, change.field)
            else:
                restored.append((change.before, change.id))
        of_proteins = {proteins[key] for _, key in restored}
        before = values_of(RecordKind.PROTEIN, "orthologs", of_proteins)
        self.bulk.update(Ortholog, ("in_tflink",), restored)
        number = this_change()
        self.bulk.update(Protein, ("change_id",), [(number, key) for key in sorted(of_proteins)])
        after = values_of(RecordKind.PROTEIN, "orthologs", of_proteins)
        for key, (accession, value) in before.items():
            self.history.restored(
                RecordKind.PROTEIN, key, accession, "orthologs", value, after[key][1]
            )
        self.report.restored["ortholog"] += len(restored)

    # Bookkeeping of imports

    def _restore_pin(self, kind: str, record_id: int, field: str, before: Any) -> None:
        source_value, pinned_by = before
        Pin.objects.get_or_create(
            kind=kind,
            record_id=record_id,
            field=field,
            defaults={"source_value": source_value, "pinned_by_id": pinned_by},
        )
        self.report.restored["pin"] += 1

    def _restore_dataset(self, change: Changed) -> None:
        """Restore what a dataset's terms were, unless a later import states others."""
        about = (change.kind, change.id, change.field)
        if self.later.changed(about):
            self.later.correct(about, change.before)
            return
        Dataset.objects.filter(pk=change.id).update(**change.before)

    def _restore_page(self, path: str, before: Any) -> None:
        page = SourcePage.objects.filter(path=path, run=self.run)
        if before is None:
            deleted, _ = page.delete()
            if deleted:
                self.report.deleted["page"] += 1
            return
        sha256, generation, protein, run, imported_at, downloads, unknown_keys, *reading = before
        # Runs from before these were recorded have none: such a page is read again.
        rows_refused, rules = reading or (0, 0)
        page.update(
            sha256=sha256,
            generation=generation,
            # Of a protein that has been merged into another since, the page stays with that.
            **({"protein_id": protein} if Protein.objects.filter(pk=protein).exists() else {}),
            run_id=run,
            imported_at=datetime.fromisoformat(imported_at),
            downloads=downloads,
            unknown_keys=unknown_keys,
            rows_refused=rows_refused,
            rules=rules,
        )

    def _restore_table(self, path: str, before: Any) -> None:
        table = SourceTable.objects.filter(path=path, run=self.run).first()
        if table is None:
            return
        if before is None:
            table.delete()
            return
        sha256, rows, run, imported_at, taxa, *reading = before
        # Earlier runs recorded fewer of these.
        unrecorded: list[Any] = [0, 0, ""]
        table.rows_refused, table.rules, table.dataset = reading + unrecorded[len(reading) :]
        table.sha256, table.rows, table.run_id = sha256, rows, run
        table.imported_at = datetime.fromisoformat(imported_at)
        table.save()
        table.taxa.set(taxa)


def _each_once(changes: Iterable[Changed]) -> Iterator[list[Changed]]:
    """Yield changes of one field in their order, in lists that have no record twice: a chunk
    may hold a change that passed on to it beside its own."""
    rest = list(changes)
    while rest:
        firsts: dict[int, Changed] = {}
        later = [change for change in rest if firsts.setdefault(change.id, change) is not change]
        yield list(firsts.values())
        rest = later


def _pinned(kind: str, field: str, ids: Iterable[int]) -> set[int]:
    """Return those of these records whose field a curator spoke on."""
    wanted = set(ids)
    pins = Pin.objects.filter(kind=kind, field=field).values_list("record_id", flat=True)
    return {key for key in pins.iterator() if key in wanted}
