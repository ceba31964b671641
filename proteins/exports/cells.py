"""Values as the cells of tables: tab-separated text, and CSV for spreadsheets.

Tab-separated text is for programs, and for import: it is TFLink's own layout, which quotes and
marks nothing, so that a text that goes out in it comes back as the same text. What would end a
cell or a line becomes a space; lists are joined by `;`. An apostrophe before a formula would be
part of the name for every reader, the importer included, so TSV has none: whoever opens it in a
spreadsheet imports its columns as text. CSV is for spreadsheets, which take some texts for
formulas:

- UTF-8 with a byte order mark, without which Excel takes it for another encoding. pandas and
  readr skip the mark; base R reads it with `fileEncoding="UTF-8-BOM"`.
- A text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, "CSV
  Injection"). Numbers, and a sign alone (a strand), are left as they are.
- Lines end as RFC 4180 says; texts are quoted where they must be.
- Nothing in a CSV file keeps a spreadsheet from making a date of a gene's name (`sep-1`): there,
  too, columns are imported as text.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

BYTE_ORDER_MARK: Final = "\ufeff"
#: What TFLink's own tables have for nothing.
NONE: Final = "-"
#: What would end a cell or a line, for one program or another.
_BREAKS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
#: What a spreadsheet takes for a formula: a sign (full-width ones included), a tab or a
#: carriage return, after quotes and white space that it skips.
_FORMULA: Final = re.compile(r"""[\s"'\u200b\ufeff]*[=+\-@＝＋－＠]|["' ]*[\t\r]""")
_ALONE: Final = frozenset({"+", "-"})

Value = str | int | float


class Words(NamedTuple):
    """What a table has for nothing, for true and for false."""

    nothing: str = ""
    yes: str = "yes"
    no: str = "no"


def value_of(value: Any, words: Words) -> Value:
    """Return a value as a cell has it: a number, or a text that may hold line breaks."""
    if isinstance(value, bool):
        return words.yes if value else words.no
    if isinstance(value, Sequence) and not isinstance(value, str):
        value = ";".join(map(str, value))
    if value is None or value == "":
        return words.nothing
    return value if isinstance(value, int | float) else str(value)


def one_line(text: str) -> str:
    """Text as a cell: names hold no tabs and line breaks, but terms and places may."""
    return _BREAKS.sub(" ", text)


def joined(values: Iterable[object]) -> str:
    """A list as a cell of TFLink's own tables."""
    return one_line(";".join(map(str, values))) or NONE


def harmless(text: str) -> str:
    """Return `text` so that no spreadsheet takes it for a formula."""
    if text not in _ALONE and _FORMULA.match(text):
        return f"'{text}"
    return text


def tsv_text(rows: Iterable[Sequence[str]]) -> str:
    """Return tab-separated lines; each cell must be one line already."""
    return "".join(tsv_lines(rows))


def tsv_lines(rows: Iterable[Sequence[str]]) -> list[str]:
    """The same, a text for each row."""
    return ["\t".join(row) + "\n" for row in rows]


class _Lines(list[str]):
    """A file that holds what is written to it."""

    def write(self, text: str) -> int:
        self.append(text)
        return len(text)


def csv_text(rows: Iterable[Sequence[Value]]) -> str:
    """Return lines of CSV; texts must be harmless already."""
    return "".join(csv_lines(rows))


def csv_lines(rows: Iterable[Sequence[Value]]) -> list[str]:
    """The same, a text for each row."""
    lines = _Lines()
    csv.writer(lines).writerows(rows)
    return lines


def tsv_values(rows: Iterable[Iterable[Any]], words: Words) -> str:
    """Return tab-separated lines of any values."""
    return tsv_text([one_line(str(value_of(cell, words))) for cell in row] for row in rows)


def csv_values(rows: Iterable[Iterable[Any]], words: Words) -> str:
    """Return lines of CSV of any values."""
    return csv_text([_safe(value_of(cell, words)) for cell in row] for row in rows)


def _safe(value: Value) -> Value:
    return harmless(value) if isinstance(value, str) else value
