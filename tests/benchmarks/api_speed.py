"""Speed of the API's lists, beside Datasette's JSON of the same file in the same run.

    DATABASE_URL=sqlite:///... python -m tests.benchmarks.api_speed [--taxon 559292]
                                          [--seconds 5] [--rounds 3] [--only PART...]

DATABASE_URL names a migrated SQLite file with a whole species' table in it; a copy is used.
Served by one gunicorn with two workers, asked by `wrk` over four connections, with no limit to
what one caller may ask. Needed beside the project: wrk, and Datasette in the same environment.

- `rates`: 100 interactions as JSON: sent again from memory; each time another page
  (a walk over more pages than there is memory for); made with all memory turned off
  (`PAGE_CACHE_BYTES=0`); and answered 304. They take turns with Datasette's table of
  interactions, 100 rows as JSON objects, bare (numbers of rows only) and with labels, and with
  a query of its own for what our records hold, of as many rows. Medians over rounds, and the
  ratio to the fastest one of Datasette's, from figures of the same round.
- `pages`: the first and the last page of the walk over the species, memory turned off, one
  connection, in turns; medians of p50 and of processor time, and their ratios.
- `memory`: what the worker grows by that sends the whole species as TSV, at its peak.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Final

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tflink.settings")
    django.setup()

from proteins.models import Interaction
from proteins.queries.keyset import Cursor
from tests.benchmarks.site_servers import (
    MissingToolError,
    Server,
    datasette,
    fetch,
    site,
    wrk,
)
from tests.benchmarks.site_speed import (
    WARM,
    Measure,
    _copied,
    _database_url,
    _file_of,
    _key_in,
    in_turns,
    print_rates,
)

PARTS: Final = ("rates", "pages", "memory")
LIST: Final = "/api/v1/interactions/"
#: Nine times as many pages as 32 MB hold.
WALKED: Final = 2_000


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--taxon", type=int, default=559292, help="its table is asked for")
    parser.add_argument("--seconds", type=int, default=5, help="for each figure of a round (5)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    given = parser.parse_args()
    with _copied(_database_url()) as url:
        file = _file_of(url)
        if file is None:
            parser.error("DATABASE_URL must name a SQLite file: Datasette reads nothing else")
        keys = _keys(given.taxon)
        print(f"{len(keys):,} interactions, load {os.getloadavg()}, {os.cpu_count()} processors")
        try:
            if "rates" in given.only:
                rates(url, file, keys, given.rounds, given.seconds)
            if "pages" in given.only:
                pages(url, given.taxon, keys, given.rounds, given.seconds)
        except MissingToolError as missing:
            print(f"\nno speed was measured: {missing}")
            return 1
        if "memory" in given.only:
            memory(url, given.taxon)
        print(f"\nload at the end {os.getloadavg()}")
    return 0


def _keys(taxon: int) -> list[tuple[int, int]]:
    rows = Interaction.objects.public().filter(tf__taxon__ncbi_taxon_id=taxon)
    return list(rows.order_by("tf_id", "target_id").values_list("tf_id", "target_id"))


def _page(taxon: int | None, after: tuple[int, int] | None = None) -> str:
    cursor = f"&cursor={Cursor(after, 'tf', backward=False).encoded()}" if after else ""
    return f"{LIST}?page_size=100{f'&taxon={taxon}' if taxon else ''}{cursor}"


def rates(url: str, file: Path, keys: list[tuple[int, int]], rounds: int, seconds: int) -> None:
    first = _page(None)
    step = max(1, len(keys) // WALKED)
    walk = [_page(None, key) for key in keys[:-100:step]]
    with ExitStack() as stack:
        ours = stack.enter_context(site(url))
        walked = stack.enter_context(site(url))
        made = stack.enter_context(site(url, PAGE_CACHE_BYTES="0"))
        key = _key_in(file)
        other, _ = stack.enter_context(datasette(file, key))
        table = f"/{file.stem}/proteins_interaction.json?_size=100&_shape=objects"
        tag = fetch(ours.url + first)[1]["ETag"]
        # Each worker has met what rows name (proteins, evidence), as it has after a while.
        wrk(walked, first, 3 * seconds, others=walk)
        measures: dict[str, Measure] = {
            "Datasette, bare": _asking(other, table, seconds),
            "Datasette, query": _asking(
                other, f"/{file.stem}/targets.json?tf={key}&rows=100&_shape=objects", seconds
            ),
            "Datasette, labels": _asking(other, f"{table}&_labels=on", seconds),
            "ours, kept": _asking(ours, first, seconds),
            "ours, another each time": lambda: wrk(walked, first, seconds, others=walk),
            "ours, no memory": _asking(made, first, seconds),
            "ours, 304": lambda: wrk(ours, first, seconds, headers={"If-None-Match": tag}),
        }
        print_rates(in_turns(measures, rounds))


def pages(url: str, taxon: int, keys: list[tuple[int, int]], rounds: int, seconds: int) -> None:
    paths = {"first": _page(taxon), "last": _page(taxon, keys[-101])}
    with site(url, PAGE_CACHE_BYTES="0") as server:
        measures: dict[str, Measure] = {
            name: _asking(server, path, seconds, connections=1) for name, path in paths.items()
        }
        answers = in_turns(measures, max(rounds, 3))
    print(f"\n{'page':24} {'p50 ms':>8} {'cpu ms':>8}")
    for name, runs in answers.items():
        p50, processor = (
            median(values) for values in zip(*((a.p50, a.processor) for a in runs), strict=True)
        )
        print(f"{name:24} {p50:8.2f} {processor:8.2f}")
    pairs = list(zip(answers["last"], answers["first"], strict=True))
    print(
        f"{'last to first':24} {median(a.p50 / b.p50 for a, b in pairs):8.2f}"
        f" {median(a.processor / b.processor for a, b in pairs):8.2f}"
    )


def memory(url: str, taxon: int) -> None:
    with site(url) as server:
        for _ in range(WARM):
            fetch(f"{server.url}{_page(taxon)}")
            fetch(f"{server.url}{LIST}?taxon={taxon}&tf=P25454&format=tsv")
        before = _memory(server)
        peak = dict(before)
        ended = threading.Event()

        def watch() -> None:
            while not ended.wait(0.05):
                for pid, size in _memory(server).items():
                    peak[pid] = max(peak.get(pid, 0), size)

        watcher = threading.Thread(target=watch)
        watcher.start()
        read = 0
        with urllib.request.urlopen(f"{server.url}{LIST}?taxon={taxon}&format=tsv") as answer:
            while piece := answer.read(1 << 16):
                read += len(piece)
        ended.set()
        watcher.join()
    growth = max(peak[pid] - size for pid, size in before.items())
    print(f"\n{read:,} bytes of TSV; a worker grew by {growth / 1e6:.1f} MB at most")


def _memory(server: Server) -> dict[int, int]:
    """Bytes that each worker takes, by process."""
    proc = Path("/proc")
    workers = (proc / f"{server.pid}/task/{server.pid}/children").read_text().split()
    lines = {int(pid): (proc / pid / "statm").read_text().split() for pid in workers}
    return {pid: int(line[1]) * os.sysconf("SC_PAGE_SIZE") for pid, line in lines.items()}


def _asking(server: Server, path: str, seconds: int, connections: int = 4) -> Measure:
    for _ in range(WARM):
        fetch(server.url + path)
    return lambda: wrk(server, path, seconds, connections)


if __name__ == "__main__":
    sys.exit(main())
