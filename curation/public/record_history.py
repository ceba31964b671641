"""What the public may read of a record's history and of what is open about it.

In plain words, and without names: who did something is "a curator" or "an
import". Reasons and comments are the desk's own and stay there. A few rows each, found by
an index.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet

from curation.inbox import undecided
from curation.models import Origin, RecordKind, Revision, Verb
from curation.records import records_of
from curation.records.history import differences, run_that_created
from curation.records.wording import lines_of, statement_in_words
from proteins.hooks import Bounded, Event, History, OpenReport
from proteins.models import Interaction
from proteins.queries.prepared import Parameter, Prepared

#: Events, open reports, and lines of one change that are shown.
EVENTS: Final = 8
REPORTS: Final = 3
LINES: Final = 6
#: Statements whose changes are part of the history of their interaction, those changed last.
STATEMENTS: Final = 100
#: How far interactions under review are counted.
UNDER_REVIEW: Final = 100

_VERB_PHRASES: Final = {
    Verb.ADDED: "Added by {who}.",
    Verb.AMENDED: "Amended by {who}.",
    Verb.CONFIRMED: "Confirmed by {who}.",
    Verb.DISPUTED: "Disputed by {who}.",
    Verb.REJECTED: "Rejected by {who}.",
    Verb.REOPENED: "Reopened for review by {who}.",
    Verb.REVERTED: "Reverted to an earlier version by {who}.",
    Verb.MERGED: "Two accessions were merged by {who}.",
    Verb.REMOVED: "Removed by {who}.",
    Verb.RETRACTED: "Retracted by {who}.",
    Verb.REINSTATED: "Reinstated by {who}.",
    Verb.RESTATED: "Updated from its statements.",
    Verb.LOOKED_UP: "Looked up in PubMed.",
    Verb.IMPORTED: "Updated by an import.",
    Verb.UNDONE: "An import that had changed this record was undone.",
}
_OPEN: Final = {
    Origin.PUBLIC: "Reported by a reader, under review.",
    Origin.CURATOR: "A change proposed by a curator awaits a decision.",
    Origin.IMPORT: ("A newer source disagrees with a curator; a decision is pending."),
}

#: Who else had a part in a change, by where its proposal came from.
_CREDITS: Final = {
    Origin.PUBLIC: "A reader had reported it.",
    Origin.CURATOR: "Another curator had proposed it.",
}


class _Change(NamedTuple):
    """What is read of a revision: without reasons and names."""

    pk: int
    kind: str
    record_id: int
    verb: str
    changes: dict[str, Sequence[Any]]
    user_id: int | None
    at: datetime
    #: Where its proposal came from, if it had one.
    origin: str | None


_COLUMNS: Final = (
    "pk", "kind", "record_id", "verb", "changes", "user_id", "at", "proposal__origin",
)  # fmt: skip


def history(kind: str, record_id: int) -> History:
    """Return the last changes of a record, and its origin where all of them are shown."""
    # Of who changed it, it is shown only that it was a person.
    own = [_Change(*row) for row in _OWN.rows(kind, record_id)]
    statements = _statements_of(kind, record_id)
    newest = sorted([*own, *_of_statements(statements)], key=lambda one: -one.pk)
    events = [_event(revision, statements) for revision in newest[:EVENTS]]
    is_cut = len(newest) > EVENTS
    # A history to its beginning shows by itself whether a curator added the record.
    if not is_cut and not any(revision.verb == Verb.ADDED for revision in own):
        run = run_that_created(kind, record_id)
        if run is not None:
            events.append(Event(run.started_at, "Imported."))
    return History(tuple(events), is_cut)


def history_since(kind: str, record_id: int, since: datetime) -> History:
    """Return the last changes of a record since a time."""
    of_record = Revision.objects.filter(kind=kind, record_id=record_id)
    newest = [_Change(*row) for row in _newest(of_record.filter(at__gte=since))]
    return History(tuple(_event(one, {}) for one in newest[:EVENTS]), len(newest) > EVENTS)


def open_reports(kind: str, record_id: int) -> tuple[OpenReport, ...]:
    """Return what waits for a decision about a record, without the texts of reports."""
    proposals = _OPEN_ABOUT.rows(kind, record_id)
    return tuple(OpenReport(opened_at, _OPEN[Origin(origin)]) for opened_at, origin in proposals)


def _open_about() -> QuerySet[Any, Any]:
    """When the newest proposals about a record were opened, and where they come from."""
    about = undecided().filter(kind=Parameter(0, CharField()), record_id=Parameter(1))
    return about.order_by("-id").values_list("opened_at", "origin")[:REPORTS]


_OPEN_ABOUT: Final = Prepared(_open_about)


def interactions_under_review(protein_id: int) -> Bounded:
    """Return of how many interactions of a protein something waits for a decision."""
    number = len(_UNDER_REVIEW.rows(protein_id))
    return Bounded(min(number, UNDER_REVIEW), number > UNDER_REVIEW)


def _under_review() -> QuerySet[Any, Any]:
    """The interactions of a protein about which something waits."""
    # Few wait, and a hub has many: each that waits is looked up.
    either = Q(tf=Parameter(0)) | Q(target=Parameter(0))
    own = Interaction.objects.filter(either, pk=OuterRef("record_id"))
    open_about = undecided().filter(Exists(own), kind=RecordKind.INTERACTION)
    return open_about.order_by().values_list("record_id").distinct()[: UNDER_REVIEW + 1]


_UNDER_REVIEW: Final = Prepared(_under_review)


def _newest(revisions: QuerySet[Revision]) -> QuerySet[Any, Any]:
    return revisions.order_by("-id").values_list(*_COLUMNS)[: EVENTS + 1]


def _own() -> QuerySet[Any, Any]:
    """The newest revisions of a record."""
    of_record = {"kind": Parameter(0, CharField()), "record_id": Parameter(1)}
    return _newest(Revision.objects.filter(**of_record))


_OWN: Final = Prepared(_own)


def _statements_of(kind: str, record_id: int) -> dict[int, str]:
    """Return the statements of an interaction in words, by primary key."""
    if kind != RecordKind.INTERACTION:
        return {}
    records = records_of(RecordKind.STATEMENT)
    rows = records.queryset().filter(interaction=record_id).order_by("-change", "-pk")
    return {row.pk: statement_in_words(records.values(row)) for row in rows[:STATEMENTS]}


def _of_statements(statements: Mapping[int, str]) -> list[_Change]:
    """Return the newest revisions of statements; of what an import adds there are none."""
    if not statements:
        return []
    revisions = Revision.objects.filter(kind=RecordKind.STATEMENT, record_id__in=statements)
    return [_Change(*row) for row in _newest(revisions)]


def _event(revision: _Change, statements: Mapping[int, str]) -> Event:
    who = "a curator" if revision.user_id is not None else "a command of an administrator"
    text = _VERB_PHRASES[Verb(revision.verb)].format(who=who)
    if revision.kind == RecordKind.STATEMENT and revision.record_id in statements:
        text = f"Statement, {statements[revision.record_id]}: {text[0].lower()}{text[1:]}"
    origin = revision.origin
    if origin is not None and (credit := _CREDITS.get(Origin(origin))):
        text = f"{text} {credit}"
    lines = () if _is_whole_statement(revision) else tuple(_lines(revision.kind, revision.changes))
    return Event(revision.at, text, lines, is_by_curator=revision.user_id is not None)


def _is_whole_statement(revision: _Change) -> bool:
    """Whether the sentence of an event has all that there is to say."""
    return revision.kind == RecordKind.STATEMENT and revision.verb == Verb.ADDED


def _lines(kind: str, changes: Mapping[str, Sequence[Any]]) -> list[str]:
    """What changed, a line for each field, with long lists cut."""
    lines = []
    following = records_of(kind).follows
    for one in differences(kind, changes):
        if one.name in following:
            continue
        before, after = (lines_of(kind, one.name, value) for value in (one.before, one.after))
        if len(before) == len(after) == 1:
            lines.append(f"{one.label}: {_shown(before)} → {_shown(after)}")
            continue
        lines += [f"{one.label}, {word}: {_shown(items)}" for word, items in _parts(before, after)]
    return lines[:LINES]


def _parts(before: list[str], after: list[str]) -> Iterator[tuple[str, list[str]]]:
    old, new = set(before), set(after)
    for word, items in (
        ("added", [line for line in after if line not in old]),
        ("taken out", [line for line in before if line not in new]),
    ):
        if items:
            yield word, items


def _shown(items: list[str]) -> str:
    more = f" and {len(items) - LINES} more" if len(items) > LINES else ""
    text = ", ".join(items[:LINES])
    return (text if len(text) <= 300 else text[:299] + "…") + more
