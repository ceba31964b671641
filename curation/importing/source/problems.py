"""How the stages of a page say that something was refused."""

from __future__ import annotations

from typing import Final

from curation.importing.source.records import Problem
from proteins.domain.identifiers import shown

#: Listed in full up to here; real pages have at most a few hundred rows.
MAX_PROBLEMS: Final = 1000


class PageError(Exception):
    """A page that cannot be read at all; `problem` says why (`whole_page` is set)."""

    def __init__(self, file: str, section: str, line: int | None, reason: str) -> None:
        super().__init__(file, section, line, reason)
        self.problem = Problem(file, section, line, reason, whole_page=True)

    def __str__(self) -> str:
        return str(self.problem)


class Problems:
    """Collects the problems of one page while the rest of it is read."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._listed: list[Problem] = []
        self._unlisted = 0

    def add(self, section: str, line: int | None, reason: object) -> None:
        """Note that something of `section` was refused; a long section name is cut."""
        if len(self._listed) < MAX_PROBLEMS:
            self._listed.append(Problem(self._file, shown(section)[1:-1], line, str(reason)))
        else:
            self._unlisted += 1

    def listed(self) -> tuple[Problem, ...]:
        """Return the problems; past `MAX_PROBLEMS` a last one counts those left out."""
        if not self._unlisted:
            return tuple(self._listed)
        reason = f"{self._unlisted} further problems of this page are not listed"
        return (*self._listed, Problem(self._file, "page", None, reason))
