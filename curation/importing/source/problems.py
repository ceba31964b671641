"""Refusals and notes: how readers report what they could not read, and what is odd."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple, TypeVar

from curation.importing.source.records import Note, Problem
from proteins.domain.identifiers import IdentifierError, shown
from proteins.domain.names import is_spreadsheet_date

T = TypeVar("T")

#: Listed in full up to here; real pages have at most a few hundred rows.
MAX_PROBLEMS: Final = 1000


class PageError(Exception):
    """A page that cannot be read at all; `problem` says why (`whole_page` is set)."""

    def __init__(self, file: str, section: str, line: int | None, reason: str) -> None:
        super().__init__(file, section, line, reason)
        self.problem = Problem(file, section, line, reason, whole_page=True)

    def __str__(self) -> str:
        return str(self.problem)


class TableError(Exception):
    """A table that cannot be read, or not to its end; `problem` says why and where."""

    def __init__(self, file: str, line: int | None, reason: str) -> None:
        super().__init__(file, line, reason)
        self.problem = Problem(file, "table", line, reason, whole_page=True)

    def __str__(self) -> str:
        return str(self.problem)


class LostCell(NamedTuple):
    """A cell that breaks a rule, in a row whose identity is readable: the row goes in
    without it."""

    cell: str
    reason: str


def cell_or(
    otherwise: T, parse: Callable[[str], T], text: str, cell: str, lost: list[LostCell]
) -> T:
    """Return the parsed text of a cell, or `otherwise`, which makes it a lost cell."""
    try:
        return parse(text)
    except IdentifierError as error:
        lost.append(LostCell(cell, str(error)))
        return otherwise


class Problems:
    """Collects the problems of one page while the rest of it is read."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._listed: list[Problem] = []
        self._unlisted = 0

    def add(self, section: str, line: int | None, reason: object, cell: str = "") -> None:
        """Note that something of `section` was refused; a long section name is cut."""
        if len(self._listed) < MAX_PROBLEMS:
            problem = Problem(self._file, shown(section)[1:-1], line, str(reason), cell=cell)
            self._listed.append(problem)
        else:
            self._unlisted += 1

    def add_lost(self, section: str, line: int | None, lost: Iterable[LostCell]) -> None:
        """Note the cells that a row of `section` lost."""
        for cell, reason in lost:
            self.add(section, line, reason, cell)

    def listed(self) -> tuple[Problem, ...]:
        """Return the problems; past `MAX_PROBLEMS` a last one counts those left out."""
        if not self._unlisted:
            return tuple(self._listed)
        reason = f"{self._unlisted} further problems of this page are not listed"
        return (*self._listed, Problem(self._file, "page", None, reason))


class Notes:
    """Collects what is odd in one file, though it was read; each text once, within a bound."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._listed: dict[str, Note] = {}
        self._unlisted = 0

    def add(self, section: str, line: int | None, text: str) -> None:
        if text in self._listed:
            return
        if len(self._listed) < MAX_PROBLEMS:
            self._listed[text] = Note(self._file, section, line, text)
        else:
            self._unlisted += 1

    def listed(self) -> tuple[Note, ...]:
        """Return the notes; past `MAX_PROBLEMS` a last one counts those left out."""
        notes = tuple(self._listed.values())
        if not self._unlisted:
            return notes
        return (*notes, Note(self._file, "file", None, f"{self._unlisted} further notes"))


def date_note(accession: str, name: str) -> str:
    """Return a note on a name that a spreadsheet seems to have made a date, else nothing."""
    if not is_spreadsheet_date(name):
        return ""
    return f"the name {shown(name)} of {accession} looks like a date that a spreadsheet has made"
