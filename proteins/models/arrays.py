from __future__ import annotations

from django.db import models
from django.utils import timezone


class SpeciesArrays(models.Model):
    """Where the interactions of a species are as arrays, for questions about lists of genes.

    Files in the data folder, under a random token: a database reads those only whose token it
    holds, so that a second database in the same folder never reads the first one's. What has
    changed under later numbers than `change_number` is laid over them by whoever reads them.
    Hosts that share a database, and no folder, have a row each.
    """

    taxon = models.ForeignKey("proteins.Taxon", models.CASCADE, related_name="+")
    token = models.CharField(max_length=43, unique=True)
    change_number = models.PositiveBigIntegerField()
    rows = models.PositiveBigIntegerField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "species arrays"

    def __str__(self) -> str:
        return f"{self.rows:,} interactions of {self.taxon}"
