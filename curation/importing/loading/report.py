"""What an import did: created, changed, unchanged, and what it refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from curation.importing.source.records import Problem, Withdrawal
from curation.importing.source.refusals import Refusals

#: How many problems are in a report one by one; `Refusals` has like ones together.
STORED_PROBLEMS = 1000
#: The same for notes.
STORED_NOTES = 1000

_UNCHANGED, _CHANGED, _CREATED = 1, 2, 3


def shown_path(path: str) -> str:
    """Return a path as UTF-8 text; bytes that are none of it are escaped."""
    return path.encode("utf-8", "backslashreplace").decode()


class Tally:
    """Created, changed and unchanged records of one kind, each record counted once.

    A record may be met many times in a run (a protein on a hundred pages); what counts is
    the most that happened to it. One byte a record, so that 12 million fit.
    """

    def __init__(self) -> None:
        self._states = bytearray()

    def _mark(self, ids: Iterable[int], state: int) -> None:
        states = self._states
        for number in ids:
            if number >= len(states):
                states.extend(bytes(max(number + 1 - len(states), len(states), 1024)))
            if states[number] < state:
                states[number] = state

    def created(self, ids: Iterable[int]) -> None:
        self._mark(ids, _CREATED)

    def changed(self, ids: Iterable[int]) -> None:
        self._mark(ids, _CHANGED)

    def met(self, ids: Iterable[int]) -> None:
        self._mark(ids, _UNCHANGED)

    def states(self) -> bytes:
        return bytes(self._states)

    def restore(self, states: bytes) -> None:
        self._states = bytearray(states)

    def has(self, number: int) -> bool:
        """Whether the record with this id was met at all."""
        return number < len(self._states) and self._states[number] > 0

    def counts(self) -> dict[str, int]:
        return {
            "created": self._states.count(_CREATED),
            "changed": self._states.count(_CHANGED),
            "unchanged": self._states.count(_UNCHANGED),
        }


@dataclass
class RunReport:
    """The outcome of one import, filled while it runs."""

    run_id: int = 0
    #: What is counted: pages, tables, or files of any kind.
    documents: str = "pages"
    #: Those that were read to their end, and of these, those of which something was refused.
    pages_read: int = 0
    pages_read_in_part: int = 0
    pages_refused: int = 0
    rows_refused: int = 0
    pages_skipped: int = 0
    proposed: int = 0
    withdrawn: int = 0
    withdrawn_statements: int = 0
    #: What complete tables withdraw that needs a confirmation, by species.
    withdrawals: list[Withdrawal] = field(default_factory=list)
    #: Why a complete table does not look complete, in words; such withdrawals included.
    doubts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    more_notes: int = 0
    problems: list[Problem] = field(default_factory=list)
    refusals: Refusals = field(default_factory=Refusals)
    _with_refusals: set[str] = field(default_factory=set)
    tallies: dict[str, Tally] = field(
        default_factory=lambda: {
            kind: Tally() for kind in ("proteins", "interactions", "binding sites", "citations")
        }
    )

    @property
    def clean(self) -> bool:
        """Whether everything went in."""
        return not self.refused

    @property
    def refused(self) -> int:
        return self.pages_refused + self.rows_refused

    def counted(self) -> tuple[int, dict[str, bytes]]:
        """Return what has been counted so far, for `restore` if a chunk is rolled back."""
        return self.proposed, {kind: tally.states() for kind, tally in self.tallies.items()}

    def restore(self, counted: tuple[int, dict[str, bytes]]) -> None:
        self.proposed, states = counted
        for kind, tally in self.tallies.items():
            tally.restore(states[kind])

    def add_notes(self, *texts: object) -> None:
        """Add notes on what is odd though it was read, up to a limit."""
        room = STORED_NOTES - len(self.notes)
        self.notes += map(str, texts[:room])
        self.more_notes += max(len(texts) - max(room, 0), 0)

    def refuse(self, problem: Problem) -> None:
        if problem.whole_page:
            self.pages_refused += 1
        else:
            self.rows_refused += 1
            self._with_refusals.add(problem.file)
        self.refusals.add(problem)
        if len(self.problems) < STORED_PROBLEMS:
            self.problems.append(problem)

    def read(self, paths: Iterable[str]) -> None:
        """Count files that were read to their end; all that is refused of them has been."""
        for path in paths:
            self.pages_read += 1
            self.pages_read_in_part += path in self._with_refusals

    @property
    def files(self) -> int:
        return self.pages_read + self.pages_skipped + self.pages_refused

    def counts(self) -> dict[str, dict[str, int]]:
        return {kind: tally.counts() for kind, tally in self.tallies.items()}

    @property
    def changed_anything(self) -> bool:
        return any(count["created"] or count["changed"] for count in self.counts().values())

    def summary(self) -> str:
        """Return the lines that end a run, for a terminal."""
        lines = [
            f"{self.files:,} {_counted(self.documents, self.files)}: "
            f"{self.pages_read - self.pages_read_in_part:,} read whole, "
            f"{self.pages_read_in_part:,} read with refusals, "
            f"{self.pages_skipped:,} unchanged and skipped, {self.pages_refused:,} refused"
        ]
        for kind, count in self.counts().items():
            lines.append(
                f"{kind}: {count['created']:,} created, {count['changed']:,} changed, "
                f"{count['unchanged']:,} unchanged"
            )
        lines.append(f"{self.rows_refused:,} rows refused")
        if self.withdrawn:
            lines.append(f"{self.withdrawn:,} interactions are marked as no longer reported")
        if self.withdrawn_statements:
            lines.append(f"{self.withdrawn_statements:,} statements are withdrawn")
        if self.proposed:
            lines.append(f"proposals opened, where curators' values differ: {self.proposed:,}")
        lines += self.notes
        if self.more_notes:
            lines.append(f"and {self.more_notes:,} more notes")
        if not self.changed_anything:
            lines.append("No record changed." if self.proposed else "Nothing changed.")
        return "\n".join(lines)


def _counted(documents: str, number: int) -> str:
    """Return what documents are called, one of them without the plural's ending."""
    return re.sub(r"s\b", "", documents, count=1) if number == 1 else documents
