"""Take back one import: what it changed returns to what it was, what it created goes.

Each record that stays, or that had a history, is told of it by a revision.

What a curator has touched since stays, and so does what a later import reports as well;
both are listed. It is one transaction: all of it or nothing.
"""

from __future__ import annotations

from django.db import transaction

from curation.importing.bulk import bulk_for
from curation.importing.lock import import_lock, wait_for_curators
from curation.importing.undo_changes import ChangeUndoer
from curation.importing.undo_created import CreationUndoer
from curation.importing.undo_history import UndoHistory
from curation.importing.undo_report import UndoReport
from curation.models import ImportRun, Proposal, ProposalState, RunState


class UndoError(Exception):
    """A run that cannot be taken back; its text says why."""


def undo_import(run_id: int, *, dry_run: bool = False) -> UndoReport:
    """Take back the run with this number and return what went and what stays.

    Raises `UndoError` where there is no such run or it was taken back before, and
    `ImportBusyError` while an import is running.
    """
    with import_lock(), transaction.atomic():
        wait_for_curators()
        run = ImportRun.objects.filter(pk=run_id).first()
        if run is None:
            raise UndoError(f"There is no run {run_id}.")
        if run.state == RunState.UNDONE:
            raise UndoError(f"Run {run_id} was taken back before.")
        report = _undo(run)
        run.state = RunState.UNDONE
        run.save(update_fields=["state"])
        if dry_run:
            transaction.set_rollback(True)
    return report


def _undo(run: ImportRun) -> UndoReport:
    bulk, report = bulk_for(), UndoReport(run.pk)
    history = UndoHistory(run)
    changes = ChangeUndoer(bulk, run, report, history)
    creations = CreationUndoer(bulk, run, report, history)
    report.proposals = Proposal.objects.filter(run=run, state=ProposalState.OPEN).update(
        state=ProposalState.WITHDRAWN
    )
    # The last thing done is the first to be taken back.
    for chunk in run.chunks.order_by("-id").iterator(chunk_size=1):
        changes.undo(chunk.changed)
    for chunk in run.chunks.order_by("-id").iterator(chunk_size=1):
        creations.undo_facts(chunk.created)
    for chunk in run.chunks.order_by("-id").iterator(chunk_size=1):
        creations.undo_records(chunk.created)
    for chunk in run.chunks.order_by("-id").iterator(chunk_size=1):
        creations.undo_lists(chunk.created)
    history.flush()
    creations.drop_evidence(changes.replaced_evidence)
    for chunk in run.chunks.order_by("-id").iterator(chunk_size=1):
        creations.undo_vocabulary(chunk.created)
    return report
