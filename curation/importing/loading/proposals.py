"""Where a document and a curator differ: pins are released or a proposal is opened."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from curation.importing.loading.journal import Journal
from curation.importing.planning.planned import Change
from curation.models import ImportRun, Origin, Pin, Proposal, ProposalState, RecordKind
from proteins.models import BindingSite, Interaction, Protein, Statement

#: Primary keys in one query: databases limit the parameters of a query.
BATCH = 500


def release_pins(released: Sequence[Change], journal: Journal) -> None:
    """Delete the pins of fields whose source now has the curator's value."""
    for change in released:
        pins = Pin.objects.filter(kind=change.kind, record_id=change.id, field=change.field)
        for pin in pins:
            # Journalled with all that it takes to put the pin back.
            journal.noted(
                Change(
                    "pin",
                    change.id,
                    change.kind,
                    change.field,
                    [pin.source_value, pin.pinned_by_id],
                    None,
                )
            )
        pins.delete()
        _supersede(change, journal)


def open_conflicts(conflicts: Sequence[Change], run: ImportRun, journal: Journal) -> int:
    """Open a proposal for each new thing that a source says of a pinned field.

    The same one is not opened while it is open; a newer one supersedes it. One that was
    decided needs no remembering here: rejecting it moved the pin to what the source says,
    accepting it took the pin away. A source states whole values, lists too: what is proposed is
    the value, and accepting it takes that, whatever is there. Returns how many were opened.
    """
    opened = 0
    species = _species_of(conflicts)
    for change in conflicts:
        changes = {change.field: [change.before, change.after]}
        waiting = _import_proposals(change).filter(state=ProposalState.OPEN)
        if any(item.changes[change.field][1] == change.after for item in waiting):
            continue
        _supersede(change, journal)
        Proposal.objects.create(
            kind=change.kind,
            record_id=change.id,
            record_key=change.key,
            changes=changes,
            origin=Origin.IMPORT,
            run=run,
            taxon_id=species.get((change.kind, change.id)),
        )
        journal.events.proposed(change)
        opened += 1
    return opened


def _species_of(conflicts: Sequence[Change]) -> dict[tuple[str, int], int]:
    """Return the species of the records that conflicts are about, by kind and id."""
    # A publication has none, and no import changes one.
    where = {
        RecordKind.PROTEIN: (Protein, "taxon_id"),
        RecordKind.INTERACTION: (Interaction, "tf__taxon_id"),
        RecordKind.BINDING_SITE: (BindingSite, "tf__taxon_id"),
        RecordKind.STATEMENT: (Statement, "interaction__tf__taxon_id"),
    }
    species: dict[tuple[str, int], int] = {}
    for kind, (model, column) in where.items():
        ids = sorted({change.id for change in conflicts if change.kind == kind})
        for start in range(0, len(ids), BATCH):
            rows = model._default_manager.filter(pk__in=ids[start : start + BATCH])
            species |= {(kind, key): taxon for key, taxon in rows.values_list("pk", column)}
    return species


def _import_proposals(change: Change) -> QuerySet[Proposal]:
    return Proposal.objects.filter(
        kind=change.kind,
        record_id=change.id,
        origin=Origin.IMPORT,
        changes__has_key=change.field,
    )


def _supersede(change: Change, journal: Journal) -> None:
    superseded = _import_proposals(change).filter(state=ProposalState.OPEN)
    for proposal in superseded:
        states = (ProposalState.OPEN.value, ProposalState.SUPERSEDED.value)
        journal.noted(Change("proposal", proposal.pk, proposal.record_key, "state", *states))
    superseded.update(state=ProposalState.SUPERSEDED)
