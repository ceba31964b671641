"""Connections of an import that the server ends, at moments drawn at random, and what must be true
afterwards: sound records, one writer at a time, and a rerun that brings the same content.

    python -m tests.benchmarks.lost_connections POSTGRESQL_URL TABLE OTHER [--times 20]
        [--rows 2000] [--restart "pg_ctl restart ..."]

As soon as the connection is ended, an import of the other table or an undo of the run begins.
`--restart` is run once in place of that. `--rows` is how many a chunk has.
"""

from __future__ import annotations

import argparse
import random
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import psycopg

from proteins.outages import EXIT_STATUS
from tests.benchmarks import forked
from tests.benchmarks.databases import PostgresDatabases
from tests.benchmarks.forked import Ended, Forked


class Drill:
    """Imports on fresh databases of a server, which are disturbed."""

    def __init__(self, made: PostgresDatabases, tables: list[Path], rows: int) -> None:
        self._made = made
        self._first, self._second = (("import_tables", str(table)) for table in tables)
        self._rows = rows
        self._url = ""
        self.troubles = 0

    def undisturbed(self) -> tuple[str, float]:
        """Return the digest that both tables bring, and the seconds that the first takes."""
        self._url = self._made.fresh()
        self._begin(self._first).wait()
        ((began, ended),) = self.ask("SELECT started_at, finished_at FROM curation_importrun")
        forked.succeed(self._url, self._second)
        return forked.digest(self._url), (ended - began).total_seconds()

    def _begin(self, words: tuple[str, ...]) -> Forked:
        from curation.importing import rows as files

        def with_small_chunks() -> None:
            files.ROWS_IN_CHUNK = self._rows

        return forked.start(self._url, words, before=with_small_chunks)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self._url) as server:
            return server.execute(sql.encode()).fetchall()

    def _has_begun(self) -> bool:
        return bool(self.ask("SELECT 1 FROM curation_importrun WHERE state = 'running'"))

    def disturb(self, moment: float, whole: str, how: str) -> None:
        """Disturb an import after so many seconds, and compare what comes of it."""
        self._url = self._made.fresh()
        process = self._begin(self._first)
        forked.wait_until(self._has_begun, process)
        time.sleep(moment)
        other = self._disturb(how)
        first = process.wait()
        second = other.wait() if other else None
        states = [state for (state,) in self.ask("SELECT state FROM curation_importrun ORDER BY 1")]
        forked.succeed(self._url, self._first, self._second)
        digest = forked.digest(self._url)
        ((chunks,),) = self.ask("SELECT count(*) FROM curation_runchunk WHERE run_id = 1")
        print(
            f"{how.split('/')[-1]} after {moment:5.2f} s: {sentence(first)}; "
            f"{sentence(second) if second else ''}; runs {states}, {chunks} chunks of the first; "
            f"{'same digest' if digest == whole else 'ANOTHER DIGEST'}",
            flush=True,
        )
        if digest != whole:
            self._trouble("the digest differs")
        for one in (first, second):
            if one and (one.status not in (0, EXIT_STATUS) or "Traceback" in one.error):
                self._trouble(str(one))
        for trouble in self._two_writers():
            self._trouble(trouble)

    def _disturb(self, how: str) -> Forked | None:
        if how not in ("import", "undo"):
            subprocess.run(shlex.split(how), check=True, stdout=subprocess.DEVNULL)
            return None
        self.ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        ((run,),) = self.ask("SELECT max(id) FROM curation_importrun")
        return self._begin(self._second if how == "import" else ("undo_import", str(run), "--yes"))

    def _two_writers(self) -> Iterator[str]:
        """Whether the changes of one run, or its undo, stand between those of another."""
        rows = self.ask("SELECT kind, run FROM proteins_changeset ORDER BY id")
        writers = [writer for writer, _ in groupby(rows)]
        if len(writers) > len(set(writers)):
            yield f"two writers: {writers}"

    def _trouble(self, what: str) -> None:
        self.troubles += 1
        print(f"BREACH {what}", flush=True)


def sentence(ended: Ended) -> str:
    """Return a status, and what a command printed of its end."""
    lines = [line for line in ended.error.splitlines() if line.strip() and "row/s" not in line]
    return f"{ended.status} {lines[0][:60] if lines else ''}".strip()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("tables", nargs=2, type=Path)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--restart", default="")
    parser.add_argument("--seed", type=int, default=datetime.now().microsecond)
    given = parser.parse_args()
    chosen = random.Random(given.seed)
    forked.load(DATABASE_URL=given.url)
    with PostgresDatabases(given.url) as made:
        drill = Drill(made, given.tables, given.rows)
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
