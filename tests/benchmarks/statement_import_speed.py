"""Speed of importing statements against a floor, and of reading beside them.

    DATABASE_URL=... python -m tests.benchmarks.statement_import_speed [--statements 200000]
                                                        [--repeats 3] [--only PART...]

DATABASE_URL names a migrated database with the interactions of whole tables in it, to which no
one is connected; every measure is of a copy, taken away at the end. Half of the statements are in
a file of TRRUST's form, half in one of CollecTRI's, on interactions drawn by chance (the same for
the same database), each by a publication of its own. Printed are:
- `import`: import over floor. The floor parses the same files with `csv`, and loads the same
  tables and indexes (statements, publications, evidence, support) by `executemany` or COPY, and
  updates the interactions, in one transaction; it checks nothing, maps no names, computes no
  facets of proteins, drops nothing that is unused, and keeps no journal. Both must leave the same
  content.
- `profile`: where the import spends its time, by function.
- `memory`: the peak of an import as a process of its own, in MB.
- `bytes`: what the statements take, with their indexes and all that they add.
- `reading`: pages and lists of interactions without statements and with them, and requests for
  statements, in milliseconds of processor time and by the clock: medians of some.
"""

from __future__ import annotations

import argparse
import cProfile
import csv
import multiprocessing
import os
import pstats
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tflink.settings")
    django.setup()

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Max
from django.test import Client

from curation.importing.run import StatementOptions, import_statements
from curation.records.restate import effect_of
from curation.shared.bulk import bulk_for
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.fold import fold
from proteins.domain.statements import Basis, Sign, StatementContent
from proteins.domain.support import Role, SupportContent
from proteins.models import (
    ChangeKind,
    ChangeSet,
    Citation,
    Dataset,
    Evidence,
    Interaction,
    Protein,
    SourceDatabase,
    Statement,
    Support,
    SupportPart,
)
from proteins.queries.evidence import read_evidence
from tests import statement_files
from tests.benchmarks.databases import MANAGE, Databases, copies_of, database_name
from tests.benchmarks.floor import insert, write_evidence, write_support
from tests.benchmarks.import_speed import WATCH, against_floor, connect, say, uncollected

PARTS: Final = ("import", "memory", "bytes", "reading")
MORE_PARTS: Final = ("profile",)
TERMS: Final = ("--of-version", "1", "--licence", "CC0")
#: Publications of a line of TRRUST's form, as it is made, and of CollecTRI's.
_PER_LINE: Final = (1.6, 2)
_SIGNS: Final = {
    "Activation": Sign.ACTIVATION, "Repression": Sign.REPRESSION, "Unknown": Sign.UNKNOWN,
    "1": Sign.ACTIVATION, "-1": Sign.REPRESSION,
}  # fmt: skip
_STATEMENT: Final = (
    "id interaction_id dataset_id key source_id citation_id method_id eco effect basis small_scale "
    "cell_line tissue condition quotation curator orcid evidence_id state state_reason change_id"
)


@dataclass(frozen=True)
class Files:
    """The files of statements that are imported."""

    trrust: Path
    collectri: Path

    @property
    def paths(self) -> list[Path]:
        return [self.trrust, self.collectri]

    def load(self) -> None:
        import_statements(self.paths, StatementOptions(version=TERMS[1], licence=TERMS[3]))


def write_files(folder: Path, statements: int) -> Files:
    """Write files of so many statements, on interactions of the database that is connected to."""
    draw, half = random.Random(statements), statements / 2
    keys = list(Interaction.objects.order_by("pk").values_list("pk", flat=True))
    files = Files(folder / "trrust.tsv", folder / "collectri.csv")
    lines = round(half / _PER_LINE[0])
    # Of TRRUST's lines, one in six repeats a pair.
    pairs = _pairs(draw.sample(keys, min(len(keys), lines * 5 // 6)))
    files.trrust.write_text(statement_files.trrust(pairs, lines).text)
    pairs = _pairs(draw.sample(keys, min(len(keys), round(half / _PER_LINE[1]))))
    files.collectri.write_text(statement_files.collectri(pairs))
    return files


def _pairs(keys: Sequence[int]) -> list[statement_files.Pair]:
    columns = ("id", "tf_id", "target_id")
    rows = bulk_for().select(Interaction, columns, "id", keys)
    accessions = dict(Protein.objects.values_list("pk", "accession"))
    return [(accessions[tf], accessions[target]) for _, tf, target in sorted(rows)]


# The floor


class Stated(NamedTuple):
    pair: tuple[int, int]
    key: str
    content: StatementContent
    evidence: EvidenceContent


def _trrust(file: Path, proteins: dict[str, int]) -> Iterator[Stated]:
    with file.open(newline="") as lines:
        for tf, target, regulation, pmids in csv.reader(lines, delimiter="\t"):
            sign = _SIGNS[regulation]
            basis = Basis.STATED if sign else None
            # The one bad number is refused.
            for pmid in filter(str.isdigit, pmids.split(";")):
                content = StatementContent(pmid=int(pmid), effect=sign, basis=basis)
                pair = proteins[tf], proteins[target]
                yield Stated(pair, content.key("trrust"), content, content.evidence("TRRUST"))


def _collectri(file: Path, proteins: dict[str, int]) -> Iterator[Stated]:
    with file.open(newline="") as lines:
        rows = csv.reader(lines)
        next(rows)
        for tf, target, weight, resources, references, decision in rows:
            if tf not in proteins:
                continue  # a complex
            names = re.sub(r"_CollecTRI\b|_A\b|;CollecTRI\b", "", resources).split(";")
            basis = Basis.STATED if decision == "PMID" else Basis.INFERRED
            for pmid in references.split(";"):
                content = StatementContent(
                    pmid=int(pmid) if pmid else None, effect=_SIGNS[weight], basis=basis
                )
                pair = proteins[tf], proteins[target]
                evidence = content.evidence("CollecTRI", names)
                yield Stated(pair, content.key("collectri"), content, evidence)


class _Written(NamedTuple):
    """What an interaction has when its statements are in."""

    key: int
    support: SupportContent
    effect: int


def write_floor(files: Files) -> None:
    """Parse and write all files in one transaction."""
    with uncollected(), transaction.atomic():
        proteins = dict(Protein.objects.values_list("accession", "pk"))
        read = {"TRRUST": list(_trrust(files.trrust, proteins))}
        read["CollecTRI"] = list(_collectri(files.collectri, proteins))
        interactions = _interactions({one.pair for rows in read.values() for one in rows})
        written = list(_support([one for rows in read.values() for one in rows], interactions))
        evidence, supports = _write_support(read, written)
        change = ChangeSet.objects.create(kind=ChangeKind.IMPORT).pk
        _write_statements(read, interactions, evidence, change)
        rows = [
            (supports[one.support], evidence[one.support.evidence], one.effect, change, one.key)
            for one in written
        ]
        columns = ("support_id", "evidence_id", "effect", "change_id")
        bulk_for().update(Interaction, columns, rows)


def _interactions(pairs: set[tuple[int, int]]) -> dict[tuple[int, int], tuple[int, int]]:
    """Return the interactions of pairs with their support."""
    columns, ends = ("tf_id", "target_id", "id", "support_id"), ("tf_id", "target_id")
    rows = bulk_for().select_pairs(Interaction, columns, ends, list(pairs))
    return {(tf, target): (key, support) for tf, target, key, support in rows}


def _support(
    stated: Sequence[Stated], interactions: dict[tuple[int, int], tuple[int, int]]
) -> Iterator[_Written]:
    contents = {key: facts.content for key, facts in read_evidence().items()}
    parts: dict[int, dict[Role, EvidenceContent]] = {}
    for key, role, evidence in SupportPart.objects.values_list("support_id", "role", "evidence_id"):
        parts.setdefault(key, {})[Role(role)] = contents[evidence]
    before = {key: SupportContent.of(roles) for key, roles in parts.items()}
    by_pair: dict[tuple[int, int], list[Stated]] = {}
    for one in stated:
        by_pair.setdefault(one.pair, []).append(one)
    for pair, rows in by_pair.items():
        key, support = interactions[pair]
        together = reduce(EvidenceContent.united, (one.evidence for one in rows))
        effect = effect_of(one.content.effect for one in rows if one.content.basis is Basis.STATED)
        yield _Written(key, before[support].with_roles({Role.STATEMENTS: together}), effect.value)


def _write_support(
    read: dict[str, list[Stated]], written: Sequence[_Written]
) -> tuple[dict[EvidenceContent, int], dict[SupportContent, int]]:
    stored = {facts.content: key for key, facts in read_evidence().items()}
    needed = [one.evidence for rows in read.values() for one in rows]
    for one in written:
        needed += [one.support.evidence, one.support.by_role()[Role.STATEMENTS]]
    new = (content for content in needed if content not in stored)
    evidence = stored | write_evidence(new, _next(Evidence))
    supports = write_support(evidence, [one.support for one in written], _next(Support))
    return evidence, supports


def _next(model: type[Evidence | Support]) -> int:
    return (model.objects.aggregate(last=Max("pk"))["last"] or 0) + 1


def _write_statements(
    read: dict[str, list[Stated]],
    interactions: dict[tuple[int, int], tuple[int, int]],
    evidence: dict[EvidenceContent, int],
    change: int,
) -> None:
    citations = dict(Citation.objects.values_list("pmid", "pk"))
    rows: dict[tuple[int, str], tuple[Any, ...]] = {}
    for name, stated in read.items():
        source = SourceDatabase.objects.get(key=name)
        dataset = Dataset.objects.create(
            name=name, fold=fold(name), source=source, version=TERMS[1], licence=TERMS[3]
        ).pk
        for one in stated:
            key, content = interactions[one.pair][0], one.content
            rows[key, one.key] = (
                key, dataset, one.key, "", citations[content.pmid] if content.pmid else None, None,
                "", content.effect.value, content.basis and content.basis.value,
                SmallScale.NOT_STATED.value, "", "", "", "", "", "", evidence[one.evidence], 0, "",
                change,
            )  # fmt: skip
    insert(
        "proteins_statement", _STATEMENT, [(key, *row) for key, row in enumerate(rows.values(), 1)]
    )


# What is measured


def profile(files: Files, made: Databases) -> None:
    connect(made)
    profiler = cProfile.Profile(time.process_time)
    profiler.runcall(files.load)
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(70)


def memory(files: Files, made: Databases) -> None:
    environment = {**os.environ, "DATABASE_URL": connect(made)}
    command = [sys.executable, str(MANAGE), "import_statements", "-v0", *map(str, files.paths)]
    # Status 1: something was refused, as is meant.
    watch = WATCH.replace("check=True", "check=False")
    done = subprocess.run(
        [sys.executable, "-c", watch, *command, *TERMS],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    peak = int(re.findall(rb"[0-9]+", done.stdout)[-1]) / 1024
    say(f"memory   import_statements peak {peak:.0f} MB")


def size() -> int:
    """Return the bytes of the database that is connected to, without what is free."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_database_size(current_database())"
            if connection.vendor == "postgresql"
            else "SELECT (page_count - freelist_count) * page_size "
            "FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
        )
        return int(cursor.fetchone()[0])


def in_bytes(files: Files, made: Databases) -> None:
    connect(made)
    before = size()
    files.load()
    number, added = Statement.objects.count(), size() - before
    say(f"bytes    {number:,} statements: {added:,}, {added / number:.0f} each, journal included")


def statement_requests() -> list[str]:
    """Return requests for statements, one of each filter, and the lists that show them."""
    one = Statement.objects.select_related("interaction__tf", "citation").exclude(citation=None)
    first = one.order_by("-pk")[0]
    pmid = Citation.objects.get(statements=first).pmid
    words = [
        "dataset=TRRUST", "source=CollecTRI", f"pmid={pmid}", "effect=repression",
        "basis=inferred", "effect=activation&dataset=TRRUST", "state=withdrawn",
        "method=chromatin immunoprecipitation assay", "taxon=559292", "taxon=10116",
        f"tf={first.interaction.tf.accession}", f"target={first.interaction.target.accession}",
        "small_scale=yes", "eco=ECO:0000096", "cell_line=HeLa", "tissue=liver", "condition=heat",
        "curator=me", "orcid=0000-0002-1825-0097", "source_id=SIGNOR-1", "",
    ]  # fmt: skip
    paths = [f"/api/v1/statements/?{word}" for word in words]
    return [*paths, "/datasets/", first.dataset.get_absolute_url()]


def filter_requests() -> list[str]:
    words = [
        "source=TRRUST", "source=CollecTRI", "source=TRRUST&tier=repeated",
        "method=chromatin immunoprecipitation assay", "tier=strong", "tier=supported",
        "tier=repeated", "tier=single", "method_class=binding in vivo", "method_class=expression",
        "method_class=reporter", "effect=both", "effect=activation", "exclude_source=TRRUST",
        "taxon=559292&exclude_source=TRRUST", "taxon=559292&tier=repeated", "only_source=TRRUST",
        "exclude_method_class=expression", "taxon=559292&method_class=expression",
    ]  # fmt: skip
    return [f"/api/v1/interactions/?{word}" for word in words]


def page_requests() -> list[str]:
    """Return pages and lists: of proteins with many and few interactions, of interactions."""
    proteins = list(Protein.objects.order_by("-target_count", "pk")[:3])
    proteins += list(Protein.objects.order_by("-tf_count", "pk")[:3])
    proteins += list(Protein.objects.filter(tf_count=1).order_by("pk")[:1])
    keys = list(Interaction.objects.order_by("pk").values_list("pk", flat=True))[::60_000]
    interactions = Interaction.objects.select_related("tf", "target").filter(pk__in=keys)
    pages = [one.get_absolute_url() for one in proteins]
    pages += [one.get_absolute_url() for one in interactions]
    hub = proteins[0].accession
    lists = ("interactions/", f"interactions/?tf={hub}", "interactions/?taxon=559292", "proteins/")
    return [*pages, *(f"/api/v1/{path}" for path in lists), "/", "/browse/"]


class Took(NamedTuple):
    """Milliseconds of one request."""

    processor: float
    wall: float
    status: int


def _requests(url: str, paths: Sequence[str], times: int) -> dict[str, Took]:
    """Measure requests in a process of its own."""
    connection.close()
    connection.settings_dict["NAME"] = database_name(url)
    # Every page rendered: the page cache is in the memory of this process.
    settings.PAGE_CACHE_BYTES = 0
    cache.clear()
    client = Client(SERVER_NAME="localhost", raise_request_exception=True)
    return {path: _request(client, path, times) for path in paths}


def _request(client: Client, path: str, times: int) -> Took:
    processor, wall = [], []
    for _ in range(times):
        cache.clear()
        began, at = time.process_time(), time.perf_counter()
        answer = client.get(path)
        b"".join(answer) if answer.streaming else answer.content
        processor.append(time.process_time() - began)
        wall.append(time.perf_counter() - at)
    return Took(median(processor[1:]) * 1000, median(wall[1:]) * 1000, answer.status_code)


def reading(files: Files, without: Databases, made: Databases) -> None:
    """Print what requests take without statements and with them, in turns."""
    urls = {"without": connect(without)}
    pages = page_requests()
    urls["with"] = connect(made)
    files.load()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    lists = filter_requests() + statement_requests()
    connection.close()
    took: dict[str, dict[str, list[Took]]] = {key: {} for key in urls}
    for _ in range(3):
        for key, url in urls.items():
            paths = pages if key == "without" else [*pages, *lists]
            with multiprocessing.get_context("fork").Pool(1) as pool:
                for path, one in pool.apply(_requests, (url, paths, 6)).items():
                    took[key].setdefault(path, []).append(one)
    for path, measured in took["with"].items():
        before = took["without"].get(path)
        _say_took(path, measured, before)


def _say_took(path: str, measured: Sequence[Took], before: Sequence[Took] | None) -> None:
    now = min(one.processor for one in measured)
    wall = min(one.wall for one in measured)
    text = f"{now:7.1f} ms processor {wall:7.1f} ms"
    if before:
        then = min(one.processor for one in before)
        text += f"  before {then:7.1f}  ratio {now / then:.2f}"
    say(f"reading  {text}  {measured[0].status} {path}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--statements", type=int, default=200_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=(*PARTS, *MORE_PARTS), default=PARTS)
    given = parser.parse_args()
    url = os.environ["DATABASE_URL"]
    with tempfile.TemporaryDirectory() as folder, copies_of(url) as made, copies_of(url) as other:
        connect(made)
        files = write_files(Path(folder), given.statements)
        works: dict[str, Callable[[], None]] = {
            "import": lambda: against_floor(
                "statements", partial(write_floor, files), files.load, made, given.repeats
            ),
            "profile": lambda: profile(files, made),
            "memory": lambda: memory(files, made),
            "bytes": lambda: in_bytes(files, made),
            "reading": lambda: reading(files, other, made),
        }
        for part in given.only:
            works[part]()
        connection.close()


if __name__ == "__main__":
    main()
