"""Whole lists as files: their content, their speed beside SQLite's own shell, their memory.

    DATABASE_URL=... python -m tests.benchmarks.bulk_speed [--table FILE] [--taxon 559292]
                              [--rounds 3] [--only PART...]

DATABASE_URL names a migrated database with the whole table of that species in it. Nothing is
written to it. Each file is had from a real gunicorn, over a socket.

- `table`: TSV from the API against the published `--table` (plain or gzip): the same set of
  rows, cell for cell, lists in any order. Exit status 1 where they differ.
- `speed`: (SQLite) TSV from the API and the same join written as CSV by the `sqlite3` shell
  (tests/benchmarks/same_join.sql), in turns, by the clock and by the processor time of
  whoever writes. Exit status 1 where the median of either ratio is under a third.
- `memory`: for every format, how much the largest worker's peak (VmHWM) rises over what it
  held before (VmRSS) while it writes all rows of a long list. Exit status 1 at
  50 MB or more.
"""

from __future__ import annotations

import argparse
import gzip
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tflink.settings")
    django.setup()

from django.conf import settings

from proteins.api.views import RESOURCES
from tests.benchmarks.databases import database_name
from tests.benchmarks.site_servers import Server, fetch, site

PARTS: Final = ("table", "speed", "memory")
SAME_JOIN: Final = Path(__file__).with_name("same_join.sql")
YEAST: Final = 559292
#: The lists that have no bound.
LONG: Final = ("interactions", "binding-sites", "proteins")
#: What a file may add to a worker's memory.
MOST_MB: Final = 50
#: At least so much of the shell's speed.
LEAST: Final = 1 / 3
#: As many bytes as are read at once from a socket.
_PIECE: Final = 1 << 16


class Run(NamedTuple):
    """How long something took, by the clock and by the processor, and how many bytes came."""

    seconds: float
    processor: float
    size: int


def canonical(line: str) -> str:
    """A line of TFLink's table with each list in order."""
    return "\t".join(";".join(sorted(cell.split(";"))) for cell in line.split("\t"))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--table", type=Path, help="a published table")
    parser.add_argument("--taxon", type=int, default=YEAST, help="its NCBI taxon ID (559292)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    given = parser.parse_args()
    default = f"sqlite:///{settings.DATA_DIR / 'tflink.sqlite3'}"
    url = os.environ.get("DATABASE_URL", default)
    print(f"{url.partition(':')[0]}, load {os.getloadavg()}, {os.cpu_count()} processors")
    good = True
    if "table" in given.only and given.table:
        good &= table(url, given.table, given.taxon)
    if "speed" in given.only and url.startswith("sqlite"):
        good &= speed(url, given.taxon, given.rounds)
    if "memory" in given.only:
        good &= memory(url)
    print(f"\nload at the end {os.getloadavg()}")
    return int(not good)


def _file(name: str, **query: object) -> str:
    parameters = "".join(f"&{key}={value}" for key, value in query.items())
    return f"/api/v1/interactions/?format={name}{parameters}"


@contextmanager
def _served(url: str) -> Iterator[Server]:
    """The site without a limit on how many files one may ask for, ready for the first."""
    with site(url) as server:
        for _ in range(8):
            fetch(server.url + _file("tsv", tf="P38704"))
        yield server


def table(url: str, published: Path, taxon: int) -> bool:
    """Print how the two differ; return whether they do not."""
    opened = gzip.open if published.suffix == ".gz" else open
    with opened(published, "rt", encoding="utf-8") as lines:
        header, *rows = lines.read().splitlines()
    with _served(url) as server:
        text = fetch(server.url + _file("tsv", taxon=taxon))[0].decode()
    our_header, *our_rows = text.splitlines()
    theirs, ours = Counter(map(canonical, rows)), Counter(map(canonical, our_rows))
    lacking, more = theirs - ours, ours - theirs
    print(f"\ntable: published {len(rows):,} rows, ours {len(our_rows):,}")
    print(f"  the same header: {header == our_header}")
    print(f"  published only {lacking.total():,}, ours only {more.total():,}")
    for line in [*lacking, *more][:4]:
        print(f"  {line}")
    return header == our_header and not lacking and not more


def speed(url: str, taxon: int, rounds: int) -> bool:
    """Print both, side by side; return whether we are fast enough."""
    shell = shutil.which("sqlite3")
    if shell is None:
        print("\nno speed was measured: sqlite3 is not installed: apt-get install sqlite3")
        return False
    pairs = []
    with _served(url) as server:
        for _ in range(rounds):
            theirs = _by_the_shell(shell, Path(database_name(url)), taxon)
            pairs.append((theirs, _download(server, _file("tsv", taxon=taxon))))
    print(f"\n{'speed':8} {'shell s':>9} {'ours s':>9} {'ratio':>6} {'cpu: shell':>11} ours ratio")
    for theirs, ours in pairs:
        print(
            f"{theirs.size / 1e6:5.0f} MB {theirs.seconds:9.2f} {ours.seconds:9.2f}"
            f" {theirs.seconds / ours.seconds:6.2f} {theirs.processor:11.2f}"
            f" {ours.processor:5.2f} {theirs.processor / ours.processor:5.2f}"
        )
    wall = median(theirs.seconds / ours.seconds for theirs, ours in pairs)
    processor = median(theirs.processor / ours.processor for theirs, ours in pairs)
    print(f"of the shell's speed, medians: {wall:.2f} by the clock, {processor:.2f} by processor")
    return min(wall, processor) >= LEAST


def _by_the_shell(shell: str, file: Path, taxon: int) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "table.csv"
        script = f".parameter set :taxon {taxon}\n.mode csv\n.headers on\n.output {written}\n"
        before, began = os.times(), time.perf_counter()
        subprocess.run(
            [shell, "-readonly", str(file)],
            input=script + SAME_JOIN.read_text(), text=True, check=True,
        )  # fmt: skip
        seconds, after = time.perf_counter() - began, os.times()
        processor = (
            after.children_user
            + after.children_system
            - before.children_user
            - before.children_system
        )
        return Run(seconds, processor, written.stat().st_size)


def _download(server: Server, path: str) -> Run:
    before, began, size = server.processor, time.perf_counter(), 0
    with urllib.request.urlopen(server.url + path, timeout=600) as answer:
        while piece := answer.read(_PIECE):
            size += len(piece)
    return Run(time.perf_counter() - began, server.processor - before, size)


def memory(url: str) -> bool:
    """Print by how much each format adds to a worker; return whether all stay below."""
    print(f"\n{'memory':26} {'before MB':>9} {'peak MB':>8} {'grew MB':>8} {'file MB':>8} {'s':>6}")
    most = 0.0
    for path in _files():
        with _served(url) as server:
            before = _megabytes(server, "VmRSS")
            run = _download(server, path)
            peaks = _megabytes(server, "VmHWM")
        pid = max(before, key=lambda each: peaks[each] - before[each])
        grew = peaks[pid] - before[pid]
        most = max(most, grew)
        name = path.removeprefix("/api/v1/").replace("/?format=", " ")
        print(
            f"{name:26} {before[pid]:9.1f} {peaks[pid]:8.1f} {grew:8.1f}"
            f" {run.size / 1e6:8.1f} {run.seconds:6.1f}"
        )
    return most < MOST_MB


def _files() -> Iterator[str]:
    """The addresses of all files that grow with the database."""
    for name, view, _ in RESOURCES:
        if name in LONG:
            yield from (f"/api/v1/{name}/?format={offered.name}" for offered in view.formats)


def _megabytes(server: Server, field: str) -> dict[str, float]:
    """A figure of Linux's /proc for each worker."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    megabytes = {}
    for pid in children:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        (line,) = (line for line in lines if line.startswith(f"{field}:"))
        megabytes[pid] = int(line.split()[1]) / 1024
    return megabytes


if __name__ == "__main__":
    sys.exit(main())
