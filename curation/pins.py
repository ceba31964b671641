"""Pins: which fields a curator has spoken on, and what the source said at that time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User

from curation.importing.planned import SITE_FIELDS
from curation.importing.three_way import evidence_as_json
from curation.models import Pin, RecordKind
from proteins.models import BindingSite, Interaction, Protein

PROTEIN_FIELDS = ("name", "declared_tf", "declared_target", "declared_interactions")

#: The fields of each kind of record that documents speak of, and curators may pin.
PINNABLE: Mapping[str, frozenset[str]] = {
    RecordKind.PROTEIN: frozenset({*PROTEIN_FIELDS, "gene_ids", "jaspar_matrices", "orthologs"}),
    RecordKind.INTERACTION: frozenset({"evidence"}),
    RecordKind.BINDING_SITE: frozenset({*SITE_FIELDS, "evidence"}),
}


def protein_values(protein: Protein) -> dict[str, Any]:
    """Return what documents may say of a protein, as pins keep it; read from the database."""
    orthologs = protein.orthologs.values_list("taxon__scientific_name", "identifier", "in_tflink")
    return {
        **{name: getattr(protein, name) for name in PROTEIN_FIELDS},
        "gene_ids": sorted(protein.gene_ids.values_list("ncbi_gene_id", flat=True)),
        "jaspar_matrices": sorted(protein.jaspar_matrices.values_list("matrix_id", flat=True)),
        "orthologs": sorted(list(ortholog) for ortholog in orthologs),
    }


def interaction_values(interaction: Interaction) -> dict[str, Any]:
    return {"evidence": evidence_as_json(interaction.evidence.content())}


def site_values(site: BindingSite) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(site, name) for name in SITE_FIELDS}
    return {**values, "evidence": evidence_as_json(site.evidence.content())}


def pin_changes(
    *,
    kind: RecordKind,
    record_id: int,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    user: User | None,
) -> None:
    """Pin each field that a curator changed, with the value that stood there before.

    A field that is pinned already keeps what its source gave; where the curator returns to
    just that, the pin goes. The caller holds the transaction.
    """
    for name in before:
        if before[name] == after[name]:
            continue
        pin = Pin.objects.filter(kind=kind, record_id=record_id, field=name).first()
        if pin is None:
            Pin.objects.create(
                kind=kind,
                record_id=record_id,
                field=name,
                source_value=before[name],
                pinned_by=user,
            )
        elif pin.source_value == after[name]:
            pin.delete()
