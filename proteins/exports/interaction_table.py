"""Interactions as TFLink's own tables: tab-separated in its 15 columns, and as CSV.

The tab-separated form is that of TFLink's downloads ("simple format", v1.0): lists joined
by `;`, empty is `-`, nothing quoted. As nothing is, it is read with quoting turned off
(`quote=""` in R, `quoting=csv.QUOTE_NONE` in Python): a name may hold quotes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from proteins.domain.evidence import SmallScale
from proteins.exports.cells import (
    BYTE_ORDER_MARK,
    NONE,
    csv_lines,
    csv_text,
    harmless,
    joined,
    one_line,
    tsv_lines,
    tsv_text,
)
from proteins.exports.lines import Lines
from proteins.exports.rows import Batch, Batches, InteractionFacts
from proteins.exports.values import OrthologFacts, ProteinFacts
from proteins.models import Effect, Reporting, ReviewStatus
from proteins.queries.evidence import EvidenceFacts
from proteins.queries.reviews import ReviewFacts

COLUMNS: Final = (
    "UniprotID.TF",
    "UniprotID.Target",
    "NCBI.GeneID.TF",
    "NCBI.GeneID.Target",
    "Name.TF",
    "Name.Target",
    "Detection.method",
    "PubmedID",
    "Organism",
    "Source.database",
    "Small-scale.evidence",
    "TF.TFLink.ortho",
    "TF.nonTFLink.ortho",
    "Target.TFLink.ortho",
    "Target.nonTFLink.ortho",
)
#: What curators know beyond TFLink's columns; in CSV only.
CSV_COLUMNS: Final = (
    *COLUMNS, "Effect", "Review.status", "Reporting", "Support.tier", "Method.classes",
    "Review.reason", "Review.text", "Review.PubmedID",
)  # fmt: skip
SMALL_SCALE: Final = {
    SmallScale.YES: "Yes",
    SmallScale.NO: "No",
    SmallScale.NOT_STATED: NONE,
}
#: Of a protein, and of evidence, in the order of what makes them.
_Cells = tuple[str, ...]
_Rows = Batch[InteractionFacts, _Cells, _Cells]


def _rows(batch: _Rows) -> Iterator[tuple[str, ...]]:
    proteins, evidence = batch.proteins, batch.evidence
    for row in batch.rows:
        tf, tf_gene, tf_name, organism, tf_ours, tf_others = proteins[row.tf]
        target, gene, name, _, ours, others = proteins[row.target]
        methods, pmids, sources, scale, *_ = evidence[row.evidence]
        yield (
            tf, target, tf_gene, gene, tf_name, name, methods, pmids, organism, sources,
            scale, tf_ours, tf_others, ours, others,
        )  # fmt: skip


def _harmless(cells: _Cells) -> _Cells:
    return tuple(map(harmless, cells))


def _protein_cells(protein: ProteinFacts) -> _Cells:
    return (
        protein.accession,
        joined(protein.gene_ids),
        one_line(protein.name) or NONE,
        one_line(protein.taxon.scientific_name),
        _orthologs(protein.orthologs, in_tflink=True),
        _orthologs(protein.orthologs, in_tflink=False),
    )


def _orthologs(orthologs: Iterable[OrthologFacts], *, in_tflink: bool) -> str:
    return joined(
        f"{ortholog.code}:{ortholog.identifier}"
        for ortholog in orthologs
        if ortholog.in_tflink == in_tflink
    )


def _evidence_cells(evidence: EvidenceFacts) -> _Cells:
    return (
        joined(method.name for method in evidence.methods),
        joined(sorted(citation.pmid for citation in evidence.citations)),
        joined(source.key for source in evidence.sources),
        SMALL_SCALE[evidence.small_scale],
        evidence.tier.label,
        joined(each.label for each in evidence.method_classes),
    )


def _review_cells(review: ReviewFacts | None) -> tuple[str, str, str]:
    if review is None:
        return NONE, NONE, NONE
    reason, text = (one_line(part) for part in (review.reason, review.text))
    return (
        harmless(reason) if reason else NONE,
        harmless(text) if text else NONE,
        str(review.pmid or NONE),
    )


def _tsv_texts(batches: Batches[InteractionFacts]) -> Iterator[list[str]]:
    for batch in batches.made(_protein_cells, _evidence_cells):
        yield tsv_lines(_rows(batch))


def _csv_texts(batches: Batches[InteractionFacts]) -> Iterator[list[str]]:
    effects = {effect.value: effect.label for effect in Effect}
    statuses = {status.value: status.label for status in ReviewStatus}
    reportings = {reporting.value: reporting.label for reporting in Reporting}
    # Marked once for each protein and evidence: millions of rows share a few thousand.
    for batch in batches.made(
        lambda protein: _harmless(_protein_cells(protein)),
        lambda evidence: _harmless(_evidence_cells(evidence)),
    ):
        yield csv_lines(
            (
                *row,
                effects[own.effect],
                statuses[own.status],
                reportings[own.reporting],
                *batch.evidence[own.evidence][-2:],
                *_review_cells(batch.reviews.get(own.pk)),
            )
            for own, row in zip(batch.rows, _rows(batch), strict=True)
        )


#: TFLink's table: a header, then a line for each interaction.
tsv: Final = Lines(tsv_text([COLUMNS]), _tsv_texts)
#: The same columns and what curators know, by RFC 4180; formulas of spreadsheets are marked with
#: an apostrophe.
csv_table: Final = Lines(BYTE_ORDER_MARK + csv_text([CSV_COLUMNS]), _csv_texts)
