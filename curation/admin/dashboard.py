"""The first page of the desk: what waits for a person, and what happened lately.

It is read by a fixed number of queries, each of which stops after a bounded number of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import Model
from django.urls import reverse

from curation import inbox, recent
from curation.admin.history.entries import VERB_PHRASES, who_did
from curation.admin.inbox import words
from curation.inbox import Proposals
from curation.models import Proposal, ProposalState, Revision, Verb
from curation.permissions import Right, may
from curation.recent import COUNTED, FEW, LATELY

#: Characters of the change that is proposed, and of why a record was changed.
_WORDS: Final = 110
_PROPOSAL: Final = "admin:curation_proposal_change"


@dataclass(frozen=True)
class Item:
    """A proposal in a short list."""

    proposal: Proposal
    #: What it is called, and its page: a proposal, or the submission in whose table it is.
    name: str
    url: str
    record: str
    requested_change: str
    comes_from: str
    age: str
    assignee: str
    outcome: str


@dataclass(frozen=True)
class Subjects:
    """What proposals are about: records by kind and id, and the tables that they are rows of."""

    records: Mapping[tuple[str, int], Model]
    tables: Mapping[int, Mapping[str, int]]


@dataclass(frozen=True)
class Items:
    """A short list, and how many there are in all (more than `COUNTED` count as that)."""

    rows: list[Proposal]
    total: int
    shown: list[Item]

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


@dataclass(frozen=True)
class RecentChange:
    """A change of a record, in a short list."""

    revision: Revision
    who: str
    did: str
    url: str


def today_of(user: User) -> dict[str, Any]:
    """Return what the first page shows to a person."""
    works_here = may(user, Right.PROPOSE) or may(user, Right.DECIDE)
    looks = user.has_perm("curation.view_proposal")
    context: dict[str, Any] = {
        "user": user,
        "works_here": works_here,
        "looks": looks,
        "may_decide": may(user, Right.DECIDE),
        "may_import": may(user, Right.IMPORT),
        "queue_url": reverse("admin:curation_proposal_changelist"),
        "counted": COUNTED,
        "people": _people() if user.has_perm("auth.change_user") else None,
        "results": recent.stored_results() if user.is_superuser else None,
    }
    if looks:
        context |= _proposals(user, works_here) | _lately() | _retracted()
    return context


def _retracted() -> dict[str, Any]:
    rows = list(recent.retracted_and_cited()[: FEW + 1])
    return {"retracted": rows[:FEW], "more_retracted": len(rows) > FEW}


def _people() -> dict[str, Any]:
    lost = list(recent.without_a_role().order_by("username")[: FEW + 1])
    return {
        "roles": recent.people_by_role(),
        "without": lost[:FEW],
        "more_without": len(lost) > FEW,
    }


def _proposals(user: User, works_here: bool) -> dict[str, Any]:
    related = ("author", "assigned_to", "report", "submission")
    rows = inbox.one_line_each(inbox.waiting()).select_related(*related)
    lists = {"oldest": rows}
    if works_here:
        lists |= {
            "assigned": inbox.assigned_to(rows, "me", user),
            "mine": inbox.opened_by(rows, "me", user),
            "decided": inbox.one_line_each(recent.decided_of(user)).select_related(
                *related, "decided_by"
            ),
        }
    shown = {name: list(queue[: FEW + 1]) for name, queue in lists.items()}
    items = [item for queue in shown.values() for item in queue[:FEW]]
    subjects = Subjects(inbox.records_meant(items), inbox.tables_of(items))
    origins = recent.waiting_by_origin()
    return {
        "origins": [
            (label, number, f"?{urlencode({'origin': origin})}")
            for origin, label, number in origins.rows
        ],
        "waiting": origins.total,
        "waiting_capped": origins.capped,
        **{name: _items(shown[name], lists[name], subjects) for name in shown},
    }


def _items(rows: list[Proposal], queue: Proposals, subjects: Subjects) -> Items:
    total = len(rows) if len(rows) <= FEW else recent.count_up_to(queue)
    return Items(rows[:FEW], total, [_item(item, subjects) for item in rows[:FEW]])


def _item(proposal: Proposal, subjects: Subjects) -> Item:
    record = subjects.records.get((proposal.kind, proposal.record_id or 0))
    table = subjects.tables.get(proposal.submission_id or 0)
    is_open = proposal.state == ProposalState.OPEN
    by = "" if is_open else words.person(proposal.decided_by)
    change = words.requested_change(proposal, most=_WORDS)
    name, url = f"Proposal {proposal.pk}", reverse(_PROPOSAL, args=[proposal.pk])
    subject = str(record or proposal.record_key)
    if table and proposal.submission:
        name = f"Submission {proposal.submission_id}"
        url = words.submission_url(proposal.submission_id)
        subject = f"PMID {proposal.submission.pmid}"
        change = words.table_in_words(proposal, table, most=_WORDS)
    return Item(
        proposal,
        name=name,
        url=url,
        record=subject,
        requested_change=change,
        comes_from=words.opened_by(proposal),
        age=words.age(proposal.opened_at),
        assignee=words.person(proposal.assigned_to) if is_open else "",
        outcome=f"{proposal.get_state_display()}{f' by {by}' if by else ''}",
    )


def _lately() -> dict[str, Any]:
    week = recent.changed_this_week()
    return {
        "runs": list(recent.last_runs()[:FEW]),
        "changed": [
            (kind, Verb(verb).label, number, _changes_url(kind, verb))
            for kind, verb, number in week.rows
        ],
        "changed_total": week.total,
        "changed_capped": week.capped,
        "changes_url": _changes_url(),
        "recent_changes": _recent_changes(recent.last_changes()[:LATELY]),
    }


def _changes_url(kind: str = "", verb: str = "") -> str:
    url = reverse("admin:curation_revision_changelist")
    cut = {"time": "week", "kind__exact": kind, "verb__exact": verb}
    return f"{url}?{urlencode({name: value for name, value in cut.items() if value})}"


def _recent_changes(revisions: Iterable[Revision]) -> list[RecentChange]:
    return [
        RecentChange(
            revision,
            who=who_did(revision),
            did=VERB_PHRASES[Verb(revision.verb)].replace(" it", "", 1),
            url=words.record_url(revision.kind, revision.record_id, "history"),
        )
        for revision in revisions
    ]
