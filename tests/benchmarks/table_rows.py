"""The rows of a table as the C csv reader gives them: no checks, header left out."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path


def table_rows(table: Path) -> Iterator[list[str]]:
    """Yield the cells of each row of `table` (plain or gzip)."""
    opened = gzip.open if table.suffix == ".gz" else open
    with opened(table, "rt", encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows)
        yield from rows
