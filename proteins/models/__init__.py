"""What is known: proteins, interactions, what supports them. The public face of the models."""

from proteins.models.arrays import SpeciesArrays
from proteins.models.binding_site import BindingSite, FormerSiteID, Strand
from proteins.models.change import (
    ChangeKind,
    ChangeSet,
    Gone,
    GoneReason,
    changed_at,
)
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
from proteins.models.protein import (
    TIER_COUNTERS,
    GeneID,
    JasparMatrix,
    Ortholog,
    Protein,
    SecondaryAccession,
)
from proteins.models.protein_names import (
    AccessionFate,
    CrossReference,
    GeneIDFate,
    NameSource,
    ProteinName,
)
from proteins.models.reading import read_connection
from proteins.models.review import Review, ReviewReason
from proteins.models.statement import Dataset, Statement
from proteins.models.support import Support, SupportPart
from proteins.models.taxon import Taxon, TaxonName

__all__ = [
    "TIER_COUNTERS",
    "AccessionFate",
    "BindingSite",
    "ChangeKind",
    "ChangeSet",
    "Citation",
    "CrossReference",
    "Dataset",
    "DetectionMethod",
    "Effect",
    "Evidence",
    "EvidenceCitation",
    "EvidenceMethod",
    "EvidenceSource",
    "FormerSiteID",
    "GeneID",
    "GeneIDFate",
    "Gone",
    "GoneReason",
    "Interaction",
    "JasparMatrix",
    "Matches",
    "NameSource",
    "Ortholog",
    "Protein",
    "ProteinName",
    "PubMedStatus",
    "Reporting",
    "Review",
    "ReviewReason",
    "ReviewStatus",
    "SecondaryAccession",
    "SourceDatabase",
    "SpeciesArrays",
    "Statement",
    "Strand",
    "Support",
    "SupportPart",
    "Taxon",
    "TaxonName",
    "changed_at",
    "read_connection",
]
