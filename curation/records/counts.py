"""Counters of proteins, updated with their interactions."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, F

from proteins.models import Interaction, Protein


def count_interaction(interaction: Interaction, amount: int) -> None:
    """Add `amount` to the counts of both proteins (one may be both)."""
    changes = [(interaction.tf_id, "target_count"), (interaction.target_id, "tf_count")]
    # In one order everywhere, so that two writers never wait for each other's row.
    for protein, field in sorted(changes):
        Protein.objects.filter(pk=protein).update(**{field: F(field) + amount})


def recount(protein_ids: Iterable[int]) -> None:
    """Count the interactions of these proteins again, rejected ones left out."""
    for protein in sorted(set(protein_ids)):
        public = Interaction.objects.public()
        Protein.objects.filter(pk=protein).update(
            target_count=public.filter(tf=protein).aggregate(n=Count("pk"))["n"],
            tf_count=public.filter(target=protein).aggregate(n=Count("pk"))["n"],
        )
