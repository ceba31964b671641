"""A block that a person pastes from a spreadsheet: rows of statements of one publication.

It is read as a table of statements is (`statements_curated`), except that it may lack a header:
its columns are then those of `COLUMNS`, in this order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

from curation.importing.source.records import Problem, StatementRecord
from curation.importing.source.statement_cells import Line
from curation.importing.source.statements_curated import (
    Header,
    Row,
    effect_word,
    header_of,
    protein_cell,
    read_row,
    rows_of,
    scale_word,
)
from proteins.domain.species import SpeciesNames

#: The columns of the grid at the desk; the last two are shown where a row has them.
COLUMNS: Final = (
    "tf", "target", "effect", "method", "small_scale", "cell_line", "tissue", "condition",
    "quotation", "basis", "eco",
)  # fmt: skip
#: The most rows of a block: far more than a person reads in one paper.
MAX_ROWS: Final = 2_000
#: Cells of rows that have no column in the grid.
_BESIDE: Final = ("species", "pmid", "proposal")
_CELLS: Final = (*COLUMNS, *_BESIDE)


class BlockError(ValueError):
    """A block that is not read at all; says why, for a person."""


@dataclass(frozen=True, slots=True)
class PastedRow:
    """One row: its number among the rows, from 1, its cells, and what they say."""

    number: int
    cells: Mapping[str, str]
    records: tuple[StatementRecord, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of a block, and the columns of its header that are not read."""

    rows: tuple[PastedRow, ...]
    unread: tuple[str, ...] = ()


def read_block(text: str, species: SpeciesNames, *, first: int = 0) -> Block:
    """Return the rows of a block; without a header its columns begin with the `first`.

    Raises `BlockError` where it has too many rows, or two columns of its header are the same.
    """
    lines: Iterator[tuple[int, str]] = enumerate(
        text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1
    )
    head = next(((line, cells) for line, cells in lines if cells.strip()), None)
    if head is None:
        return Block(())
    header = header_of(head[1])
    if not header.names_pairs:
        header, lines = _by_position(head[1], first), chain([head], lines)
    elif header.repeated:
        what = header.repeated.replace("_", " ")
        raise BlockError(f"Two columns of the header hold the {what}.")
    return Block(tuple(_rows(lines, header, species)), header.unread)


def write_block(rows: list[Mapping[str, str]]) -> str:
    """Return rows as a block with a header, of which `read_block` returns the same cells."""
    beside = [name for name in _BESIDE if any(row.get(name) for row in rows)]
    columns = [*COLUMNS, *beside] if rows else []
    lines = [columns]
    lines += [[_quoted(row.get(name, "")) for name in columns] for row in rows]
    return "\n".join("\t".join(cells) for cells in lines)


def _by_position(text: str, first: int) -> Header:
    separator = "\t" if "\t" in text else max(",;", key=text.count)
    return Header(COLUMNS[first:], separator, (), "")


def _rows(
    lines: Iterator[tuple[int, str]], header: Header, species: SpeciesNames
) -> Iterator[PastedRow]:
    for number, row in enumerate(rows_of(lines, "", header), 1):
        if number > MAX_ROWS:
            raise BlockError(
                f"These are more than {MAX_ROWS:,} rows, the most that are entered at once here. "
                "Enter them in parts, or let a senior curator upload the table."
            )
        if isinstance(row, Problem):
            yield PastedRow(number, {}, problems=(row,))
        else:
            yield _read(number, row[1], species)


def _read(number: int, row: Row, species: SpeciesNames) -> PastedRow:
    read = list(read_row(Line("", number), row, species))
    return PastedRow(
        number,
        _cells(row),
        tuple(item for item in read if not isinstance(item, Problem)),
        tuple(item for item in read if isinstance(item, Problem)),
    )


def _cells(row: Row) -> Mapping[str, str]:
    named = {
        **row,
        "tf": protein_cell(row, "tf"),
        "target": protein_cell(row, "target"),
        "effect": effect_word(row.get("effect", "")),
        "small_scale": scale_word(row.get("small_scale", "")),
    }
    return {name: " ".join(named[name].split()) for name in _CELLS if named.get(name)}


def _quoted(cell: str) -> str:
    if not any(sign in cell for sign in '\t\n"'):
        return cell
    return '"' + cell.replace('"', '""') + '"'
