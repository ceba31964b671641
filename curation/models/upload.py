"""What senior curators hand in at the desk and have carried out in a process of its own:
files to import, imports to take back, releases. Imports are tried first and then decided upon."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from curation.models.import_run import ImportRun
from curation.models.review import MAX_COMMENT
from proteins.release_store import LONGEST_NAME, NAME_PATTERN


class JobState(models.TextChoices):
    CHECKING = "checking", "preview being made"
    READY = "ready", "waiting for a decision"
    RUNNING = "running", "being carried out"
    DONE = "done", "carried out"
    FAILED = "failed", "failed"
    DISCARDED = "discarded", "discarded"


class Job(models.Model):
    """Something that is tried (its preview), decided upon and then carried out. What changes
    no record is carried out at once.

    `folder` names the folder of its files and its log under UPLOAD_DIR. `preview` is what the
    trial found and `result` what was done (`curation.uploads.outcome`). While a process works
    on it, progress is in the folder and not here: a trial holds the one right to write.
    """

    state = models.CharField(max_length=10, choices=JobState, default=JobState.CHECKING)
    state_since = models.DateTimeField(default=timezone.now)
    folder = models.CharField(max_length=32, unique=True, editable=False)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    preview = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    failure = models.TextField("why it failed", blank=True)

    class Meta:
        abstract = True
        ordering = ["-id"]


class UploadKind(models.TextChoices):
    PAGES = "pages", "pages"
    TABLE = "table", "whole-species table"


class Upload(Job):
    """Files handed in to be imported. Only the record stays once that is decided."""

    kind = models.CharField(max_length=5, choices=UploadKind)
    name = models.CharField(max_length=250, help_text="What was handed in, as it was called.")
    size = models.PositiveBigIntegerField(help_text="Bytes that were handed in.")
    skipped = models.JSONField("files left out", default=list)
    run = models.ForeignKey(
        ImportRun, models.PROTECT, null=True, blank=True, related_name="uploads"
    )

    class Meta(Job.Meta):
        constraints = [
            models.CheckConstraint(
                name="upload_state_known", condition=Q(state__in=JobState.values)
            ),
            models.CheckConstraint(
                name="upload_kind_known", condition=Q(kind__in=UploadKind.values)
            ),
        ]

    def __str__(self) -> str:
        return f"upload {self.pk}: {self.name}"


class RunUndo(Job):
    """A request to undo an import."""

    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="undos")
    reason = models.TextField(blank=True, max_length=MAX_COMMENT)

    class Meta(Job.Meta):
        verbose_name = "import taken back"
        verbose_name_plural = "imports taken back"
        constraints = [
            models.CheckConstraint(
                name="runundo_state_known", condition=Q(state__in=JobState.values)
            ),
            models.UniqueConstraint(
                fields=["run"],
                name="runundo_one_at_a_time",
                condition=Q(state__in=["checking", "ready", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"taking back run {self.run_id}"


class ReleaseOrder(Job):
    """A release that somebody has made. It begins as `running`: nothing is tried first, as
    what is frozen is public."""

    name = models.CharField(
        max_length=LONGEST_NAME, help_text="Year and month, such as 2026.12 or 2026.12.1."
    )

    class Meta(Job.Meta):
        verbose_name = "release"
        constraints = [
            models.CheckConstraint(
                name="releaseorder_state_known", condition=Q(state__in=JobState.values)
            ),
            models.CheckConstraint(name="releaseorder_name", condition=Q(name__regex=NAME_PATTERN)),
            models.UniqueConstraint(
                fields=["name"],
                name="releaseorder_one_at_a_time",
                condition=Q(state=JobState.RUNNING),
            ),
        ]

    def __str__(self) -> str:
        return f"release {self.name}"
