"""Speed of importing binding sites against a floor, and of reading them afterwards.

    DATABASE_URL=... python -m tests.benchmarks.site_import_speed TABLE [--repeats 3]
                                                  [--only PART...] [--killed-after CHUNKS]

TABLE is an annotation table of binding sites (`make_sites` writes one of any size). Databases
are made and taken away as `import_speed` does. Printed are:
- `import`: import over floor, and rows a second. The floor parses the same file with `csv`,
  and loads the same tables and indexes by `executemany` or COPY in one transaction; it checks
  nothing, compares with nothing that is stored and keeps no journal. Both must leave the same
  content.
- `memory`: the peak of an import as a process of its own, in MB.
- `reading`: a query by region, the page of a region, and the page of the TF with the most
  sites, its first and last page of sites, in milliseconds: the median of some.
- `volume`: all of these once, of one floor and one import as a process of its own: what is
  left of a table of millions, of which each import takes minutes. Both are digested.
- `killed`: an import that `kill -9` ends after some chunks, and its rerun, must leave the
  content of one that was not; without `volume`, that one is imported first.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tflink.settings")
    django.setup()

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Count
from django.test import Client

from curation.importing.run import import_sites
from curation.models import RunChunk
from proteins.domain.evidence import EvidenceContent
from proteins.domain.regions import parse_region
from proteins.models import BindingSite, ChangeKind, ChangeSet, Protein, Taxon
from proteins.queries.content_digest import content_digest
from tests.benchmarks.databases import MANAGE, Databases, databases
from tests.benchmarks.floor import FloorRows, insert, write_evidence
from tests.benchmarks.import_speed import WATCH, against_floor, connect, say, timed, uncollected

PARTS = ("import", "memory", "reading")
MORE_PARTS = ("volume", "killed")
_ROWS = 50_000
_COLUMNS = "id tflink_id tf_id evidence_id assembly chromosome start end strand overlaps sequence"


class FloorSites:
    """Rows of sites in the making; ids count from 1, as in an empty database."""

    def __init__(self) -> None:
        self.rows = FloorRows()
        self.evidence: dict[EvidenceContent, int] = {}
        self.proteins: dict[str, tuple[int, str, str]] = {}

    def batches(self, table: Path) -> Iterator[list[tuple[Any, ...]]]:
        opened = gzip.open if table.suffix == ".gz" else open
        with opened(table, "rt", encoding="utf-8", newline="") as lines:
            rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            next(rows)
            batch = []
            for key, row in enumerate(rows, 1):
                batch.append(self._site(key, row))
                if len(batch) == _ROWS:
                    yield batch
                    batch = []
            yield batch

    def _site(self, key: int, row: Sequence[str]) -> tuple[Any, ...]:
        (
            tflink_id, tf, name, species, assembly, chromosome, start, end, strand, _,
            methods, pmids, sources, scale, overlaps, _,
        ) = row  # fmt: skip
        protein = self.proteins.get(tf)
        if protein is None:
            protein = self.proteins[tf] = (len(self.proteins) + 1, name, species)
        content = self.rows.support(sources, methods, pmids, scale)
        evidence = self.evidence.setdefault(content, len(self.evidence) + 1)
        return (
            key, tflink_id, protein[0], evidence, assembly, chromosome, int(start), int(end),
            strand, int(overlaps), "",
        )  # fmt: skip


def write_floor(table: Path) -> None:
    """Parse and write a table in one transaction; what sites refer to is written last."""
    floor = FloorSites()
    with uncollected(), transaction.atomic():
        for batch in floor.batches(table):
            insert("proteins_bindingsite", _COLUMNS, batch)
        write_evidence(floor.evidence)
        taxa = dict(Taxon.objects.values_list("scientific_name", "id"))
        change = ChangeSet.objects.create(kind=ChangeKind.IMPORT).pk
        insert(
            "proteins_protein",
            "id accession name taxon_id declared_tf declared_target has_page in_table "
            "target_count tf_count facets facet_bits change_id",
            [
                (key, accession, name, taxa[species], True, False, False, True, 0, 0, "", 0, change)
                for accession, (key, name, species) in floor.proteins.items()
            ],
        )


def import_table(table: Path) -> None:
    import_sites([table])


def milliseconds(work: Callable[[int], object], times: int = 7) -> float:
    """The median of some calls, each with another number, so that no cache has its answer."""
    measured = []
    for number in range(1, times + 1):
        cache.clear()
        begun = time.perf_counter()
        work(number)
        measured.append(time.perf_counter() - begun)
    return median(measured) * 1000


def reading(table: Path, made: Databases) -> None:
    connect(made)
    import_sites([table])
    analyse()
    print_reading()


def analyse() -> None:
    """Do what maintenance does; on PostgreSQL the import has done it."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def print_reading() -> None:
    """Print what it takes to read the sites of the database that is connected to."""
    client = Client(SERVER_NAME="localhost")

    def get(path: str) -> None:
        status = client.get(path).status_code
        if status != 200:
            raise SystemExit(f"{path}: {status}")

    def region(number: int) -> str:
        return f"chr{number}:23600000-23900000"

    def query(number: int) -> None:
        list(BindingSite.objects.in_region(parse_region(region(number))))

    get("/")
    number = BindingSite.objects.in_region(parse_region(region(1))).count()
    say(f"reading  region query, {number:,} sites: {milliseconds(query):.1f} ms")
    for path in ("/sites/", "/api/v1/binding-sites/"):
        took = milliseconds(lambda number, path=path: get(f"{path}?region={region(number)}"))  # type: ignore[misc]
        say(f"reading  {path} of such a region: {took:.1f} ms")
    counts = Protein.objects.annotate(sites=Count("binding_sites")).order_by("-sites")
    key, number = counts.values_list("pk", "sites")[0]
    page = Protein.objects.get(pk=key).get_absolute_url()
    ordered = BindingSite.objects.filter(tf=key).small_scale_last()
    ids = list(ordered.values_list("tflink_id", flat=True)[:1000])
    ascending = f"{page}?sites-sort=small_scale&sites-after="
    took = milliseconds(lambda number: get(ascending + ids[number * 50]))
    say(f"reading  hub with {number:,} sites, a page at the beginning: {took:.1f} ms")
    took = milliseconds(lambda number: get(f"{page}?sites-after={ids[number * 50]}"))
    say(f"reading  hub with {number:,} sites, a page at the end: {took:.1f} ms")
    api = f"/api/v1/binding-sites/?tf={Protein.objects.get(pk=key).accession}&page_size="
    took = milliseconds(lambda number: get(f"{api}{90 + number}"))
    say(f"reading  hub with {number:,} sites, a page of the API: {took:.1f} ms")


def command_of(table: Path) -> list[str]:
    return [sys.executable, str(MANAGE), "import_sites", "-v0", str(table)]


def memory(table: Path, made: Databases) -> None:
    environment = {**os.environ, "DATABASE_URL": connect(made)}
    command = [sys.executable, "-c", WATCH, *command_of(table)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    say(f"memory   import_sites peak {int(re.findall(rb'[0-9]+', done.stdout)[-1]) / unit:.0f} MB")


def volume(table: Path, made: Databases) -> str:
    """Print time per row of one floor and one import, its memory, and what reading it takes;
    return the digest of its content."""
    connect(made)
    floor = timed(lambda: write_floor(table))
    rows, digest = BindingSite.objects.count(), content_digest()
    say(f"volume   floor  {rows:,} sites {floor.wall:.0f} s, {floor.wall / rows * 1e6:.1f} µs each")
    begun, before = time.perf_counter(), os.times()
    memory(table, made)
    wall, after = time.perf_counter() - begun, os.times()
    processor = sum(after[2:4]) - sum(before[2:4])
    say(
        f"volume   import {rows:,} sites {wall:.0f} s, {wall / rows * 1e6:.1f} µs each, ratio "
        f"{wall / floor.wall:.2f}; processor {floor.processor:.0f} and {processor:.0f} s, ratio "
        f"{processor / floor.processor:.2f}"
    )
    same = content_digest() == digest
    say(f"volume   {'the same content' if same else 'NOT the same content: no fair floor'}")
    analyse()
    print_reading()
    return digest


def killed(table: Path, made: Databases, chunks: int, digest: str) -> None:
    """Kill an import once it has stored so many chunks, run it again and compare the content."""
    environment = {**os.environ, "DATABASE_URL": connect(made)}
    with subprocess.Popen(command_of(table), env=environment) as importing:
        while RunChunk.objects.count() < chunks and importing.poll() is None:
            time.sleep(0.05)
        importing.kill()
    stored = BindingSite.objects.count()
    # A server may take a moment to see that its client is gone, and to let go of its lock.
    time.sleep(5)
    begun = time.perf_counter()
    subprocess.run(command_of(table), env=environment, check=True)
    took = time.perf_counter() - begun
    same = "equal" if content_digest() == digest else "DIFFERENT"
    say(f"killed   after {stored:,} sites, rerun {took:.0f} s: digests are {same}")


def digest_of_import(table: Path, made: Databases) -> str:
    connect(made)
    import_sites([table])
    return content_digest()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("table", type=Path)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=(*PARTS, *MORE_PARTS), default=PARTS)
    parser.add_argument("--killed-after", type=int, default=3, metavar="CHUNKS")
    given = parser.parse_args()
    table, digests = given.table, list[str]()
    with databases(os.environ.get("DATABASE_URL", "sqlite")) as made:
        works = {
            "import": lambda: against_floor(
                "sites",
                lambda: write_floor(table),
                lambda: import_table(table),
                made,
                given.repeats,
            ),
            "memory": lambda: memory(table, made),
            "reading": lambda: reading(table, made),
            "volume": lambda: digests.append(volume(table, made)),
            "killed": lambda: killed(
                table,
                made,
                given.killed_after,
                digests[0] if digests else digest_of_import(table, made),
            ),
        }
        for part in given.only:
            works[part]()
        connection.close()


if __name__ == "__main__":
    main()
