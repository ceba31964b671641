from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse


class Taxon(models.Model):
    """A species, by NCBI taxon ID; `code` is TFLink's two letters for it (`Hs`)."""

    ncbi_taxon_id = models.PositiveIntegerField("NCBI taxon ID", unique=True)
    scientific_name = models.CharField(max_length=100, unique=True)
    code = models.CharField(
        max_length=2,
        unique=True,
        validators=[RegexValidator(r"^[A-Z][a-z]\Z", "Two letters, such as Hs.")],
    )

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
