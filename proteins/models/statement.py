"""What one source says of one interaction, and the sources' datasets."""

from __future__ import annotations

from typing import Final

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from proteins.domain import identifiers, statements
from proteins.domain.evidence import SmallScale
from proteins.domain.statements import Basis, Sign, StatementContent, StatementState
from proteins.models import rules
from proteins.models.change import change_field
from proteins.models.evidence import Citation, DetectionMethod, Evidence, SourceDatabase
from proteins.models.interaction import Interaction
from proteins.models.names import FoldedModel, NameField
from proteins.models.querysets import DatasetQuerySet, StatementQuerySet

#: How many characters of its key tell a statement from the others of its interaction.
SHORT_KEY: Final = 8
_SCALES = [(scale.value, scale.label) for scale in SmallScale]
_BASES = [(basis.value, basis.label) for basis in Basis]


class Dataset(FoldedModel):
    """A file of statements, by the name that it keeps from version to version.

    `source` is the database that its statements name as theirs; what is curated here has none.
    """

    folded_field = "name"

    name = NameField()
    source = models.ForeignKey(
        SourceDatabase,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="datasets",
        help_text="The database that states it; none for what is curated here.",
    )
    version = NameField(blank=True, help_text="Of the file that was imported last.")
    version_date = models.CharField(
        "date of the version", max_length=10, blank=True, validators=[rules.validate_partial_date]
    )
    licence = models.CharField(max_length=200, blank=True, help_text="Such as CC BY 4.0.")
    licence_url = models.URLField("licence address", blank=True)
    is_share_alike = models.BooleanField(
        "share-alike",
        default=False,
        help_text="Whoever passes it on does so under the same licence.",
    )
    default_scale = models.PositiveSmallIntegerField(
        "small-scale", choices=_SCALES, default=SmallScale.NOT_STATED.value
    )
    default_basis = models.PositiveSmallIntegerField(
        "basis of effects", choices=_BASES, default=Basis.STATED.value
    )

    objects = DatasetQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="dataset_name_given", condition=~Q(name="")),
            models.CheckConstraint(
                name="dataset_version_date_form",
                condition=Q(version_date="")
                | Q(version_date__matches=identifiers.PARTIAL_DATE_PATTERN),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("dataset", args=[self.pk])


class Statement(models.Model):
    """What one dataset says of one interaction: a paper, a method, an effect, its context."""

    interaction = models.ForeignKey(
        Interaction, models.PROTECT, related_name="statements", db_index=False
    )
    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="statements")
    key = models.CharField(max_length=32, editable=False)
    source_id = models.CharField(
        "ID at the source", max_length=statements.MAX_SOURCE_ID, blank=True
    )
    citation = models.ForeignKey(
        Citation, models.PROTECT, null=True, blank=True, related_name="statements"
    )
    method = models.ForeignKey(
        DetectionMethod, models.PROTECT, null=True, blank=True, related_name="statements"
    )
    eco = models.CharField(
        "evidence code",
        max_length=11,
        blank=True,
        validators=[RegexValidator(statements.ECO_PATTERN, "Such as ECO:0000096.")],
    )
    effect = models.PositiveSmallIntegerField(
        choices=[(sign.value, sign.name.lower()) for sign in Sign], default=Sign.UNKNOWN.value
    )
    basis = models.PositiveSmallIntegerField(choices=_BASES, null=True, blank=True)
    small_scale = models.PositiveSmallIntegerField(
        "small-scale", choices=_SCALES, default=SmallScale.NOT_STATED.value
    )
    cell_line = models.CharField(max_length=statements.MAX_CONTEXT, blank=True)
    tissue = models.CharField(max_length=statements.MAX_CONTEXT, blank=True)
    condition = models.CharField(max_length=statements.MAX_CONTEXT, blank=True)
    quotation = models.CharField(max_length=statements.MAX_QUOTATION, blank=True)
    #: Copied, so that they outlive the account.
    curator = models.CharField(max_length=150, blank=True)
    orcid = models.CharField(
        "ORCID",
        max_length=19,
        blank=True,
        validators=[RegexValidator(identifiers.ORCID_PATTERN, "Such as 0000-0002-1825-0097.")],
    )
    #: What it adds to the support of its interaction.
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="statements")
    state = models.PositiveSmallIntegerField(
        choices=[(state.value, state.label) for state in StatementState],
        default=StatementState.ACTIVE.value,
    )
    state_reason = models.TextField("why it is retracted", blank=True, help_text="Readers see it.")
    change = change_field()

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["interaction", "id"]
        indexes = [
            models.Index(fields=["effect"], name="statement_effect"),
            # Nearly all are active.
            models.Index(
                fields=["state"],
                name="statement_not_active",
                condition=~Q(state=StatementState.ACTIVE.value),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["interaction", "key"], name="statement_unique"),
            models.CheckConstraint(
                name="statement_effect_known",
                condition=Q(effect__in=[sign.value for sign in Sign]),
            ),
            models.CheckConstraint(
                name="statement_effect_has_basis",
                condition=Q(effect=Sign.UNKNOWN.value, basis=None)
                | (~Q(effect=Sign.UNKNOWN.value) & Q(basis__in=[basis.value for basis in Basis])),
            ),
            models.CheckConstraint(
                name="statement_eco_form",
                condition=Q(eco="") | Q(eco__matches=statements.ECO_PATTERN),
            ),
            models.CheckConstraint(
                name="statement_orcid_form",
                condition=Q(orcid="") | Q(orcid__matches=identifiers.ORCID_PATTERN),
            ),
            models.CheckConstraint(
                name="statement_small_scale_known",
                condition=Q(small_scale__in=[scale.value for scale in SmallScale]),
            ),
            models.CheckConstraint(
                name="statement_state_known",
                condition=Q(state__in=[state.value for state in StatementState]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} on {self.interaction}"

    def get_absolute_url(self) -> str:
        return f"{self.interaction.get_absolute_url()}#statement-{self.key[:SHORT_KEY]}"

    def content(self) -> StatementContent:
        """Return what it says, as a value."""
        return StatementContent(
            source_id=self.source_id,
            pmid=self.citation.pmid if self.citation else None,
            method=self.method.name if self.method else "",
            eco=self.eco,
            effect=Sign(self.effect),
            basis=None if self.basis is None else Basis(self.basis),
            small_scale=SmallScale(self.small_scale),
            cell_line=self.cell_line,
            tissue=self.tissue,
            condition=self.condition,
            quotation=self.quotation,
        )

    @property
    def public_id(self) -> str:
        """The public identifier: that of its interaction, and its key."""
        return f"{self.interaction.key}-{self.key}"

    @property
    def short_key(self) -> str:
        return self.key[:SHORT_KEY]
