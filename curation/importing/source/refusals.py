"""Like refusals as one: a thousand rows that break one rule are a line with a count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from curation.importing.source.records import Problem

#: Of like refusals, how many lines are named.
FIRST_LINES: Final = 5
#: Groups that are told one by one; the others are counted.
MAX_GROUPS: Final = 1000
#: What differs from one refusal to a like one: quoted text, and words with digits.
_QUOTED_OR_WORD: Final = re.compile(r"'[^']*'|[^\s']+")


def _unless_varying(match: re.Match[str]) -> str:
    text = match[0]
    return "" if text[0] == "'" or any(map(str.isdecimal, text)) else text


@dataclass(slots=True)
class LikeRefusals:
    """Refusals of one file and section for one reason: the first, and the lines of some."""

    first: Problem
    count: int = 0
    lines: list[int] = field(default_factory=list)

    def add(self, problem: Problem) -> None:
        self.count += 1
        if problem.line is not None and len(self.lines) < FIRST_LINES:
            self.lines.append(problem.line)

    @property
    def where(self) -> str:
        """The first lines, as a list for people."""
        more = " ..." if self.count > len(self.lines) else ""
        return ", ".join(f"{line:,}" for line in self.lines) + more

    def __str__(self) -> str:
        if self.count == 1:
            return str(self.first)
        lines = f" (lines {self.where})" if self.lines else ""
        return (
            f"{self.first.file}: {self.first.section}: {self.count:,} like refusals{lines}, "
            f"the first: {self.first.reason}"
        )


class Refusals:
    """Refusals as they come, like ones together, within a bound."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str, str, str], LikeRefusals] = {}
        self.ungrouped = 0

    def add(self, problem: Problem) -> None:
        reason = _QUOTED_OR_WORD.sub(_unless_varying, problem.reason)
        key = (problem.file, problem.section, problem.cell, reason)
        group = self._groups.get(key)
        if group is None:
            if len(self._groups) >= MAX_GROUPS:
                self.ungrouped += 1
                return
            group = self._groups[key] = LikeRefusals(problem)
        group.add(problem)

    def __iter__(self) -> Iterator[LikeRefusals]:
        return iter(self._groups.values())

    def lines(self) -> list[str]:
        """Return a line for each group; the last counts the refusals that are in none."""
        more = [f"and {self.ungrouped:,} more refusals"] if self.ungrouped else []
        return [*map(str, self), *more]
