"""Rows as CSV for spreadsheets, which take some texts for formulas.

- UTF-8 with a byte order mark, without which Excel takes it for another encoding. pandas and
  readr skip the mark; base R reads it with `fileEncoding="UTF-8-BOM"`.
- A text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, "CSV
  Injection"). Numbers, and a sign that stands alone (a strand), are left as they are.
- Lines end as RFC 4180 says; texts are quoted where they must be.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from typing import Final

BYTE_ORDER_MARK: Final = "\ufeff"
#: What a spreadsheet takes for a formula: a sign (full-width ones included), a tab or a
#: carriage return, after quotes and white space that it skips.
_FORMULA: Final = re.compile(r"""[\s"'\u200b\ufeff]*[=+\-@＝＋－＠]|["' ]*[\t\r]""")
_ALONE: Final = frozenset({"+", "-"})

Value = str | int | float


def harmless(text: str) -> str:
    """Return `text` so that no spreadsheet takes it for a formula."""
    if text not in _ALONE and _FORMULA.match(text):
        return f"'{text}"
    return text


class _Lines(list[str]):
    """A file that keeps what is written to it."""

    def write(self, text: str) -> int:
        self.append(text)
        return len(text)


def csv_text(rows: Iterable[Sequence[Value]]) -> str:
    """Return lines of CSV; texts must be harmless already."""
    written = _Lines()
    csv.writer(written).writerows(rows)
    return "".join(written)
