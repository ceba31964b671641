"""What is known: proteins, interactions, what supports them. The public face of the models."""

from proteins.models.binding_site import BindingSite, Strand
from proteins.models.evidence import (
    Citation,
    DetectionMethod,
    Evidence,
    EvidenceCitation,
    EvidenceMethod,
    EvidenceSource,
    PubMedStatus,
    SourceDatabase,
)
from proteins.models.interaction import Effect, Interaction, Reporting, ReviewStatus
from proteins.models.matches import Matches
from proteins.models.protein import GeneID, JasparMatrix, Ortholog, Protein, SecondaryAccession
from proteins.models.taxon import Taxon

__all__ = [
    "BindingSite",
    "Citation",
    "DetectionMethod",
    "Effect",
    "Evidence",
    "EvidenceCitation",
    "EvidenceMethod",
    "EvidenceSource",
    "GeneID",
    "Interaction",
    "JasparMatrix",
    "Matches",
    "Ortholog",
    "Protein",
    "PubMedStatus",
    "Reporting",
    "ReviewStatus",
    "SecondaryAccession",
    "SourceDatabase",
    "Strand",
    "Taxon",
]
