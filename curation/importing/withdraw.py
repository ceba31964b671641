"""What a whole-species table lacks is no longer reported: marked, kept, never deleted."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone

from curation.importing.planning.planned import Change
from curation.models import SourceTable
from curation.shared.changes import this_change
from proteins.models import Interaction, Reporting, Taxon

if TYPE_CHECKING:
    from curation.importing.session import ImportSession


#: How many public identifiers are looked up at once.
_BATCH = 500


def withdraw_missing(
    path: str, sha256: str, rows: int, taxa: QuerySet[Taxon], session: ImportSession
) -> None:
    """Record the table at `path` and mark the interactions of its species that this run has
    not met (in this or another of its tables); one transaction."""
    with session.change():
        missing = list(_missing(taxa, session))
        change = this_change()
        session.bulk.update(
            Interaction,
            ("reporting", "change_id"),
            [(Reporting.WITHDRAWN.value, change, key) for key, _ in missing],
        )
        values = (Reporting.REPORTED.value, Reporting.WITHDRAWN.value)
        for key, name in missing:
            session.journal.changed(Change("interaction", key, name, "reporting", *values))
        _record(path, sha256, rows, taxa, session)
        session.journal.keep(session.run)
    session.report.withdrawn += len(missing)
    session.report.tallies["interactions"].changed(key for key, _ in missing)


def _missing(taxa: QuerySet[Taxon], session: ImportSession) -> Iterator[tuple[int, str]]:
    """Yield id and public identifier of what is stored as reported and was not met."""
    met = session.report.tallies["interactions"]
    reported = Interaction.objects.filter(tf__taxon__in=taxa, reporting=Reporting.REPORTED)
    ids = reported.order_by().values_list("id", flat=True).iterator(chunk_size=10_000)
    missing = (key for key in ids if not met.has(key))
    # Usually few or none: only theirs are looked up.
    while batch := list(islice(missing, _BATCH)):
        names = Interaction.objects.filter(pk__in=batch).order_by("pk")
        for key, tf, target in names.values_list("id", "tf__accession", "target__accession"):
            yield key, f"{tf}-{target}"


def _record(
    path: str, sha256: str, rows: int, taxa: QuerySet[Taxon], session: ImportSession
) -> None:
    before = SourceTable.objects.filter(path=path).first()
    if before is not None:
        values = [
            before.sha256,
            before.rows,
            before.run_id,
            before.imported_at.isoformat(),
            list(before.taxa.values_list("pk", flat=True)),
        ]
        session.journal.noted(Change("table", before.pk, path, "row", values, None))
    table, made = SourceTable.objects.update_or_create(
        path=path,
        defaults={
            "sha256": sha256,
            "rows": rows,
            "run": session.run,
            "imported_at": timezone.now(),
        },
    )
    table.taxa.set(taxa)
    if made:
        session.journal.created(SourceTable, [table.pk])
