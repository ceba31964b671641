"""SIGNOR's tables -> statements, streamed.

Tab-separated, 28 columns, some with an empty 29th cell; with or without the header:

    ENTITYA TYPEA IDA DATABASEA ENTITYB TYPEB IDB DATABASEB EFFECT MECHANISM RESIDUE SEQUENCE
    TAX_ID CELL_DATA TISSUE_DATA MODULATOR_COMPLEX TARGET_COMPLEX MODIFICATIONA MODASEQ
    MODIFICATIONB MODBSEQ PMID DIRECT NOTES ANNOTATOR SENTENCE SIGNOR_ID SCORE

SIGNOR is about signalling: rows on the regulation of transcription between two proteins with
UniProt IDs are read, all others are counted in a note. TAX_ID is of the experiment, which may
be another species than that of the proteins.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from curation.importing.source import statement_cells as cells
from curation.importing.source.delimited import header_cells, rows_of_width
from curation.importing.source.problems import Notes, TableError
from curation.importing.source.records import Problem, StatementRecord
from curation.importing.source.statement_cells import Effect, Line
from curation.importing.source.text import read_lines
from proteins.domain.identifiers import IdentifierError, parse_accession
from proteins.domain.species import SpeciesNames
from proteins.domain.statements import Basis, Sign, StatementContent

COLUMNS: Final = (
    "ENTITYA", "TYPEA", "IDA", "DATABASEA", "ENTITYB", "TYPEB", "IDB", "DATABASEB", "EFFECT",
    "MECHANISM", "RESIDUE", "SEQUENCE", "TAX_ID", "CELL_DATA", "TISSUE_DATA",
    "MODULATOR_COMPLEX", "TARGET_COMPLEX", "MODIFICATIONA", "MODASEQ", "MODIFICATIONB",
    "MODBSEQ", "PMID", "DIRECT", "NOTES", "ANNOTATOR", "SENTENCE", "SIGNOR_ID", "SCORE",
)  # fmt: skip
#: Columns without which a table is not read; the others are empty where they are absent.
NEEDED: Final = ("IDA", "DATABASEA", "IDB", "DATABASEB", "EFFECT", "MECHANISM", "PMID", "SIGNOR_ID")

_BY_EXPRESSION: Final = frozenset(
    {"up-regulates quantity by expression", "down-regulates quantity by repression"}
)
#: Effects that, of a row on transcription, are on the target's expression.
_EFFECTS: Final[Mapping[str, Sign]] = {
    "up-regulates quantity by expression": Sign.ACTIVATION,
    "up-regulates quantity": Sign.ACTIVATION,
    "up-regulates": Sign.ACTIVATION,
    "down-regulates quantity by repression": Sign.REPRESSION,
    "down-regulates quantity": Sign.REPRESSION,
    "down-regulates": Sign.REPRESSION,
}
_MECHANISMS: Final[Mapping[str, Sign]] = {
    "transcriptional activation": Sign.ACTIVATION,
    "transcriptional repression": Sign.REPRESSION,
}
_DIRECT: Final = frozenset({"yes", "no", "t", "f"})
_SIGNOR_ID: Final = re.compile(r"^SIGNOR-[0-9]+\Z")
#: An isoform (`P04637-2`), or a chain of the protein (`P04637_PRO_0000185703`).
_OF_PROTEIN: Final = re.compile(r"[-_].*\Z", re.DOTALL)
#: PMIDs that are no publication: SIGNOR writes `Other` where there is no PubMed ID.
_NO_PMID: Final = frozenset({"other", "unknown"})

Row = dict[str, str]


def is_signor(line: str) -> bool:
    """Whether a first line is SIGNOR's header, or by its shape a row."""
    return is_header(line) or _is_row(line)


def is_header(line: str) -> bool:
    return tuple(header_cells(line, "\t")[:2]) == COLUMNS[:2]


def _is_row(line: str) -> bool:
    row = line.split("\t")
    if len(row) not in (len(COLUMNS), len(COLUMNS) + 1):
        return False
    named = dict(zip(COLUMNS, row, strict=False))
    direct = named["DIRECT"].strip().lower() in _DIRECT
    return direct and _SIGNOR_ID.match(named["SIGNOR_ID"].strip()) is not None


def read_signor(
    file: Path, name: str, _: SpeciesNames, notes: Notes
) -> Iterator[StatementRecord | Problem]:
    """Yield the statements of a table of SIGNOR.

    Raises `TableError` where its header lacks a column that is needed.
    """
    skipped = Counter[str]()
    columns: tuple[str, ...] = COLUMNS
    lines = ((line, text) for line, text in read_lines(file, name) if text.strip())
    for number, (line, text) in enumerate(lines):
        if number == 0 and is_header(text):
            columns = _checked_header(text, name, line)
            continue
        for row in rows_of_width(iter([(line, text)]), name, len(columns), "\t"):
            if isinstance(row, Problem):
                yield row
            else:
                yield from _read(Line(name, line), columns, row[1], skipped)
    for why, count in sorted(skipped.items()):
        notes.add("table", None, f"{count:,} rows are not read: {why}")


def _checked_header(text: str, name: str, line: int) -> tuple[str, ...]:
    columns = tuple(header_cells(text, "\t"))
    lacking = [column for column in NEEDED if column not in columns]
    if lacking:
        raise TableError(name, line, f"the header of SIGNOR's table has no {', '.join(lacking)}")
    return columns


def _read(
    line: Line, columns: tuple[str, ...], texts: list[str], skipped: Counter[str]
) -> Iterator[StatementRecord | Problem]:
    row = dict.fromkeys(COLUMNS, "") | dict(zip(columns, map(_unquoted, texts), strict=False))
    why = _why_skipped(row)
    if why:
        skipped[why] += 1
        return
    try:
        yield from _statements(line, row)
    except IdentifierError as error:
        yield line.refused(error, *texts)


def _unquoted(text: str) -> str:
    text = text.strip()
    return text[1:-1].replace('""', '"') if len(text) > 1 and text[0] == text[-1] == '"' else text


def _why_skipped(row: Row) -> str:
    if not _is_about_transcription(row):
        return "they are not about the regulation of transcription"
    if {row["DATABASEA"].upper(), row["DATABASEB"].upper()} != {"UNIPROT"}:
        return "one of the two has no UniProt ID"
    return ""


def _is_about_transcription(row: Row) -> bool:
    return row["EFFECT"].lower() in _BY_EXPRESSION or row["MECHANISM"].lower().startswith(
        "transcriptional "
    )


def _statements(line: Line, row: Row) -> Iterator[StatementRecord | Problem]:
    content = StatementContent(
        source_id=line.cell(cells.source_id, row["SIGNOR_ID"], "SIGNOR_ID"),
        cell_line=line.cell(cells.cell_line, row["CELL_DATA"], "CELL_DATA"),
        tissue=line.cell(cells.tissue, row["TISSUE_DATA"], "TISSUE_DATA"),
        quotation=line.cell(cells.quotation, row["SENTENCE"], "SENTENCE"),
    )
    record = StatementRecord(
        parse_accession(_OF_PROTEIN.sub("", row["IDA"])),
        parse_accession(_OF_PROTEIN.sub("", row["IDB"])),
        content,
        line.line,
    )
    pmids = "" if row["PMID"].lower() in _NO_PMID else row["PMID"]
    return line.statements(record, pmids, [Effect.of(_sign(row), Basis.STATED)])


def _sign(row: Row) -> Sign:
    mechanism = _MECHANISMS.get(row["MECHANISM"].lower(), Sign.UNKNOWN)
    return _EFFECTS.get(row["EFFECT"].lower(), mechanism)
