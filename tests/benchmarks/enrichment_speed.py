"""Enrichment of lists of 200 and of 5,000 genes: time and memory, on a database that is there.

    TFLINK_DATA_DIR=... python -m tests.benchmarks.enrichment_speed 559292 [runs]

The species' arrays are laid out first. Printed are the first answer of a process, the 95th
percentile of the rest (by the clock, and the median of processor time, which a busy machine
leaves as it is), the same with a filter, and memory. Beside them GSEApy's hypergeometric test on
the same sets, whose p is compared: it is defined alike.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from typing import Any

import django
import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tflink.settings")
django.setup()

from proteins.analysis import enrichment, species, store  # noqa: E402
from proteins.analysis.enrichment import Request  # noqa: E402
from proteins.analysis.evidence import filters_of  # noqa: E402
from proteins.analysis.species import Unit, read_species  # noqa: E402
from proteins.models import Protein, Taxon  # noqa: E402
from proteins.queries.snapshot import consistent_read  # noqa: E402

_LISTS = (200, 5_000)
_FILTERS: tuple[dict[str, Any], ...] = ({}, {"tier": ["single", "supported"]})


def main(taxon_id: str, runs: str = "20") -> None:
    taxon = Taxon.objects.get(ncbi_taxon_id=taxon_id)
    arrays = store.newest(taxon.pk) or (store.lay_out(taxon.pk), None)
    print(f"{arrays[0]}, two cores at load {os.getloadavg()[0]:.1f}")
    targets = Protein.objects.filter(taxon=taxon, is_target=True).values_list(
        "accession", "tf_count"
    )
    names, counts = zip(*targets, strict=True)
    chances = np.array(counts) / sum(counts)
    lots = np.random.default_rng(1)
    for number in _LISTS:
        some = [
            list(lots.choice(names, min(number, len(names)), replace=False, p=chances))
            for _ in range(int(runs))
        ]
        for values in _FILTERS:
            species._species.clear()
            timed = [_timed(taxon, listed, values) for listed in some]
            first, rest = timed[0][0], sorted(clock for clock, _ in timed[1:])
            median = sorted(cpu for _, cpu in timed)[len(timed) // 2]
            p95 = rest[max(0, int(len(rest) * 0.95) - 1)] if rest else first
            print(f"{number:,} genes, {values or 'all'}: first {first:.3f} s, ", end="")
            print(f"p95 {p95:.3f} s, processor {median:.3f} s")
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    _beside_gseapy(taxon, list(some[0][:200]))


def _timed(taxon: Taxon, listed: list[str], values: dict[str, Any]) -> tuple[float, float]:
    began, processor = time.perf_counter(), time.process_time()
    with consistent_read():
        enrichment.enrich(Request(taxon, listed, filters=filters_of(values, taxon)))
    return time.perf_counter() - began, time.process_time() - processor


def _beside_gseapy(taxon: Taxon, listed: list[str]) -> None:
    from gseapy.stats import calc_pvalues  # type: ignore[import-untyped]

    with consistent_read():
        loaded = read_species(taxon)
        keep = np.ones(len(loaded.edges.kinds), dtype=bool)
        matrix = loaded.counted(Unit.PROTEIN, loaded.edges, keep).matrix
        ours = enrichment.enrich(Request(taxon, listed, unit=Unit.PROTEIN))
    names = dict(Protein.objects.filter(taxon=taxon).values_list("pk", "accession"))
    sets = {
        names[tf]: {names[int(loaded.keys[unit])] for unit in units} for tf, units in matrix.rows()
    }
    background = set().union(*sets.values())
    began = time.perf_counter()
    terms, p_values, *_ = calc_pvalues(set(listed), sets, background)
    took = time.perf_counter() - began
    p = {row["tf"]: row["p"] for row in ours.rows}
    worst = max(abs(p[term] / value - 1) for term, value in zip(terms, p_values, strict=True))
    print(
        f"GSEApy: {took:.3f} s for {len(terms)} sets that were hit; p differ by {worst:.1e} at most"
    )
    print(f"It corrects over {len(terms)} sets, and leaves out {len(p) - len(terms)} others")


if __name__ == "__main__":
    main(*sys.argv[1:])
