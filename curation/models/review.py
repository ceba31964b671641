"""Pins, proposals, endorsements and comments: the work of curators."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q

#: The limit of a comment, or of a reason, in characters.
MAX_COMMENT = 5000


class RecordKind(models.TextChoices):
    """The kinds of record that are curated."""

    PROTEIN = "protein", "protein"
    INTERACTION = "interaction", "interaction"
    CITATION = "citation", "citation"
    BINDING_SITE = "binding site", "binding site"
    STATEMENT = "statement", "statement"


class Pin(models.Model):
    """A curator's word on one field, with the value that the source gave at that time.

    An import never overwrites a pinned field. It compares what the source says now with
    `source_value`: unchanged, nothing happens; the same as the curator's word, the pin is
    released; anything else is a proposal for a person.
    """

    kind = models.CharField(max_length=12, choices=RecordKind)
    record_id = models.PositiveIntegerField()
    field = models.CharField(max_length=40)
    source_value = models.JSONField(null=True)
    pinned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    pinned_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["kind", "record_id", "field"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "record_id", "field"], name="pin_unique"),
            models.CheckConstraint(name="pin_kind_known", condition=Q(kind__in=RecordKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.kind} {self.record_id}"


class Origin(models.TextChoices):
    IMPORT = "import", "import"
    CURATOR = "curator", "curator"
    PUBLIC = "public", "public"


class ProposalState(models.TextChoices):
    OPEN = "open", "open"
    #: A reviewer asks its author for a change, or it can no longer be applied.
    RETURNED = "returned", "sent back"
    ACCEPTED = "accepted", "accepted"
    REJECTED = "rejected", "rejected"
    SUPERSEDED = "superseded", "superseded"
    WITHDRAWN = "withdrawn", "withdrawn"


#: The states of what waits: for a decision, or for its author.
UNDECIDED: Final = (ProposalState.OPEN, ProposalState.RETURNED)


class Proposal(models.Model):
    """Something that wants to change a record and is not applied yet.

    `changes` maps a field to what is done to it (`curation.shared.field_changes`): of a curator's,
    what is added to a list and removed from it, so that several may be accepted one after the
    other; `[before, after]` of a plain value. An import's is `[before, after]` of any field, as
    its source states the whole value; that of a record which is not there yet is
    `[None, value]`. `record_key` is the public identifier of the
    record (accession, `TF-TARGET`, PubMed ID, TFLink ID); `record_id` is empty where the
    record does not exist yet.
    """

    kind = models.CharField(max_length=12, choices=RecordKind)
    record_id = models.PositiveIntegerField(null=True, blank=True)
    record_key = models.CharField(max_length=40)
    changes = models.JSONField(default=dict)
    origin = models.CharField(max_length=10, choices=Origin)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    run = models.ForeignKey(
        "curation.ImportRun", models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    comment = models.TextField(blank=True)
    #: What accepting it changed, in the form of `changes`: less than was proposed where the
    #: record had some of it already, other where the reviewer corrected it.
    applied = models.JSONField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.OPEN)
    opened_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)
    taxon = models.ForeignKey(
        "proteins.Taxon",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="species",
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="assigned"
    )

    class Meta:
        ordering = ["opened_at", "id"]
        indexes = [
            models.Index(fields=["assigned_to", "state"], name="proposal_assigned"),
            models.Index(fields=["kind", "record_id"], name="proposal_record"),
            models.Index(fields=["state", "opened_at"], name="proposal_state_opened"),
        ]
        constraints = [
            models.CheckConstraint(
                name="proposal_kind_known", condition=Q(kind__in=RecordKind.values)
            ),
            models.CheckConstraint(
                name="proposal_origin_known", condition=Q(origin__in=Origin.values)
            ),
            models.CheckConstraint(
                name="proposal_state_known", condition=Q(state__in=ProposalState.values)
            ),
            models.CheckConstraint(
                name="proposal_import_has_run", condition=~Q(origin="import") | Q(run__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_key}: {', '.join(self.changes)}"


class Endorsement(models.Model):
    """A curator's support of another curator's proposal."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="endorsements")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="endorsements")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "user"], name="endorsement_unique")
        ]

    def __str__(self) -> str:
        return f"{self.user} endorses proposal {self.proposal_id}"


class Comment(models.Model):
    """A comment of a curator on a record, or on a proposal for it."""

    kind = models.CharField(max_length=12, choices=RecordKind)
    record_id = models.PositiveIntegerField(null=True, blank=True)
    record_key = models.CharField(max_length=40)
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, null=True, blank=True, related_name="comments"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="comments")
    text = models.TextField(max_length=MAX_COMMENT)
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["kind", "record_id"], name="comment_record")]
        constraints = [
            models.CheckConstraint(
                name="comment_kind_known", condition=Q(kind__in=RecordKind.values)
            ),
            models.CheckConstraint(name="comment_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.author} on {self.kind} {self.record_key}"
