"""Named reads of statements and datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, cast

from django.db import models

from proteins.models.querysets.evidence import model

if TYPE_CHECKING:
    from proteins.models import Citation, Dataset, Interaction, Statement
    from proteins.models.querysets import InteractionQuerySet


class DatasetQuerySet(models.QuerySet["Dataset"]):
    def with_source(self) -> Self:
        return self.select_related("source")


class StatementQuerySet(models.QuerySet["Statement"]):
    def public(self) -> Self:
        """Those of interactions that the public sees: the few others are looked up, instead of
        the interaction of each statement."""
        interactions = cast("InteractionQuerySet", model("Interaction")._default_manager.all())
        return self.exclude(interaction__in=interactions.rejected().values("pk"))

    def with_details(self) -> Self:
        """Each with what is shown of it, in a fixed number of queries."""
        return self.select_related(
            "interaction__tf", "interaction__target", "dataset__source", "citation", "method"
        )

    def of_interaction(self, interaction: Interaction) -> Self:
        """Those of one interaction as its page lists them: the active ones first."""
        return self.filter(interaction=interaction).with_details().order_by("state", "id")

    def of_citation(self, citation: Citation) -> Self:
        """Those that rest on a publication, as its page lists them: the active ones first."""
        stated = self.public().filter(citation=citation)
        return stated.with_details().order_by("state", "id")
