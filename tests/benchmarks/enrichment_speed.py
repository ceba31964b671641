"""Enrichment of lists of 200 and of 5,000 genes: time and memory, beside GSEApy and decoupler.

    python -m tests.benchmarks.enrichment_speed [--runs 10] [--sizes 0.24 6.7 11.8]
        [--decoupler PYTHON]

makes a database of its own (SQLite, in a temporary folder) with yeast as published (0.24 million
interactions) and made-up species of 6.7 and 11.8 million, whose TFs have numbers of targets as
unequal as real ones, with 7,000 rows of evidence. Their interactions are laid out as arrays
without a table of them: enrichment reads no table of interactions.

Measured is an answer with all its hits as JSON. Printed are the first one of a process, the best and the 95th percentile of the rest (by the
clock), the median of processor time (which a busy machine leaves as it is), the same with a
filter; memory that is the process's own, and that of mapped files, which workers share.

Then the same list and sets go to GSEApy (of the extra `test`) and to decoupler, by the Python of
a virtual environment that has it. Where both define p alike, the p are compared; what differs is
printed as a table.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import django
import numpy as np
import pytest
from numpy.typing import NDArray

if __name__ == "__main__":
    FOLDER: Final = tempfile.TemporaryDirectory()
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tflink.settings",
        # A process that only measures is given the folder of the one that wrote; species that
        # a named folder holds are not made again.
        "TFLINK_DATA_DIR": os.environ.get("TFLINK_BENCHMARK_DIR", FOLDER.name),
        "ANALYSIS_JOBS": "False",
    }
    os.environ.pop("DATABASE_URL", None)
    django.setup()

from django.core.management import call_command

from curation.shared.bulk import bulk_for
from curation.shared.evidence_rows import EvidenceRows
from proteins.analysis import enrichment, species, store
from proteins.analysis.core.edges import Kind, Row
from proteins.analysis.enrichment import COLUMNS, Request, Result
from proteins.analysis.evidence import filters_of
from proteins.analysis.places import folder
from proteins.analysis.species import Unit, read_species
from proteins.api.analysis.enrichment import document_of
from proteins.api.rendering import json_bytes
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.models import Protein, Taxon
from proteins.queries.snapshot import consistent_read
from tests.factories import make_change, taxon
from tests.proteins.analysis import cuts, stored

Ints = NDArray[np.int64]
_LISTS: Final = (200, 5_000)
_FILTERS: Final[tuple[dict[str, Any], ...]] = ({}, {"tier": ["repeated", "supported", "strong"]})
_EVIDENCE: Final = 7_000


class Size(NamedTuple):
    """A species of so many interactions; `tfs` is 0 for yeast as published."""

    code: str
    tfs: int
    genes: int
    interactions: int


SIZES: Final = {
    "0.24": Size("Sc", 0, 0, 237_714),
    "6.7": Size("Hs", 1_600, 20_000, 6_739_357),
    "11.8": Size("Mm", 3_984, 110_808, 11_826_489),
}


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--runs", type=int, default=10)
    options.add_argument("--sizes", nargs="+", default=list(SIZES), choices=list(SIZES))
    options.add_argument("--decoupler", default="")
    options.add_argument("--measure", default="", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.measure:
        measure(taxon(chosen.measure), chosen.runs)
        return
    call_command("migrate", verbosity=0)
    print(
        "| interactions | genes | filter | first | best | p95 | processor |\n|--|--|--|--|--|--|--|"
    )
    for name in chosen.sizes:
        size = SIZES[name]
        if store.newest(taxon(size.code).pk) is None:
            lay_out_yeast() if not size.tfs else lay_out_made(size)
        again = [sys.executable, "-m", "tests.benchmarks.enrichment_speed"]
        environment = {**os.environ, "TFLINK_BENCHMARK_DIR": os.environ["TFLINK_DATA_DIR"]}
        options_of = ["--measure", size.code, "--runs", str(chosen.runs)]
        subprocess.run([*again, *options_of], env=environment, check=True)
    if "0.24" in chosen.sizes:
        beside_others(taxon("Sc"), chosen.decoupler)


def lay_out_yeast() -> None:
    cut = cuts.read("yeast")
    keys, kinds = stored.write_parts(cut)
    lay_out(
        taxon(cut.code),
        (
            Row(keys[tf], keys[target], Kind(kinds[kind].evidence_id, 0, 0, 0))
            for tf, target, kind in sorted(cut.pairs(), key=lambda one: one[:2])
        ),
    )


def lay_out_made(size: Size) -> None:
    lots = np.random.default_rng(1)
    weight = lots.lognormal(0, 0.6, size.genes)
    numbers = _numbers_of_targets(lots.lognormal(0, 1.6, size.tfs), size)
    evidence = _evidence()
    species_of, change = taxon(size.code), make_change()
    proteins = Protein.objects.bulk_create(
        Protein(
            accession=_accession(size.code, number),
            name=f"{size.code}{number}",
            taxon=species_of,
            tf_count=1,
            target_count=int(number < size.tfs),
            change=change,
        )
        for number in range(size.genes)
    )
    keys = np.array([protein.pk for protein in proteins])

    def pieces() -> Iterator[tuple[int, Ints, Ints]]:
        # Without return, in proportion to the weight: the smallest of weighted exponentials.
        for place, number in enumerate(numbers.tolist()):
            drawn = lots.exponential(size=size.genes) / weight
            targets = np.sort(np.argpartition(drawn, number - 1)[:number])
            yield int(keys[place]), keys[targets], lots.integers(0, len(evidence), number)

    with pytest.MonkeyPatch.context() as patched:
        # Twelve million rows one by one would take minutes.
        patched.setattr(store, "_write", lambda place, _: _write(place, pieces(), evidence))
        lay_out(species_of, iter(()))


def _write(place: Path, pieces: Iterator[tuple[int, Ints, Ints]], evidence: Ints) -> int:
    """The files of `store`, from whole arrays of each TF."""
    tfs, starts = [], [0]
    with (place / "target.i4").open("wb") as targets, (place / "kind.u4").open("wb") as kinds:
        for tf, own, kind in pieces:
            tfs.append(tf)
            starts.append(starts[-1] + len(own))
            own.astype("<i4").tofile(targets)
            kind.astype("<u4").tofile(kinds)
    every = [Kind(key, 0, 0, 0) for key in evidence.tolist()]
    for name, values in (("tfs", tfs), ("starts", starts), ("kinds", every)):
        np.array(values, "<i8").tofile(place / f"{name}.i8")
    return starts[-1]


def _accession(code: str, number: int) -> str:
    """A valid accession of ten characters, of up to 260,000 numbers."""
    return f"{code[0]}0A{number // 260:03d}{chr(65 + number // 10 % 26)}00{number % 10}"


def _numbers_of_targets(sizes: NDArray[np.float64], size: Size) -> Ints:
    """As unequal as `sizes`, none above 70 % of all genes."""
    scale, most = size.interactions / sizes.sum(), 0.7 * size.genes
    for _ in range(100):
        scale *= size.interactions / np.minimum(sizes * scale, most).sum()
    numbers: Ints = np.maximum(np.minimum(sizes * scale, most).round().astype(np.int64), 1)
    return numbers


def _evidence() -> Ints:
    """Evidence of every tier, of as many combinations of publications as one species has."""
    scales = [SmallScale.NO] * 9 + [SmallScale.YES]
    contents = [
        EvidenceContent.of(
            ["GTRD"],
            [],
            range(1_000 + number, 1_000 + number + 1 + number % 3),
            scales[number % 10],
        )
        for number in range(_EVIDENCE)
    ]
    rows = EvidenceRows(bulk_for())
    rows.write(contents)
    return np.array([rows.ids[content] for content in contents])


def lay_out(of: Taxon, rows: Iterator[Row]) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(store, "public_rows", lambda _: rows)
        began = time.perf_counter()
        arrays = store.lay_out(of.pk)
    size = sum(file.stat().st_size for file in (folder() / arrays.token).iterdir()) / 1e6
    print(f"{arrays}: {size:.0f} MB of files, in {time.perf_counter() - began:.0f} s")


def measure(of: Taxon, runs: int) -> None:
    (arrays, _) = store.newest(of.pk) or (None, None)
    names = np.array(list(Protein.objects.filter(taxon=of).values_list("accession", flat=True)))
    lots = np.random.default_rng(1)
    before = _memory()
    for number in _LISTS:
        lists = [lots.choice(names, min(number, len(names)), replace=False) for _ in range(runs)]
        for values in _FILTERS:
            species._species.clear()
            timed = [_timed(of, listed.tolist(), values) for listed in lists]
            rest = sorted(clock for clock, _ in timed[1:]) or [timed[0][0]]
            processor = sorted(cpu for _, cpu in timed[1:])[len(rest) // 2] if runs > 1 else 0.0
            p95 = rest[min(len(rest) - 1, int(len(rest) * 0.95))]
            print(
                f"| {arrays.rows if arrays else 0:,} | {number:,} | {'tier' if values else 'none'} "
                f"| {1000 * timed[0][0]:.0f} ms ({1000 * timed[0][1]:.0f} of the processor) "
                f"| {1000 * rest[0]:.0f} ms | {1000 * p95:.0f} ms | {1000 * processor:.0f} ms |"
            )
    after = _memory()
    own, mapped = (after[name] - before[name] for name in ("RssAnon", "RssFile"))
    print(f"memory: {own:.0f} MB of the process's own, {mapped:.0f} MB of mapped files (shared)")


def _memory() -> dict[str, float]:
    """Megabytes by name, as Linux counts them."""
    lines = Path("/proc/self/status").read_text().splitlines()
    pairs = (line.split() for line in lines if line.startswith("Rss"))
    return {name.rstrip(":"): int(size) / 1024 for name, size, _ in pairs}


def _timed(of: Taxon, listed: list[str], values: dict[str, Any]) -> tuple[float, float]:
    began, processor = time.perf_counter(), time.process_time()
    with consistent_read():
        result = enrichment.enrich(Request(of, listed, filters=filters_of(values, of)))
    json_bytes(document_of(result, list(COLUMNS)))
    return time.perf_counter() - began, time.process_time() - processor


# Beside others.

#: Where the definitions differ, and why.
DIFFERENCES: Final = """
| | TFLink | GSEApy (enrichr, offline) | decoupler (ora) |
|--|--|--|--|
| p | hypergeometric, P(X >= x) | the same | not compared yet: see what is printed above |
| background | genes with a TF under the filters, all of the species, or a list | the genes of all \
sets, a number, or a list; a number takes the list's genes outside it as inside | the features of \
the matrix, or a number (n_bg), into which the list need not fit |
| sets tested | all with a target in the background | those that were hit | those of tmin (5) \
targets or more |
| q | over all that were tested | over those that were hit, so smaller | over all that it tested |
| odds ratio | half a gene added to each cell, with an interval | sample ratio; infinite, or 0 | \
half a gene added (ha_corr); the score is its logarithm |
| genes of several accessions | one | each name as it is | each name as it is |
| how often a gene is a target | p_degree, q_degree | not counted | not counted |
"""
_DECOUPLER: Final = """
import json, sys, time, warnings
warnings.filterwarnings("ignore")
import decoupler as dc, numpy as np, pandas as pd
given = json.load(sys.stdin)
background, listed = given["background"], set(given["list"])
# Those of the list come first. It drops features of value 0, and with them the background.
values = np.array([[1.0 + (gene in listed) for gene in background]])
matrix = pd.DataFrame(values, index=["list"], columns=background)
pairs = [(tf, gene) for tf, genes in given["sets"].items() for gene in genes]
net = pd.DataFrame(pairs, columns=["source", "target"])
began = time.perf_counter()
score, p = dc.mt.ora(
    matrix, net, tmin=1, n_up=len(listed), n_bm=0, n_bg=len(background), ha_corr=0.5, verbose=False
)
took = time.perf_counter() - began
json.dump({"version": dc.__version__, "seconds": took, "p": p.loc["list"].to_dict()}, sys.stdout)
"""


def beside_others(of: Taxon, python: str) -> None:
    listed, sets, background, ours, seconds = _of_all(of)
    p, q = ({row["tf"]: row[name] for row in ours.rows} for name in ("p", "q"))
    print(f"TFLink: {seconds:.3f} s for {len(p)} sets, of {len(listed)} genes, with p by degree")
    import gseapy  # type: ignore[import-untyped]
    from gseapy.stats import calc_pvalues, multiple_testing_correction  # type: ignore[import-untyped]

    began = time.perf_counter()
    terms, values, *_ = calc_pvalues(set(listed), sets, background)
    took = time.perf_counter() - began
    _compare(f"GSEApy {gseapy.__version__}", took, dict(zip(terms, values, strict=True)), p)
    corrected, _ = multiple_testing_correction(values, 0.05)
    smaller = [theirs / q[tf] for tf, theirs in zip(terms, corrected, strict=True) if q[tf] < 0.5]
    if smaller:
        print(
            f"Its q are {min(smaller):.3f} to {max(smaller):.3f} of ours, where ours is below 0.5"
        )
    if python:
        given = {"list": listed, "background": sorted(background)}
        given["sets"] = {tf: sorted(genes) for tf, genes in sets.items()}  # type: ignore[assignment]
        run = subprocess.run(
            [python, "-c", _DECOUPLER],
            input=json.dumps(given), capture_output=True, text=True, check=True,
        )  # fmt: skip
        theirs = json.loads(run.stdout[run.stdout.index("{") :])
        _compare(f"decoupler {theirs['version']}", theirs["seconds"], theirs["p"], p)
    print(DIFFERENCES)


def _of_all(of: Taxon) -> tuple[list[str], dict[str, set[str]], set[str], Result, float]:
    """A list of 200 genes, the sets and the background by accession, and our answer."""
    with consistent_read():
        loaded = read_species(of)
        keep = np.ones(len(loaded.edges.kinds), dtype=bool)
        matrix = loaded.counted(Unit.PROTEIN, loaded.edges, keep).matrix
        names = dict(Protein.objects.filter(taxon=of).values_list("pk", "accession"))
        sets = {
            names[tf]: {names[int(loaded.keys[unit])] for unit in units}
            for tf, units in matrix.rows()
        }
        background = set().union(*sets.values())
        lots = np.random.default_rng(1)
        listed = [str(one) for one in lots.choice(sorted(background), 200, replace=False)]
        began = time.perf_counter()
        ours = enrichment.enrich(Request(of, listed, unit=Unit.PROTEIN))
        return listed, sets, background, ours, time.perf_counter() - began


def _compare(name: str, seconds: float, theirs: dict[str, float], ours: dict[str, float]) -> None:
    worst = max(abs(theirs[tf] / ours[tf] - 1) for tf in theirs)
    print(
        f"{name}: {seconds:.3f} s for {len(theirs)} sets of {len(ours)}; "
        f"p differ by {worst:.1e} of themselves at most"
    )


if __name__ == "__main__":
    main()
