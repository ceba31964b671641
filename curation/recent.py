"""What the desk looks like today, for its first page: counts and the newest of everything.

Nothing here counts to the end: `COUNTED` rows are looked at, at most, along an index.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.contrib.auth.models import Group, User
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.utils import timezone

from curation.inbox import waiting
from curation.models import (
    ImportRun,
    Origin,
    Proposal,
    ProposalState,
    Revision,
    StoredResult,
    Upload,
)
from curation.permissions import ROLES
from proteins.models import Citation, EvidenceCitation, Interaction, ReviewStatus

COUNTED: Final = 10_000
#: Rows of a short list, and of what changed lately.
FEW: Final = 5
LATELY: Final = 10
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True)
class Counted:
    """How many of each kind there are; `capped` where there are more than were counted."""

    rows: list[tuple[Any, ...]]
    capped: bool

    @property
    def total(self) -> int:
        return sum(row[-1] for row in self.rows)


def waiting_by_origin() -> Counted:
    """Return how many proposals of each origin are open, among the oldest `COUNTED`."""
    oldest = waiting().values("pk")[: COUNTED + 1]
    numbers = dict(
        Proposal.objects.filter(pk__in=oldest)
        .order_by()
        .values_list("origin")
        .annotate(number=Count("pk"))
    )
    rows = [(origin.value, origin.label, numbers.get(origin.value, 0)) for origin in Origin]
    return Counted(rows, sum(numbers.values()) > COUNTED)


def stored_results() -> dict[str, int]:
    """Return how many results about lists of genes readers store, and their bytes."""
    totals = StoredResult.objects.aggregate(number=Count("pk"), size=Sum("size"))
    return {name: total or 0 for name, total in totals.items()}


def decided_of(user: User) -> QuerySet[Proposal]:
    """Return what became of a person's own proposals: first those that were sent back and wait
    for them, then the others, the newest first."""
    open_or_theirs = [ProposalState.OPEN, ProposalState.WITHDRAWN]
    theirs = Proposal.objects.filter(author=user).exclude(state__in=open_or_theirs)
    waits_first = Case(When(state=ProposalState.RETURNED, then=0), default=1)
    return theirs.order_by(waits_first, "-id").select_related("decided_by")


def count_up_to(rows: QuerySet[Any]) -> int:
    """Return how many there are; `COUNTED` + 1 means any more."""
    return rows.order_by()[: COUNTED + 1].count()


def last_runs() -> QuerySet[ImportRun]:
    """Return the newest imports with who uploaded them (`uploaded_by`); not what they refused
    line by line, which may be long."""
    uploads = Upload.objects.filter(run=OuterRef("pk")).order_by("-id")
    return (
        ImportRun.objects.order_by("-id")
        .defer("problems", "counts", "paths")
        .annotate(uploaded_by=Subquery(uploads.values("decided_by__username")[:1]))
    )


def changed_this_week() -> Counted:
    """Return kind, verb and number of the changes of a week, among the newest `COUNTED`."""
    newest = _of_this_week().values("pk")[: COUNTED + 1]
    counted = (
        Revision.objects.filter(pk__in=newest)
        .order_by()
        .values_list("kind", "verb")
        .annotate(number=Count("pk"))
        .order_by("kind", "-number", "verb")
    )
    rows = list(counted)
    return Counted(rows, sum(row[-1] for row in rows) > COUNTED)


def last_changes() -> QuerySet[Revision]:
    """Return the changes of a week, the newest first, with who and by which import."""
    return _of_this_week().select_related("user").defer("changes")


def _of_this_week() -> QuerySet[Revision]:
    # By time alone: SQLite and PostgreSQL then scan its index and stop.
    return Revision.objects.filter(at__gte=timezone.now() - WEEK).order_by("-at")


def retracted_and_cited() -> QuerySet[Citation]:
    """Return retracted publications that support an interaction which is not rejected, the
    newest first. Few are retracted, and an index has them."""
    links = EvidenceCitation.objects.filter(citation=OuterRef(OuterRef("pk")))
    supported = Interaction.objects.filter(evidence__in=links.values("evidence"))
    cited = Exists(supported.exclude(status=ReviewStatus.REJECTED))
    return Citation.objects.retracted().filter(cited).order_by("-pmid")


def people_by_role() -> list[tuple[str, int, int]]:
    """Return each role, its number and how many active people have it."""
    counted = Group.objects.filter(name__in=ROLES).order_by("id")
    return list(
        counted.annotate(people=Count("user", filter=Q(user__is_active=True))).values_list(
            "name", "pk", "people"
        )
    )


def without_a_role() -> QuerySet[User]:
    """Return active people who have no role, and so can do nothing at the desk."""
    return User.objects.filter(is_active=True, is_superuser=False, groups=None)
