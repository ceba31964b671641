"""What each column of the tables of interactions and binding sites means."""

from __future__ import annotations

from typing import Final

MEANINGS: Final = {
    "UniprotID.TF": "UniProt accession of the TF.",
    "UniprotID.Target": "UniProt accession of the target.",
    "NCBI.GeneID.TF": "NCBI gene IDs of the TF.",
    "NCBI.GeneID.Target": "NCBI gene IDs of the target.",
    "Name.TF": "Name of the TF.",
    "Name.Target": "Name of the target.",
    "Detection.method": "Names of the detection methods.",
    "PubmedID": "PubMed IDs of the publications.",
    "Organism": "Scientific name of the TF's species.",
    "Source.database": "Keys of the source databases.",
    "Small-scale.evidence": "Yes, No, or a hyphen where it is not stated.",
    "TF.TFLink.ortho": "Orthologs of the TF that TFLink has, as species:identifier.",
    "TF.nonTFLink.ortho": "Other orthologs of the TF.",
    "Target.TFLink.ortho": "Orthologs of the target that TFLink has.",
    "Target.nonTFLink.ortho": "Other orthologs of the target.",
    "Effect": "What the TF does to the expression of the target.",
    "Review.status": "A curator's verdict.",
    "Review.reason": "Why a curator gave that verdict: a reason of a short list, or a hyphen.",
    "Review.text": "The same in a curator's words, or a hyphen.",
    "Review.PubmedID": "PubMed ID of the publication that the verdict rests on, or a hyphen.",
    "Reporting": "Whether the sources still report it.",
    "Support.tier": "Tier of support: strong, supported, repeated or single.",
    "Method.classes": "Classes of the detection methods.",
    "TFLinkID": "TFLink ID of the site.",
    "Assembly": "Genome assembly.",
    "Chromosome": "Chromosome.",
    "Start": "Start in base pairs, as its source counts.",
    "End": "End in base pairs, as its source counts.",
    "Strand": "Strand, + or -.",
    "Overlapping.sites": "How many other sites it overlaps, as TFLink counted.",
    "Sequence": "DNA in IUPAC codes.",
    "Counting": "How its source counts: 0-based (the end not included), 1-based (both ends "
    "included) or not known.",
}
#: Of the nodes of CX2 and GraphML.
NODE_MEANINGS: Final = {
    "name": "Name of the protein, or its UniProt accession where it has none.",
    "represents": "UniProt accession as a compact identifier: uniprot:P03069.",
    "accession": "UniProt accession. SIF names nodes by it.",
    "role": "centre (in the network of a protein), regulator, target, both, or further.",
    "organism": "Scientific name of the species; not in the network of a protein.",
    "ncbi_taxon_id": "NCBI taxonomy ID; not in the network of a protein.",
    "gene_ids": "NCBI gene IDs, if any; not in the network of a protein.",
}
#: Of their edges, each of which goes from the TF to its target.
EDGE_MEANINGS: Final = {
    "interaction": "regulates, activates, represses or activates-and-represses, as in SIF.",
    "effect": "Effect of the TF on the expression of the target.",
    "tier": MEANINGS["Support.tier"],
    "small_scale": "Whether a small-scale experiment supports it: yes, no or not stated.",
    "publications": "Number of publications, database papers included.",
    "databases": "Number of source databases.",
    "review_status": MEANINGS["Review.status"],
    "review_reason": "Reason for that verdict, if any.",
    "reporting": MEANINGS["Reporting"],
}
