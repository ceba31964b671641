"""Disks that are full: what import, upload, release and backup leave then, on real small disks.

    python -m tests.benchmarks.full_disks TABLE [--acts import upload release backup]
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
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from proteins.outages import EXIT_STATUS, NO_ROOM
from tests.benchmarks import forked
from tests.benchmarks.databases import SqliteDatabases
from tests.benchmarks.forked import Ended
from tests.curation.uploads.served import Site

_ROOMY: Final = 2_000_000_000
_BLOCK: Final = 4096
RELEASE: Final = "2026.12"
_STATES: Final = "SELECT state FROM curation_importrun ORDER BY id"
#: Returns nothing where it succeeded, else its sentence.
Act = Callable[[], str]


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

    def empty(self) -> None:
        """Remove all that is on it, and give it room."""
        self.enlarge()
        for path in self.folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()

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

    def __init__(self, name: str, disk: Disk, template: Path, allowed: Sequence[str]) -> None:
        self.name = name
        self._disk = disk
        self._template = template
        self._file = disk.folder / template.name
        self.url = f"sqlite:///{self._file}"
        #: Digests of states that were committed, the last of them that of the whole.
        self._allowed = allowed
        self.troubles = 0

    def run(self, act: Act, times: int) -> None:
        """Do an act with more and more of the room that it needs."""
        self._begin()
        with self._disk.measured() as most:
            if sentence := act():
                raise SystemExit(f"{self.name} does not succeed with room: {sentence}")
        print(f"{self.name} needs {most[0] / 1e6:.1f} MB", flush=True)
        for number in range(times):
            share = (number + 0.5) / times
            self._begin()
            self._disk.leave(int(most[0] * share))
            self._do(act, share)

    def _begin(self) -> None:
        self._disk.empty()
        (self._disk.folder / "tmp").mkdir()
        shutil.copyfile(self._template, self._file)

    def _do(self, act: Act, share: float) -> None:
        sentence = act()
        self._disk.enlarge()
        seen = self._look()
        again = act() if sentence else ""
        rerun = f"; rerun: {again or 'done'}, {self._look()}" if sentence else ""
        print(f"{self.name} with {share:.0%}: {sentence or 'done'}; {seen}{rerun}", flush=True)
        if again:
            self.trouble("it does not succeed with room")
        if (digest := forked.digest(self.url)) != self._allowed[-1]:
            self.trouble(f"it does not bring the same: {digest}")

    def _look(self) -> str:
        with closing(sqlite3.connect(self._file)) as database:
            (integrity,) = database.execute("PRAGMA integrity_check").fetchone()
            states = [
                state for (state,) in database.execute("SELECT state FROM curation_importrun")
            ]
        digest = forked.digest(self.url)
        place = self._allowed.index(digest) if digest in self._allowed else -1
        half = [str(path.relative_to(self._disk.folder)) for path in left_over(self._disk.folder)]
        if integrity != "ok" or place < 0 or half:
            self.trouble(f"not as at a commit: integrity {integrity}, commit {place}, half {half}")
        return f"integrity {integrity}, commit {place} of {len(self._allowed) - 1}, runs {states}"

    def trouble(self, what: str) -> None:
        self.troubles += 1
        print(f"BREACH {self.name}: {what}", flush=True)

    def sentence_of(self, ended: Ended) -> str:
        """Return how a command ended: nothing where it succeeded, else its sentence."""
        if not ended.status:
            return ""
        lines = [line for line in ended.error.splitlines() if line.strip()]
        sentences = [line for line in lines if NO_ROOM.sentence in line]
        if ended.status != EXIT_STATUS or "Traceback" in ended.error or len(sentences) != 1:
            self.trouble(str(ended))
        return f"{ended.status} {(sentences or lines or [''])[0][:50]}"


def left_over(folder: Path) -> Iterator[Path]:
    """Yield what is a part of something, and not removed."""
    for pattern in (".trial-*", "**/*.partial", ".tflink-restoring-*", "releases/.*"):
        yield from (path for path in folder.glob(pattern) if not path.name.endswith(".lock"))


def commits(
    url: str, words: tuple[str, ...], before: Callable[[], None] = lambda: None
) -> list[str]:
    """Carry out an import; return the digests before it and after each of its commits."""
    from curation.importing.session import ImportSession
    from proteins.queries.content_digest import content_digest

    change = ImportSession.change

    @contextmanager
    def noted(session: ImportSession) -> Iterator[None]:
        with change(session):
            yield
        print("digest", content_digest())

    def note() -> None:
        before()
        print("digest", content_digest())
        ImportSession.change = noted  # type: ignore[method-assign, assignment]

    ended = forked.start(url, words, ("content_digest",), before=note).wait()
    lines = (line.split() for line in ended.output.splitlines())
    return list(dict.fromkeys(words[1] for words in lines if words[:1] == ["digest"]))


def upload(site: Site, table: Path, drill: Drill) -> str:
    """Hand a table in at the desk, look at its preview and confirm it."""
    try:
        page = site.upload(table.name, table.read_bytes())
        site.wait_for(page, "What would happen")
        site.press(page, "confirm")
        site.wait_for(page, "What happened")
    except urllib.error.HTTPError as error:
        text = error.read().decode()
        if error.code != 503 or NO_ROOM.sentence not in text:
            drill.trouble(f"{error.url} answers {error.code}: {text[:300]}")
        return f"{error.code} {NO_ROOM.sentence}"
    except AssertionError as error:
        if NO_ROOM.sentence not in str(error):
            drill.trouble(str(error)[-3000:])
        return f"job: {NO_ROOM.sentence}"
    finally:
        site.wait_for_workers(0)
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", type=Path)
    acts = ["import", "release", "backup", "upload"]
    parser.add_argument("--acts", nargs="+", default=acts, choices=acts)
    parser.add_argument("--times", type=int, default=10)
    given = parser.parse_args()
    troubles = 0
    with tempfile.TemporaryDirectory() as folder, SqliteDatabases() as made:
        disk = Disk(Path(folder) / "disk")
        empty = Path(folder) / "empty" / "tflink.sqlite3"
        full = Path(folder) / "full" / "tflink.sqlite3"
        for file in (empty, full):
            file.parent.mkdir()
            shutil.copyfile(made.fresh().removeprefix("sqlite:///"), file)
        forked.load(
            TFLINK_DATA_DIR=str(disk.folder),
            DATABASE_URL=f"sqlite:///{disk.folder / empty.name}",
            TMPDIR=str(disk.folder / "tmp"),
        )
        states = commits(f"sqlite:///{full}", ("import_tables", str(given.table)))
        try:
            for name in given.acts:
                troubles += drill_of(name, disk, given.table, (empty, full), states, given.times)
        finally:
            disk.close()
    print(f"{troubles} breaches")
    return int(bool(troubles))


def drill_of(
    name: str,
    disk: Disk,
    table: Path,
    templates: tuple[Path, Path],
    states: Sequence[str],
    times: int,
) -> int:
    begins_empty = name in ("import", "upload")
    template = templates[0 if begins_empty else 1]
    drill = Drill(name, disk, template, states if begins_empty else states[-1:])
    if name == "upload":
        with served(drill, template) as site:
            drill.run(lambda: upload(site, table, drill), times)
        return drill.troubles
    words = {
        "import": ("import_tables", str(table)),
        "release": ("make_release", RELEASE),
        "backup": ("backup", str(disk.folder / "backups")),
    }[name]
    drill.run(lambda: drill.sentence_of(forked.carry_out(drill.url, words)), times)
    return drill.troubles


@contextmanager
def served(drill: Drill, template: Path) -> Iterator[Site]:
    """Serve the site from the disk; somebody is logged in, in the template too."""
    drill._begin()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    site = Site(drill.url, drill._disk.folder, port)
    try:
        site.start()
        with closing(sqlite3.connect(drill._file)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(drill._file, template)
        yield site
    finally:
        site.stop()


if __name__ == "__main__":
    sys.exit(main())
