"""Which document says what of interactions: shared, immutable rows, as those of evidence are."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from proteins.domain.support import Role, SupportContent
from proteins.models.evidence import Evidence


class Support(models.Model):
    """What documents, statements and a curator say of an interaction, by role.

    `evidence` is what follows from it (`SupportContent.evidence`) and what every interaction
    with this support has.
    """

    digest = models.CharField(max_length=64, unique=True, editable=False)
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="supports")

    class Meta:
        verbose_name_plural = "support"

    def __str__(self) -> str:
        return f"support {self.pk}"

    def content(self) -> SupportContent:
        """Return what this row says, from its parts (prefetched or read now)."""
        return SupportContent.of(
            {Role(part.role): part.evidence.content() for part in self.parts.all()}
        )


class SupportPart(models.Model):
    """What one role says."""

    support = models.ForeignKey(Support, models.CASCADE, related_name="parts", db_index=False)
    role = models.PositiveSmallIntegerField(choices=[(role.value, role.label) for role in Role])
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["support", "role"]
        constraints = [
            models.UniqueConstraint(fields=["support", "role"], name="supportpart_role_unique"),
            models.CheckConstraint(
                name="supportpart_role_known", condition=Q(role__in=[role.value for role in Role])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.support_id}: {self.get_role_display()}"
