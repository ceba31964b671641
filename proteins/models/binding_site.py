from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from proteins.domain import identifiers
from proteins.models import rules
from proteins.models.evidence import Evidence
from proteins.models.protein import Protein
from proteins.models.querysets import BindingSiteQuerySet


class Strand(models.TextChoices):
    PLUS = "+", "+"
    MINUS = "-", "−"
    NOT_STATED = "", "not stated"


class BindingSite(models.Model):
    """A binding site of a TF; where it is not placed on a genome, its place is absent.

    `start` and `end` are in base pairs, as the documents give them. The sequences that pages
    hold are `end - start` long, so that their starts seem to be counted from 0. `overlaps`
    is the number of other sites that it overlaps, as TFLink counted them.
    """

    tflink_id = models.CharField(
        "TFLink ID", max_length=20, unique=True, validators=[rules.validate_tflink_site]
    )
    tf = models.ForeignKey(
        Protein, models.PROTECT, related_name="binding_sites", db_index=False, verbose_name="TF"
    )
    assembly = models.CharField(max_length=100, blank=True)
    chromosome = models.CharField(max_length=100, blank=True)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    strand = models.CharField(max_length=1, choices=Strand, blank=True, default=Strand.NOT_STATED)
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="binding_sites")
    overlaps = models.PositiveIntegerField(null=True, blank=True)
    sequence = models.TextField(blank=True, validators=[rules.validate_sequence])

    objects = BindingSiteQuerySet.as_manager()

    class Meta:
        ordering = ["tf", "tflink_id"]
        indexes = [models.Index(fields=["tf", "tflink_id"], name="site_tf_tflink_id")]
        constraints = [
            models.CheckConstraint(
                name="site_tflink_id",
                condition=Q(tflink_id__matches=identifiers.TFLINK_SITE_PATTERN),
            ),
            models.CheckConstraint(
                name="site_start_and_end",
                condition=Q(start=None, end=None)
                | Q(start__isnull=False, end__isnull=False, start__lte=F("end")),
                violation_error_message=(
                    "Start and end are given together or not at all, and the start is not "
                    "after the end."
                ),
            ),
            models.CheckConstraint(name="site_strand_known", condition=Q(strand__in=Strand.values)),
        ]

    def __str__(self) -> str:
        return self.tflink_id

    @property
    def position(self) -> str:
        """Its place as genome browsers write it (`chr14:23670688-23670702`), or empty."""
        if self.start is None or not self.chromosome:
            return ""
        return f"{self.chromosome}:{self.start}-{self.end}"
