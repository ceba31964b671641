"""TRRUST, CollecTRI and DoRothEA -> statements, streamed.

TRRUST v2, `trrust_rawdata.{human,mouse}.tsv`, tab-separated, no header (copies have
`TF Target Regulation Reference`); the species is in the file's name only:
    AATF    BAX    Repression    22909821;17157788
    one pair may be on several lines, some with both signs; Unknown states no effect
CollecTRI, `CollecTRI_regulons.csv`:
    source,target,weight,resources,references,sign_decision
    MYC,TERT,1,ExTRI;HTRI;TRRUST,10022128;10491298,PMID
    only the sign decision `PMID` is a statement of publications; any other (the default,
    the TF's general role) is inferred; AP1 and NFKB are complexes
DoRothEA: tf,confidence,target,mor
    the sign may be a default, and no publication is given
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from curation.importing.source import statement_cells as cells
from curation.importing.source.delimited import Row, header_cells, rows_of_width
from curation.importing.source.normalise import texts as texts_of
from curation.importing.source.problems import Notes
from curation.importing.source.records import Problem, StatementRecord
from curation.importing.source.statement_cells import Effect, Line
from curation.importing.source.text import read_lines
from proteins.domain.identifiers import IdentifierError, shown, without_invisible
from proteins.domain.species import SpeciesNames
from proteins.domain.statements import Basis, Sign, StatementContent

Statements = Iterator[StatementRecord | Problem]

TRRUST_COLUMNS: Final = ("TF", "Target", "Regulation", "Reference")
COLLECTRI_COLUMNS: Final = (
    "source", "target", "weight", "resources", "references", "sign_decision",
)  # fmt: skip
DOROTHEA_COLUMNS: Final = ("tf", "confidence", "target", "mor")

_REGULATIONS: Final[Mapping[str, Sign]] = {
    "activation": Sign.ACTIVATION,
    "repression": Sign.REPRESSION,
    "unknown": Sign.UNKNOWN,
}
_TRRUST_NAME: Final = re.compile(r"trrust\w*?[._-]+([a-z]+)\.tsv(?:\.gz)?$", re.IGNORECASE)
#: TFs of CollecTRI that are complexes of several proteins.
_COMPLEXES: Final = frozenset({"AP1", "NFKB"})
#: DoRothEA by its level of confidence, which is one database.
_DOROTHEA_LEVEL: Final = re.compile(r"^DoRothEA[-_ ][A-E]\Z")
#: How CollecTRI's resources end in the copies that OmniPath makes.
_SUFFIX: Final = "_CollecTRI"


def separator_of(line: str) -> str:
    """Return what separates the cells of a line: a tab, or else a comma."""
    return "\t" if "\t" in line else ","


def columns_of(line: str) -> tuple[str, ...]:
    """Return the names of columns in a header line, in lower case and without quotes."""
    header = header_cells(line, separator_of(line))
    return tuple(cell.strip('"').lower() for cell in header)


def is_trrust(line: str) -> bool:
    """Whether a first line is TRRUST's: its copies' header, or by its shape a row."""
    return _is_trrust_header(line) or _is_trrust_row(line)


def _is_trrust_header(line: str) -> bool:
    return "\t" in line and columns_of(line) == tuple(map(str.lower, TRRUST_COLUMNS))


def _is_trrust_row(line: str) -> bool:
    row = [without_invisible(cell) for cell in line.split("\t")]
    return (
        len(row) == len(TRRUST_COLUMNS)
        and bool(row[0] and row[1])
        and row[2].lower() in _REGULATIONS
        and row[3][:1].isdigit()
    )


def is_collectri(line: str) -> bool:
    return columns_of(line) == COLLECTRI_COLUMNS


def is_dorothea(line: str) -> bool:
    return columns_of(line) == DOROTHEA_COLUMNS


def species_of_trrust(name: str, species: SpeciesNames) -> str:
    """Return the species in the name of a file of TRRUST's, or nothing."""
    match = _TRRUST_NAME.search(name)
    return (species.scientific(match[1]) or "") if match else ""


def read_trrust(file: Path, name: str, species: SpeciesNames, _: Notes) -> Statements:
    """Yield the statements of TRRUST's raw data."""
    organism = species_of_trrust(name, species)
    for number, (line, text) in enumerate(_filled(read_lines(file, name))):
        if number or not _is_trrust_header(text):
            row = rows_of_width(iter([(line, text)]), name, len(TRRUST_COLUMNS), "\t")
            yield from _read(row, name, lambda one, texts: _trrust(one, texts, organism))


def read_collectri(file: Path, name: str, _: SpeciesNames, __: Notes) -> Statements:
    """Yield the statements of CollecTRI's regulons."""
    return _read(_below_header(file, name, len(COLLECTRI_COLUMNS)), name, _collectri)


def read_dorothea(file: Path, name: str, _: SpeciesNames, notes: Notes) -> Statements:
    """Yield the statements of DoRothEA's regulons."""
    notes.add("table", 1, "DoRothEA's levels of confidence are not stored")
    return _read(_below_header(file, name, len(DOROTHEA_COLUMNS)), name, _dorothea)


def _filled(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    return ((line, text) for line, text in lines if text.strip())


def _below_header(file: Path, name: str, width: int) -> Iterator[Row | Problem]:
    lines = read_lines(file, name)
    _, header = next(_filled(lines), (1, ""))
    return rows_of_width(lines, name, width, separator_of(header))


def _read(
    rows: Iterable[Row | Problem], name: str, parse: Callable[[Line, list[str]], Statements]
) -> Statements:
    """Yield the statements that `parse` makes of each row; a row without TF, target or readable
    publications is one refusal."""
    for row in rows:
        if isinstance(row, Problem):
            yield row
            continue
        line = Line(name, row[0])
        try:
            yield from parse(line, row[1])
        except IdentifierError as error:
            yield line.refused(error, *row[1])


def _trrust(line: Line, texts: list[str], species: str) -> Statements:
    tf, target, regulation, references = texts
    sign = line.cell_or(Sign.UNKNOWN, _regulation, regulation, "regulation")
    record = StatementRecord(
        cells.protein(tf, "TF"),
        cells.protein(target, "target"),
        StatementContent(),
        line.line,
        species=species,
    )
    return line.statements(record, references, [Effect.of(sign, Basis.STATED)])


def _regulation(text: str) -> Sign:
    word = without_invisible(text).lower()
    if word not in _REGULATIONS:
        raise IdentifierError(f"{shown(text)} is not Activation, Repression or Unknown")
    return _REGULATIONS[word]


def _collectri(line: Line, texts: list[str]) -> Statements:
    source, target, weight, resources, references, decision = texts
    tf = cells.protein(source, "TF")
    if tf in _COMPLEXES:
        raise IdentifierError(f"the TF {shown(tf)} is a complex of proteins, not a protein")
    record = StatementRecord(
        tf,
        cells.protein(target, "target"),
        StatementContent(),
        line.line,
        line.cell_or((), _resources, resources, "resources"),
    )
    sign = line.cell_or(Sign.UNKNOWN, cells.sign_of_weight, weight, "weight")
    basis = Basis.STATED if decision.strip() == "PMID" else Basis.INFERRED
    return line.statements(record, references, [Effect.of(sign, basis)])


@lru_cache(maxsize=4096)
def _resources(text: str) -> tuple[str, ...]:
    """Return the databases that CollecTRI has a row from."""
    listed = (item.removesuffix(_SUFFIX) for item in texts_of(text, "resource"))
    named = (_DOROTHEA_LEVEL.sub("DoRothEA", item) for item in listed)
    return tuple(sorted({item for item in named if item != "CollecTRI"}))


def _dorothea(line: Line, texts: list[str]) -> Statements:
    tf, _, target, mor = texts
    sign = line.cell_or(Sign.UNKNOWN, cells.sign_of_weight, mor, "mor")
    record = StatementRecord(
        cells.protein(tf, "TF"), cells.protein(target, "target"), StatementContent(), line.line
    )
    return line.statements(record, "", [Effect.of(sign, Basis.INFERRED)])
