"""What a complete table lacks is no longer reported: marked, kept, never deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from curation.importing.completeness import ReportedPairs
from curation.importing.planning.planned import Change
from curation.models import SourceTable
from curation.shared.changes import this_change
from proteins.models import Interaction, Reporting, Taxon

if TYPE_CHECKING:
    from curation.importing.session import ImportSession


def record_table(
    path: str,
    sha256: str,
    *,
    rows: int,
    refused: int,
    taxa: list[Taxon],
    reported: ReportedPairs,
    session: ImportSession,
) -> None:
    """Record a table that was read to its end and mark the interactions of `taxa`, for which
    it is complete, that it does not report; one transaction."""
    with session.change():
        missing = list(reported.missing(taxa)) if taxa else []
        change = this_change()
        session.bulk.update(
            Interaction,
            ("reporting", "change_id"),
            [(Reporting.WITHDRAWN.value, change, key) for key, _ in missing],
        )
        values = (Reporting.REPORTED.value, Reporting.WITHDRAWN.value)
        for key, name in missing:
            session.journal.changed(Change("interaction", key, name, "reporting", *values))
        record(path, sha256, rows, refused, taxa, session)
        session.journal.store(session.run)
    session.report.withdrawn += len(missing)
    session.report.tallies["interactions"].changed(key for key, _ in missing)


def record(
    path: str,
    sha256: str,
    rows: int,
    refused: int,
    taxa: list[Taxon],
    session: ImportSession,
    *,
    dataset: str = "",
    to_be_read_again: bool = False,
) -> None:
    """Record a table as it was read, a file of statements with the name of its dataset; what that
    replaces is journalled for undo.

    `to_be_read_again`: what was refused of it may go in once the database holds more.
    """
    before = SourceTable.objects.filter(path=path).first()
    if before is not None:
        values = [
            before.sha256,
            before.rows,
            before.run_id,
            before.imported_at.isoformat(),
            list(before.taxa.values_list("pk", flat=True)),
            before.rows_refused,
            before.rules,
            before.dataset,
        ]
        session.journal.noted(Change("table", before.pk, path, "row", values, None))
    table, made = SourceTable.objects.update_or_create(
        path=path,
        defaults={
            "sha256": sha256,
            "dataset": dataset,
            "rows": rows,
            "rows_refused": refused,
            "rules": 0 if to_be_read_again else session.rules_of(refused),
            "run": session.run,
            "imported_at": timezone.now(),
        },
    )
    table.taxa.set(taxa)
    if made:
        session.journal.created(SourceTable, [table.pk])
