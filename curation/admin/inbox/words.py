"""The change and the state of a proposal, in the words of lists and pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.timesince import timesince

from curation.actions.report_message import shown
from curation.admin.editing.correcting import PARAMETER
from curation.models import Origin, Proposal, PublicReport
from curation.records import records_of
from curation.records.history import differences
from curation.records.wording import NOTHING, in_words, lines_of
from curation.shared.field_changes import Change, sides

#: Lines of a list (evidence, orthologs) that are listed one by one.
_LINES: Final = 4


def change_in_words(
    kind: str, changes: Mapping[str, Sequence[Any]], *, most: int | None = None
) -> str:
    """Return what changes (`[before, after]` of each field) do, in one sentence a field.

    Of lists only what comes and goes is listed. No more than `most` characters, where given.
    """
    sentences = [
        f"{field.label}: {_of_field(kind, field.name, field.before, field.after)}"
        for field in differences(kind, changes)
    ]
    text = "; ".join(sentences)
    return Truncator(text).chars(most) if most else text


def _of_field(kind: str, field: str, before: Any, after: Any) -> str:
    old, new = lines_of(kind, field, before), lines_of(kind, field, after)
    if before is None or not isinstance(after, list | dict):
        was, becomes = in_words(kind, field, before), in_words(kind, field, after)
        return becomes if before is None else f"{was} → {becomes}"
    comes = [line for line in new if line not in (*old, NOTHING)]
    goes = [line for line in old if line not in (*new, NOTHING)]
    parts = [f"adds {_some(comes)}" if comes else "", f"drops {_some(goes)}" if goes else ""]
    return " and ".join(part for part in parts if part) or "nothing new"


def _some(lines: Sequence[str]) -> str:
    shown_lines = ", ".join(lines[:_LINES])
    return shown_lines if len(lines) <= _LINES else f"{shown_lines} and {len(lines) - _LINES} more"


def requested_change(proposal: Proposal, *, most: int | None = None) -> str:
    """Return the change of a proposal; of a report without one, its message."""
    if not proposal.changes:
        text = _reported(proposal)
        return Truncator(text).chars(most) if most else text
    text = change_in_words(proposal.kind, pairs_of(proposal.changes), most=most)
    return f"a new {proposal.kind}; {text}" if is_addition(proposal) else text


def applied_change(proposal: Proposal, *, most: int | None = None) -> str:
    """Return what accepting a proposal changed, which may be less than was proposed."""
    if not proposal.changes or proposal.applied is None:
        return requested_change(proposal, most=most)
    if not proposal.applied:
        return "nothing, the record had all of it already"
    return change_in_words(proposal.kind, pairs_of(proposal.applied), most=most)


def pairs_of(changes: Mapping[str, Change]) -> dict[str, list[Any]]:
    """Return `[before, after]` of each field that changes; of lists, what goes and comes."""
    return {name: sides(change) for name, change in changes.items()}


def _reported(proposal: Proposal) -> str:
    report = report_of(proposal)
    message = f"“{' '.join(shown(proposal.comment).split())}”"
    if report is None:
        return f"a report: {message}"
    pmids = f" (PMID {', '.join(map(str, report.pmids))})" if report.pmids else ""
    return f"a report: {report.get_category_display()}. {message}{pmids}"


def report_of(proposal: Proposal) -> PublicReport | None:
    """Return the report of a reader that a proposal represents, if it does."""
    return getattr(proposal, "report", None)


def is_addition(proposal: Proposal) -> bool:
    """Whether it proposes a record that is not there yet."""
    return proposal.record_id is None and bool(proposal.changes)


def is_conflict(proposal: Proposal) -> bool:
    """Whether a source's value differs from a curator's."""
    return proposal.origin == Origin.IMPORT


def person(user: User | None) -> str:
    return "" if user is None else user.get_full_name() or user.get_username()


def opened_by(proposal: Proposal) -> str:
    """Return who opened it: a person, an import, or a reader."""
    if proposal.author is not None:
        return person(proposal.author)
    return f"import run {proposal.run_id}" if proposal.run_id else "a member of the public"


def age(at: datetime) -> str:
    """Return how long ago it was, in its largest unit: `3 days`."""
    return timesince(at, depth=1)


def record_url(kind: str, record_id: int | None, page: str = "change") -> str:
    """Return the URL of a record in the admin; empty where there is none."""
    if record_id is None:
        return ""
    model = records_of(kind).model._meta.model_name
    return reverse(f"admin:proteins_{model}_{page}", args=[record_id])


def correction_url(proposal: Proposal) -> str:
    """Return the URL of the form in which a proposal is corrected."""
    model = records_of(proposal.kind).model._meta.model_name
    page, ids = ("change", [proposal.record_id]) if proposal.record_id else ("add", [])
    return f"{reverse(f'admin:proteins_{model}_{page}', args=ids)}?{PARAMETER}={proposal.pk}"


def verdicts(proposal: Proposal) -> tuple[str, str]:
    """Return the labels of the buttons that accept and reject a proposal."""
    if is_conflict(proposal):
        return "Take the source’s value", "Keep ours"
    if is_addition(proposal):
        return f"Accept and add the {proposal.kind}", "Reject"
    return ("Accept", "Reject") if proposal.changes else ("Dealt with", "Not an error")
