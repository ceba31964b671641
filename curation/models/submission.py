"""What a curator read in one publication, proposed as a whole."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from proteins.domain.identifiers import MAX_PMID


class Submission(models.Model):
    """Proposals of one author for what one publication says, in one line of the inbox.

    Each row of it is a `Proposal` of its own, decided together with the others or by itself.
    """

    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="submissions")
    species = models.ForeignKey("proteins.Taxon", models.PROTECT, related_name="+")
    pmid = models.PositiveIntegerField("PubMed ID")
    reason = models.TextField(blank=True)
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="submission_pmid_possible", condition=Q(pmid__gte=1, pmid__lte=MAX_PMID)
            )
        ]

    def __str__(self) -> str:
        return f"Submission {self.pk}: PMID {self.pmid}"
