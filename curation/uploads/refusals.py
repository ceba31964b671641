"""All that an upload was refused, as a table beside its files: pages list like ones together."""

from __future__ import annotations

import io
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TextIO

from curation.importing.loading.report import shown_path
from curation.importing.source.records import Problem
from curation.shared.private_files import create_private
from proteins.exports.cells import harmless, one_line, tsv_text

COLUMNS: Final = ("File", "Line", "Section", "Cell", "Nothing.of.the.file", "Reason")


class RefusalTable:
    """Writes refusals as they come; there is no file where there are none."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._opened: TextIO | None = None

    def __enter__(self) -> Self:
        self._file.unlink(missing_ok=True)  # of an earlier trial
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._opened is not None:
            self._opened.close()

    def add(self, problem: Problem) -> None:
        if self._opened is None:
            opened = create_private(self._file)
            self._opened = io.TextIOWrapper(opened, encoding="utf-8", newline="")
            self._opened.write(tsv_text([COLUMNS]))
        cells = (
            problem.file,
            "" if problem.line is None else str(problem.line),
            problem.section,
            problem.cell,
            "Yes" if problem.whole_page else "No",
            problem.reason,
        )
        self._opened.write(tsv_text([[harmless(one_line(shown_path(cell))) for cell in cells]]))
