"""Batches: changes of many records at once, which have a page and can be undone."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from curation.models.import_run import ImportRun
from curation.models.upload import Job, JobState
from proteins.models import ChangeSet


class BatchKind(models.TextChoices):
    """What a batch does with its records."""

    CONFIRM = "confirm", "interactions confirmed"
    DISPUTE = "dispute", "interactions disputed"
    REJECT = "reject", "interactions rejected"
    REOPEN = "reopen", "interactions reopened"
    ACCEPT = "accept", "proposals accepted"
    PAPER = "paper", "publication entered"
    IMPORT = "import", "import"
    UNDO = "undo", "undo of a batch"


class Batch(models.Model):
    """A change set that was made as one and is undone as one.

    Its records are those of the revisions of the change set. An import has many change sets:
    here is the first, and `run` takes it back.
    """

    change = models.OneToOneField(
        ChangeSet, models.PROTECT, primary_key=True, related_name="+", editable=False
    )
    kind = models.CharField("what was done", max_length=8, choices=BatchKind)
    #: Of how many records; of an import, its page says so.
    records = models.PositiveIntegerField("records", default=0)
    undoes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by"
    )
    run = models.OneToOneField(
        ImportRun, models.PROTECT, null=True, blank=True, related_name="batch"
    )

    class Meta:
        ordering = ["-change"]
        verbose_name = "batch"
        verbose_name_plural = "batches"
        constraints = [
            models.CheckConstraint(name="batch_kind_known", condition=Q(kind__in=BatchKind.values)),
        ]

    def __str__(self) -> str:
        return f"batch {self.pk}: {self.get_kind_display()}"


class BatchJob(Job):
    """A batch of many records, carried out by a process of its own: it begins as `running`."""

    kind = models.CharField(max_length=8, choices=BatchKind)
    #: What is to be done, as `curation.actions.batches` takes it.
    request = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    undoes = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Job.Meta):
        verbose_name = "batch under way"
        verbose_name_plural = "batches under way"
        constraints = [
            models.CheckConstraint(
                name="batchjob_state_known", condition=Q(state__in=JobState.values)
            ),
            models.CheckConstraint(
                name="batchjob_kind_known", condition=Q(kind__in=BatchKind.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, job {self.pk}"
