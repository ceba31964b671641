"""Reports of readers without an account."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils import timezone

from curation.models.review import MAX_COMMENT, Proposal

#: Characters of what is reported.
MIN_MESSAGE: Final = 10
MAX_MESSAGE: Final = 2000
MAX_PMIDS: Final = 10


class ReportCategory(models.TextChoices):
    """What a reader says is wrong; each kind of record offers those that fit it."""

    NAME = "name", "The name is wrong"
    SPECIES = "species", "The species is wrong"
    GENE = "gene", "The gene ID or the accession is wrong"
    FUNCTION = "function", "It is no transcription factor, or no target gene"
    SITE = "site", "A binding site is wrong"
    ABSENT = "absent", "The interaction does not exist"
    DIRECTION = "direction", "The direction is wrong: the target regulates the TF"
    EFFECT = "effect", "The effect is wrong: activation or repression"
    EVIDENCE = "evidence", "The evidence is wrong: a database, a method or a publication"
    RETRACTED = "retracted", "A publication has been retracted"
    MISSING = "missing", "Something is missing"
    OTHER = "other", "Something else"


class PublicReport(models.Model):
    """A report of the public: what its proposal, which names no change, says beside its text.

    The text is the proposal's comment. Whoever has the token may read how the report stands
    and what was answered; nothing else identifies its sender. `sender` is a keyed hash of a
    network address, by which reports are counted, and is dropped after a few days.
    """

    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="report")
    token = models.CharField(max_length=43, unique=True, editable=False)
    category = models.CharField(max_length=10, choices=ReportCategory)
    pmids = models.JSONField("PubMed IDs", default=list)
    answer = models.TextField(
        max_length=MAX_COMMENT, blank=True, help_text="What the reader is told."
    )
    sender = models.CharField(max_length=32, blank=True, editable=False)
    sent_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["sender", "sent_at"], name="publicreport_sender")]
        constraints = [
            models.CheckConstraint(
                name="publicreport_category_known",
                condition=Q(category__in=ReportCategory.values),
            )
        ]

    def __str__(self) -> str:
        return f"report on {self.proposal.kind} {self.proposal.record_key}"
