"""Speed of the public pages, beside Datasette on the same file in the same run.

    DATABASE_URL=... python -m tests.benchmarks.site_speed [--small URL] [--file FILE]
                              [--seconds 5] [--rounds 3] [--only PART...]

DATABASE_URL names a migrated database with whole-species tables in it; of a SQLite file a
copy is used. Served by one gunicorn with two workers, asked by `wrk` over four connections.
Needed beside the project: wrk, and Datasette in the same environment (`pip install
datasette`); what is missing is said.

- `rates`: the hub is the protein with most targets. Each page, pages from memory and with
  memory turned off (`PAGE_CACHE_BYTES=0`: every page made anew), and answers 304, take turns
  with Datasette's pages of the same rows; medians over rounds, and the ratio to the faster
  one of Datasette's, from figures of the same round. These are: its table page of the hub's
  interactions, 25 rows, foreign keys labelled, which shows less than ours; and a query of its
  own with the columns of ours. On PostgreSQL `--file` names the SQLite file for Datasette.
- `growth`: the same pages on `--small`, a database with one small table, one connection,
  in turns; medians of p50 and their ratio.
- `sizes`: HTML of the widest pages there are. Exit status 1 where one is over 100 KB.
- `fresh`: (SQLite) both workers hold a page, another process writes, and each of the next
  answers must be new. Exit status 1 where one is not.

Rates depend on the machine and on what else it does: ratios are comparable, and `cpu ms`, the
processor time that the server and its workers take for an answer (without PostgreSQL's).
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from statistics import median
from typing import Final

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tflink.settings")
    django.setup()

from django.conf import settings
from django.db import connection, connections
from environ import Env

from curation.actions import amend_protein
from proteins.models import Protein
from tests.benchmarks.databases import database_name
from tests.benchmarks.site_pages import compared, grown, hub, widest
from tests.benchmarks.site_servers import (
    CONNECTIONS,
    WORKERS,
    Answers,
    MissingToolError,
    Server,
    datasette,
    fetch,
    site,
    wrk,
)
from tests.curation.people import make_person

PARTS: Final = ("rates", "growth", "sizes", "fresh")
LIMIT: Final = 100_000
SHOWN: Final = 15
#: Asked so often at first, each worker has made and kept a page.
WARM: Final = 6 * WORKERS

Measure = Callable[[], Answers]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", help="URL of a database with one small table")
    parser.add_argument("--file", type=Path, help="the same content in SQLite, for Datasette")
    parser.add_argument("--seconds", type=int, default=5, help="for each figure of a round (5)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    given = parser.parse_args()
    is_good = True
    with _copied(_database_url()) as url:
        print(f"{connection.vendor}, load {os.getloadavg()}, {os.cpu_count()} processors")
        try:
            if "rates" in given.only:
                file = given.file or _file_of(url)
                rates(url, file, given.rounds, given.seconds)
            if "growth" in given.only and given.small:
                growth(url, given.small, given.rounds, given.seconds)
        except MissingToolError as missing:
            print(f"\nno speed was measured: {missing}")
            is_good = False
        if "sizes" in given.only:
            is_good &= sizes(url)
        if "fresh" in given.only and connection.vendor == "sqlite":
            is_good &= fresh(url)
        print(f"\nload at the end {os.getloadavg()}")
    return int(not is_good)


def rates(url: str, file: Path | None, rounds: int, seconds: int) -> None:
    with ExitStack() as stack:
        cached = stack.enter_context(site(url))
        made = stack.enter_context(site(url, PAGE_CACHE_BYTES="0"))
        pages: dict[str, Measure] = {}
        if file:
            other, others = stack.enter_context(datasette(file, _key_in(file)))
            for name, path in others.items():
                pages[name] = _asking(other, path, seconds)
        for name, path in compared().items():
            pages[f"{name}, kept"] = _asking(cached, path, seconds)
            pages[f"{name}, made"] = _asking(made, path, seconds)
        tag = fetch(cached.url + compared()["hub"])[1]["ETag"]
        headers = {"If-None-Match": tag}
        pages["hub, 304"] = _asking(cached, compared()["hub"], seconds, headers=headers)
        print_rates(in_turns(pages, rounds))


def growth(url: str, small: str, rounds: int, seconds: int) -> None:
    """The same addresses on both, with pages from memory and made anew."""
    paths = grown(_alias_of(small))
    with ExitStack() as stack:
        pages: dict[str, Measure] = {}
        for how, environment in (("kept", {}), ("made", {"PAGE_CACHE_BYTES": "0"})):
            large_site, small_site = (
                stack.enter_context(site(each, **environment)) for each in (url, small)
            )
            for name, (large_path, small_path) in paths.items():
                for size, server, path in (
                    ("large", large_site, large_path),
                    ("small", small_site, small_path),
                ):
                    page = f"{name}, {how}, {size}"
                    pages[page] = _asking(server, path, seconds, connections=1)
        answers = in_turns(pages, rounds)
    print(f"\n{'growth, ms':26} {'large':>8} {'small':>8} {'ratio':>6}  cpu: large, small, ratio")
    for name in dict.fromkeys(page.rpartition(", ")[0] for page in pages):
        pairs = list(zip(*(answers[f"{name}, {size}"] for size in ("large", "small")), strict=True))
        words = [_compared([(one.p50, two.p50) for one, two in pairs])]
        words += [_compared([(one.processor, two.processor) for one, two in pairs])]
        print(f"{name:26} {'  '.join(words)}")


def _compared(pairs: list[tuple[float, float]]) -> str:
    """Medians of either, and of the ratios of those of the same round."""
    large, small = (median(values) for values in zip(*pairs, strict=True))
    ratio = median(one / two if two else 0 for one, two in pairs)
    return f"{large:8.2f} {small:8.2f} {ratio:6.2f}"


def _asking(
    server: Server,
    path: str,
    seconds: int,
    connections: int = CONNECTIONS,
    headers: Mapping[str, str] = {},
) -> Measure:
    for _ in range(WARM):
        fetch(server.url + path)
    return lambda: wrk(server, path, seconds, connections, headers)


def in_turns(pages: Mapping[str, Measure], rounds: int) -> dict[str, list[Answers]]:
    """Measure each page once a round, so that what disturbs disturbs all alike."""
    answers: dict[str, list[Answers]] = {name: [] for name in pages}
    for _ in range(rounds):
        for name, measure in pages.items():
            answers[name].append(measure())
    return answers


def print_rates(answers: Mapping[str, list[Answers]]) -> None:
    others = [measured for name, measured in answers.items() if name.startswith("Datasette")]
    best = [max(answer.rate for answer in each) for each in zip(*others, strict=True)]
    print(
        f"\n{'page':24} {'a second':>9} {'cpu ms':>7} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8}"
        f" {'bytes':>8} {'errors':>6} {'times Datasette (least)':>24}"
    )
    for name, measured in answers.items():
        ratios = [answer.rate / other for answer, other in zip(measured, best, strict=False)]
        ratio = f"{median(ratios):.1f} ({min(ratios):.1f})" if ratios else ""
        figures = [median(values) for values in zip(*measured, strict=True)]
        rate, processor, p50, p95, p99, size, errors = figures
        print(
            f"{name:24} {rate:9.1f} {processor:7.2f} {p50:8.2f} {p95:8.2f} {p99:8.2f}"
            f" {size:8.0f} {errors:6.0f} {ratio:>24}"
        )


def sizes(url: str) -> bool:
    """Print the largest pages; return whether none is too large."""
    with site(url) as server:
        sizes = sorted(
            ((len(fetch(server.url + path)[0]), path) for path in widest()), reverse=True
        )
    print(f"\n{len(sizes)} of the widest pages, the largest {SHOWN}, bytes of HTML")
    for size, path in sizes[:SHOWN]:
        print(f"{size:8,} {path}{' TOO LARGE' if size > LIMIT else ''}")
    return sizes[0][0] <= LIMIT


def fresh(url: str) -> bool:
    """Return whether each answer after a write, by whatever worker, is new."""
    editor = make_person("site_speed")
    path = hub().get_absolute_url()
    stale = 0
    with site(url) as server:
        for number in range(10):
            for _ in range(WARM):
                fetch(server.url + path)
            now = Protein.objects.get(pk=hub().pk)
            amend_protein(user=editor, protein=now, values={"name": f"NEW{number}"})
            answers = [fetch(server.url + path)[0].decode() for _ in range(WARM)]
            stale += sum(f"NEW{number}" not in text for text in answers)
    print(f"\nanswers after ten writes: {10 * WARM}, stale: {stale}")
    return stale == 0


def _database_url() -> str:
    default = f"sqlite:///{settings.DATA_DIR / 'tflink.sqlite3'}"
    return os.environ.get("DATABASE_URL", default)


def _key_in(file: Path) -> int:
    """The hub's own key in a file, which need not be a copy of our database."""
    with closing(sqlite3.connect(file)) as database:
        query = "SELECT id FROM proteins_protein WHERE accession = ?"
        return int(database.execute(query, [hub().accession]).fetchone()[0])


def _alias_of(url: str) -> str:
    """Another database under a name by which it can be read."""
    connections.settings["small"] = {**connections.settings["default"], **Env.db_url_config(url)}
    return "small"


def _file_of(url: str) -> Path | None:
    return Path(database_name(url)) if url.startswith("sqlite") else None


@contextmanager
def _copied(url: str) -> Iterator[str]:
    """The database, or where it is a SQLite file a copy of it that may be written to."""
    file = _file_of(url)
    if file is None:
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="tflink-site-") as folder:
        copy = Path(folder) / "tflink.sqlite3"
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        connection.close()
        connection.settings_dict["NAME"] = str(copy)
        yield f"sqlite:///{copy}"
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
