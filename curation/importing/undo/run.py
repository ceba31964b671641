"""Take back one import: what it changed returns to what it was, what it created goes.

Each record that stays, or that had a history, gets a revision.

What a curator has touched since stays, and so does what a later import reports as well, which
is that import's from then on; both are listed. It is one transaction: all of it or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from curation.importing.completeness import large_losses, reported_by_species
from curation.importing.undo.changes import ChangeUndoer
from curation.importing.undo.created import CreationUndoer
from curation.importing.undo.history import UndoHistory
from curation.importing.undo.later import LaterRuns
from curation.importing.undo.report import UndoReport
from curation.importing.undo.sites import OtherSites
from curation.models import ImportRun, Proposal, ProposalState, RunChunk, RunState
from curation.records.facets import refacet
from curation.shared.bulk import bulk_for
from curation.shared.changes import change_set
from curation.shared.large_changes import LargeChangeError
from curation.shared.lock import IMPORT_PATIENCE, import_lock, wait_for_curators, waiting_at_most
from curation.shared.trial import trial
from proteins.analysis import jobs
from proteins.models import ChangeKind


class UndoError(Exception):
    """A run that cannot be taken back; its text says why."""


def undo_import(run_id: int, *, dry_run: bool = False, confirmed: bool = False) -> UndoReport:
    """Take back the run with this number and return what went and what stays.

    Raises `UndoError` where there is no such run or it was taken back before,
    `ImportBusyError` while an import is running, and `LargeChangeError`, with nothing changed,
    where a species would lose a large share of its interactions and that was not `confirmed`.
    """
    with (
        import_lock(),
        waiting_at_most(IMPORT_PATIENCE),
        trial(brief=_is_brief(run_id)) if dry_run else transaction.atomic(),
        _change(run_id),
    ):
        run = ImportRun.objects.filter(pk=run_id).first()
        if run is None:
            raise UndoError(f"There is no run {run_id}.")
        if run.state == RunState.UNDONE:
            raise UndoError(f"Run {run_id} was taken back before.")
        before = reported_by_species()
        report = _undo(run)
        report.losses = large_losses(before)
        if report.losses and not (confirmed or dry_run):
            losses = " and ".join(map(str, report.losses))
            raise LargeChangeError(f"Taking back run {run_id} would remove {losses}.")
        run.state = RunState.UNDONE
        run.save(update_fields=["state"])
    if not dry_run:
        jobs.start()
    return report


def _is_brief(run_id: int) -> bool:
    """Whether a run was that of one chunk, which is taken back as fast as it was stored."""
    return RunChunk.objects.filter(run=run_id).count() <= 1


@contextmanager
def _change(run_id: int) -> Iterator[None]:
    wait_for_curators()
    with change_set(ChangeKind.UNDO, run=run_id):
        yield


def _undo(run: ImportRun) -> UndoReport:
    bulk, report = bulk_for(), UndoReport(run.pk)
    history = UndoHistory(run)
    later, others = LaterRuns(run), OtherSites(run)
    changes = ChangeUndoer(bulk, run, report, history, later, others)
    supports = changes.supports
    creations = CreationUndoer(bulk, run, report, history, later, others, supports)
    report.proposals = Proposal.objects.filter(run=run, state=ProposalState.OPEN).update(
        state=ProposalState.WITHDRAWN
    )
    # The last thing done is the first to be taken back. What changed is read once: of a large
    # run it is hundreds of megabytes.
    for changed in _chunks(run, "changed"):
        changes.undo(changed)
    for created in _chunks(run, "created"):
        creations.undo_statements(created, changes.statements)
    changes.statements.restate()
    for created in _chunks(run, "created"):
        creations.undo_names(created, changes.names)
    for created in _chunks(run, "created"):
        creations.undo_facts(created)
    changes.restore_ids()
    for created in _chunks(run, "created"):
        creations.undo_bookkeeping(created)
    for created in _chunks(run, "created"):
        creations.undo_records(created)
    for created in _chunks(run, "created"):
        creations.undo_lists(created)
    history.flush()
    refacet(supports.touched | creations.touched)
    creations.drop_evidence(changes.replaced_evidence)
    for created in _chunks(run, "created"):
        creations.undo_vocabulary(created)
    for created in _chunks(run, "created"):
        creations.pass_on_rest(created)
    others.store()
    later.store()
    history.flush()
    return report


def _chunks(run: ImportRun, column: str) -> Iterator[Any]:
    """Yield what the chunks of a run hold in a column, the last first, one at a time."""
    rows = run.chunks.order_by("-id").values_list(column, flat=True)
    return rows.iterator(chunk_size=1)
