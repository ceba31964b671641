"""Changes by number: what a mirror follows, and where a record has its time of change from."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.db.models import Expression, OuterRef, Q, Subquery
from django.utils import timezone

#: How long one transaction takes at most: to undo the import of a large species is minutes.
LONGEST_WRITE: Final = timedelta(hours=1)
#: A number that no change has.
_NONE: Final = 2**31 - 1


class ChangeKind(models.TextChoices):
    """By which way a change came in."""

    EARLIER = "earlier", "before changes were numbered"
    IMPORT = "import", "import"
    UNDO = "undo", "import undone"
    DESK = "desk", "a curator"
    LITERATURE = "literature", "publications looked up"
    REPORT = "report", "report by a reader"


class ChangeSetQuerySet(models.QuerySet["ChangeSet"]):
    def first_since(self, moment: datetime) -> int:
        """Return the first number under which anything may have become visible since `moment`.

        A change is visible later than its time says, by as long as it took to write, but before
        the next one begins: the one that was being written at `moment` is the last that began
        before it. One that began `LONGEST_WRITE` before has ended.
        """
        earliest = moment - LONGEST_WRITE if moment.year > 1 else moment
        writing = self.filter(at__lt=moment, at__gte=earliest).order_by("-at", "-pk")
        first = writing.values_list("pk", flat=True).first()
        if first is None:
            later = self.filter(at__gte=moment)
            first = later.order_by("at", "pk").values_list("pk", flat=True).first()
        return _NONE if first is None else first


class ChangeSet(models.Model):
    """One write transaction; its primary key is the change number.

    The row is the first thing that a writer stores once it holds the write lock, which is
    released after the commit is visible. So numbers follow commits: whoever reads a number
    can read all that was written under it and under every smaller one.
    """

    #: When it began; what was written under it became visible later.
    at = models.DateTimeField(default=timezone.now, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: The number of the import's run; its row is in a package that this one does not know.
    run = models.PositiveIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=10, choices=ChangeKind)
    reason = models.TextField(blank=True)

    objects = ChangeSetQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "change"
        constraints = [
            models.CheckConstraint(
                name="changeset_kind_known", condition=Q(kind__in=ChangeKind.values)
            )
        ]

    def __str__(self) -> str:
        return f"change {self.pk}, {self.at:%Y-%m-%d %H:%M}"


def change_field() -> models.ForeignKey[Any, Any]:
    """The change under which a row was last written.

    Change sets are never deleted, and the writers' only source of their numbers is the row
    itself: neither a constraint (a lookup for each of a million rows) nor an index beside that
    of (change, id) is worth its cost.
    """
    return models.ForeignKey(
        ChangeSet,
        models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        editable=False,
        related_name="+",
    )


def changed_at() -> Expression | Subquery:
    """When a row was last changed, as an expression: no join, at which a planner could begin."""
    return Subquery(ChangeSet.objects.filter(pk=OuterRef("change")).values("at")[:1])


class GoneReason(models.TextChoices):
    """Why a record is no longer public."""

    REJECTED = "rejected", "rejected by a curator"
    MERGED = "merged", "merged into another record"
    UNDONE = "undone", "its import was undone"
    REMOVED = "removed", "removed by a curator"


class Gone(models.Model):
    """A protein or an interaction that left public view, by its public identifier."""

    change = change_field()
    kind = models.CharField(max_length=12)
    record_key = models.CharField(max_length=40)
    why = models.CharField(max_length=10, choices=GoneReason)

    class Meta:
        ordering = ["change", "id"]
        verbose_name = "record that is gone"
        verbose_name_plural = "records that are gone"
        indexes = [models.Index(fields=["change", "id"], name="gone_change")]
        constraints = [
            models.CheckConstraint(
                name="gone_kind_known", condition=Q(kind__in=["protein", "interaction"])
            ),
            models.CheckConstraint(name="gone_why_known", condition=Q(why__in=GoneReason.values)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_key}"
