"""The tables of a protein's page as files: all rows, as filtered and sorted.

TSV has a header, one line a row, values as they are (a tab or line break in one becomes a
space), lists joined by `;`, nothing for what is not stated. CSV has the same columns, for
spreadsheets (`proteins.exports.cells`).

Interactions (`targets`, `tfs`), the TF first whichever of the two the page is of:
    interaction           TF-TARGET by accession, the public identifier
    tf, tf_name, tf_gene_ids, target, target_name, target_gene_ids
                          accession, name, NCBI gene IDs
    databases, methods    as the documents spell them
    primary_pmids         PubMed IDs of primary publications
    database_pmids        PubMed IDs of the databases' own papers, which say which database
                          supports the row, and not which experiment
    small_scale           yes, no, not stated
    effect                unknown, activation, repression, both
    status                unreviewed, confirmed, disputed
    reporting             reported, no longer reported, added by a curator
    tier                  strong, supported, repeated, single: the tier of support
    method_classes        classes of the detection methods

Binding sites (`sites`):
    tflink_id, tf, tf_name, assembly, chromosome, start, end, strand
                          positions as the sources give them
    databases, methods, primary_pmids, database_pmids, small_scale
                          as above
    overlapping_sites     how many other sites overlap it, as TFLink counted them
    sequence
    counting              how the source counts positions: 0-based, 1-based, not known
    tier, method_classes  as above

Binding sites as BED (6+1 columns; sites without a place are left out): comments, then chromosome,
start and end (counted from 0, whatever the source; the comments say what is assumed), TFLink ID,
score (always 0), strand (`.` where it is not stated), assembly.

Orthologs: protein, species, ncbi_taxon_id, ortholog (mostly a UniProt accession), in_tflink
(whether TFLink lists it as a protein of its own: yes, no).

Publications, the most-citing first: pmid, title, authors, journal, year, doi, kind (primary,
database paper), retracted (yes, no), interactions (how many of the protein's it supports).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, TypeVar

from proteins.domain.binding_sites import bed_interval, convention_of, counting_of
from proteins.exports.sites import BED_COMMENTS
from proteins.models import BindingSite, Effect, Ortholog, Protein
from proteins.queries.evidence import EvidenceFacts, Vocabulary, read_evidence
from proteins.queries.interaction_rows import InteractionRow, genes_of, read_rows, stored_sites
from proteins.queries.protein_publications import SupportingPaper, papers
from proteins.queries.protein_summary import Cited, Tally
from proteins.site.protein.table_choice import InteractionChoice, SiteChoice

#: Rows that are read, and sent, at once: what is held in memory does not grow with a table.
BATCH: Final = 1000

Item = TypeVar("Item")
Rows = list[Sequence[Any]]

_SUPPORT: Final = ("databases", "methods", "primary_pmids", "database_pmids", "small_scale")
#: What follows from the support and the vocabulary.
_DERIVED: Final = ("tier", "method_classes")
INTERACTIONS: Final = (
    "interaction",
    "tf",
    "tf_name",
    "tf_gene_ids",
    "target",
    "target_name",
    "target_gene_ids",
    *_SUPPORT,
    "effect",
    "status",
    "reporting",
    *_DERIVED,
)
SITES: Final = (
    "tflink_id",
    "tf",
    "tf_name",
    "assembly",
    "chromosome",
    "start",
    "end",
    "strand",
    *_SUPPORT,
    "overlapping_sites",
    "sequence",
    "counting",
    *_DERIVED,
)
ORTHOLOGS: Final = ("protein", "species", "ncbi_taxon_id", "ortholog", "in_tflink")
PUBLICATIONS: Final = (
    "pmid",
    "title",
    "authors",
    "journal",
    "year",
    "doi",
    "kind",
    "retracted",
    "interactions",
)


def interactions(protein: Protein, choice: InteractionChoice) -> Iterator[Rows]:
    genes = genes_of([protein.pk]).get(protein.pk, ())
    own = (protein.accession, protein.name, genes)
    keys = choice.rows.values_list("pk", flat=True).iterator(chunk_size=BATCH)
    for batch in _batches(keys):
        yield [_interaction(row, own, choice) for row in read_rows(batch, choice.partner)]


def _interaction(
    row: InteractionRow, own: tuple[str, str, tuple[int, ...]], choice: InteractionChoice
) -> Sequence[Any]:
    partner = (row.accession, row.name, row.gene_ids)
    tf, target = (own, partner) if choice.side == "targets" else (partner, own)
    return (
        f"{tf[0]}-{target[0]}",
        *tf,
        *target,
        *_support(row.support),
        row.small_scale,
        row.effect or Effect.UNKNOWN.label,
        row.status,
        row.reporting,
        *_derived(row.support),
    )


def sites(protein: Protein, choice: SiteChoice) -> Iterator[Rows]:
    for batch in _sites(choice):
        support = read_evidence({site.evidence_id for site in batch})
        yield [_site(site, protein, support[site.evidence_id]) for site in batch]


def _site(site: BindingSite, protein: Protein, support: EvidenceFacts) -> Sequence[Any]:
    return (
        site.tflink_id,
        protein.accession,
        protein.name,
        site.assembly,
        site.chromosome,
        site.start,
        site.end,
        site.strand,
        *_support(support),
        support.small_scale.label,
        site.overlaps,
        site.sequence,
        counting_of(source.key for source in support.sources).value if site.position else "",
        *_derived(support),
    )


def bed(choice: SiteChoice) -> Iterator[Rows]:
    yield [(comment,) for comment in BED_COMMENTS]
    for batch in _sites(choice):
        support = read_evidence({site.evidence_id for site in batch})
        placed = [_bed_row(site, support[site.evidence_id]) for site in batch if site.position]
        if placed:
            yield placed


def _bed_row(site: BindingSite, support: EvidenceFacts) -> Sequence[Any]:
    place = site.start or 0, site.end or 0
    sources = [source.key for source in support.sources]
    counting = convention_of(sources, *place, len(site.sequence)).counting
    return (
        site.chromosome,
        *bed_interval(*place, counting),
        site.tflink_id,
        0,
        site.strand or ".",
        site.assembly,
    )


def _sites(choice: SiteChoice) -> Iterator[list[BindingSite]]:
    keys = choice.rows.values_list("pk", flat=True).iterator(chunk_size=BATCH)
    for batch in _batches(keys):
        yield stored_sites(batch)


def orthologs(protein: Protein) -> Iterator[Rows]:
    rows = Ortholog.objects.filter(protein=protein).select_related("taxon")
    for batch in _batches(rows.iterator(chunk_size=BATCH)):
        yield [
            (
                protein.accession,
                ortholog.taxon.scientific_name,
                ortholog.taxon.ncbi_taxon_id,
                ortholog.identifier,
                ortholog.in_tflink,
            )
            for ortholog in batch
        ]


def publications(protein: Protein, vocabulary: Vocabulary) -> Iterator[Rows]:
    own, tally = vocabulary.database_papers, Tally.read(protein)
    for kind, is_primary in (("primary", True), ("database paper", False)):
        ranked: Iterable[Cited] = tally.ranked(own, primary=is_primary)
        for batch in _batches(iter(ranked)):
            yield [_publication(paper, kind) for paper in papers(batch)]


def _publication(paper: SupportingPaper, kind: str) -> Sequence[Any]:
    citation = paper.citation
    return (
        citation.pmid,
        citation.title,
        citation.authors,
        citation.journal,
        citation.year,
        citation.doi,
        kind,
        citation.is_retracted,
        paper.number,
    )


def _support(support: EvidenceFacts) -> Sequence[list[Any]]:
    return (
        [source.key for source in support.sources],
        [method.name for method in support.methods],
        [paper.pmid for paper in support.primary],
        [paper.pmid for paper in support.database_papers],
    )


def _derived(support: EvidenceFacts) -> Sequence[Any]:
    return support.tier.label, [each.label for each in support.method_classes]


def _batches(items: Iterator[Item]) -> Iterator[list[Item]]:
    while batch := list(islice(items, BATCH)):
        yield batch
