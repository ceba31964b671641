from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse

from proteins.domain import identifiers
from proteins.domain.citations import short_citation
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.methods import MethodClass, classes_in, initial_class
from proteins.domain.tiers import Tier, is_initial_aggregator
from proteins.models import rules
from proteins.models.names import FoldedModel, NameField
from proteins.models.querysets import (
    CitationQuerySet,
    DetectionMethodQuerySet,
    EvidenceQuerySet,
    SourceDatabaseQuerySet,
)

#: How many publications distinguish one Evidence row from another in a list.
SHOWN_PMIDS = 4


class PubMedStatus(models.IntegerChoices):
    """The result of the last lookup of a publication in PubMed."""

    NOT_LOOKED_UP = 0, "not looked up yet"
    FOUND = 1, "found in PubMed"
    NOT_FOUND = 2, "not known to PubMed"


class Citation(models.Model):
    """A publication by PubMed ID; the rest may be absent until it is looked up."""

    pmid = models.PositiveIntegerField("PubMed ID", unique=True, validators=[rules.validate_pmid])
    title = models.TextField(blank=True)
    authors = models.TextField(blank=True, help_text="As PubMed gives them, joined by commas.")
    journal = models.CharField(max_length=300, blank=True)
    year = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1600), MaxValueValidator(2200)]
    )
    doi = models.CharField("DOI", max_length=200, blank=True, validators=[rules.validate_doi])
    is_retracted = models.BooleanField(
        "retracted", default=False, help_text="The publication has been retracted."
    )
    pubmed_status = models.PositiveSmallIntegerField(
        "in PubMed", choices=PubMedStatus, default=PubMedStatus.NOT_LOOKED_UP, editable=False
    )
    looked_up_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CitationQuerySet.as_manager()

    class Meta:
        ordering = ["pmid"]
        indexes = [
            models.Index(Lower("doi"), name="citation_doi", condition=~Q(doi="")),
            # Few are, and they are what people look for.
            models.Index(
                fields=["pmid"], name="citation_retracted", condition=Q(is_retracted=True)
            ),
            models.Index(
                fields=["pmid"],
                name="citation_unknown",
                condition=Q(pubmed_status=PubMedStatus.NOT_FOUND),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="citation_pubmed_status_known",
                condition=Q(pubmed_status__in=PubMedStatus.values),
            ),
            models.CheckConstraint(
                name="citation_pmid_range",
                condition=Q(pmid__gt=0, pmid__lte=identifiers.MAX_PMID),
            ),
        ]

    def __str__(self) -> str:
        return f"PMID {self.pmid}"

    def get_absolute_url(self) -> str:
        return reverse("publication", args=[self.pmid])

    @property
    def short(self) -> str:
        """First author and year, or its PubMed ID."""
        return short_citation(self.pmid, self.authors, self.year)

    @property
    def warnings(self) -> list[str]:
        """What a reader should know before trusting it, in words; mostly nothing."""
        unknown = self.pubmed_status == PubMedStatus.NOT_FOUND
        return ["retracted"] * self.is_retracted + [PubMedStatus.NOT_FOUND.label] * unknown


class SourceDatabase(FoldedModel):
    """A database that TFLink took interactions from.

    `key` is its name in the documents; `TFactS_via_DoRothEA` is TFactS (`name`) by way of
    DoRothEA (`via`). `publication` is the database's own paper, which is in every row
    that it supports: such a citation says which database, not which experiment.
    """

    folded_field = "key"

    key = NameField(help_text="As the documents spell it; fixed once made.")
    name = NameField()
    via = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reaches",
        help_text="The database through which TFLink took it, if any.",
    )
    publication = models.ForeignKey(
        Citation, models.PROTECT, null=True, blank=True, related_name="describes"
    )
    url = models.URLField("address", blank=True)
    version = NameField(blank=True, help_text="Which version TFLink took; empty is not stated.")
    version_date = models.CharField(
        "date of the version",
        max_length=10,
        blank=True,
        validators=[rules.validate_partial_date],
        help_text="As far as it is stated: 2020-06-19, 2020-07 or 2020; empty is not stated.",
    )
    is_aggregator = models.BooleanField(
        "aggregator",
        default=False,
        help_text=(
            "It gathers what other databases publish: it counts as an independent database only "
            "where nothing that was reached through it is named."
        ),
    )
    licence = models.CharField(
        max_length=200,
        blank=True,
        help_text="Under which its data may be used, such as CC BY 4.0; empty is not stated.",
    )
    licence_url = models.URLField(
        "licence address", blank=True, help_text="Where the terms can be read."
    )

    objects = SourceDatabaseQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                name="source_key_name_given", condition=~Q(key="") & ~Q(name="")
            ),
            models.CheckConstraint(
                name="source_version_date_form",
                condition=Q(version_date="")
                | Q(version_date__matches=identifiers.PARTIAL_DATE_PATTERN),
            ),
            models.CheckConstraint(
                name="source_not_via_itself", condition=Q(via=None) | ~Q(via=F("id"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} via {self.via.name}" if self.via else self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row; a new one is an aggregator where its key says so."""
        if self._state.adding:
            self.is_aggregator |= is_initial_aggregator(self.key)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("source", args=[self.key])


class DetectionMethod(FoldedModel):
    """A detection method, by its name in the documents, with its PSI-MI term where known."""

    folded_field = "name"

    name = NameField(help_text="As the documents spell it; fixed once made.")
    psi_mi_id = models.CharField(
        "PSI-MI ID",
        max_length=7,
        unique=True,
        null=True,
        blank=True,
        validators=[RegexValidator(identifiers.PSI_MI_PATTERN, "Such as MI:0402.")],
    )
    identifies_participant_only = models.BooleanField(
        default=False,
        help_text=(
            "PSI-MI has it as a method of participant identification (western blot), not "
            "of interaction detection."
        ),
    )
    method_class = models.PositiveSmallIntegerField(
        "class",
        choices=[(each.value, each.label) for each in MethodClass],
        blank=True,
        help_text="What kind of observation it makes; left empty, what its name suggests.",
    )

    objects = DetectionMethodQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="method_name_given", condition=~Q(name="")),
            models.CheckConstraint(
                name="method_psi_mi_id",
                condition=Q(psi_mi_id=None) | Q(psi_mi_id__matches=identifiers.PSI_MI_PATTERN),
            ),
            models.CheckConstraint(
                name="method_class_known",
                condition=Q(method_class__in=[each.value for each in MethodClass]),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Fill what a form leaves empty before constraints are validated."""
        self._fill_class()
        super().clean()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row, with the class that its name suggests where none is given."""
        self._fill_class()
        super().save(*args, **kwargs)

    def _fill_class(self) -> None:
        given: object = self.method_class  # a form leaves an empty text
        if given in (None, ""):
            self.method_class = initial_class(self.name).value

    def get_absolute_url(self) -> str:
        return reverse("method", args=[self.psi_mi_id or self.name])

    @property
    def class_meaning(self) -> str:
        """What methods of its class observe, in a few words."""
        return MethodClass(self.method_class).meaning

    @property
    def class_mask(self) -> int:
        """Its class as a bit mask, as evidence has that of all its methods."""
        return MethodClass(self.method_class).bit


class Evidence(models.Model):
    """These databases, these methods, these publications, this scale; shared and immutable.

    Over a million interactions share a few thousand of them. To change what supports an
    interaction is to point it at another row, looked up or made. The
    counts are part of the content: they order tables by support without a join. The tier,
    method classes and number of independent databases follow from the content and from the
    vocabulary (`proteins.domain.tiers`), and are computed again when a curator changes that.
    """

    digest = models.CharField(max_length=64, unique=True, editable=False)
    small_scale = models.PositiveSmallIntegerField(
        "small-scale", choices=[(scale.value, scale.label) for scale in SmallScale]
    )
    sources = models.ManyToManyField(
        SourceDatabase, through="EvidenceSource", related_name="evidence"
    )
    methods = models.ManyToManyField(
        DetectionMethod, through="EvidenceMethod", related_name="evidence"
    )
    citations = models.ManyToManyField(
        Citation, through="EvidenceCitation", related_name="evidence"
    )
    source_count = models.PositiveIntegerField(editable=False)
    method_count = models.PositiveIntegerField(editable=False)
    citation_count = models.PositiveIntegerField(editable=False)
    tier = models.PositiveSmallIntegerField(
        choices=[(tier.value, tier.label) for tier in Tier], editable=False
    )
    #: The bits of `MethodClass`.
    method_classes = models.PositiveSmallIntegerField(editable=False)
    independent_sources = models.PositiveIntegerField(editable=False)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                name="evidence_small_scale_known",
                condition=Q(small_scale__in=[scale.value for scale in SmallScale]),
            ),
            models.CheckConstraint(
                name="evidence_tier_known", condition=Q(tier__in=[tier.value for tier in Tier])
            ),
        ]

    def __str__(self) -> str:
        sources = ", ".join(str(source) for source in self.sources.all()) or "no database"
        pmids = [str(citation.pmid) for citation in self.citations.all()]
        shown = ", ".join(pmids[:SHOWN_PMIDS]) or "no publication"
        more = f" and {len(pmids) - SHOWN_PMIDS} more" if len(pmids) > SHOWN_PMIDS else ""
        scale = self.get_small_scale_display()
        return f"{sources}; PMID {shown}{more}; small-scale: {scale}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to change a stored row; a new one is stored as usual."""
        if not self._state.adding:
            raise ValidationError("Evidence is shared and never changes; use another row.")
        super().save(*args, **kwargs)

    @property
    def tier_rule(self) -> str:
        """What its tier means, as a sentence."""
        return Tier(self.tier).rule

    @property
    def class_labels(self) -> list[str]:
        """The classes of its methods, each by its label."""
        return [each.label for each in classes_in(self.method_classes)]

    def content(self) -> EvidenceContent:
        """Return what this row says, from its links (prefetched or read now)."""
        return EvidenceContent.of(
            (source.key for source in self.sources.all()),
            (method.name for method in self.methods.all()),
            (citation.pmid for citation in self.citations.all()),
            SmallScale(self.small_scale),
        )


class EvidenceSource(models.Model):
    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="+", db_index=False)
    source = models.ForeignKey(SourceDatabase, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evidence", "source"], name="evidence_source_unique")
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id}: {self.source_id}"


class EvidenceMethod(models.Model):
    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="+", db_index=False)
    method = models.ForeignKey(DetectionMethod, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evidence", "method"], name="evidence_method_unique")
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id}: {self.method_id}"


class EvidenceCitation(models.Model):
    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="+", db_index=False)
    citation = models.ForeignKey(Citation, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["evidence", "citation"], name="evidence_citation_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id}: {self.citation_id}"
