"""One record as it was before a batch: a value returns, what was added goes, what was removed
comes back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final

from curation.actions.batches.reviews import REVIEWED
from curation.actions.interactions import (
    create_interaction,
    create_stated_pair,
    delete_interaction,
    why_not_removed,
)
from curation.actions.records import delete_record
from curation.actions.statements import change_statement, delete_statement, put_back_statement
from curation.actions.writing import ChangeContext, change_record
from curation.models import RecordKind, Revision, Verb
from curation.records import RecordGoneError, Values, records_of
from curation.records.review import PUBLIC_FIELDS
from curation.shared.three_way import evidence_from_json
from proteins.models import Interaction, Protein, Statement

CHANGED_SINCE: Final = "Its {} was changed since."


class CannotRestore(Exception):  # noqa: N818  (its text is for people)
    """Why a record stays as it is."""


@dataclass
class RecordChange:
    """All that one batch did to one record: of each field `[before, after]`."""

    kind: RecordKind
    id: int
    key: str
    #: The first revision of it, and the last.
    first: int
    last: int
    verbs: list[Verb] = field(default_factory=list)
    fields: dict[str, list[Any]] = field(default_factory=dict)
    proposal: int | None = None

    @property
    def is_added(self) -> bool:
        return self._goes_with(0)

    @property
    def is_removed(self) -> bool:
        return self._goes_with(1)

    def _goes_with(self, place: int) -> bool:
        """Whether the record was not there before (0), or is not after (1)."""
        verb = Verb.REMOVED if place else Verb.ADDED
        return verb in self.verbs and all(pair[place] is None for pair in self.fields.values())

    @property
    def is_review(self) -> bool:
        """Whether it is an interaction's review and nothing else."""
        return self.kind == RecordKind.INTERACTION and self.fields.keys() <= set(REVIEWED)


def composed(number: int) -> list[RecordChange]:
    """Return what a batch did to each record, in the order of the last changes.

    What statements come to is left out: it follows from them again.
    """
    changes: dict[tuple[str, int], RecordChange] = {}
    revisions = Revision.objects.filter(change=number, run__isnull=True).exclude(verb=Verb.RESTATED)
    columns = ("pk", "kind", "record_id", "record_key", "verb", "changes", "proposal_id")
    for pk, kind, record_id, key, verb, fields, proposal in revisions.order_by("id").values_list(
        *columns
    ):
        change = changes.pop((kind, record_id), None)
        if change is None:
            change = RecordChange(RecordKind(kind), record_id, key, pk, pk)
        change.last, change.key = pk, key
        change.verbs.append(Verb(verb))
        change.proposal = proposal or change.proposal
        for name, (before, after) in fields.items():
            first = change.fields[name][0] if name in change.fields else before
            change.fields[name] = [first, after]
        changes[kind, record_id] = change
    return list(changes.values())


def restore(change: RecordChange, context: ChangeContext) -> str:
    """Let a record be as it was; return what of it stays, as a sentence, or nothing.

    Raises `CannotRestore` where all of it stays.
    """
    if Verb.MERGED in change.verbs:
        raise CannotRestore("Accessions were merged, which is not taken back.")
    if change.is_added and change.is_removed:
        raise CannotRestore("It came and went within the batch.")
    if change.is_added:
        _remove(change, replace(context, verb=Verb.REMOVED))
        return ""
    if change.is_removed:
        _put_back(change, replace(context, verb=Verb.ADDED))
        return ""
    return _give_back(change, context)


def _remove(change: RecordChange, context: ChangeContext) -> None:
    try:
        record = records_of(change.kind).get(change.id)
    except RecordGoneError:
        raise CannotRestore("It is not there any more.") from None
    if _is_touched(change):
        raise CannotRestore("It was changed since.")
    if isinstance(record, Statement):
        delete_statement(record, context)
    elif isinstance(record, Interaction):
        if why := why_not_removed(record):
            raise CannotRestore(f"It cannot be deleted: {why}")
        delete_interaction(record, context)
    else:
        delete_record(record, context)


def _is_touched(change: RecordChange) -> bool:
    """Whether a record was changed after the batch by anything but its statements."""
    of_record = Revision.objects.filter(kind=change.kind, record_id=change.id)
    return of_record.filter(id__gt=change.last).exclude(verb=Verb.RESTATED).exists()


def _put_back(change: RecordChange, context: ChangeContext) -> None:
    records = records_of(change.kind)
    values: Values = {name: pair[0] for name, pair in change.fields.items()}
    if records.queryset().filter(pk=change.id).exists():
        raise CannotRestore("It is there again.")
    if change.kind == RecordKind.STATEMENT:
        put_back_statement(change.id, values, replace(context, pins=False))
    elif change.kind == RecordKind.INTERACTION:
        _put_back_interaction(change.id, values, context)
    else:
        raise CannotRestore("It was removed: add it again by hand.")


def _put_back_interaction(pk: int, values: Values, context: ChangeContext) -> None:
    ends = (values["tf"], values["target"])
    proteins = {
        protein.accession: protein
        for protein in Protein.objects.select_related("taxon").filter(accession__in=ends)
    }
    if len(proteins) < len(set(ends)):
        raise CannotRestore("One of its proteins is not here any more.")
    tf, target = (proteins[accession] for accession in ends)
    names = ("evidence", "effect", "status", *(name for name in PUBLIC_FIELDS if name in values))
    stated = {name: values[name] for name in names}
    reviewed = values.get("reviewed")
    evidence = evidence_from_json(stated["evidence"])
    if evidence.sources or evidence.pmids:
        create_interaction(tf, target, stated, context, pk=pk, reviewed=reviewed)
    else:  # its statements come back next
        del stated["evidence"]
        create_stated_pair(tf, target, context, stated, pk=pk, reviewed=reviewed)


def _give_back(change: RecordChange, context: ChangeContext) -> str:
    records = records_of(change.kind)
    try:
        now = records.values(records.get(change.id))
    except RecordGoneError:
        raise CannotRestore("It is not there any more.") from None
    fields = {name: pair for name, pair in change.fields.items() if name in records.labels}
    left = {name for name, (_, after) in fields.items() if now[name] != after}
    if change.kind == RecordKind.INTERACTION and left & set(REVIEWED):
        left |= fields.keys() & set(REVIEWED)
    fixed = fields.keys() - records.writable - records.follows
    values = {name: before for name, (before, _) in fields.items() if name not in left | fixed}
    words = ", ".join(records.labels[name] for name in records.labels if name in left)
    if not values.keys() - {"reviewed"}:
        raise CannotRestore(CHANGED_SINCE.format(words) if words else "Nobody may change it.")
    _write(change, values, now, context)
    return CHANGED_SINCE.format(words) if words else ""


def _write(change: RecordChange, values: Values, now: Values, context: ChangeContext) -> None:
    beside: Values = {}
    if "reviewed" in values:
        beside["reviewed"] = values.pop("reviewed")
        values |= {name: now[name] for name in PUBLIC_FIELDS if name not in values}
    if change.kind == RecordKind.STATEMENT:
        change_statement(change.id, values, context, None)
    else:
        change_record(change.kind, change.id, values, context, beside=beside)
