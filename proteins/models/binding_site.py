from __future__ import annotations

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.lookups import Exact

from proteins.domain import identifiers
from proteins.domain.regions import LEVELS
from proteins.models import rules
from proteins.models.evidence import Evidence
from proteins.models.names import NameField
from proteins.models.protein import Protein
from proteins.models.querysets import BindingSiteQuerySet


class Strand(models.TextChoices):
    PLUS = "+", "+"
    MINUS = "-", "−"
    NOT_STATED = "", "not stated"


def bin_expression() -> Case:
    """Return the bin of a site, None where it is not placed (`regions.bin_of`, in SQL)."""
    levels = [
        When(
            Exact(F("start").bitrightshift(shift), F("end").bitrightshift(shift)),
            then=F("start").bitrightshift(shift) + Value(offset),
        )
        for shift, offset in LEVELS[:-1]
    ]
    unplaced = When(start__isnull=True, then=Value(None))
    return Case(unplaced, *levels, default=Value(LEVELS[-1][1]), output_field=models.IntegerField())


class BindingSite(models.Model):
    """A binding site of a TF; where it is not placed on a genome, its place is absent.

    `start` and `end` are in base pairs, as the source gives them: how it counts is known of
    the source (`SourceDatabase.site_counting`). `bin` is that of the UCSC scheme (see
    `proteins.domain.regions`), by which sites in a region are found. `overlaps` is the number
    of other sites that it overlaps, as TFLink counted them.
    """

    tflink_id = models.CharField(
        "TFLink ID", max_length=20, unique=True, validators=[rules.validate_tflink_site]
    )
    tf = models.ForeignKey(
        Protein, models.PROTECT, related_name="binding_sites", db_index=False, verbose_name="TF"
    )
    assembly = NameField(blank=True)
    chromosome = NameField(blank=True)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    #: Made by the database from `start` and `end`, so that every writer gets it right.
    bin = models.GeneratedField(
        expression=bin_expression(),
        output_field=models.IntegerField(null=True),
        db_persist=True,
    )
    strand = models.CharField(max_length=1, choices=Strand, blank=True, default=Strand.NOT_STATED)
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="binding_sites")
    overlaps = models.PositiveIntegerField(null=True, blank=True)
    sequence = models.TextField(blank=True, validators=[rules.validate_sequence])

    objects = BindingSiteQuerySet.as_manager()

    class Meta:
        ordering = ["tf", "tflink_id"]
        indexes = [
            models.Index(fields=["tf", "tflink_id"], name="site_tf_tflink_id"),
            models.Index(fields=["chromosome", "bin"], name="site_chromosome_bin"),
        ]
        constraints = [
            models.CheckConstraint(
                name="site_tflink_id",
                condition=Q(tflink_id__regex=identifiers.TFLINK_SITE_PATTERN),
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


class FormerSiteID(models.Model):
    """Another TFLink ID of a binding site: TFLink numbered its sites anew between versions,
    so that one physical site has an ID in each."""

    tflink_id = models.CharField(
        "TFLink ID", max_length=20, unique=True, validators=[rules.validate_tflink_site]
    )
    site = models.ForeignKey(BindingSite, models.CASCADE, related_name="former_ids")

    class Meta:
        ordering = ["tflink_id"]
        verbose_name = "former ID of a binding site"
        verbose_name_plural = "former IDs of binding sites"

    def __str__(self) -> str:
        return self.tflink_id
