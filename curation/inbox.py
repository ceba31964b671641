"""What waits for a decision: every read of it has a name here.

Queues are read in the order of the index of states and times.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.contrib.auth.models import User
from django.db.models import Count, IntegerField, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from curation.models import (
    UNDECIDED,
    Comment,
    Endorsement,
    Pin,
    Proposal,
    ProposalState,
    RecordKind,
)
from curation.permissions import Right
from curation.records import Values, records_of
from curation.shared.field_changes import applied, conflict, sides
from proteins.models import BindingSite, Citation, Interaction, Protein, Statement

Proposals = QuerySet[Proposal]

#: People who may decide: as many as a list to choose from can hold.
MOST_PEOPLE: Final = 200
#: Other proposals for the same record that its page names, and what is decided at once.
FEW_BESIDE: Final = 10
MOST_AT_ONCE: Final = 100
AGES: Final[Mapping[str, tuple[str, timedelta]]] = {
    "day": ("older than a day", timedelta(days=1)),
    "week": ("older than a week", timedelta(days=7)),
    "month": ("older than a month", timedelta(days=30)),
}


# Queues


def waiting(rows: Proposals | None = None) -> Proposals:
    """Return the open proposals, the oldest first."""
    rows = Proposal.objects.all() if rows is None else rows
    return rows.filter(state=ProposalState.OPEN).order_by("opened_at", "id")


def undecided() -> Proposals:
    """Return the proposals that wait for a decision or for their author."""
    return Proposal.objects.filter(state__in=UNDECIDED)


def of_species(rows: Proposals, code: str) -> Proposals:
    return rows.filter(taxon__code=code)


def older_than(rows: Proposals, age: str) -> Proposals:
    """Return what was opened longer ago than an age of `AGES`; all of it for another."""
    if age not in AGES:
        return rows
    return rows.filter(opened_at__lt=timezone.now() - AGES[age][1])


def assigned_to(rows: Proposals, whom: str, user: User) -> Proposals:
    """Return what is assigned to `me`, to `nobody` or to `others`; all of it for another."""
    theirs = {
        "me": Q(assigned_to=user),
        "nobody": Q(assigned_to=None),
        "others": Q(assigned_to__isnull=False) & ~Q(assigned_to=user),
    }
    return rows.filter(theirs.get(whom, Q()))


def opened_by(rows: Proposals, whom: str, user: User) -> Proposals:
    """Return the proposals of `me`, or of `others` (imports and the public among them)."""
    if whom == "others":
        return rows.filter(Q(author=None) | ~Q(author=user))
    return rows.filter(author=user) if whom == "me" else rows


def matching(rows: Proposals, text: str) -> Proposals:
    """Return what a search means: a record's identifier, an author's name, a number."""
    text = text.strip()
    if not text:
        return rows
    authors = User.objects.filter(username__iexact=text).values_list("pk", flat=True)
    matches = Q(record_key__in={text, text.upper()}) | Q(author__in=list(authors))
    number = text.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) < 10:
        matches |= Q(pk=int(number))
    return rows.filter(matches)


def with_support(rows: Proposals) -> Proposals:
    """Count for each proposal, as `support`, who endorses it."""
    theirs = Endorsement.objects.filter(proposal=OuterRef("pk")).order_by().values("proposal")
    count = Subquery(theirs.annotate(number=Count("pk")).values("number"), IntegerField())
    return rows.annotate(support=Coalesce(count, 0))


def next_after(rows: Proposals, proposal: Proposal) -> Proposal | None:
    """Return the open proposal of `rows` that comes after this one, by when it was opened."""
    opened = proposal.opened_at
    later = Q(opened_at__gt=opened) | Q(opened_at=opened, id__gt=proposal.pk)
    # The first half of the condition again, so that an index leads there.
    return waiting(rows).filter(later, opened_at__gte=opened).first()


def chosen(ids: Sequence[int]) -> list[Proposal]:
    """Return the proposals with these ids, open or not, the oldest first."""
    rows = Proposal.objects.filter(pk__in=ids).order_by("opened_at", "id")
    return list(rows.select_related("author", "decided_by", "report"))


def beside(proposal: Proposal) -> Proposals:
    """Return what else waits for a decision on the same record."""
    same = waiting().filter(kind=proposal.kind, record_key=proposal.record_key)
    return same.exclude(pk=proposal.pk).select_related("author")


# One proposal


@dataclass(frozen=True)
class Standing:
    """A record's present values against a proposal's before and after."""

    proposal: Proposal
    #: None where the record is not there: not yet, or not any more.
    record: Model | None
    now: Values

    @property
    def is_gone(self) -> bool:
        return self.record is None and self.proposal.record_id is not None

    @property
    def changes(self) -> dict[str, list[Any]]:
        """What accepting would do: `[now, then]`; of a record that is gone, what was proposed."""
        changes = self.proposal.changes.items()
        if self.record is None:
            return {name: sides(change) for name, change in changes}
        now = self.now
        return {name: [now.get(name), applied(change, now.get(name))] for name, change in changes}

    @property
    def meanwhile(self) -> dict[str, list[Any]]:
        """What another person changed otherwise since it was proposed: `[then, now]`."""
        if self.record is None:
            return {}
        changes = self.proposal.changes.items()
        pairs = {name: conflict(change, self.now.get(name)) for name, change in changes}
        return {name: pair for name, pair in pairs.items() if pair is not None}


def standing_of(proposal: Proposal) -> Standing:
    return standings([proposal])[0]


def standings(proposals: Sequence[Proposal]) -> list[Standing]:
    """Return the state of each of some proposals, by a few queries for each kind of record."""
    records: dict[tuple[str, int], Model] = {}
    for kind, ids in _ids(proposals).items():
        for key, record in records_of(kind).queryset().in_bulk(ids).items():
            records[kind, key] = record
    result = []
    for proposal in proposals:
        record = records.get((proposal.kind, proposal.record_id or 0))
        now = records_of(proposal.kind).values(record) if record is not None else {}
        result.append(Standing(proposal, record, now))
    return result


def pins_met_by(proposal: Proposal) -> QuerySet[Pin]:
    """Return the pins on the fields that a proposal would change, with who pinned them."""
    pins = Pin.objects.filter(kind=proposal.kind, field__in=list(proposal.changes))
    return pins.filter(record_id=proposal.record_id or 0).select_related("pinned_by")


def comments_on(proposal: Proposal) -> QuerySet[Comment]:
    """Return the comments on a proposal, the oldest first."""
    return Comment.objects.filter(proposal=proposal).select_related("author").order_by("id")


def support_of(proposal: Proposal) -> QuerySet[Endorsement]:
    return Endorsement.objects.filter(proposal=proposal).select_related("user").order_by("id")


def pair_of(proposal: Proposal) -> tuple[list[Protein], Interaction | None]:
    """Return, for an interaction or a statement that is proposed, those of TF and target that
    are here, and their interaction where it is here."""
    pair = proposal.record_key.split("-")
    if proposal.kind not in (RecordKind.INTERACTION, RecordKind.STATEMENT) or len(pair) != 2:
        return [], None
    proteins = {item.accession: item for item in Protein.objects.filter(accession__in=pair)}
    here = [proteins[accession] for accession in pair if accession in proteins]
    return here, Interaction.objects.between(*pair).first()


def deciders() -> list[User]:
    """Return those who may decide proposals, by name."""
    permitted = User.objects.with_perm(
        Right.DECIDE.permission, backend="django.contrib.auth.backends.ModelBackend"
    )
    return list(permitted.filter(is_staff=True).order_by("username")[:MOST_PEOPLE])


# The records that proposals are about


def records_meant(proposals: Iterable[Proposal]) -> dict[tuple[str, int], Model]:
    """Return the records of some proposals by kind and id: one query for each kind."""
    readers: dict[str, QuerySet[Any]] = {
        RecordKind.PROTEIN: Protein.objects.all(),
        RecordKind.INTERACTION: Interaction.objects.select_related("tf", "target"),
        RecordKind.CITATION: Citation.objects.all(),
        RecordKind.BINDING_SITE: BindingSite.objects.select_related("tf"),
        RecordKind.STATEMENT: Statement.objects.with_details(),
    }
    return {
        (kind, key): record
        for kind, ids in _ids(proposals).items()
        for key, record in readers[kind].in_bulk(ids).items()
    }


def _ids(proposals: Iterable[Proposal]) -> dict[str, list[int]]:
    ids: dict[str, list[int]] = {}
    for proposal in proposals:
        if proposal.record_id is not None:
            ids.setdefault(proposal.kind, []).append(proposal.record_id)
    return ids
