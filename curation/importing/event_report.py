"""Every single thing that an import did, as JSON, and the first few changes as text."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self, TextIO

from curation.importing.loading.report import RunReport
from curation.importing.planning.planned import Change
from curation.importing.source.records import Problem


@dataclass
class FirstChanges:
    """The first `limit` changes and proposals, for a terminal."""

    limit: int
    changes: list[str] = field(default_factory=list)
    total: int = 0

    def add(self, verb: str, change: Change) -> None:
        self.total += 1
        if len(self.changes) < self.limit:
            before, after = (
                json.dumps(v, ensure_ascii=False) for v in (change.before, change.after)
            )
            self.changes.append(
                f"{verb} {change.kind} {change.key}: {change.field}: {before} -> {after}"
            )

    def lines(self) -> list[str]:
        more = self.total - len(self.changes)
        return (
            [*self.changes, f"and {more:,} changes more"] if self.limit and more else self.changes
        )


class EventReport:
    """Hears of every record and writes it to `file` (if there is one) as it comes.

    The file is written beside its name and renamed when it is whole: an object with
    `command`, `dry_run`, `events` (each with `event`, `kind`, `key` and what it brings) and
    `summary`. Raises `OSError` where it cannot be written.
    """

    def __init__(self, file: Path | None, command: str, show: int, dry_run: bool) -> None:
        self._file = file
        self._command = command
        self._dry_run = dry_run
        self._draft: TextIO | None = None
        self._separator = "\n"
        self._summary: dict[str, Any] = {}
        self.first = FirstChanges(show)

    def __enter__(self) -> Self:
        if self._file is not None:
            self._draft = self._draft_path(self._file).open("w", encoding="utf-8")
            head = {"command": self._command, "dry_run": self._dry_run}
            self._draft.write(json.dumps(head)[:-1] + ', "events": [')
        return self

    def __exit__(self, error: object, *_: object) -> None:
        if self._file is None or self._draft is None:
            return
        self._draft.write(f'\n], "summary": {json.dumps(self._summary)}}}\n')
        self._draft.close()
        if error is None:
            self._draft_path(self._file).replace(self._file)
        else:
            self._draft_path(self._file).unlink()

    @staticmethod
    def _draft_path(file: Path) -> Path:
        return file.with_name(f".{file.name}.{os.getpid()}")

    def _write(self, event: str, values: dict[str, Any]) -> None:
        if self._draft is not None:
            line = json.dumps({"event": event, **values}, ensure_ascii=False)
            self._draft.write(f"{self._separator}{line}")
            self._separator = ",\n"

    def created(self, kind: str, keys: Iterable[str]) -> None:
        if self._draft is not None:
            for key in keys:
                self._write("created", {"kind": kind, "key": key})

    def changed(self, change: Change) -> None:
        self.first.add("changed", change)
        self._write_change("changed", change)

    def proposed(self, change: Change) -> None:
        self.first.add("proposed", change)
        self._write_change("proposed", change)

    def _write_change(self, event: str, change: Change) -> None:
        values = asdict(change)
        del values["id"]
        self._write(event, values)

    def refused(self, problem: Problem) -> None:
        self._write("refused", asdict(problem))

    def summarise(self, report: RunReport) -> None:
        self._summary = {
            "run": None if self._dry_run else report.run_id,
            "read": report.pages_read,
            "read_with_refusals": report.pages_read_in_part,
            "skipped": report.pages_skipped,
            "refused_whole": report.pages_refused,
            "rows_refused": report.rows_refused,
            "no_longer_reported": report.withdrawn,
            "proposed": report.proposed,
            **report.counts(),
        }
