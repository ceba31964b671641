"""The site under mixed use for long: readers, a curator, and an import going on.

    DATABASE_URL=... manage.py migrate
    DATABASE_URL=... python -m tests.benchmarks.soak TABLE OTHER [--minutes 30] [--readers 4]

DATABASE_URL names a database that is there for this purpose; TABLE is imported into it if it is
empty. Readers open proteins (by Zipf's law: the first the most often), pages, API lists and
searches; a curator saves an edit every ten seconds; OTHER is imported and taken back in turns.
Each minute is a line. Exit status 1 where an answer was an error (503 with Retry-After is none), or
where the memory of the workers grew by more than a tenth after the first fifth of the time.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tflink.settings")
    django.setup()

from django.conf import settings
from django.db import connection
from prometheus_client.parser import text_string_to_metric_families

from proteins.models import Protein
from tests.benchmarks.concurrent_curators import BUSY, curators, plan, save
from tests.benchmarks.site_servers import Server, fetch, site
from tests.curation.desk_visitor import Visitor
from tests.machine import Machine

#: Seconds between two edits.
PAUSE: Final = 10.0
GROWTH: Final = 0.1
#: Of readers who come through a proxy of our own.
_FORWARDED: Final = "X-Forwarded-For"
#: Shares of what readers open.
SHARES: Final = {"protein": 60, "page": 15, "api": 15, "search": 10}
PAGES: Final = ("/", "/browse/", "/browse/?species=Sc", "/species/Sc/", "/downloads/")
_LISTS: Final = "/api/v1/interactions/?page_size=25&"


@dataclass
class Minute:
    """What was seen since the line before."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)
    edits: int = 0
    refused: int = 0
    imports: int = 0


class Soak:
    """What all threads share."""

    def __init__(self, server: Server, machine: Machine) -> None:
        self.server = server
        self.machine = machine
        self.ended = threading.Event()
        self._lock = threading.Lock()
        self._minute = Minute()

    @contextmanager
    def seen(self) -> Iterator[Minute]:
        with self._lock:
            yield self._minute

    def next_minute(self) -> Minute:
        with self._lock:
            minute, self._minute = self._minute, Minute()
        return minute

    def loop(self, act: Callable[[], None]) -> None:
        """Do something until the time is over; what it raises is reported."""
        while not self.ended.is_set():
            try:
                act()
            except Exception as error:  # whatever it is, it is to be reported
                with self.seen() as minute:
                    minute.troubles.append(f"{act.__qualname__}: {type(error).__name__}: {error}")
                self.ended.wait(1)


class Reader:
    """A reader of many, on one connection."""

    def __init__(self, soak: Soak, accessions: list[str], number: int) -> None:
        self._soak = soak
        self._chosen = random.Random(number)
        self._accessions = accessions
        self._weights = list(accumulate(1 / rank for rank in range(1, len(accessions) + 1)))
        self._line = http.client.HTTPConnection(urlsplit(soak.server.url).netloc, timeout=60)

    def read(self) -> None:
        path = self._path()
        start = time.perf_counter()
        try:
            status, retry = self._get(path)
        except (http.client.HTTPException, OSError):
            self._line.close()  # closed between two requests: the next opens another
            status, retry = self._get(path)
        with self._soak.seen() as minute:
            minute.seconds.append(time.perf_counter() - start)
            minute.statuses[status] += 1
            if status >= 400 and not (status == 503 and retry):
                minute.troubles.append(f"{path} answers {status}")
        time.sleep(0.01)

    def _get(self, path: str) -> tuple[int, str]:
        client = f"10.{self._chosen.randrange(250)}.{self._chosen.randrange(250)}.1"
        self._line.request("GET", path, headers={_FORWARDED: client})
        answer = self._line.getresponse()
        answer.read()
        return answer.status, answer.headers.get("Retry-After", "")

    def _path(self) -> str:
        (kind,) = self._chosen.choices(list(SHARES), list(SHARES.values()))
        (accession,) = self._chosen.choices(self._accessions, cum_weights=self._weights)
        return {
            "protein": f"/protein/{accession.lower()}/",
            "page": self._chosen.choice(PAGES),
            "api": f"{_LISTS}{self._chosen.choice(('tf', 'target'))}={accession}",
            "search": f"/search/?q={accession[: self._chosen.randrange(3, len(accession) + 1)]}",
        }[kind]


def edit_now_and_then(soak: Soak, minutes: float) -> Callable[[], None]:
    """Return what saves the next edit of a curator, at its time."""
    edits = iter(plan(int(minutes * 60 / PAUSE) + 10, 1, 10))
    ((name, cookies),) = curators(1).items()
    visitor = Visitor(soak.server.url, cookies)
    connection.close()

    def edit() -> None:
        if soak.ended.wait(PAUSE):
            return
        one = next(edits)
        one.curator = name
        save(visitor, one)
        with soak.seen() as minute:
            minute.edits += one.saved
            # While an import commits, a write is refused and may be repeated.
            refused = BUSY in one.trouble or "503" in one.trouble
            minute.refused += refused
            if one.trouble and not refused:
                minute.troubles.append(f"{one.reason}: {one.trouble}")

    return edit


def import_and_undo(soak: Soak, table: Path) -> Callable[[], None]:
    """Return what imports a table and takes the import back."""

    def both() -> None:
        output = soak.machine.manage("import_tables", str(table))
        run = output.rpartition("This was run ")[2].partition(";")[0]
        with soak.seen() as minute:
            minute.imports += 1
        if not soak.ended.is_set():
            soak.machine.manage("undo_import", run, "--yes")

    return both


def memory(server: Server) -> int:
    """Return the resident bytes of the workers together."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    pages = (int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in children)
    return sum(pages) * os.sysconf("SC_PAGE_SIZE")


def answered(server: Server) -> Mapping[str, float]:
    """Return how many requests were hits and misses of the page cache so far."""
    text = fetch(f"{server.url}/metrics")[0].decode()
    counts = Counter[str]()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == "tflink_requests_total":
                counts[sample.labels["cache"]] += int(sample.value)
    return counts


def report(soak: Soak, minutes: float) -> int:
    """Print a line a minute; return the number of breaches."""
    print(f"{'minute':>6} {'requests':>8} {'errors':>6} {'503':>4} {'hits':>5} {'p95 ms':>7} "
          f"{'MB':>6} {'edits':>5} {'refused':>7} {'imports':>7}", flush=True)  # fmt: skip
    before, breaches, sizes = answered(soak.server), 0, list[int]()
    start = time.monotonic()
    for number in range(1, max(1, round(minutes)) + 1):
        soak.ended.wait(max(0.0, start + number * 60 - time.monotonic()))
        minute, now = soak.next_minute(), answered(soak.server)
        hits, misses = (now[kind] - before[kind] for kind in ("hit", "miss"))
        before = now
        sizes.append(memory(soak.server))
        p95 = statistics.quantiles([*minute.seconds, 0, 0], n=20)[-1] * 1000
        print(
            f"{number:6} {len(minute.seconds):8,} {len(minute.troubles):6} "
            f"{minute.statuses[503]:4} {hits / max(hits + misses, 1):5.0%} {p95:7.0f} "
            f"{sizes[-1] / 1e6:6.0f} {minute.edits:5} {minute.refused:7} {minute.imports:7}",
            flush=True,
        )
        for trouble in minute.troubles[:5]:
            print(f"BREACH {trouble}", flush=True)
        breaches += len(minute.troubles)
    warm = sizes[len(sizes) // 5]
    growth = sizes[-1] / warm - 1
    print(f"{connection.vendor}: {breaches} errors; memory {growth:+.1%} since the first fifth")
    if len(sizes) >= 10 and growth > GROWTH:
        breaches += 1
        print("BREACH the memory of the workers grows")
    return breaches


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", type=Path)
    parser.add_argument("other", type=Path)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--readers", type=int, default=4)
    given = parser.parse_args()
    url = os.environ["DATABASE_URL"]
    with tempfile.TemporaryDirectory() as folder:
        machine = Machine(url, Path(folder) / "data")
        if not Protein.objects.exists():
            machine.manage("import_tables", str(given.table))
        metrics = Path(folder) / "metrics"
        metrics.mkdir()
        environment = {
            "PROMETHEUS_MULTIPROC_DIR": str(metrics),
            "TFLINK_DATA_DIR": str(machine.data),
            "TRUSTED_PROXIES": "1",
            # The curator's session is made here.
            "SECRET_KEY": settings.SECRET_KEY,
        }
        with site(url, **environment) as server:
            soak = Soak(server, machine)
            breaches = soaked(soak, given.other, given.minutes, given.readers)
        machine.manage("check_records")
    return int(bool(breaches))


def soaked(soak: Soak, other: Path, minutes: float, readers: int) -> int:
    accessions = list(Protein.objects.order_by("-target_count", "pk").values_list(
        "accession", flat=True)[:3000])  # fmt: skip
    acts = [Reader(soak, accessions, number).read for number in range(readers)]
    acts += [edit_now_and_then(soak, minutes), import_and_undo(soak, other)]
    threads = [threading.Thread(target=soak.loop, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    try:
        return report(soak, minutes)
    finally:
        soak.ended.set()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    sys.exit(main())
