"""Backups of a database that is being imported to, and backups and restores that are killed.

    python -m tests.benchmarks.backup_drill DATABASE_URL TABLE [--times 10]

The URL names the kind of database, and the server if it has one. What a backup holds must be what
one commit left; a backup that is killed (SIGKILL, at a moment drawn at random) must leave none that
looks whole, a restore the database that was or that of the backup, and each must succeed when it is
done again.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import forked
from tests.benchmarks.databases import Databases, databases
from tests.benchmarks.forked import Ended, Forked
from tests.benchmarks.full_disks import commits

_CHUNK = 2000


class Drill:
    """A database that is imported to, and a folder of backups."""

    def __init__(self, made: Databases, folder: Path, table: Path) -> None:
        self._made = made
        self._folder = folder
        self._words = ("import_tables", str(table))
        self._url = ""
        self.troubles = 0

    def _import(self) -> Forked:
        return forked.start(self._url, self._words, before=with_small_chunks)

    def during_an_import(self) -> None:
        """Back up again and again until an import ends; restore all that was written."""
        states = commits(self._made.fresh(), self._words, with_small_chunks)
        self._url = self._made.fresh()
        process, backups = self._import(), list[Path]()
        while process.is_running:
            folder = self._folder / f"{len(backups)}"
            forked.succeed(self._url, ("backup", str(folder)))
            backups += folder.glob("tflink-*.tar.gz")
            time.sleep(0.3)
        if process.wait().status:
            self._trouble(str(process.wait()))
        for backup in backups:
            self._restored(backup, states)

    def _restored(self, backup: Path, states: Sequence[str]) -> None:
        empty = self._made.empty()
        ended = forked.carry_out(empty, ("restore", str(backup)))
        digest = "" if ended.status else forked.digest(empty)
        place = states.index(digest) if digest in states else -1
        print(
            f"backup {backup.parent.name}, {backup.stat().st_size / 1e6:.1f} MB: restored with "
            f"status {ended.status}; as commit {place} of {len(states) - 1} left it; no breach",
            flush=True,
        )
        if place < 0:
            self._trouble(f"it is no state of a commit: {ended}")

    def killed_backups(self, times: int, chosen: random.Random) -> Path:
        """Kill backups; return one that was let be."""
        folder = self._folder / "killed"
        seconds = self._seconds("backup", str(folder))
        (whole,) = folder.glob("tflink-*")
        for number in range(times):
            moment = chosen.uniform(0, seconds)
            ended = killed(forked.start(self._url, ("backup", str(folder))), moment)
            names = sorted(path.name for path in folder.glob("tflink-*"))
            print(f"backup {number} killed after {moment:.2f} of {seconds:.2f} s: status "
                  f"{ended.status}, {len(names)} whole", flush=True)  # fmt: skip
            if len(names) > 1 and ended.status:
                # It had its name already when it was killed.
                self._restored(folder / names[-1], [forked.digest(self._url)])
        forked.succeed(self._url, ("backup", str(folder), "--keep", "1"))
        left = sorted(path.name for path in folder.iterdir() if not path.name.endswith(".lock"))
        if len(left) != 1:
            self._trouble(f"there is more than the backup: {left}")
        whole.unlink(missing_ok=True)
        return folder / left[0]

    def _seconds(self, *words: str) -> float:
        start = time.perf_counter()
        forked.succeed(self._url, words)
        return time.perf_counter() - start

    def killed_restores(self, backup: Path, times: int, chosen: random.Random) -> None:
        new, words = forked.digest(self._url), ("restore", str(backup), "--replace")
        self._url = self._made.fresh()
        old = forked.digest(self._url)
        seconds = self._seconds(*words)
        for number in range(times):
            self._url = self._made.fresh()
            moment = chosen.uniform(0, seconds)
            ended = killed(forked.start(self._url, words), moment)
            self._made.wait_until_unused(self._url)
            digest = forked.digest(self._url)
            again = forked.carry_out(self._url, words)
            print(f"restore {number} killed after {moment:.2f} of {seconds:.2f} s: status "
                  f"{ended.status}, {'old' if digest == old else 'new'} state; again "
                  f"{again.status}", flush=True)  # fmt: skip
            if digest not in (old, new) or again.status or forked.digest(self._url) != new:
                self._trouble(f"{digest}, {again}")

    def _trouble(self, what: str) -> None:
        self.troubles += 1
        print(f"BREACH {what}", flush=True)


def with_small_chunks() -> None:
    from curation.importing import rows

    rows.ROWS_IN_CHUNK = _CHUNK


def killed(process: Forked, moment: float) -> Ended:
    ends = time.monotonic() + moment
    while process.is_running and time.monotonic() < ends:
        time.sleep(0.005)
    return process.kill()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("table", type=Path)
    parser.add_argument("--times", type=int, default=10)
    given = parser.parse_args()
    chosen = random.Random(given.times)
    with tempfile.TemporaryDirectory() as folder, databases(given.url) as made:
        forked.load(DATABASE_URL=given.url, TFLINK_DATA_DIR=f"{folder}/data")
        drill = Drill(made, Path(folder), given.table)
        drill.during_an_import()
        backup = drill.killed_backups(given.times, chosen)
        drill.killed_restores(backup, given.times, chosen)
    print(f"{drill.troubles} breaches")
    return int(bool(drill.troubles))


if __name__ == "__main__":
    sys.exit(main())
