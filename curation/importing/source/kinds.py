"""What a file is: by its content first, then by its name.

Only a table whose name says `All` claims to be complete for its species: SS (small-scale) and
LS tables have the same header and are parts, and so is a table under any other name.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from curation.importing.source import (
    browse,
    downloads,
    names,
    site_tables,
    statements,
    tables,
)
from curation.importing.source.delimited import check_header, header_cells
from curation.importing.source.problems import LostCell, Notes, TableError
from curation.importing.source.records import Problem, TableRow
from curation.importing.source.text import read_lines
from proteins.domain.identifiers import IdentifierError, shown
from proteins.domain.species import SpeciesNames


class Kind(enum.Enum):
    """The kinds of files that are read, and `OTHER` for all else; the values are for people."""

    PAGE = "protein page"
    INTERACTIONS = "table of interactions"
    INTERACTIONS_2021 = "table of interactions of 2021"
    TARGETS = "list of the targets of a TF"
    TFS = "list of the TFs of a target"
    SITES = "table of binding sites"
    SITES_OF_PROTEIN = "list of the binding sites of a TF"
    SITES_2021 = "table of binding sites of 2021"
    SEQUENCES = "sequences of binding sites"
    BROWSE = "list of the proteins of a species"
    TRRUST = "TRRUST table"
    COLLECTRI = "table of CollecTRI's regulons"
    DOROTHEA = "table of DoRothEA's regulons"
    SIGNOR = "SIGNOR table"
    STATEMENTS = "table of statements"
    UNIPROT = "UniProt table of names"
    GENE_INFO = "table of NCBI's gene_info"
    GENE_HISTORY = "table of NCBI's gene_history"
    SECONDARY = "list of UniProt's secondary accessions"
    DELETED = "list of accessions that UniProt deleted"
    OTHER = "file of another kind"


#: What the names of files end with that are read, in lower case; and those of pages.
PAGE_ENDING: Final = ".md"
ENDINGS: Final = (
    PAGE_ENDING,
    *(f"{ending}{packed}" for ending in (".tsv", ".csv", ".fasta") for packed in ("", ".gz")),
    # Files of UniProt and NCBI by their own names, which have no such ending.
    *(
        f"{ending}{packed}"
        for ending in ("gene_info", "gene_history", "sec_ac.txt", "delac_sp.txt", "delac_tr.txt")
        for packed in ("", ".gz")
    ),
)

#: Kinds whose rows are `TableRow`, read by `read_interactions`.
INTERACTION_KINDS: Final = frozenset(
    {Kind.INTERACTIONS, Kind.INTERACTIONS_2021, Kind.TARGETS, Kind.TFS}
)
#: Kinds whose rows are `SiteRow`, read by `site_tables.read_sites`.
SITE_KINDS: Final = frozenset({Kind.SITES, Kind.SITES_OF_PROTEIN, Kind.SITES_2021})
#: Kinds whose rows are `StatementRecord`, read by `statements.read_statements`.
STATEMENT_KINDS: Final = frozenset(
    {Kind.TRRUST, Kind.COLLECTRI, Kind.DOROTHEA, Kind.SIGNOR, Kind.STATEMENTS}
)
#: Kinds with names of proteins, or what became of identifiers, each with its source.
NAME_SOURCES: Final = {
    Kind.UNIPROT: names.UNIPROT,
    Kind.SECONDARY: names.UNIPROT,
    Kind.DELETED: names.UNIPROT,
    Kind.GENE_INFO: names.NCBI_GENE,
    Kind.GENE_HISTORY: names.NCBI_GENE,
}
NAME_KINDS: Final = frozenset(NAME_SOURCES)
#: Kinds of which a file may hold all of a species.
_WHOLE_KINDS: Final = frozenset({Kind.INTERACTIONS, Kind.SITES, Kind.SEQUENCES})

_OF_DOWNLOADS: Final = dict(
    zip(
        downloads.LAYOUTS,
        (Kind.TARGETS, Kind.TFS, Kind.INTERACTIONS_2021, Kind.INTERACTIONS_2021),
        strict=True,
    )
)
_OF_SITES: Final = dict(
    zip(
        site_tables.LAYOUTS,
        (Kind.SITES, Kind.SITES_OF_PROTEIN, Kind.SITES_2021),
        strict=True,
    )
)
_OF_STATEMENTS: Final = {
    statements.TRRUST: Kind.TRRUST,
    statements.COLLECTRI: Kind.COLLECTRI,
    statements.DOROTHEA: Kind.DOROTHEA,
    statements.SIGNOR: Kind.SIGNOR,
    statements.CURATED: Kind.STATEMENTS,
}
_OF_NAMES: Final = (
    (names.is_uniprot, Kind.UNIPROT),
    (names.is_gene_info, Kind.GENE_INFO),
    (names.is_gene_history, Kind.GENE_HISTORY),
)
_PART: Final = re.compile(r"(?:^|[_ .-])(All|SS|LS)(?=[_ .-]|$)")

#: What other files are recognised by: how their first line begins, and what to say of it.
_OTHERS: Final = (
    ("PK\x03\x04", "an Excel workbook or another archive; save it as tab-separated text"),
    ("%PDF", "a PDF"),
    ("<", "HTML or XML: perhaps the page of an error instead of a file"),
    ("#ID(s) interactor A", "MITAB, which is made from TFLink's tables and is not read"),
    ("Entry\t", "a UniProt table without any column of names"),
)
#: Headers of tables, with what they are called in messages.
_HEADERS: Final = (
    (statements.COLLECTRI_COLUMNS, ",", statements.COLLECTRI.what),
    (tables.COLUMNS, "\t", tables.WHAT),
    *((layout.columns, layout.separator, layout.what) for layout in downloads.LAYOUTS),
    *((one.columns, one.separator, site_tables.WHAT) for one in site_tables.LAYOUTS),
)


class FileKind(NamedTuple):
    """What a file is; `message` says why it is `OTHER`.

    `part` is `All`, `SS` or `LS` as its name says, or empty; `claims_complete` is whether it
    claims to hold all of its species. `subject` is the accession in a download's name.
    """

    kind: Kind
    part: str = ""
    claims_complete: bool = False
    subject: str = ""
    message: str = ""


def kind_of(file: Path, name: str) -> FileKind:
    """Return what a file is, called `name` in messages.

    Raises `TableError` where it cannot be read.
    """
    first = next((text for _, text in read_lines(file, name) if text.strip()), "")
    kind = _kind_of_line(first)
    if kind is Kind.OTHER and first:
        kind = _kind_of_head(file, name)
    if kind is Kind.OTHER:
        return FileKind(kind, message=_explained(first, name))
    match = _PART.search(Path(name).name) if kind in _WHOLE_KINDS else None
    part = match[1] if match else ""
    return FileKind(kind, part, part == "All", downloads.subject_of(name))


def _kind_of_line(line: str) -> Kind:
    if line.rstrip() == "---":
        return Kind.PAGE
    if line.lstrip("\\ ").startswith(">TFLink"):
        return Kind.SEQUENCES
    if tuple(header_cells(line, "\t")) == tables.COLUMNS:
        return Kind.INTERACTIONS
    download, sites = downloads.layout_of(line), site_tables.layout_of(line)
    if download is not None:
        return _OF_DOWNLOADS[download]
    if sites is not None:
        return _OF_SITES[sites]
    if _is_browse(line):
        return Kind.BROWSE
    for is_kind, kind in _OF_NAMES:
        if is_kind(line):
            return kind
    form = statements.form_of(line)
    # A damaged header of TFLink's tables has columns of TF and target as well.
    if form is None or (form is statements.CURATED and _resembled(line) is not None):
        return Kind.OTHER
    return _OF_STATEMENTS[form]


def _kind_of_head(file: Path, name: str) -> Kind:
    """Return what a file is that begins with some lines of text."""
    head = names.head_of(read_lines(file, name))
    if names.is_secondary(head):
        return Kind.SECONDARY
    return Kind.DELETED if names.is_deleted(head) else Kind.OTHER


def _is_browse(line: str) -> bool:
    lost: list[LostCell] = []
    try:
        browse.row_of(line, "", 1, lost)
    except IdentifierError:
        return False
    return not lost


def _explained(line: str, name: str) -> str:
    """Return why a file with that first line is none of the kinds that are read."""
    if not line:
        return "the file is empty"
    for beginning, what in _OTHERS:
        if line.startswith(beginning):
            return f"the file seems to be {what}"
    if (resembled := _resembled(line)) is not None:
        columns, separator, what = resembled
        try:
            check_header((1, header_cells(line, separator)), name, columns, what)
        except TableError as error:
            return error.problem.reason
    return (
        f"the first line {shown(line)} is that of no file which is read: pages begin with "
        "'---', tables with their header, sequences with '>TFLink'; a table of statements has "
        "columns for TF, target, and an effect, method or PMID"
    )


def _resembled(line: str) -> tuple[tuple[str, ...], str, str] | None:
    """Return the table of TFLink's that a header has more than half of the columns of."""
    for columns, separator, what in _HEADERS:
        cells = {cell.strip('"') for cell in header_cells(line, separator)}
        if 2 * len(cells & set(columns)) > len(columns):
            return columns, separator, what
    return None


def read_interactions(
    file: Path, name: str, species: SpeciesNames, notes: Notes | None = None
) -> Iterator[TableRow | Problem]:
    """Return the rows of a table of interactions of any kind, told by its header.

    Raises `TableError` as `tables.read_table` does.
    """
    first = next((text for _, text in read_lines(file, name) if text.strip()), "")
    layout = downloads.layout_of(first)
    if layout is None:
        return tables.read_table(file, name, species, notes)
    return downloads.read_download(file, name, layout, species, notes)
