"""What a protein's page shows, read in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from proteins import identifiers
from proteins.models import GeneID, Interaction, Ortholog, Protein
from proteins.tables import (
    Folded,
    InteractionTable,
    SiteTable,
    Vocabulary,
    folded,
    interaction_table,
    site_table,
)


@dataclass(frozen=True)
class OrthologRow:
    ortholog: Ortholog
    #: Whether the protein is here, so that its page can be linked to.
    is_ours: bool
    #: Whether it is at least an accession, so that UniProt can be linked to.
    is_accession: bool


@dataclass(frozen=True)
class ProteinPage:
    protein: Protein
    gene_ids: Folded[GeneID]
    orthologs: list[OrthologRow]
    regulates_itself: bool
    targets: InteractionTable
    tfs: InteractionTable
    sites: SiteTable

    @classmethod
    def read(cls, protein: Protein, query: QueryDict, path: str) -> ProteinPage:
        vocabulary = Vocabulary.read()
        return cls(
            protein,
            folded(protein.gene_ids.all()),
            [
                OrthologRow(
                    ortholog,
                    ortholog.is_ours,
                    identifiers.is_accession(ortholog.identifier),
                )
                for ortholog in protein.orthologs.with_protein()
            ],
            Interaction.objects.public().of_itself(protein).exists(),
            interaction_table(protein, "targets", query, path, vocabulary),
            interaction_table(protein, "tfs", query, path, vocabulary),
            site_table(protein, query, path),
        )
