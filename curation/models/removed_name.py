"""Names that curators removed: imports do not bring them back."""

from __future__ import annotations

from django.db import models

from proteins.domain.names import MAX_NAME_LENGTH
from proteins.models import NameSource, Protein, ProteinName
from proteins.models.names import NameField


class RemovedName(models.Model):
    """A name as its source states it, which a curator holds to be wrong.

    It is what the row of `ProteinName` was, so that adding the name again restores its source.
    """

    protein = models.ForeignKey(Protein, models.CASCADE, related_name="+")
    kind = models.PositiveSmallIntegerField(choices=ProteinName.Kind)
    text = NameField(max_length=MAX_NAME_LENGTH)
    source = models.ForeignKey(NameSource, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text
