"""Connections of an import that the server ends, at moments drawn at random, and what must be true
afterwards: sound records, one writer at a time, and a rerun that brings the same content.

    python -m tests.benchmarks.lost_connections POSTGRESQL_URL TABLE OTHER [--times 20]
        [--restart "pg_ctl restart ..."]

As soon as the connection is ended, an import of the other table or an undo of the run begins.
`--restart` is run once in place of that.
"""

from __future__ import annotations

import argparse
import random
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import psycopg

from proteins.outages import EXIT_STATUS
from tests.benchmarks.databases import PostgresDatabases
from tests.machine import Machine


@dataclass
class Outcome:
    """How a command ended."""

    words: tuple[str, ...]
    status: int
    output: str
    error: str

    @property
    def sentence(self) -> str:
        """What it printed of its end."""
        lines = [line for line in self.error.splitlines() if line.strip() and "row/s" not in line]
        return lines[0][:70] if lines else ""


class Drill:
    """Imports on fresh databases of a server, which are disturbed."""

    def __init__(self, made: PostgresDatabases, data: Path, tables: list[Path]) -> None:
        self._made = made
        self._data = data
        self._first, self._second = (("import_tables", str(table)) for table in tables)
        self._machine = Machine("", data)
        self.troubles = 0

    def undisturbed(self) -> tuple[str, float]:
        """Return the digest that both tables bring, and the seconds that the first takes."""
        self._machine = Machine(self._made.fresh(), self._data)
        self._machine.manage(*self._first)
        ((began, ended),) = self.ask("SELECT started_at, finished_at FROM curation_importrun")
        self._machine.manage(*self._second)
        return self._machine.digest, (ended - began).total_seconds()

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self._machine.url) as server:
            return server.execute(sql.encode()).fetchall()

    def disturb(self, moment: float, whole: str, how: str) -> None:
        """Disturb an import after so many seconds, and compare what comes of it."""
        self._machine = Machine(self._made.fresh(), self._data)
        process = self._machine.start(*self._first)
        while not self.ask("SELECT 1 FROM curation_importrun WHERE state = 'running'"):
            time.sleep(0.02)
        time.sleep(moment)
        other = self._begin_another(how)
        first = ended(process, self._first)
        outcomes = [first, *([ended(*other)] if other else [])]
        states = [state for (state,) in self._states()]
        for words in (self._first, self._second):
            result = self._machine.run(*words)
            if result.returncode:
                self._trouble(f"the rerun ends with {result.returncode}: {result.stderr[-300:]}")
        digest = self._machine.digest
        told = "; ".join(f"{one.words[0]} {one.status} {one.sentence}" for one in outcomes)
        same = "same digest" if digest == whole else "ANOTHER DIGEST"
        print(f"{how} after {moment:5.2f} s: {told}; runs {states}; {same}", flush=True)
        if digest != whole:
            self._trouble("the digest differs")
        for trouble in [*bad_ends(outcomes, states), *self._two_writers()]:
            self._trouble(trouble)

    def _begin_another(self, how: str) -> tuple[subprocess.Popen[str], tuple[str, ...]] | None:
        if how not in ("import", "undo"):
            subprocess.run(shlex.split(how), check=True, stdout=subprocess.DEVNULL)
            return None
        self.ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        ((run,),) = self.ask("SELECT max(id) FROM curation_importrun")
        words = self._second if how == "import" else ("undo_import", str(run), "--yes")
        return self._machine.start(*words), words

    def _states(self) -> list[tuple[str]]:
        return [
            (state,) for (state,) in self.ask("SELECT state FROM curation_importrun ORDER BY id")
        ]

    def _two_writers(self) -> Iterator[str]:
        """Whether the changes of one run, or its undo, stand between those of another."""
        rows = self.ask("SELECT kind, run FROM proteins_changeset ORDER BY id")
        writers = [writer for writer, _ in groupby(rows)]
        if len(writers) > len(set(writers)):
            yield f"two writers: {writers}"

    def _trouble(self, what: str) -> None:
        self.troubles += 1
        print(f"BREACH {what}", flush=True)


def ended(process: subprocess.Popen[str], words: tuple[str, ...]) -> Outcome:
    output, error = process.communicate(timeout=600)
    return Outcome(words, process.returncode, output, error)


def bad_ends(outcomes: list[Outcome], states: list[str]) -> Iterator[str]:
    """What is wrong with how commands ended, and with what their runs are then."""
    for one in outcomes:
        if one.status not in (0, EXIT_STATUS) or "Traceback" in one.error:
            yield f"{one.words[0]} ends with {one.status}: {one.error[-600:]}"
    first = outcomes[0]
    wanted = {"finished", "undone"} if first.status == 0 else {"failed", "undone"}
    if states[0] not in wanted:
        yield f"the first run ended with {first.status} and is {states[0]}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("tables", nargs=2, type=Path)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--restart", default="")
    parser.add_argument("--seed", type=int, default=datetime.now().microsecond)
    given = parser.parse_args()
    chosen = random.Random(given.seed)
    with PostgresDatabases(given.url) as made, tempfile.TemporaryDirectory() as data:
        drill = Drill(made, Path(data), given.tables)
        whole, seconds = drill.undisturbed()
        print(f"seed {given.seed}; undisturbed {seconds:.1f} s, digest {whole}", flush=True)
        for number in range(given.times):
            drill.disturb(chosen.uniform(0, seconds), whole, ("import", "undo")[number % 2])
        if given.restart:
            drill.disturb(chosen.uniform(0, seconds), whole, given.restart)
    print(f"{drill.troubles} breaches")
    return int(bool(drill.troubles))


if __name__ == "__main__":
    sys.exit(main())
