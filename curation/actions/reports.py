"""Reports of readers: the one write that needs no right, and so has limits of its own."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Final

from django.db import IntegrityError

from curation.actions import report_limits
from curation.actions.report_limits import Sender
from curation.actions.report_message import clean_category, clean_message, clean_pmids
from curation.actions.writing import ActionError, clean_reason, write_lock
from curation.models import (
    MAX_PMIDS,
    Origin,
    Proposal,
    ProposalState,
    PublicReport,
    RecordKind,
)
from curation.records import records_of
from proteins.models import ChangeKind

#: Seconds for which a visitor waits while an import is written; a curator waits longer.
PATIENCE: Final = 3
_TOKEN_BYTES: Final = 24


class StampUsedError(Exception):
    """A form that was sent already, with another text."""


def report_error(
    *,
    kind: RecordKind,
    record_id: int,
    category: str,
    message: str,
    pmids: Sequence[int] = (),
    sender: Sender,
    stamp: str | None = None,
) -> PublicReport:
    """Store the report of an error in a record by an anonymous reader.

    A proposal without changes is opened, which waits at the desk like any other. Where the
    same text is open for the record already, that report is returned, and publications that
    it did not name are added. `sender` represents who sends it (`curation.reports.sender`),
    `stamp` the form, which is accepted once.

    Raises `StampUsedError`, `TooManyReportsError`, `BusyError` (soon: a visitor does not wait
    for an import), `ValidationError` where it says nothing or too much, and `RecordGoneError`.
    """
    cleaned = clean_message(message)
    chosen = clean_category(kind, category)
    numbers = clean_pmids(pmids)
    if _same(kind, record_id, cleaned) is None:
        # Here too, so that who sends too much does not hold the write lock.
        report_limits.demand_room(sender)
    with write_lock(patience=PATIENCE, kind=ChangeKind.REPORT):
        same = _same(kind, record_id, cleaned)
        if same is not None:
            return _with_pmids(same, numbers)
        report_limits.demand_room(sender)
        report_limits.forget_senders()
        records = records_of(kind)
        record = records.get(record_id)
        proposal = Proposal.objects.create(
            kind=kind,
            record_id=record_id,
            record_key=records.key(record),
            origin=Origin.PUBLIC,
            comment=cleaned,
            taxon_id=records.taxon_id(record),
        )
        try:
            return PublicReport.objects.create(
                proposal=proposal,
                token=secrets.token_urlsafe(_TOKEN_BYTES),
                category=chosen,
                pmids=numbers,
                sender=sender.ip_address,
                network=sender.network,
                stamp=stamp,
            )
        except IntegrityError as error:
            raise StampUsedError from error


def forget_senders() -> int:
    """Drop the hashes of senders that are past their retention; return how many there were.

    Raises `BusyError`.
    """
    with write_lock(kind=ChangeKind.REPORT):
        return report_limits.forget_senders()


def _same(kind: RecordKind, record_id: int, message: str) -> PublicReport | None:
    """Return the open report of a record with this text, if there is one."""
    reports = PublicReport.objects.filter(
        proposal__kind=kind,
        proposal__record_id=record_id,
        proposal__state=ProposalState.OPEN,
        proposal__comment=message,
    )
    return reports.select_related("proposal").order_by("id").first()


def _with_pmids(report: PublicReport, pmids: Sequence[int]) -> PublicReport:
    new = [pmid for pmid in pmids if pmid not in report.pmids]
    if new:
        report.pmids = [*report.pmids, *new][:MAX_PMIDS]
        report.save(update_fields=["pmids"])
    return report


def keep_answer(proposal: Proposal, answer: str) -> str:
    """Store the answer to the reader of a report, and return it; the caller is within `writing`.

    Raises `ActionError` where it cannot be stored, and for a proposal that is no report.
    """
    text = clean_reason(answer)
    if text and not PublicReport.objects.filter(proposal=proposal).update(answer=text):
        raise ActionError("No reader waits for an answer to this: give it as the reason.")
    return text
