"""Disks that are full: what import, upload, release and backup leave then, on real small disks.

    python -m tests.benchmarks.full_disks TABLE [--acts import upload release backup postgresql]
        [--times 10]

Needs root and Linux: each disk is a tmpfs. What an act needs is measured first; then it is done on
disks that have a part of that. It must end in a sentence, with exit status 3, and leave a sound
database, as it was at some commit, and no half file; with more room it must succeed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from proteins.outages import EXIT_STATUS, NO_ROOM
from tests.benchmarks.databases import SqliteDatabases
from tests.curation.uploads.served import Site
from tests.machine import Machine

_ROOMY: Final = 2_000_000_000
_BLOCK: Final = 4096
RELEASE: Final = "2026.12"
#: Settings of a cluster that grows little by itself.
_CLUSTER: Final = "-c max_wal_size=64MB -c min_wal_size=32MB -c fsync=off -c wal_segment_size=16MB"


class Disk:
    """A small file system of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._mount("-t", "tmpfs", "-o", f"size={_ROOMY}", "tmpfs")

    def _mount(self, *options: str) -> None:
        subprocess.run(["mount", *options, str(self.folder)], check=True)

    @property
    def used(self) -> int:
        there = os.statvfs(self.folder)
        return (there.f_blocks - there.f_bfree) * there.f_frsize

    def leave(self, room: int) -> None:
        """Let so many bytes be free."""
        size = -(-(self.used + room) // _BLOCK) * _BLOCK
        self._mount("-o", f"remount,size={size}")

    def enlarge(self) -> None:
        self._mount("-o", f"remount,size={_ROOMY}")

    def close(self) -> None:
        for _ in range(50):
            if subprocess.run(["umount", str(self.folder)], check=False).returncode == 0:
                return
            time.sleep(0.2)

    @contextmanager
    def measured(self) -> Iterator[list[int]]:
        """Yield a list whose one number will be the most that was taken meanwhile."""
        before, most, ended = self.used, [0], threading.Event()

        def look() -> None:
            while not ended.wait(0.005):
                most[0] = max(most[0], self.used - before)

        thread = threading.Thread(target=look)
        thread.start()
        try:
            yield most
        finally:
            ended.set()
            thread.join()


class Drill:
    """One kind of act, done with too little room."""

    def __init__(self, name: str, folder: Path, template: Path, allowed: Sequence[str]) -> None:
        self.name = name
        self._folder = folder
        self._template = template
        #: Digests of states that were committed, the last of them that of the whole.
        self._allowed = allowed
        self.troubles = 0

    def on_a_disk(self, share: float, need: int, act: Callable[[Machine], str]) -> None:
        """Do an act with a share of the room that it needs."""
        disk, machine = self._fresh()
        try:
            disk.leave(int(need * share))
            ended = act(machine)
            disk.enlarge()
            self._compare(machine, share, ended)
            if ended:
                again = act(machine)
                if again:
                    self.trouble(f"with room it ends in {again}")
                self._compare(machine, share, again)
        finally:
            disk.close()

    def need(self, act: Callable[[Machine], str]) -> int:
        disk, machine = self._fresh()
        try:
            with disk.measured() as most:
                ended = act(machine)
            if ended:
                raise SystemExit(f"{self.name} does not succeed with room: {ended}")
            return most[0]
        finally:
            disk.close()

    def _fresh(self) -> tuple[Disk, Machine]:
        disk = Disk(self._folder)
        file = self._folder / "tflink.sqlite3"
        shutil.copyfile(self._template, file)
        return disk, Machine(f"sqlite:///{file}", self._folder)

    def _compare(self, machine: Machine, share: float, ended: str) -> None:
        file = machine.url.removeprefix("sqlite:///")
        check = subprocess.run(
            ["sqlite3", file, "PRAGMA integrity_check"], capture_output=True, text=True, check=True
        )
        digest = machine.digest
        half = [str(path.relative_to(self._folder)) for path in left_over(self._folder)]
        place = self._allowed.index(digest) if digest in self._allowed else -1
        print(
            f"{self.name} with {share:.0%} of its room: {ended or 'done'}; integrity "
            f"{check.stdout.strip()}; commit {place} of {len(self._allowed) - 1}; half {half}",
            flush=True,
        )
        if check.stdout.strip() != "ok" or place < 0 or half:
            self.trouble("it is not as it was at any commit")

    def trouble(self, what: str) -> None:
        self.troubles += 1
        print(f"BREACH {self.name}: {what}", flush=True)


def left_over(folder: Path) -> Iterator[Path]:
    """Yield what is a part of something, and not removed."""
    for pattern in (".trial-*", "**/*.partial", ".tflink-restoring-*", "releases/.*"):
        yield from (path for path in folder.glob(pattern) if path.suffix != ".lock")


def ended(result: subprocess.CompletedProcess[str], troubled: Callable[[str], None]) -> str:
    """Return how a command ended: nothing where it succeeded, else its sentence."""
    if result.returncode == 0:
        return ""
    lines = [line for line in result.stderr.splitlines() if line.strip()]
    said = [line for line in lines if NO_ROOM.sentence in line]
    if result.returncode != EXIT_STATUS or "Traceback" in result.stderr or len(said) != 1:
        troubled(f"status {result.returncode}: {result.stderr[-1500:]}")
    return f"{result.returncode} {said[0][:50] if said else lines[-1][:50]}"


def commits(machine: Machine, words: Sequence[str]) -> list[str]:
    """Carry out an import; return the digests before it and after each of its commits."""
    program = (
        "import sys, django; django.setup()\n"
        "from django.core.management import call_command\n"
        "from curation.importing.session import ImportSession\n"
        "from proteins.queries.content_digest import content_digest\n"
        "change = ImportSession.change\n"
        "from contextlib import contextmanager\n"
        "@contextmanager\n"
        "def noted(session):\n"
        "    with change(session): yield\n"
        "    print('digest', content_digest())\n"
        "print('digest', content_digest())\n"
        "ImportSession.change = noted\n"
        "call_command(*sys.argv[1:])\n"
        "print('digest', content_digest())\n"
    )
    result = machine.program(program, *words)
    lines = (line.split() for line in result.stdout.splitlines())
    digests = [words[1] for words in lines if words[:1] == ["digest"]]
    return list(dict.fromkeys(digests))


def upload(machine: Machine, table: Path, troubled: Callable[[str], None]) -> str:
    """Hand a table in at the desk, look at its preview and confirm it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        site = Site(machine.url, machine.data, free.getsockname()[1])
    try:
        site.start()
        page = site.upload(table.name, table.read_bytes())
        site.wait_for(page, "What would happen")
        site.press(page, "confirm")
        site.wait_for(page, "What happened")
        site.wait_for_workers(0)
    except urllib.error.HTTPError as error:
        text = error.read().decode()
        if error.code != 503 or NO_ROOM.sentence not in text:
            troubled(f"{error.url} answers {error.code}: {text[:300]}")
        return f"{error.code} {NO_ROOM.sentence}"
    except AssertionError as error:
        text = str(error)
        if NO_ROOM.sentence not in text and "no room" not in text.lower():
            troubled(text[-3000:])
        return "job failed: " + NO_ROOM.sentence
    finally:
        site.stop()
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", type=Path)
    acts = ["import", "upload", "release", "backup"]
    parser.add_argument("--acts", nargs="+", default=acts, choices=acts)
    parser.add_argument("--times", type=int, default=10)
    given = parser.parse_args()
    troubles = 0
    with tempfile.TemporaryDirectory() as folder, SqliteDatabases() as made:
        work = Path(folder)
        os.environ["TMPDIR"] = str(work / "disk" / "tmp")
        empty = work / "empty.sqlite3"
        shutil.copyfile(made.fresh().removeprefix("sqlite:///"), empty)
        full = work / "full.sqlite3"
        shutil.copyfile(empty, full)
        states = commits(
            Machine(f"sqlite:///{full}", work / "data"), ["import_tables", str(given.table)]
        )
        for name in given.acts:
            begins_empty = name in ("import", "upload")
            drill = Drill(
                name,
                work / "disk",
                empty if begins_empty else full,
                states if begins_empty else states[-1:],
            )
            act = act_of(name, given.table, drill.trouble)
            need = drill.need(act)
            print(f"{name} needs {need / 1e6:.1f} MB", flush=True)
            for number in range(given.times):
                drill.on_a_disk((number + 0.5) / given.times, need, act)
            troubles += drill.troubles
    print(f"{troubles} breaches")
    return int(bool(troubles))


def act_of(name: str, table: Path, troubled: Callable[[str], None]) -> Callable[[Machine], str]:
    def act(machine: Machine) -> str:
        (machine.data / "tmp").mkdir(exist_ok=True)
        if name == "upload":
            return upload(machine, table, troubled)
        words = {
            "import": ["import_tables", str(table)],
            "release": ["make_release", RELEASE],
            "backup": ["backup", str(machine.data / "backups")],
        }[name]
        return ended(machine.run(*words), troubled)

    return act


if __name__ == "__main__":
    sys.exit(main())
