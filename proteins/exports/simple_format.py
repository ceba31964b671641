"""Interactions as TFLink's own tables: tab-separated in its 15 columns, and as CSV.

The tab-separated form is that of TFLink's downloads ("simple format", v1.0): lists joined
by `;`, empty is `-`, nothing quoted. As nothing is, it is read with quoting turned off
(`quote=""` in R, `quoting=csv.QUOTE_NONE` in Python): a name may hold quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from proteins.evidence_content import SmallScale
from proteins.exports.facts import (
    Batch,
    EvidenceFacts,
    InteractionFacts,
    Kept,
    OrthologFacts,
    ProteinFacts,
)
from proteins.exports.spreadsheet import BYTE_ORDER_MARK, csv_text, harmless
from proteins.models import Effect, Reporting, ReviewStatus

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
CSV_COLUMNS: Final = (*COLUMNS, "Effect", "Review.status", "Reporting")
NONE: Final = "-"
SMALL_SCALE: Final = {
    SmallScale.YES: "Yes",
    SmallScale.NO: "No",
    SmallScale.NOT_STATED: NONE,
}
#: What would end a cell or a line, for one program or another.
_BREAKS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def one_line(text: str) -> str:
    """Text as a cell: names hold no tabs and line breaks, but terms and places may."""
    return _BREAKS.sub(" ", text)


def joined(values: Iterable[object]) -> str:
    return one_line(";".join(map(str, values))) or NONE


class _Cells:
    """The cells of proteins and evidence, each made once."""

    def __init__(self) -> None:
        self._batch: Batch[InteractionFacts] | None = None
        self.proteins = Kept(lambda key: _protein_cells(self.batch.proteins[key]))
        self.evidence = Kept(lambda key: _evidence_cells(self.batch.evidence[key]))

    @property
    def batch(self) -> Batch[InteractionFacts]:
        assert self._batch is not None  # noqa: S101  (rows come in batches)
        return self._batch

    def rows(self, batch: Batch[InteractionFacts]) -> Iterator[tuple[str, ...]]:
        self._batch = batch
        proteins, evidence = self.proteins, self.evidence
        for row in batch.rows:
            tf, tf_gene, tf_name, organism, tf_ours, tf_others = proteins[row.tf]
            target, gene, name, _, ours, others = proteins[row.target]
            methods, pmids, sources, scale = evidence[row.evidence]
            yield (
                tf, target, tf_gene, gene, tf_name, name, methods, pmids, organism, sources,
                scale, tf_ours, tf_others, ours, others,
            )  # fmt: skip


def _protein_cells(protein: ProteinFacts) -> tuple[str, str, str, str, str, str]:
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


def _evidence_cells(evidence: EvidenceFacts) -> tuple[str, str, str, str]:
    return (
        joined(method.name for method in evidence.methods),
        joined(sorted(citation.pmid for citation in evidence.citations)),
        joined(source.key for source in evidence.sources),
        SMALL_SCALE[evidence.small_scale],
    )


def tsv(batches: Iterable[Batch[InteractionFacts]]) -> Iterator[str]:
    """TFLink's table: a header, then a line for each interaction."""
    yield "\t".join(COLUMNS) + "\n"
    cells = _Cells()
    for batch in batches:
        yield "".join(["\t".join(row) + "\n" for row in cells.rows(batch)])


def csv_table(batches: Iterable[Batch[InteractionFacts]]) -> Iterator[str]:
    """The same columns and what curators know, by RFC 4180; formulas of spreadsheets are
    marked with an apostrophe."""
    effects = {effect.value: effect.label for effect in Effect}
    statuses = {status.value: status.label for status in ReviewStatus}
    reportings = {reporting.value: reporting.label for reporting in Reporting}
    cells = _Cells()
    yield BYTE_ORDER_MARK + csv_text([CSV_COLUMNS])
    for batch in batches:
        yield csv_text(
            (
                *(cell if cell == NONE else harmless(cell) for cell in row),
                effects[own.effect],
                statuses[own.status],
                reportings[own.reporting],
            )
            for own, row in zip(batch.rows, cells.rows(batch), strict=True)
        )
