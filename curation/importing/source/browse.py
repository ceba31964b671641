"""List of a species' proteins (`<Genus_species>_browse.csv`) -> its rows, streamed.

There is no header; the species is in the file's name only. Names may hold commas, and are
then in quotes or not; the cells after them hold none:

    daf-19,Q09555,174577,transcription factor and target gene,Yes,72
    name, accession, NCBI gene ID(s), function, small-scale evidence, declared interactions
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from curation.importing.source import normalise
from curation.importing.source.delimited import csv_cells, undecoded
from curation.importing.source.pages import FUNCTIONS
from curation.importing.source.problems import (
    LostCell,
    Notes,
    TableError,
    cell_or,
    date_note,
)
from curation.importing.source.records import ListedProtein, Mention, Problem
from curation.importing.source.text import read_lines
from proteins.domain.evidence import SmallScale
from proteins.domain.identifiers import (
    IdentifierError,
    is_absent,
    parse_accession,
    parse_count,
    parse_gene_ids,
    shown,
)
from proteins.domain.names import parse_name
from proteins.domain.species import SpeciesNames

_NAME: Final = re.compile(
    r"(?:^|/)(?:TFLink_)?([A-Z][a-z]+)_([a-z]+)_(?:[A-Z]{2}_)?browse\.csv(\.gz)?$"
)
_WIDTH: Final = 6


def species_in_name(name: str, species: SpeciesNames) -> str:
    """Return the species in the name of a list (`Homo_sapiens_browse.csv`), or nothing."""
    match = _NAME.search(name.replace("\\", "/"))
    return (species.scientific(f"{match[1]} {match[2]}") or "") if match else ""


def read_browse(
    file: Path, name: str, species: SpeciesNames, notes: Notes | None = None
) -> Iterator[ListedProtein | Problem]:
    """Yield the proteins of a list and, for each row or cell that breaks a rule, a problem.

    `notes` collects what is odd. Raises `TableError` where the file cannot be read, or its
    name has no species.
    """
    organism = species_in_name(name, species)
    if not organism:
        reason = "the file's name has no species as in 'Homo_sapiens_browse.csv'"
        raise TableError(name, None, reason)
    for line, text in read_lines(file, name):
        if not text.strip():
            continue
        lost = list[LostCell]()
        try:
            protein = row_of(text, organism, line, lost)
        except IdentifierError as error:
            yield Problem(name, "table", line, undecoded(text) or str(error))
            continue
        note = date_note(protein.mention.accession, protein.mention.name)
        if note and notes is not None:
            notes.add("table", line, note)
        for cell, reason in lost:
            yield Problem(name, "table", line, reason, cell=cell)
        yield protein


def row_of(text: str, species: str, line: int, lost: list[LostCell]) -> ListedProtein:
    """Return the protein of a row without the cells that break a rule, which are `lost`.

    Raises `IdentifierError` where the row has no accession at its place.
    """
    cells = csv_cells(text)
    if len(cells) < _WIDTH:
        raise IdentifierError(
            f"the row {shown(text)} has {len(cells)} cells; name, accession, gene ID, function, "
            "Yes or No and a number are expected"
        )
    name = ",".join(cells[: 1 - _WIDTH])
    accession, genes, function, scale, declared = cells[1 - _WIDTH :]
    mention = Mention(
        parse_accession(accession),
        cell_or("", parse_name, name, "name", lost),
        cell_or((), parse_gene_ids, genes, "NCBI gene IDs", lost),
    )
    is_tf, is_target = cell_or((False, False), _function, function, "function", lost)
    return ListedProtein(
        mention,
        species,
        is_tf,
        is_target,
        cell_or(SmallScale.NOT_STATED, normalise.small_scale, scale, "small-scale evidence", lost),
        cell_or(None, _count, declared, "number of interactions", lost),
        line,
    )


def _function(text: str) -> tuple[bool, bool]:
    function = text.strip()
    if function not in FUNCTIONS:
        raise IdentifierError(f"{shown(text)} is no function")
    return FUNCTIONS[function]


def _count(text: str) -> int | None:
    return None if is_absent(text.strip()) else parse_count(text, "a number of interactions")
