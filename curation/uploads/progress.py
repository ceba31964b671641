"""How far a process has come, in a file: the database is held by what it does there."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

_FILE = "progress.json"
#: Seconds between two writes of the file.
_EVERY = 0.5


@dataclass(frozen=True)
class Progress:
    """What is being done; `total` is 0 where it is unknown beforehand."""

    step: str
    done: int = 0
    total: int = 0
    unit: str = ""

    @property
    def percent(self) -> int:
        return min(100, 100 * self.done // self.total) if self.total else 0


class ProgressWriter:
    """Writes how far a job has come, at most twice a second."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / _FILE
        self._now = Progress("Starting")
        self._written = 0.0

    def begin(self, step: str, total: int = 0, unit: str = "") -> None:
        self._now = Progress(step, 0, total, unit)
        self._write()

    def reached(self, done: int) -> None:
        self._now = Progress(self._now.step, done, self._now.total, self._now.unit)
        if time.monotonic() - self._written >= _EVERY:
            self._write()

    def advance(self, number: int) -> None:
        self.reached(self._now.done + number)

    def _write(self) -> None:
        draft = self._file.with_suffix(".draft")
        draft.write_text(json.dumps(asdict(self._now)), encoding="utf-8")
        draft.replace(self._file)
        self._written = time.monotonic()


def read_progress(folder: Path) -> Progress:
    """Return how far a job has come, as far as its file says."""
    try:
        return Progress(**json.loads((folder / _FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Progress("Starting")


def forget_progress(folder: Path) -> None:
    (folder / _FILE).unlink(missing_ok=True)
