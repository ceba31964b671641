"""What curators say publicly of an interaction that they reviewed, and their list of reasons."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from proteins.models import rules
from proteins.models.change import ChangeSet
from proteins.models.interaction import Interaction
from proteins.models.names import FoldedModel, NameField


class ReviewReason(FoldedModel):
    """A reason of reviews, in words that readers see."""

    folded_field = "name"

    name = NameField(help_text="As readers see it, such as “not reproduced”; fixed once made.")
    meaning = models.CharField(
        max_length=300, blank=True, help_text="For colleagues: when to choose it."
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="review_reason_name_given", condition=~Q(name=""))
        ]

    def __str__(self) -> str:
        return self.name


class Review(models.Model):
    """The review that an interaction has its status from, where that has a change number.

    All but the change, whose reason is the desk's own, is public. An unreviewed interaction
    has none.
    """

    interaction = models.OneToOneField(
        Interaction, models.CASCADE, primary_key=True, related_name="review"
    )
    reason = models.ForeignKey(
        ReviewReason, models.PROTECT, null=True, blank=True, related_name="reviews"
    )
    text = models.TextField("public reason", blank=True)
    pmid = models.PositiveIntegerField(
        "PubMed ID", null=True, blank=True, validators=[rules.validate_pmid]
    )
    #: Under which it was given: by whom, when, and with which private reason.
    change = models.ForeignKey(ChangeSet, models.PROTECT, editable=False, related_name="+")

    class Meta:
        verbose_name = "review"

    def __str__(self) -> str:
        return f"review of interaction {self.interaction_id}"

    @property
    def says_something(self) -> bool:
        """Whether it says why."""
        return bool(self.reason_id or self.text or self.pmid)
