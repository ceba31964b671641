from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from proteins.models.names import FoldedModel, NameField
from proteins.models.querysets import TaxonQuerySet


class Taxon(FoldedModel):
    """A species, by NCBI taxon ID; `code` is TFLink's two letters for it (`Hs`).

    Its other names are rows of `TaxonName`.
    """

    folded_field = "scientific_name"

    ncbi_taxon_id = models.PositiveIntegerField("NCBI taxon ID", unique=True)
    scientific_name = NameField()
    code = models.CharField(
        max_length=2,
        unique=True,
        validators=[RegexValidator(r"^[A-Z][a-z]\Z", "Two letters, such as Hs.")],
    )

    objects = TaxonQuerySet.as_manager()

    class Meta:
        ordering = ["scientific_name"]
        verbose_name_plural = "taxa"
        constraints = [
            models.CheckConstraint(
                name="taxon_code_two_letters", condition=Q(code__matches=r"^[A-Z][a-z]\Z")
            ),
            models.CheckConstraint(name="taxon_id_positive", condition=Q(ncbi_taxon_id__gt=0)),
        ]

    def __str__(self) -> str:
        return self.scientific_name

    def get_absolute_url(self) -> str:
        return reverse("species", args=[self.code])

    def clean(self) -> None:
        super().clean()
        alias = TaxonName.objects.filter(fold=self.fold).exclude(taxon=self.pk).first()
        if alias is not None:
            raise ValidationError({"scientific_name": f"{alias.taxon} has {alias} as a name."})


class TaxonName(FoldedModel):
    """Another name of a species: a synonym, a strain, a common name, or the NCBI taxon ID of
    a strain, in digits. Documents and queries may use it; what is stored is the species."""

    folded_field = "name"

    taxon = models.ForeignKey(Taxon, models.CASCADE, related_name="names")
    name = NameField(help_text="Such as a strain, a synonym or a common name.")

    class Meta:
        ordering = ["id"]
        verbose_name = "other name"

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        is_meant = Q(fold=self.fold) | Q(code=self.fold.capitalize())
        if self.fold.isascii() and self.fold.isdigit() and len(self.fold) < 10:
            is_meant |= Q(ncbi_taxon_id=int(self.fold))
        species = Taxon.objects.exclude(pk=self.taxon_id).filter(is_meant)
        if (existing := species.first()) is not None:
            raise ValidationError({"name": f"{self.name} is a name of {existing}."})
