"""All accessions, a stretch at a time."""

from __future__ import annotations

from django.db.models import QuerySet

from proteins.models import Protein


def accessions_from(first: str) -> QuerySet[Protein, str]:
    """Accessions in order from `first` on, read from their index alone."""
    return (
        Protein.objects.filter(accession__gte=first)
        .order_by("accession")
        .values_list("accession", flat=True)
    )
