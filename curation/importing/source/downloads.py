"""Other tables of interactions that TFLink has published -> rows, streamed.

    targets_of_X.tsv, TFLink_targets_of_X.tsv: the targets of X; tfs_of_X.tsv: its TFs
        UniprotID.Target NCBI.GeneID.Target Name.Target Detection.method PubmedID Organism
        Source.database Small-scale.evidence
        X is in the file's name only; lists are joined by `,`; missing is `NA`, `Na`; PubmedID
        may be a URL (`https://.../pubmed/?term=27924024%5Buid%5D`)
    simple format of 2021, .csv: 10 comma-separated columns, lists joined by `;`
        Uniprot ID TF,Uniprot ID target,NCBI Gene ID TF,NCBI Gene ID target,Protein name TF,
        Protein name target,Detection method,Publication (pubmed),Organism,Source database
    simple format of 2021, .tsv: the first ten columns of a v1.0 table, PMIDs joined by `,`

None of them is complete for its species. Those of 2021 have no small-scale column, so that
their scale is not stated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from curation.importing.source.delimited import header_cells, read_cells
from curation.importing.source.interactions import ProteinCells, RowCells, TableCells
from curation.importing.source.problems import Notes, TableError
from curation.importing.source.records import Problem, TableRow
from curation.importing.source.tables import COLUMNS
from proteins.domain.identifiers import is_accession
from proteins.domain.species import SpeciesNames

TARGETS_COLUMNS: Final = (
    "UniprotID.Target", "NCBI.GeneID.Target", "Name.Target", "Detection.method", "PubmedID",
    "Organism", "Source.database", "Small-scale.evidence",
)  # fmt: skip
TFS_COLUMNS: Final = tuple(column.replace(".Target", ".TF") for column in TARGETS_COLUMNS)
CSV_2021_COLUMNS: Final = (
    "Uniprot ID TF", "Uniprot ID target", "NCBI Gene ID TF", "NCBI Gene ID target",
    "Protein name TF", "Protein name target", "Detection method", "Publication (pubmed)",
    "Organism", "Source database",
)  # fmt: skip
TSV_2021_COLUMNS: Final = COLUMNS[:10]
_SUBJECT: Final = re.compile(
    r"(?:^|/)(?:TFLink_)?(?:(?:targets|tfs|bindingSites)_of_)?([A-Za-z0-9]{6,10})"
    r"(?:[ _(.-][^/]*)?\.tsv(?:\.gz)?$"
)
_MISSING: Final = frozenset(("NA", "Na", "na", ""))


class Layout(NamedTuple):
    """A kind of table by its header; `of` is the role of the protein in the file's name."""

    columns: tuple[str, ...]
    separator: str
    what: str
    of: str = ""


LAYOUTS: Final = (
    Layout(TARGETS_COLUMNS, "\t", "list of the targets of a TF", "tf"),
    Layout(TFS_COLUMNS, "\t", "list of the TFs of a target", "target"),
    Layout(CSV_2021_COLUMNS, ",", "simple-format table of 2021"),
    Layout(TSV_2021_COLUMNS, "\t", "simple-format table of 2021"),
)


def layout_of(text: str) -> Layout | None:
    """Return the layout that a header line is of."""
    for layout in LAYOUTS:
        if tuple(header_cells(text, layout.separator)) == layout.columns:
            return layout
    return None


def subject_of(name: str) -> str:
    """Return the accession in the name of a download (`TFLink_targets_of_P04637.tsv`), or
    nothing."""
    match = _SUBJECT.search(name.replace("\\", "/"))
    accession = match[1].upper() if match else ""
    return accession if is_accession(accession) else ""


def read_download(
    file: Path, name: str, layout: Layout, species: SpeciesNames, notes: Notes | None = None
) -> Iterator[TableRow | Problem]:
    """Yield the rows of a table and, for each row or cell that breaks a rule, a problem.

    `notes` collects what is odd. Raises `TableError` where the file cannot be opened, is no
    table of `layout`, ends too early, or its name lacks the accession that its rows lack.
    """
    subject = subject_of(name) if layout.of else ""
    if layout.of and not subject:
        reason = (
            f"the file is a {layout.what}, but its name has no accession as in "
            "'targets_of_P04637.tsv'"
        )
        raise TableError(name, None, reason)
    parsed = TableCells(notes or Notes(name), species)
    for item in read_cells(file, name, layout.columns, layout.what, layout.separator):
        if isinstance(item, Problem):
            yield item
        elif layout.of:
            yield from parsed.read(_cells_of_protein(item[1], layout.of, subject), name, item[0])
        else:
            yield from parsed.read(_cells_of_2021(item[1]), name, item[0])


def _cells_of_protein(cells: list[str], role: str, subject: str) -> RowCells:
    accession, genes, name, methods, publications, species, sources, scale = cells
    named = ProteinCells(accession, _given(genes), _given(name))
    unnamed = ProteinCells(subject, described=False)
    return RowCells(
        *((unnamed, named) if role == "tf" else (named, unnamed)),
        species,
        _list(sources),
        _list(methods),
        _list(publications),
        _given(scale),
    )


def _cells_of_2021(cells: list[str]) -> RowCells:
    (
        tf, target, tf_genes, target_genes, tf_name, target_name, methods, publications, species,
        sources,
    ) = cells  # fmt: skip
    return RowCells(
        ProteinCells(tf, tf_genes, tf_name),
        ProteinCells(target, target_genes, target_name),
        species,
        sources,
        methods,
        _list(publications),
    )


def _given(cell: str) -> str:
    return "-" if cell.strip() in _MISSING else cell


def _list(cell: str) -> str:
    return _given(cell).replace(",", ";")
