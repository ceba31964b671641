"""Raw cells -> canonical values; the cells of pages and of tables are read alike.

A row of a page is `name,accession,gene IDs,sources,methods,publications[,Yes|No]`. Names
and gene IDs may hold commas, the other cells do not, so cells are counted from the right.
A value that breaks a rule raises `IdentifierError`, whose text is for the curator; where the
accession of a row can be read all the same, its row loses the cell and no more.

Rows repeat: the 264,000 rows of all yeast pages are 26,000 different texts, and these
share 7,000 evidences. What was read once is cached, within bounds.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from curation.importing.source.known_defects import NAME_SPELLINGS, SOURCE_SPELLINGS
from curation.importing.source.problems import LostCell, cell_or, date_note
from curation.importing.source.publication_cells import publications
from curation.importing.source.records import Mention
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.identifiers import (
    IdentifierError,
    is_absent,
    is_accession,
    parse_accession,
    parse_gene_ids,
    parse_text,
    shown,
    without_invisible,
)
from proteins.domain.names import parse_name
from proteins.domain.species import SpeciesNames

#: The most source databases or detection methods of a row; published ones have under 20.
MAX_ITEMS: Final = 500

_SMALL_SCALE: Final = {"yes": SmallScale.YES, "no": SmallScale.NO}
_GENE_ID: Final = re.compile(r"^[0-9]+(?:\.0*)?\Z")


def name(text: str) -> str:
    """Return a protein name; `-` is none, and listed misspellings are corrected."""
    value = parse_name(text)
    return NAME_SPELLINGS.get(value, value)


def texts(text: str, what: str) -> tuple[str, ...]:
    """Return the items of a list joined by `;` or `; `, without empty ones and `-`."""
    if text.count(";") >= MAX_ITEMS:
        raise IdentifierError(
            f"a cell of {text.count(';') + 1:,} {what}s is not read; {MAX_ITEMS} are the most"
        )
    items = (parse_text(item, what) for item in text.split(";"))
    return tuple(item for item in items if item)


@lru_cache(maxsize=4096)
def sources(text: str) -> tuple[str, ...]:
    """Return the source databases of a cell in their canonical spelling."""
    return tuple(SOURCE_SPELLINGS.get(item, item) for item in texts(text, "source database"))


@lru_cache(maxsize=4096)
def methods(text: str) -> tuple[str, ...]:
    """Return the detection methods of a cell."""
    return texts(text, "detection method")


def small_scale(text: str) -> SmallScale:
    """Return what a cell says: Yes, No, or nothing where it is empty."""
    answer = without_invisible(text).lower()
    if not answer:
        return SmallScale.NOT_STATED
    if answer not in _SMALL_SCALE:
        raise IdentifierError(f"the small-scale evidence is {shown(text)}, not Yes or No")
    return _SMALL_SCALE[answer]


@lru_cache(maxsize=16_384)
def evidence(source: str, method: str, publication: str, scale: str = "") -> EvidenceContent:
    """Return the evidence of four raw cells; `scale` is empty if not stated."""
    return EvidenceContent.of(
        sources(source), methods(method), publications(publication), small_scale(scale)
    )


def evidence_of_cells(
    source: str, method: str, publication: str, scale: str, lost: list[LostCell]
) -> EvidenceContent:
    """Return what four raw cells say without those that break a rule, which are `lost`."""
    try:
        return evidence(source, method, publication, scale)
    except IdentifierError:
        return EvidenceContent.of(
            cell_or((), sources, source, "source database", lost),
            cell_or((), methods, method, "detection method", lost),
            cell_or((), publications, publication, "publications", lost),
            cell_or(SmallScale.NOT_STATED, small_scale, scale, "small-scale evidence", lost),
        )


class PageRow(NamedTuple):
    """A row of `tfs` or `targets`: the protein that it names, its evidence, and the cells
    that it lost; `note` is on its name, mostly empty."""

    mention: Mention
    evidence: EvidenceContent
    lost: tuple[LostCell, ...] = ()
    note: str = ""


def mention(text: str, lost: list[LostCell]) -> Mention:
    """Return the protein that the first cells of a row name: `name,accession,gene IDs`.

    Raises `IdentifierError` where they hold no accession.
    """
    cells = text.split(",")
    if len(cells) < 3:
        raise IdentifierError(f"{shown(text)} is not name, accession and gene IDs")
    at = _accession_index(cells)
    return Mention(
        parse_accession(cells[at]),
        cell_or("", name, ",".join(cells[:at]), "name", lost),
        cell_or((), parse_gene_ids, ",".join(cells[at + 1 :]), "NCBI gene IDs", lost),
    )


@lru_cache(maxsize=65_536)
def row(text: str) -> PageRow:
    """Return a row of `tfs` or `targets`; raises `IdentifierError` without an accession."""
    cells = text.rstrip().rsplit(",", 4)
    lost = list[LostCell]()
    scale = cells.pop() if cells[-1].strip().lower() in _SMALL_SCALE else ""
    if not scale and len(cells) == 5:
        if _is_query(cells[3]) and not _is_query(cells[4]):
            # A seventh cell that is neither Yes nor No.
            cell_or(None, small_scale, cells.pop() or "-", "small-scale evidence", lost)
        else:
            cells[:2] = [f"{cells[0]},{cells[1]}"]
    if len(cells) < 4 or cells[0].count(",") < 2:
        raise IdentifierError(
            f"the row {shown(text)} has {text.count(',') + 1} cells; name, accession, gene IDs, "
            "sources, methods and publications are expected"
        )
    protein = mention(cells[0], lost)
    content = evidence_of_cells(cells[1], cells[2], cells[3], scale, lost)
    return PageRow(protein, content, tuple(lost), date_note(protein.accession, protein.name))


def _is_query(cell: str) -> bool:
    return "%5Buid%5D" in cell or "</a>" in cell


def _accession_index(head: list[str]) -> int:
    """Return where the accession is in the cells `name[,...],accession,gene ID[,...]`.

    It is the cell before the gene IDs, not the first that looks like one: a part of a name
    may, and to patterns looser than UniProt's a gene ID does.
    """
    at = len(head) - 1
    if is_absent(head[at].strip()):
        at -= 1
    else:
        while at > 0 and all(_GENE_ID.match(part.strip()) for part in head[at].split(";")):
            at -= 1
    before, last = (without_invisible(cell).upper() for cell in (head[at - 1], head[at]))
    if at == len(head) - 1 and is_accession(before):
        if is_accession(last):  # which of the two the row is about is not certain
            raise IdentifierError(f"{shown(head[at])} is not an NCBI gene ID")
        return at - 1  # what comes after it is no gene ID, and is lost
    if at == 0:
        raise IdentifierError(f"no UniProt accession comes after the name {shown(head[0])}")
    return min(at, len(head) - 2)


def species_of(text: str, species: SpeciesNames) -> str:
    """Return the scientific name of the species that a cell names, in whatever spelling."""
    name = species.scientific(text)
    if name is None:
        raise IdentifierError(
            f"the species {shown(text)} is not one of the database's; an administrator adds one"
        )
    return name
