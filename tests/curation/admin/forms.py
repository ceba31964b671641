"""Addresses and forms of the admin's pages."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from proteins.models import (
    Interaction,
    Protein,
)


def page(model: str, kind: str, *args: object) -> str:
    return reverse(f"admin:proteins_{model}_{kind}", args=args)


def save(curator: Client, address: str, data: dict[str, Any]) -> None:
    answer = curator.post(address, data)
    assert answer.status_code == 302, answer.context["errors"]


def form_of(interaction: Interaction, **changes: object) -> dict[str, object]:
    return {
        "evidence": interaction.evidence_id,
        "effect": interaction.effect,
        "status": interaction.status,
        **changes,
    }


def inlines(protein: Protein, **changes: object) -> dict[str, object]:
    """The form of a protein's page as it stands, with `changes`."""
    data: dict[str, object] = {"name": protein.name}
    for prefix in ("gene_ids", "jaspar_matrices", "orthologs"):
        rows = list(getattr(protein, prefix).all())
        data |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": len(rows)}
        for number, row in enumerate(rows):
            data |= {f"{prefix}-{number}-id": row.pk, f"{prefix}-{number}-protein": protein.pk}
            for field in ("ncbi_gene_id", "matrix_id", "identifier", "taxon_id"):
                if hasattr(row, field):
                    name = field.removesuffix("_id") if field == "taxon_id" else field
                    data[f"{prefix}-{number}-{name}"] = getattr(row, field)
    return data | changes
