"""Answers about lists of genes that readers store for a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import models
from django.utils import timezone

#: How long a result is stored.
RETENTION: Final = timedelta(days=90)


class StoredResult(models.Model):
    """A question about a list of genes with its answer, as it was at one moment.

    Whoever has the token may read and delete it. The token itself is not in the database: its
    SHA-256 is, so that neither a backup nor the desk opens a result.
    """

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    question = models.CharField(max_length=40, editable=False)
    #: JSON, compressed.
    content = models.BinaryField(editable=False)
    size = models.PositiveIntegerField("bytes", editable=False)
    #: For the desk, which shows no more of a list than that; results of before lack both.
    species = models.CharField(max_length=200, blank=True, db_default="", editable=False)
    genes = models.PositiveIntegerField("genes given", null=True, editable=False)
    created_at = models.DateTimeField("stored", default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-id"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"result {self.pk}"

    @property
    def expires_at(self) -> datetime:
        return self.created_at + RETENTION
