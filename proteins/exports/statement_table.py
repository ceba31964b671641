"""Statements as the table that `import_statements` reads: CSV, any text in quotes where it
must be. Its first columns are read again; the others say where each is from.

Texts come out as they are: an apostrophe before a formula would be part of a quotation.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import QuerySet

from proteins.domain.evidence import SmallScale
from proteins.domain.statements import Basis, Sign, StatementState, resources_among
from proteins.exports.cells import csv_text
from proteins.exports.rows import BATCH
from proteins.models import Dataset, Statement
from proteins.queries.snapshot import FETCH

#: The columns and what they mean.
COLUMNS: Final = {
    "TF": "Name of the TF.",
    "TF accession": "UniProt accession of the TF.",
    "Target": "Name of the target.",
    "Target accession": "UniProt accession of the target.",
    "Species": "Scientific name of the TF's species.",
    "Effect": "What the TF does to the expression of the target; empty where it is not stated.",
    "Basis": "Whether the source states the effect or infers it.",
    "Method": "Name of the detection method.",
    "ECO": "Evidence code.",
    "PMID": "PubMed ID of the publication.",
    "Small-scale": "Yes, No, or empty where it is not stated.",
    "Cell line": "Cell line.",
    "Tissue": "Tissue.",
    "Condition": "Condition.",
    "Quotation": "What the publication says, in its words.",
    "Source ID": "ID of the statement at its source.",
    "Resources": "Databases from which the dataset has it, joined by semicolons.",
    "Dataset": "Dataset that states it.",
    "Version": "Version of the dataset.",
    "Licence": "Licence of the dataset.",
    "Curator": "Who entered it.",
    "ORCID": "ORCID of who entered it.",
}
_SCALES: Final = {SmallScale.YES: "Yes", SmallScale.NO: "No"}


def statements_of(dataset: Dataset) -> QuerySet[Statement]:
    """Return what counts of a dataset."""
    return Statement.objects.public().filter(dataset=dataset, state=StatementState.ACTIVE)


def statement_table(statements: QuerySet[Statement]) -> Iterator[str]:
    """A header, then a line for each statement, by the accessions of its interaction."""
    yield csv_text([list(COLUMNS)])
    places = statements.order_by().values_list(
        "interaction__tf__accession", "interaction__target__accession", "dataset__fold", "key", "pk"
    )
    # Databases order text by their own rules.
    ordered = [row[-1] for row in sorted(places.iterator(chunk_size=FETCH))]
    details = Statement.objects.with_details().select_related("interaction__tf__taxon")
    details = details.prefetch_related("evidence__sources")
    for start in range(0, len(ordered), BATCH):
        keys = ordered[start : start + BATCH]
        rows = details.in_bulk(keys)
        yield csv_text([_cells(rows[key]) for key in keys])


def _cells(row: Statement) -> list[str]:
    tf, target = row.interaction.tf, row.interaction.target
    return [
        tf.name,
        tf.accession,
        target.name,
        target.accession,
        tf.taxon.scientific_name,
        Sign(row.effect).name.lower() if row.effect else "",
        Basis(row.basis).name.lower() if row.basis else "",
        row.method.name if row.method else "",
        row.eco,
        str(row.citation.pmid) if row.citation else "",
        _SCALES.get(SmallScale(row.small_scale), ""),
        row.cell_line,
        row.tissue,
        row.condition,
        row.quotation,
        row.source_id,
        ";".join(_resources(row)),
        row.dataset.name,
        row.dataset.version,
        row.dataset.licence,
        row.curator,
        row.orcid,
    ]


def _resources(row: Statement) -> list[str]:
    source = row.dataset.source.key if row.dataset.source else ""
    return resources_among((one.key for one in row.evidence.sources.all()), source)
