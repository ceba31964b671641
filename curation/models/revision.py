"""What happened to each record: who changed what, when and why."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from curation.models.import_run import ImportRun
from curation.models.review import Proposal, RecordKind, VocabularyKind
from curation.permissions import Right
from proteins.models import ChangeSet

#: Characters of the identifier of a record that a revision names.
MAX_KEY: Final = 40
#: What has a history.
HISTORY_KINDS: Final = (*RecordKind.choices, *VocabularyKind.choices)


class Verb(models.TextChoices):
    """What was done, in the past tense of a history."""

    ADDED = "added", "added"
    AMENDED = "amended", "amended"
    CONFIRMED = "confirmed", "confirmed"
    DISPUTED = "disputed", "disputed"
    REJECTED = "rejected", "rejected"
    REOPENED = "reopened", "reopened"
    REVERTED = "reverted", "reverted"
    MERGED = "merged", "merged"
    REMOVED = "removed", "removed"
    RETRACTED = "retracted", "retracted"
    REINSTATED = "reinstated", "reinstated"
    RESTATED = "restated", "changed by its statements"
    LOOKED_UP = "looked up", "looked up in PubMed"
    IMPORTED = "imported", "changed by an import"
    UNDONE = "undone", "import taken back"


class Revision(models.Model):
    """One change of one record: `changes` maps each field to `[before, after]`.

    Values are as `curation.records` reads them. A record stands as its last revisions left
    it; what it was before is found by going backwards. What an import creates has no
    revision: its run is found by the id (`curation.records.history`). Rows are never changed.
    """

    kind = models.CharField(max_length=12, choices=HISTORY_KINDS)
    record_id = models.PositiveIntegerField()
    record_key = models.CharField(
        max_length=MAX_KEY, help_text="Its public identifier at the time, such as an accession."
    )
    verb = models.CharField("what was done", max_length=10, choices=Verb)
    changes = models.JSONField(default=dict)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="revisions"
    )
    reason = models.TextField(blank=True)
    run = models.ForeignKey(
        ImportRun, models.PROTECT, null=True, blank=True, related_name="revisions"
    )
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, null=True, blank=True, related_name="revisions"
    )
    #: None of what was written before changes were numbered.
    change = models.ForeignKey(
        ChangeSet, models.PROTECT, null=True, editable=False, related_name="+", db_index=False
    )
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["kind", "record_id", "id"], name="revision_record"),
            # Searches name records that may be gone.
            models.Index(fields=["record_key"], name="revision_record_key"),
            # Of imports, whose revisions are millions, the run says which are theirs.
            models.Index(
                fields=["change", "id"], name="revision_change", condition=Q(run__isnull=True)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="revision_kind_known",
                condition=Q(kind__in=[value for value, _ in HISTORY_KINDS]),
            ),
            models.CheckConstraint(name="revision_verb_known", condition=Q(verb__in=Verb.values)),
            models.CheckConstraint(
                name="revision_of_import_has_run",
                condition=~Q(verb__in=["imported", "undone"]) | Q(run__isnull=False),
            ),
        ]
        permissions = [(right.value, right.meaning) for right in Right]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_key} {self.get_verb_display()}"
