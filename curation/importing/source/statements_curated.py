"""A table of statements by a person: any columns in any order, named in a header, streamed.

    TF    Target    Effect      Method                                 PMID      Quotation
    TP53  BAX       activation  electrophoretic mobility shift assay   10490031  "p53 binds, ..."

TF and target are names or accessions. A header needs both and one more column that states
something; capitals, blanks and punctuation in its names do not matter. Cells are separated by
tabs, commas or semicolons and may be in quotes, as spreadsheets write them; a quoted cell may
hold line breaks. Cells that a spreadsheet left out at the end of a row are empty.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

from curation.importing.source import normalise
from curation.importing.source import statement_cells as cells
from curation.importing.source.problems import Notes, TableError
from curation.importing.source.records import Problem, StatementRecord
from curation.importing.source.statement_cells import Effect, Line
from curation.importing.source.text import read_lines
from proteins.domain.evidence import SmallScale
from proteins.domain.identifiers import IdentifierError, is_absent, shown, without_invisible
from proteins.domain.species import SpeciesNames
from proteins.domain.statements import Basis, Sign, StatementContent

WHAT: Final = "table of statements"
#: The most lines of a quoted cell with line breaks.
MAX_LINES: Final = 50

#: What a column may be called, in small letters and digits only; the first is written.
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "tf": ("tf", "tfname", "tfsymbol", "tfgene", "nametf", "transcriptionfactor", "regulator"),
    "tf_accession": (
        "tfaccession", "tfuniprot", "tfuniprotid", "tfid", "uniprottf", "uniprotidtf",
        "accessiontf",
    ),
    "target": (
        "target", "targetname", "targetsymbol", "targetgene", "nametarget", "gene", "genesymbol",
        "regulatedgene",
    ),
    "target_accession": (
        "targetaccession", "targetuniprot", "targetuniprotid", "targetid", "uniprottarget",
        "uniprotidtarget", "accessiontarget",
    ),
    "effect": ("effect", "sign", "regulation", "modeofregulation", "regulationtype", "direction"),
    "basis": ("basis", "effectbasis", "basisofeffect"),
    "method": (
        "method", "methods", "detectionmethod", "assay", "experiment", "technique", "psimi",
        "methodid", "miid",
    ),
    "eco": ("eco", "ecoid", "evidencecode", "ecocode"),
    "pmid": (
        "pmid", "pmids", "pubmed", "pubmedid", "pubmedids", "publication", "publications",
        "reference", "references", "paper",
    ),
    "species": ("species", "organism", "taxon", "taxid", "taxonid", "ncbitaxid", "ncbitaxonid"),
    "small_scale": ("smallscale", "smallscaleevidence", "scale"),
    "cell_line": ("cellline", "cell", "cells", "celltype", "celldata"),
    "tissue": ("tissue", "organ", "tissuedata"),
    "condition": ("condition", "conditions", "context", "treatment", "stimulus"),
    "quotation": ("quotation", "quote", "sentence", "excerpt"),
    "source_id": ("sourceid", "id", "statementid"),
    # The number of a row that was sent back at the desk; no file has one.
    "proposal": ("proposal",),
    "resources": ("resources", "resource"),
}  # fmt: skip
_ROLES: Final = {name: role for role, names in NAMES.items() for name in names}
#: One of these makes a list of pairs a table of statements.
_STATING: Final = frozenset({"effect", "method", "eco", "pmid", "quotation"})

_ACTIVATES, _REPRESSES = (Sign.ACTIVATION,), (Sign.REPRESSION,)
#: Words of effects; `both` is two statements.
EFFECTS: Final[Mapping[str, tuple[Sign, ...]]] = {
    **dict.fromkeys(
        ("activation", "activates", "activated", "activator", "positive", "up", "upregulation",
         "up-regulation", "up-regulates", "stimulation", "induction", "+", "+1", "1", "1.0"),
        _ACTIVATES,
    ),
    **dict.fromkeys(
        ("repression", "represses", "repressed", "repressor", "inhibition", "inhibits",
         "negative", "down", "downregulation", "down-regulation", "down-regulates", "-1", "-1.0",
         "−", "−1"),
        _REPRESSES,
    ),
    **dict.fromkeys(("both", "dual", "activation and repression", "+/-", "±"),
                    (Sign.ACTIVATION, Sign.REPRESSION)),
    **dict.fromkeys(("", "unknown", "na", "n/a", "0", "?", "not stated", "unclear"),
                    (Sign.UNKNOWN,)),
}  # fmt: skip
_BASES: Final[Mapping[str, Basis]] = {
    "": Basis.STATED,
    "-": Basis.STATED,
    "stated": Basis.STATED,
    "inferred": Basis.INFERRED,
}
_SCALES: Final[Mapping[str, SmallScale]] = {
    **dict.fromkeys(("yes", "y", "true", "small", "small-scale", "ss"), SmallScale.YES),
    **dict.fromkeys(("no", "n", "false", "large", "large-scale", "ls"), SmallScale.NO),
    **dict.fromkeys(("", "-", "na", "not stated"), SmallScale.NOT_STATED),
}

_EFFECT_WORDS: Final[Mapping[tuple[Sign, ...], str]] = {
    _ACTIVATES: "activation",
    _REPRESSES: "repression",
    (Sign.ACTIVATION, Sign.REPRESSION): "both",
    (Sign.UNKNOWN,): "",
}
_SCALE_WORDS: Final = {SmallScale.YES: "yes", SmallScale.NO: "no", SmallScale.NOT_STATED: ""}

Row = Mapping[str, str]


class Header(NamedTuple):
    """What each column of a header holds, an empty text where it is not read."""

    roles: tuple[str, ...]
    separator: str
    #: Columns that are not read, as written.
    unread: tuple[str, ...]
    #: A role that two columns have.
    repeated: str

    @property
    def names_pairs(self) -> bool:
        """Whether it names both proteins."""
        roles = set(self.roles)
        return not roles.isdisjoint(("tf", "tf_accession")) and not roles.isdisjoint(
            ("target", "target_accession")
        )

    @property
    def is_sufficient(self) -> bool:
        """Whether it names both proteins and something that is stated of them."""
        return self.names_pairs and not _STATING.isdisjoint(self.roles)


def header_of(text: str) -> Header:
    """Return the header that a line is, read by whatever separates its columns."""
    separator = max("\t,;", key=text.count)
    names = [without_invisible(cell) for cell in _split(text, separator) or [text]]
    roles = tuple(_role(name) for name in names)
    named = [role for role in roles if role]
    return Header(
        roles,
        separator,
        tuple(name for name, role in zip(names, roles, strict=True) if name and not role),
        next((role for role in named if named.count(role) > 1), ""),
    )


def is_curated(line: str) -> bool:
    """Whether a first line is the header of a table of statements."""
    return header_of(line).is_sufficient


def _role(name: str) -> str:
    return _ROLES.get(re.sub(r"[^a-z0-9]", "", name.lower()), "")


def read_curated(
    file: Path, name: str, species: SpeciesNames, notes: Notes
) -> Iterator[StatementRecord | Problem]:
    """Yield the statements of a person's table.

    Raises `TableError` where two columns of its header are the same.
    """
    lines = read_lines(file, name)
    first, text = next(((line, text) for line, text in lines if text.strip()), (1, ""))
    header = header_of(text)
    if header.repeated:
        what = header.repeated.replace("_", " ")
        raise TableError(name, first, f"two columns of the header hold the {what}")
    if header.unread:
        unread = ", ".join(shown(column) for column in header.unread)
        notes.add("table", first, f"columns that are not read: {unread}")
    for row in rows_of(lines, name, header):
        if isinstance(row, Problem):
            yield row
        else:
            yield from read_row(Line(name, row[0]), row[1], species)


def _split(text: str, separator: str) -> list[str] | None:
    """Return the cells of a line, or None where a quoted cell does not end in it."""
    if '"' not in text:
        return text.split(separator)
    try:
        return next(csv.reader([text], delimiter=separator, strict=True), [""])
    except csv.Error as error:
        if "end of data" in str(error):
            return None
    try:  # quotation marks within a cell, as written
        return next(csv.reader([text], delimiter=separator), [""])
    except csv.Error:
        return text.split(separator)


def rows_of(
    lines: Iterator[tuple[int, str]], name: str, header: Header
) -> Iterator[tuple[int, Row] | Problem]:
    """Yield line and cells of each row, by what they hold."""
    while (first := next(lines, None)) is not None:
        line, text = first
        row, ahead = _split(text, header.separator), list[tuple[int, str]]()
        while row is None and len(ahead) < MAX_LINES and (following := next(lines, None)):
            ahead.append(following)
            text = f"{text}\n{following[1]}"
            row = _split(text, header.separator)
        if row is None:  # the lines after it are read by themselves
            lines = chain(ahead, lines)
            yield Problem(name, "table", line, "a cell begins with a quotation mark and has no end")
        elif any(cell.strip() for cell in row[len(header.roles) :]):
            width = len(header.roles)
            reason = f"the row has {len(row)} cells; the header has {width}"
            yield Problem(name, "table", line, reason)
        elif any(cell.strip() for cell in row):
            named = zip(header.roles, row, strict=False)
            yield line, {role: cell for role, cell in named if role}


def read_row(line: Line, row: Row, species: SpeciesNames) -> Iterator[StatementRecord | Problem]:
    """Yield the statements of a row, after a problem for each cell that was lost."""
    try:
        record = StatementRecord(
            _protein(row, "tf", "TF"),
            _protein(row, "target", "target"),
            _content(line, row),
            line.line,
            line.cell_or((), _resources, row.get("resources", ""), "resources"),
            _species(row, species),
        )
        basis = line.cell_or(Basis.STATED, _basis, row.get("basis", ""), "basis")
        unknown: tuple[Sign, ...] = (Sign.UNKNOWN,)
        signs = line.cell_or(unknown, _signs, row.get("effect", ""), "effect")
        effects = [Effect.of(sign, basis) for sign in signs]
        yield from line.statements(record, row.get("pmid", ""), effects)
    except IdentifierError as error:
        yield line.refused(error, *row.values())


def _content(line: Line, row: Row) -> StatementContent:
    def read(column: str, parse: Callable[[str], str]) -> str:
        return line.cell(parse, row.get(column, ""), column.replace("_", " "))

    scale = row.get("small_scale", "")
    return StatementContent(
        source_id=read("source_id", cells.source_id),
        method=read("method", cells.method),
        eco=read("eco", cells.eco),
        small_scale=line.cell_or(SmallScale.NOT_STATED, _small_scale, scale, "small-scale"),
        cell_line=read("cell_line", cells.cell_line),
        tissue=read("tissue", cells.tissue),
        condition=read("condition", cells.condition),
        quotation=read("quotation", cells.quotation),
    )


def _protein(row: Row, column: str, role: str) -> str:
    return cells.protein(protein_cell(row, column), role)


def protein_cell(row: Row, column: str) -> str:
    """Return the cell with the accession of a protein where the row has one, else its name."""
    accession = row.get(f"{column}_accession", "")
    return row.get(column, "") if is_absent(accession.strip()) else accession


def _species(row: Row, species: SpeciesNames) -> str:
    text = row.get("species", "")
    return "" if is_absent(text.strip()) else normalise.species_of(text, species)


def _resources(text: str) -> tuple[str, ...]:
    return tuple(sorted(set(normalise.texts(text, "resource"))))


def _signs(text: str) -> tuple[Sign, ...]:
    word = " ".join(without_invisible(text).lower().split())
    if word == "-":  # elsewhere it is no value, here it may be a minus sign
        raise IdentifierError("the effect '-' may be repression or none: write it as a word")
    if word not in EFFECTS:
        raise IdentifierError(f"{shown(text)} is no effect: activation, repression or unknown")
    return EFFECTS[word]


def effect_word(text: str) -> str:
    """Return the word of `EFFECTS` for the effect of a cell; what is no effect, as written."""
    word = " ".join(without_invisible(text).lower().split())
    return _EFFECT_WORDS.get(EFFECTS.get(word, ()), text)


def scale_word(text: str) -> str:
    """Return `yes`, `no` or nothing for the scale of a cell; what is no scale, as written."""
    scale = _SCALES.get(without_invisible(text).lower())
    return text if scale is None else _SCALE_WORDS[scale]


def _basis(text: str) -> Basis:
    word = without_invisible(text).lower()
    if word not in _BASES:
        raise IdentifierError(f"the basis is {shown(text)}, not stated or inferred")
    return _BASES[word]


def _small_scale(text: str) -> SmallScale:
    word = without_invisible(text).lower()
    if word not in _SCALES:
        raise IdentifierError(f"the small-scale evidence is {shown(text)}, not Yes or No")
    return _SCALES[word]
