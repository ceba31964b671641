"""Delimited text with a header line -> its rows as cells, streamed.

Blank lines are passed over anywhere, blanks around the names of columns and empty cells
after the last column are forgiven. Rows are as wide as their header; cells are as written.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from curation.importing.source.problems import TableError
from curation.importing.source.records import Problem
from curation.importing.source.text import read_lines
from proteins.domain.identifiers import shown, without_invisible

Row = tuple[int, list[str]]
_UNDECODED: Final = re.compile(r"[\udc80-\udcff]")


def read_cells(
    file: Path, name: str, columns: Sequence[str], what: str, separator: str = "\t"
) -> Iterator[Row | Problem]:
    """Return line and cells of each row below the header `columns`, or what is wrong with it.

    `what` names the kind of table. Raises `TableError` as `read_lines` does, and where the
    header is another.
    """
    lines = read_lines(file, name)
    check_header(next_header(lines, separator), name, columns, what)
    return rows_of_width(lines, name, len(columns), separator)


def next_header(lines: Iterator[tuple[int, str]], separator: str) -> tuple[int, list[str]]:
    """Return line and cells of the first line that is not blank; of none, one empty cell."""
    for line, text in lines:
        if text.strip():
            return line, header_cells(text, separator)
    return 1, [""]


def header_cells(text: str, separator: str) -> list[str]:
    """Return the names of columns in a header line."""
    cells = [without_invisible(cell) for cell in text.split(separator)]
    while len(cells) > 1 and not cells[-1]:
        cells.pop()
    return cells


def check_header(header: Row, name: str, columns: Sequence[str], what: str) -> None:
    """Raise `TableError` where a header is not the one of a kind of table."""
    line, cells = header
    if tuple(cells) == tuple(columns):
        return
    if cells[0][:1] == '"' and cells[0].strip('"') == columns[0]:
        reason = f"the header is in quotes; a {what} has none (in R: write.table(quote=FALSE))"
        raise TableError(name, line, reason)
    if "\0" in cells[0]:
        reason = "the file seems to be UTF-16 without its byte order mark; save it as UTF-8"
        raise TableError(name, line, reason)
    for number, expected in enumerate(columns):
        cell = cells[number] if number < len(cells) else ""
        if cell != expected:
            reason = (
                f"column {number + 1} of the header is {shown(cell)}, not '{expected}': "
                f"this is no {what}"
            )
            raise TableError(name, line, reason)
    raise TableError(name, line, f"the header has {len(cells)} columns, not {len(columns)}")


def rows_of_width(
    lines: Iterator[tuple[int, str]], name: str, width: int, separator: str
) -> Iterator[Row | Problem]:
    """Yield line and cells of each row of `width` cells, and a problem for any other."""
    for line, text in lines:
        cells = text.split(separator) if separator != "," else csv_cells(text)
        if len(cells) == width:
            if cells[0] or not text.isspace():  # not a row of tabs
                yield line, cells
        elif text.strip():
            if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
                yield line, cells[:width]
            else:
                yield Problem(name, "table", line, _wrong_width(text, len(cells), width))


def csv_cells(text: str) -> list[str]:
    """Return the cells of a line of comma-separated text, some of which may be in quotes."""
    if '"' in text:
        with suppress(csv.Error):  # a cell longer than it reads
            return next(csv.reader([text]))
    return text.split(",")


def _wrong_width(text: str, number: int, width: int) -> str:
    return undecoded(text) or f"the row has {number} cells; a row of a table has {width}"


def undecoded(text: str) -> str:
    """Return a message where a line holds a byte that is not UTF-8, else nothing."""
    match = _UNDECODED.search(text)
    if match is None:
        return ""
    byte = len(text[: match.start()].encode(errors="surrogateescape")) + 1
    return f"the row is not UTF-8 at its byte {byte}"
