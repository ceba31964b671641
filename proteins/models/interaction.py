from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse

from proteins.models.change import change_field
from proteins.models.evidence import Evidence
from proteins.models.protein import Protein
from proteins.models.querysets import InteractionQuerySet
from proteins.models.support import Support


class Effect(models.IntegerChoices):
    """What the TF does to the expression of its target, where it is known."""

    UNKNOWN = 0, "unknown"
    ACTIVATION = 1, "activation"
    REPRESSION = 2, "repression"
    BOTH = 3, "both"


class ReviewStatus(models.IntegerChoices):
    """A curator's verdict; rejected interactions are absent from public views."""

    UNREVIEWED = 0, "unreviewed"
    CONFIRMED = 1, "confirmed"
    DISPUTED = 2, "disputed"
    REJECTED = 3, "rejected"


class Reporting(models.IntegerChoices):
    """Whether the sources still report an interaction.

    A table is complete for its species: what it lacks is no longer reported, which is
    shown and never deleted. What a curator added was never reported by a source.
    """

    REPORTED = 0, "reported"
    WITHDRAWN = 1, "no longer reported"
    CURATED = 2, "added by a curator"


class Interaction(models.Model):
    """A TF regulates a target gene, and what supports that (`evidence`)."""

    # The unique constraint serves every search by TF; an index of its own would double it.
    tf = models.ForeignKey(
        Protein,
        models.PROTECT,
        related_name="target_interactions",
        db_index=False,
        verbose_name="TF",
    )
    target = models.ForeignKey(
        Protein, models.PROTECT, related_name="tf_interactions", db_index=False
    )
    # An index on both serves searches by evidence, and whether a Support row is used.
    evidence = models.ForeignKey(
        Evidence, models.PROTECT, related_name="interactions", db_index=False
    )
    #: What its evidence follows from: which document says what. Without a constraint, which
    #: would look every interaction through for each Support row that goes.
    support = models.ForeignKey(
        Support,
        models.PROTECT,
        editable=False,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    effect = models.PositiveSmallIntegerField(choices=Effect, default=Effect.UNKNOWN)
    status = models.PositiveSmallIntegerField(
        "review status", choices=ReviewStatus, default=ReviewStatus.UNREVIEWED
    )
    reporting = models.PositiveSmallIntegerField(choices=Reporting, default=Reporting.REPORTED)
    change = change_field()

    objects = InteractionQuerySet.as_manager()

    class Meta:
        ordering = ["tf", "target"]
        constraints = [
            models.UniqueConstraint(fields=["tf", "target"], name="interaction_tf_target_unique"),
            models.CheckConstraint(
                name="interaction_effect_known", condition=Q(effect__in=Effect.values)
            ),
            models.CheckConstraint(
                name="interaction_status_known", condition=Q(status__in=ReviewStatus.values)
            ),
            models.CheckConstraint(
                name="interaction_reporting_known", condition=Q(reporting__in=Reporting.values)
            ),
        ]
        indexes = [
            # With all that protein pages group and filter by: rows are read for what is shown
            # alone. 20 bytes an interaction, and half of a hub's SQL.
            models.Index(
                fields=["tf", "evidence", "status", "reporting", "effect", "target"],
                name="interaction_of_tf",
            ),
            # In the order of TFs, by which lists are read.
            models.Index(
                fields=["target", "tf", "evidence", "status", "reporting", "effect"],
                name="interaction_of_target",
            ),
            models.Index(fields=["evidence", "support"], name="interaction_evidence_support"),
            models.Index(fields=["change", "id"], name="interaction_change"),
            # Nearly all are unreviewed and of unknown effect: the others are worth finding.
            models.Index(
                fields=["status"],
                name="interaction_reviewed",
                condition=~Q(status=ReviewStatus.UNREVIEWED),
            ),
            models.Index(
                fields=["effect"],
                name="interaction_with_effect",
                condition=~Q(effect=Effect.UNKNOWN),
            ),
            models.Index(
                fields=["reporting"],
                name="interaction_not_reported",
                condition=~Q(reporting=Reporting.REPORTED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tf} → {self.target}"

    def get_absolute_url(self) -> str:
        return reverse("interaction", args=[self.key])

    @property
    def key(self) -> str:
        """The public identifier, `TF-TARGET` by accession (`Q9UK53-Q07812`)."""
        return f"{self.tf.accession}-{self.target.accession}"

    @property
    def changed_at(self) -> datetime:
        """When it was last changed, by its change set."""
        at: datetime = self.change.at
        return at
