"""The mirror of the page "Using the API", as its recipe has it, and what it should be equal to."""

from __future__ import annotations

import io
import urllib.request
from typing import Any
from unittest.mock import patch

from django.test import Client

from proteins.api.schema.using import RECIPES
from proteins.domain.methods import MethodClass
from proteins.models import DetectionMethod, Interaction, Protein

Records = dict[str, dict[str, Any]]
_STORED = "mirror, number ="


class Mirror:
    """A copy that the recipe brings up to date each time it is read."""

    def __init__(self, page_size: int = 1_000) -> None:
        lines = (RECIPES / "mirror.py").read_text(encoding="utf-8").splitlines()
        (begin,) = (line for line in lines if line.startswith(_STORED))
        self._code = "\n".join(line for line in lines if line != begin)
        self._code = self._code.replace("page_size=1000", f"page_size={page_size}")
        self._names: dict[str, Any] = {}
        exec(begin, self._names)

    def read(self) -> None:
        client = Client()

        def urlopen(url: str) -> io.BytesIO:
            response = client.get(url, headers={"host": "testserver"})
            assert response.status_code == 200, response.content
            return io.BytesIO(response.content)

        with patch.object(urllib.request, "urlopen", urlopen), patch("builtins.print"):
            exec(self._code, self._names)

    @property
    def records(self) -> Records:
        records: Records = self._names["mirror"]
        return records

    @property
    def number(self) -> int:
        number: int = self._names["number"]
        return number


def database() -> Records:
    """What a mirror holds, read from the database."""
    return {
        "protein": {protein.accession: _protein(protein) for protein in Protein.objects.all()},
        "interaction": {row.key: _interaction(row) for row in Interaction.objects.public()},
    }


def _protein(protein: Protein) -> dict[str, Any]:
    orthologs = protein.orthologs.values_list("taxon__ncbi_taxon_id", "identifier", "in_tflink")
    return {
        "accession": protein.accession,
        "name": protein.name or None,
        "taxon": protein.taxon.ncbi_taxon_id,
        "declared_tf": protein.declared_tf,
        "declared_target": protein.declared_target,
        "declared_interactions": protein.declared_interactions,
        "gene_ids": sorted(protein.gene_ids.values_list("ncbi_gene_id", flat=True)),
        "jaspar_matrices": sorted(protein.jaspar_matrices.values_list("matrix_id", flat=True)),
        "orthologs": [
            {"taxon": taxon, "identifier": identifier, "in_tflink": listed}
            for taxon, identifier, listed in sorted(orthologs)
        ],
        "secondary_accessions": sorted(
            protein.secondary_accessions.values_list("accession", flat=True)
        ),
    }


def _interaction(interaction: Interaction) -> dict[str, Any]:
    content = interaction.evidence.content()
    methods = DetectionMethod.objects.filter(name__in=content.methods)
    classes = methods.values_list("method_class", flat=True)
    return {
        "id": interaction.key,
        "tf": interaction.tf.accession,
        "target": interaction.target.accession,
        "effect": interaction.get_effect_display(),
        "status": interaction.get_status_display(),
        "reporting": interaction.get_reporting_display(),
        "small_scale": content.small_scale.label,
        "sources": list(content.sources),
        "methods": list(content.methods),
        "publications": list(content.pmids),
        "tier": interaction.evidence.get_tier_display(),
        "method_classes": [MethodClass(number).label for number in sorted(set(classes))],
    }
