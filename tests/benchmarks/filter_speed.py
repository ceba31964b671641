"""Every filter of interactions, alone and in pairs, on a large database with nothing cached.

    DATABASE_URL=... python -m tests.benchmarks.filter_speed [--rounds 3] [--only PART...]
                              [--match TEXT] [--limit 150] [--explain]

DATABASE_URL names a migrated database with whole-species tables in it; nothing is written to it.
Requests go through the whole of Django in one process, `PAGE_CACHE_BYTES` being 0. Of each request
p50 by the clock, and p50 of this process's processor time (without PostgreSQL's own). Values come
from the content: of each filter one that most interactions have, and one that few have.

- `filters`: the API's list by each filter, first page, and the page half way by its cursor.
- `pairs`: the same by two filters.
- `pages`: home, browse, hub, network, target, publication, sources, methods, species, search.

Requests over `--limit` milliseconds by the clock are marked; `--explain` (PostgreSQL) prints the
plan of their slowest query. Exit status 1 where one is over it.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
import time
from collections.abc import Iterator, Mapping
from statistics import median
from typing import Final
from urllib.parse import quote, urlencode

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tflink.settings")
    django.setup()

from django.db import connection
from django.db.models import Count
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from proteins.models import (
    Citation,
    Dataset,
    DetectionMethod,
    EvidenceCitation,
    EvidenceMethod,
    EvidenceSource,
    Interaction,
    Protein,
    SourceDatabase,
)
from tflink.timeouts import limit_statements

PARTS: Final = ("filters", "pairs", "pages")
LIST: Final = "/api/v1/interactions/"
STATEMENTS: Final = "/api/v1/statements/"
Query = Mapping[str, str]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--match", default="", help="only requests whose query holds this")
    parser.add_argument("--limit", type=float, default=150)
    parser.add_argument("--explain", action="store_true")
    options = parser.parse_args()
    limit_statements()
    print(f"{connection.vendor}, load {os.getloadavg()}")
    bench = Bench(options)
    values = {"filters": filters, "pairs": pairs, "pages": pages}
    with override_settings(PAGE_CACHE_BYTES=0, ALLOWED_HOSTS=["*"]):
        for part in options.only:
            for url in values[part]():
                bench.measure(part, url)
    print(f"{bench.slow} of {bench.measured} over {options.limit:.0f} ms")
    return int(bench.slow > 0)


class Bench:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options, self.client = options, Client()
        self.measured = self.slow = self.requests = 0

    def measure(self, part: str, url: str) -> None:
        if self.options.match not in url:
            return
        following = self._timed(url)
        if part != "pages" and following:
            self._timed(following, "  a later page")

    def _get(self, url: str) -> HttpResponse:
        """Request a URL from an IP address of its own, which no rate limits."""
        self.requests += 1
        octets = self.requests >> 16, self.requests >> 8 & 255, self.requests & 255
        response: HttpResponse = self.client.get(url, REMOTE_ADDR=".".join(map(str, (10, *octets))))
        return response

    def _timed(self, url: str, label: str = "") -> str:
        """Measure a URL and return that of the page that follows, if there is one."""
        walls, processors, following, total = [], [], "", ""
        # As a worker that has answered some requests.
        response = self._get(url)
        for _ in range(self.options.rounds):
            wall, processor = time.perf_counter(), time.process_time()
            response = self._get(url)
            walls.append(1000 * (time.perf_counter() - wall))
            processors.append(1000 * (time.process_time() - processor))
            if response.status_code != 200:
                print(f"{response.status_code} {url}")
                return ""
        if response["Content-Type"] == "application/json":
            content = response.json()
            following, total = content.get("next") or "", content.get("total", "")
        wall, processor = median(walls), median(processors)
        self.measured += 1
        is_slow = wall > self.options.limit
        self.slow += is_slow
        mark = "SLOW" if is_slow else ""
        print(f"{wall:8.1f} {processor:8.1f} {mark:4} {total!s:>9} {label or url}", flush=True)
        if is_slow and self.options.explain:
            self._explain(url)
        return following

    def _explain(self, url: str) -> None:
        with CaptureQueriesContext(connection) as queries:
            self._get(url)
        slowest = max(queries, key=lambda query: float(query["time"]))
        print(f"    {slowest['time']} s: {slowest['sql'][:1500]}")
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {slowest['sql']}")
            for (line,) in cursor.fetchall():
                print(f"        {line[:200]}")


def _ends(counts: list[tuple[str, int]]) -> list[str]:
    """The value of most evidence, one in the middle, and one of least."""
    ordered = [value for value, _ in sorted(counts, key=lambda pair: -pair[1])]
    return list(dict.fromkeys([ordered[0], ordered[len(ordered) // 2], ordered[-1]]))


def values() -> dict[str, list[str]]:
    """Some values of each filter, of most interactions to few."""
    number = Count("pk")
    sources = EvidenceSource.objects.values_list("source__key").annotate(number=number)
    methods = EvidenceMethod.objects.values_list("method__name").annotate(number=number)
    pmids = EvidenceCitation.objects.values_list("citation__pmid").annotate(number=number)
    papers = _ends([(str(pmid), number) for pmid, number in pmids.order_by()])
    listed = _ends(list(sources.order_by()))
    ways = _ends(list(methods.order_by()))
    species = Protein.objects.values_list("taxon__ncbi_taxon_id").annotate(number=number)
    hub = Protein.objects.order_by("-target_count").first()
    regulated = Protein.objects.order_by("-tf_count").first()
    assert hub is not None
    assert regulated is not None
    return {
        "source": [*listed, "TRRUST"],
        "method": ways,
        "pmid": [*papers, "24170807"],
        "small_scale": ["yes", "no", "not_stated"],
        "tier": ["single", "repeated", "supported", "strong"],
        "method_class": ["binding_in_vivo", "expression", "reporter", "curated"],
        "single_source": ["true", "false"],
        "min_sources": ["2", "3", "5"],
        "only_source": [*listed[:2], "TRRUST"],
        "only_pmid": papers,
        "exclude_source": [*listed[:1], "TRRUST"],
        "exclude_method": ways[:1],
        "exclude_pmid": papers[:1],
        "exclude_tier": ["single"],
        "exclude_method_class": ["binding_in_vivo"],
        "effect": ["activation", "unknown"],
        "status": ["confirmed", "unreviewed"],
        "reporting": ["reported", "no_longer_reported"],
        "changed_since": ["2020-01-01", "2100-01-01"],
        "taxon": _ends([(str(taxon), number) for taxon, number in species.order_by()]),
        "tf": [hub.accession],
        "target": [regulated.accession],
        "either": [hub.accession],
        "sort": ["target", "-target", "-tf"],
    }


def _url(query: Query) -> str:
    return f"{LIST}?{urlencode(query)}"


def filters() -> Iterator[str]:
    yield LIST
    for name, chosen in values().items():
        for value in chosen:
            yield _url({name: value})
    for name in Dataset.objects.values_list("name", flat=True)[:2]:
        yield f"{STATEMENTS}?{urlencode({'dataset': name})}"


def pairs() -> Iterator[str]:
    for (one, some), (other, more) in itertools.combinations(values().items(), 2):
        if {one, other} == {"taxon", "sort"}:
            continue
        # What is common with what is rare, either way.
        for value, second in dict.fromkeys([(some[0], more[-1]), (some[-1], more[0])]):
            yield _url({one: value, other: second})


def pages() -> Iterator[str]:
    hub = Protein.objects.order_by("-target_count").first()
    regulated = Protein.objects.order_by("-tf_count").first()
    middle = Protein.objects.filter(tf_count__gte=400).order_by("tf_count").first()
    assert hub is not None
    yield "/"
    yield "/browse/"
    yield "/browse/?taxon=9606"
    yield "/browse/?taxon=9606&tier=strong&sort=-target_count"
    yield "/species/"
    yield "/species/hs/"
    yield "/sources/"
    yield "/methods/"
    for protein in (hub, regulated, middle):
        if protein is not None:
            yield protein.get_absolute_url()
            yield f"{protein.get_absolute_url()}network/"
    first = Interaction.objects.filter(tf=hub).select_related("tf", "target").first()
    if first is not None:
        yield first.get_absolute_url()
    for number in _by_use(Citation.objects, EvidenceCitation.objects, "citation", "pmid"):
        yield f"/publication/{number}/"
        yield f"/publication/{number}/?tier=strong"
    for key in _by_use(SourceDatabase.objects, EvidenceSource.objects, "source", "key"):
        yield f"/source/{quote(key)}/"
        yield f"/source/{quote(key)}/?small_scale=yes"
        yield f"/source/{quote(key)}/?sort=support"
    for name in _by_use(DetectionMethod.objects, EvidenceMethod.objects, "method", "name"):
        yield f"/method/{quote(name)}/"
        yield f"/method/{quote(name)}/?tier=single"
    yield "/search/?q=G1"
    yield "/search/?q=kinase"
    yield "/search/suggestions/?q=G1"
    yield "/api/v1/proteins/?taxon=9606"
    yield "/api/v1/proteins/?source=TRRUST"
    yield "/api/v1/statistics/"


def _by_use(records: object, links: object, column: str, key: str) -> list[str]:
    counted = links.values_list(f"{column}__{key}").annotate(n=Count("pk"))  # type: ignore[attr-defined]
    return [str(value) for value in _ends([(str(one), n) for one, n in counted.order_by()])]


if __name__ == "__main__":
    sys.exit(main())
