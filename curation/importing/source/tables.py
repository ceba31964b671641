"""A TFLink table ("simple format", v1.0) -> its rows, streamed (no Django, no database).

Fifteen tab-separated columns under a header line, no quoting, gzip or plain. Lists are
joined by `;`, empty is `-`, orthologs are `Hs:P48431;Rn:D4A543`:

    UniprotID.TF  UniprotID.Target  NCBI.GeneID.TF  NCBI.GeneID.Target  Name.TF  Name.Target
    Q6P0E1        Q7ZW00            378723          334270              sox2     agk
    Detection.method  PubmedID  Organism  Source.database  Small-scale.evidence
    chromatin immunoprecipitation assay  27924024  Danio rerio  GTRD  No
    TF.TFLink.ortho  TF.nonTFLink.ortho  Target.TFLink.ortho  Target.nonTFLink.ortho

A row whose accessions and species are readable goes in without the cells that break a rule,
each a `Problem` with its line and column; any other bad row is one `Problem`. A table whose
header or compression is wrong is a `TableError`. Whether a table is complete for its species
its name says (`kinds`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from curation.importing.source.delimited import read_cells
from curation.importing.source.interactions import (
    ProteinCells,
    RowCells,
    TableCells,
    damaged_row,
)
from curation.importing.source.problems import Notes, TableError
from curation.importing.source.records import NamedProtein, Problem, TableRow
from proteins.domain.identifiers import IdentifierError
from proteins.domain.species import SpeciesNames

__all__ = ["COLUMNS", "NamedProtein", "TableError", "TableRow", "read_table", "sha256_of"]

COLUMNS: Final = (
    "UniprotID.TF", "UniprotID.Target", "NCBI.GeneID.TF", "NCBI.GeneID.Target", "Name.TF",
    "Name.Target", "Detection.method", "PubmedID", "Organism", "Source.database",
    "Small-scale.evidence", "TF.TFLink.ortho", "TF.nonTFLink.ortho", "Target.TFLink.ortho",
    "Target.nonTFLink.ortho",
)  # fmt: skip
WHAT: Final = "TFLink simple-format table"


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of a file's bytes; raises `OSError` where it cannot be read."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def read_table(
    file: Path, name: str, species: SpeciesNames, notes: Notes | None = None
) -> Iterator[TableRow | Problem]:
    """Yield the rows of a table and, for each row or cell that breaks a rule, a problem.

    `notes` collects what is odd. Raises `TableError` where the file cannot be opened, is no
    table, or ends too early.
    """
    parsed = TableCells(notes or Notes(name), species)
    named, evidence = parsed.named, parsed.evidence
    for item in read_cells(file, name, COLUMNS, WHAT):
        if isinstance(item, Problem):
            yield item
            continue
        line, cells = item
        (
            tf, target, tf_genes, target_genes, tf_name, target_name, methods, pmids, organism,
            sources, scale, tf_listed, tf_others, target_listed, target_others,
        ) = cells  # fmt: skip
        parsed.line = line
        try:  # `TableCells.row`, written out: it runs twelve million times
            row = TableRow(
                named(tf, tf_genes, tf_name, tf_listed, tf_others, organism),
                named(target, target_genes, target_name, target_listed, target_others, organism),
                evidence(sources, methods, pmids, "" if scale == "-" else scale),
                line,
            )
        except IdentifierError:
            yield from damaged_row(_row_cells(cells), name, line, species)
        else:
            yield row


def _row_cells(cells: list[str]) -> RowCells:
    (
        tf, target, tf_genes, target_genes, tf_name, target_name, methods, pmids, species,
        sources, scale, tf_listed, tf_others, target_listed, target_others,
    ) = cells  # fmt: skip
    return RowCells(
        ProteinCells(tf, tf_genes, tf_name, tf_listed, tf_others),
        ProteinCells(target, target_genes, target_name, target_listed, target_others),
        species,
        sources,
        methods,
        pmids,
        scale,
    )
