"""The terms of art of the public pages, defined once for Help and for the buttons beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Term:
    """A term with its definition; `key` is its anchor on the help page."""

    key: str
    name: str
    text: str


_TERMS: Final = (
    Term(
        "tf",
        "Transcription factor (TF)",
        "A protein that regulates the transcription of genes. A protein is called a TF if it has "
        "at least one target in TFLink, or if its source page describes it as one.",
    ),
    Term(
        "target",
        "Target",
        "A gene whose transcription a TF regulates. It is shown under the UniProt accession of "
        "its protein.",
    ),
    Term("regulator", "Regulator", "A TF that regulates the gene in question."),
    Term(
        "role",
        "Role",
        "Whether a protein is a TF, a target, or both. TFLink’s own files call this its function.",
    ),
    Term(
        "interaction",
        "Interaction",
        "A TF and one of its targets. The direction matters: GCN4 → HIS4 means that GCN4 "
        "regulates HIS4.",
    ),
    Term(
        "autoregulation",
        "Autoregulation",
        "A TF that regulates its own gene. It is counted once as regulator and once as target.",
    ),
    Term(
        "evidence",
        "Evidence",
        "The databases, detection methods and publications that report an interaction. TFLink’s "
        "sources do not link individual methods to individual publications.",
    ),
    Term(
        "statement",
        "Statement",
        "What one source reports of one interaction from one publication: method, effect and "
        "context belong together there, unlike in the evidence as a whole.",
    ),
    Term(
        "tier",
        "Support",
        "Four tiers that follow from the evidence by a fixed rule. Strong: a small-scale "
        "experiment, and two or more independent databases or primary publications. Supported: a "
        "small-scale experiment. Repeated: two or more independent databases or primary "
        "publications without a small-scale experiment. Single: the rest. A tier counts reports; "
        "it is not a probability.",
    ),
    Term(
        "small-scale",
        "Small-scale and large-scale",
        "A small-scale experiment examines one or a few interactions, such as an electrophoretic "
        "mobility shift assay. A large-scale experiment examines thousands at once, such as "
        "ChIP-seq. Small-scale evidence is usually more specific.",
    ),
    Term(
        "not-stated",
        "Not stated",
        "The source does not give the value. A scale that is not stated is not taken for "
        "large-scale, and never lowers the tier of support.",
    ),
    Term(
        "independent",
        "Independent databases",
        "A database that was imported through another one counts as itself, and an aggregator "
        "such as DoRothEA counts only where none of the databases behind it is named.",
    ),
    Term(
        "methods",
        "Method classes",
        "Detection methods are grouped into classes. The five squares of a row are, from left to "
        "right: binding in vivo, binding in vitro, expression, reporter, curated. A filled square "
        "means that a method of the class is reported.",
    ),
    Term(
        "publications",
        "Primary publications and database papers",
        "A primary publication reports an experiment. A database paper describes a source "
        "database; it is cited for every interaction imported from that database, is not evidence "
        "for a single interaction, and is never counted.",
    ),
    Term(
        "effect",
        "Effect",
        "Activation, repression, or both, where a source or a curator states it. Most sources "
        "report only that a TF regulates a gene; the effect is then unknown.",
    ),
    Term(
        "review",
        "Review",
        "Whether a curator has looked at an interaction: not reviewed, confirmed or disputed. "
        "Rejected interactions are not listed.",
    ),
    Term(
        "no-longer-reported",
        "No longer reported",
        "The latest import of a complete source lacks the interaction. It stays in TFLink with "
        "its earlier evidence.",
    ),
    Term(
        "ortholog",
        "Ortholog",
        "A gene of another species that descends from the same ancestral gene.",
    ),
    Term(
        "conservation",
        "Conservation",
        "Whether the orthologs of a TF and of its target are reported to interact in another "
        "species. It is testable only if both have an ortholog there and the TF’s ortholog has "
        "targets there. “Not reported” is no evidence of absence: most pairs have not been "
        "studied.",
    ),
    Term(
        "site",
        "Binding site",
        "A stretch of DNA that a TF binds, with its place in a genome assembly where the source "
        "gives one.",
    ),
    Term(
        "matrix",
        "JASPAR matrix",
        "A model of the DNA sequences that a TF binds, by its ID in the JASPAR database.",
    ),
    Term(
        "dataset",
        "Dataset",
        "A published collection of statements in one version, such as TRRUST v2, with its licence.",
    ),
    Term(
        "degree-adjusted",
        "Degree-adjusted q",
        "Well-studied genes are targets of many TFs. The degree-adjusted test compares the "
        "overlap with the number expected from how many targets the TF has and how many "
        "regulators each gene has, so that a list of well-studied genes is not significant for "
        "every TF.",
    ),
    Term(
        "expected",
        "Expected genes",
        "The number of genes of a list that a TF would regulate by chance, given its number of "
        "targets and the number of regulators of each gene.",
    ),
    Term(
        "source",
        "Source database",
        "A database from which TFLink imported interactions or binding sites, directly or through "
        "another database.",
    ),
    Term(
        "method",
        "Detection method",
        "The method by which an interaction was detected, with its term of the controlled "
        "vocabulary PSI-MI where there is one, such as MI:0402 for chromatin immunoprecipitation.",
    ),
    Term(
        "accession",
        "UniProt accession and NCBI gene ID",
        "The stable identifiers of a protein entry in UniProt, such as Q9UK53, and of a gene at "
        "NCBI, such as 3621. TFLink identifies proteins by accession; accessions that share a gene "
        "ID belong to one gene.",
    ),
    Term(
        "names",
        "Synonym, locus and former accession",
        "Other names of a protein or its gene, the systematic name of its locus, and accessions "
        "that UniProt has since merged or divided. A search for any of them leads to the protein.",
    ),
    Term(
        "position",
        "TFLink ID, assembly, strand and position",
        "A binding site has an identifier of TFLink’s own. Its position is that of its source, in "
        "a genome assembly such as hg38; the strand is + or − where the source states it.",
    ),
    Term(
        "context",
        "Network context",
        "Reverse regulation: the target regulates the TF. Intermediate regulators are regulated by "
        "the TF and regulate the target. Shared regulators regulate both.",
    ),
    Term(
        "loop",
        "Feed-forward loop",
        "Three proteins X, Y and Z: X regulates Y, and both regulate Z. It is coherent if X has "
        "the same effect on Z directly as through Y.",
    ),
    Term(
        "background",
        "Background",
        "The genes with which a list is compared. By default these are all genes that have a "
        "regulator in TFLink.",
    ),
    Term(
        "q-value",
        "q value",
        "The probability of as many targets in a list by chance, corrected for the number of TFs "
        "that were tested (Benjamini and Hochberg). The degree-adjusted value allows for the "
        "number of TFs of each gene; the hypergeometric value does not.",
    ),
    Term(
        "odds-ratio",
        "Odds ratio",
        "How many times higher the odds of being a target are within a list than outside it, with "
        "a confidence interval of 95 %.",
    ),
    Term(
        "curator",
        "Curator",
        "An expert who reviews, corrects and adds records of TFLink.",
    ),
    Term(
        "share-alike",
        "Share-alike",
        "A licence under which data may be redistributed only under the same licence. Such "
        "datasets are in separate files of a release.",
    ),
    Term(
        "release",
        "Release",
        "A fixed snapshot of all public data. Files in a release never change.",
    ),
)
#: Terms by key, in the order of the help page.
GLOSSARY: Final = {term.key: term for term in _TERMS}
