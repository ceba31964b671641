"""Speed of the imports against a floor, as ratios measured in one process run.

    DATABASE_URL=... python -m tests.benchmarks.import_speed TABLE... [--pages DIR]
                                                             [--repeats 3] [--only PART...]

TABLE... are whole-species tables (.tsv or .tsv.gz); without them, those of the folder in
TFLINK_TABLES. Pages are those of DIR, or are written from the largest table. Everything
happens in databases of its own, made beside the one that DATABASE_URL names (a temporary
folder, or new databases on the same PostgreSQL server) and taken away at the end.

What is printed:
- `pages`, `tables`: import over floor. The floor (`floor.py` says what it is) and the
  import take turns, each with a fresh database and empty caches; medians, their ratio, and
  the same for processor time of this process, which other work on the machine disturbs
  less (on PostgreSQL it lacks the server's part). Both must leave the same content.
- `growth`: time per interaction for each table alone and for all together, and the largest
  over the smallest.
- `again`: a second run over unchanged files over the first.
- `memory`: the peak of a process of its own for each import, in MB.

No figure here decides a test: they depend on the machine, and only ratios are comparable.
"""

from __future__ import annotations

import argparse
import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tflink.settings")
    django.setup()

from django.db import connection

from curation.importing.run import import_pages, import_tables
from curation.importing.source import normalise, tables
from proteins.models import Interaction
from proteins.queries.content_digest import content_digest
from tests.benchmarks.databases import MANAGE, Databases, database_name, databases
from tests.benchmarks.floor import rows_of_pages, rows_of_tables, write_floor
from tests.benchmarks.page_writer import write_pages

PARTS = ("pages", "tables", "growth", "again", "memory")
#: Runs a command and prints the peak memory of it alone. A process between, because Linux
#: counts what the parent held when it forked.
WATCH = (
    "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True);"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
)


@dataclass(frozen=True)
class Timing:
    wall: float
    processor: float


@dataclass(frozen=True)
class Corpus:
    pages: Path
    tables: list[Path]

    def import_pages(self) -> None:
        import_pages([self.pages])

    def import_tables(self) -> None:
        import_tables(self.tables)

    def floor_of_pages(self) -> None:
        with uncollected():
            write_floor(rows_of_pages(sorted(self.pages.glob("*.md"))))

    def floor_of_tables(self) -> None:
        with uncollected():
            write_floor(rows_of_tables(self.tables))


@contextmanager
def uncollected() -> Iterator[None]:
    """Spare the floor the garbage collector, which has nothing to find in its rows."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def timed(work: Callable[[], object]) -> Timing:
    """Measure `work` with the caches of the parsers empty, as a process of its own has them."""
    for module in (normalise, tables):
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()
    gc.collect()
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return Timing(time.perf_counter() - wall, time.process_time() - processor)


def connect(made: Databases) -> str:
    """Connect to a fresh database and return its DATABASE_URL."""
    connection.close()
    url = made.fresh()
    connection.settings_dict["NAME"] = database_name(url)
    connection.ensure_connection()
    return url


def say(text: str) -> None:
    print(text, flush=True)


def against_floor(
    name: str, floor: Callable[[], None], real: Callable[[], None], made: Databases, repeats: int
) -> None:
    """Measure both in turn and print medians and ratios; both must leave the same content."""
    times: dict[str, list[Timing]] = {"floor": [], "import": []}
    digests = set()
    for repeat in range(repeats):
        turns = [("floor", floor), ("import", real)]
        for label, work in turns if repeat % 2 == 0 else reversed(turns):
            connect(made)
            times[label].append(timed(work))
            if repeat == 0:
                digests.add(content_digest())
    same = "the same content" if len(digests) == 1 else "NOT the same content: no fair floor"
    for unit in ("wall", "processor"):
        values = {key: [getattr(one, unit) for one in measured] for key, measured in times.items()}
        below, above = (median(values[key]) for key in ("floor", "import"))
        each = " ".join(f"{b:.1f}/{a:.1f}" for b, a in zip(*values.values(), strict=True))
        say(
            f"{name:8} {unit:9} floor {below:6.2f} s  import {above:6.2f} s  "
            f"ratio {above / below:.2f}  (each: {each})"
        )
    say(f"{name:8} {same}")


def growth(corpus: Corpus, made: Databases, repeats: int) -> None:
    """Print time per interaction of each table and of all, and largest over smallest."""
    each: dict[str, float] = {}
    for files in (*([file] for file in corpus.tables), corpus.tables):
        times = []
        for _ in range(repeats):
            connect(made)
            times.append(timed(lambda files=files: import_tables(files)))  # type: ignore[misc]
        count = Interaction.objects.count()
        per = {
            unit: median(getattr(one, unit) for one in times) / count * 1e6
            for unit in ("wall", "processor")
        }
        each[f"{count:,}"] = per["wall"]
        say(
            f"growth   {count:9,} interactions  {per['wall']:6.1f} µs each, "
            f"{per['processor']:6.1f} µs of processor"
        )
    figures = list(each.values())
    say(f"growth   largest table over smallest: ratio {figures[-2] / figures[0]:.2f}")
    say(f"growth   all over smallest: ratio {figures[-1] / figures[0]:.2f}")
    say(f"growth   highest over lowest of all: ratio {max(figures) / min(figures):.2f}")


def again(corpus: Corpus, made: Databases, repeats: int) -> None:
    """Print a second run over unchanged files, over the first."""
    works = {"pages": corpus.import_pages, "tables": corpus.import_tables}
    for name, work in works.items():
        ratios = []
        for _ in range(repeats):
            connect(made)
            first, second = timed(work), timed(work)
            ratios.append(second.wall / first.wall)
        say(f"again    {name:6} second run over first: ratio {median(ratios):.3f}")


def memory(corpus: Corpus, made: Databases) -> None:
    """Print the peak memory of each import as a process of its own."""
    commands: dict[str, Iterable[Path]] = {
        "import_pages": [corpus.pages],
        "import_tables": corpus.tables,
    }
    for command, paths in commands.items():
        environment = {**os.environ, "DATABASE_URL": connect(made)}
        arguments = [sys.executable, str(MANAGE), command, "-v0", *map(str, paths)]
        done = subprocess.run(
            [sys.executable, "-c", WATCH, *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            check=True,
        )
        unit = 1024 * 1024 if sys.platform == "darwin" else 1024
        say(f"memory   {command:13} peak {int(done.stdout) / unit:5.0f} MB")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tables", nargs="*", type=Path, metavar="TABLE")
    parser.add_argument("--pages", type=Path, metavar="DIR")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    given = parser.parse_args()
    folder = os.environ.get("TFLINK_TABLES")
    if not given.tables and folder:
        given.tables = [*Path(folder).glob("*.tsv"), *Path(folder).glob("*.tsv.gz")]
    if not given.tables:
        parser.error("name tables, or the folder that holds them in TFLINK_TABLES")
    given.tables.sort(key=lambda file: file.stat().st_size)
    return given


def main() -> None:
    given = arguments()
    url = os.environ.get("DATABASE_URL", "sqlite")
    with tempfile.TemporaryDirectory(prefix="tflink-") as folder, databases(url) as made:
        pages = given.pages or Path(folder)
        if given.pages is None:
            say(f"{write_pages(given.tables[-1], pages):,} pages from {given.tables[-1].name}")
        corpus = Corpus(pages, given.tables)
        repeats = given.repeats
        works = {
            "pages": lambda: against_floor(
                "pages", corpus.floor_of_pages, corpus.import_pages, made, repeats
            ),
            "tables": lambda: against_floor(
                "tables", corpus.floor_of_tables, corpus.import_tables, made, repeats
            ),
            "growth": lambda: growth(corpus, made, repeats),
            "again": lambda: again(corpus, made, repeats),
            "memory": lambda: memory(corpus, made),
        }
        for part in given.only:
            works[part]()
        connection.close()


if __name__ == "__main__":
    main()
