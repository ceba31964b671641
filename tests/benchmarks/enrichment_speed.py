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
a virtual environment that has it. Their p are compared with ours, and where the definition is
another one with that too; what differs, and why, is printed as a table.
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
from proteins.analysis.core import hypergeometric
from proteins.analysis.core.corrections import Correction, corrected
from proteins.analysis.core.edges import Kind, Row
from proteins.analysis.enrichment import COLUMNS, Request
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
#: Values that differ by less, as shares of themselves, are the same.
_SAME: Final = 1e-6


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

#: Where the definitions differ, and why: read in the sources of GSEApy 1.3.1 and decoupler 2.2.0.
DIFFERENCES: Final = """
| | TFLink | GSEApy (enrichr, offline) | decoupler (ora) |
|--|--|--|--|
| p | hypergeometric, P(X >= x) | the same | Fisher's exact test, two-sided: the tables on the \
other side that are no more likely count, too; equal to ours where there are none |
| the list | all that is given and in the background | the same | features by rank: all but the \
n_up lowest, though n_up is described as the number of highest (5 % unless it is given); to test k \
of N features n_up has to be N - k |
| background | genes with a TF under the filters, all of the species, or a list | the genes of all \
sets, a number, or a list; a number takes the list's genes outside it as inside | n_bg, 20,000 \
unless it is given, whatever the features are; the features of the matrix with n_bg=None; those of \
value 0 are dropped before |
| sets tested | all with a target in the background | those that were hit: the others have p = 1, \
and lack | those of tmin (5) targets or more |
| q | Benjamini-Hochberg over all that were tested, or another | over those that were hit, so \
smaller | Benjamini-Hochberg over all that it tested; it is returned in place of p, which of one set \
alone is the same, and of 16 up to 16 times as large; of 32 bits, so that what is below 1e-45 is 0 |
| odds ratio | half a gene added to each cell, with an interval | the same, without one | half a \
gene added (ha_corr); the score is its logarithm |
| genes of several accessions | one | each name as it is | each name as it is |
| how often a gene is a target | p_degree, q_degree | not counted | not counted |
"""
#: A virtual environment of its own, because it brings some 800 MB.
GET_DECOUPLER: Final = """decoupler: not compared. To do so:
    python3 -m venv DIRECTORY && DIRECTORY/bin/pip install decoupler
    python -m tests.benchmarks.enrichment_speed --sizes 0.24 --decoupler DIRECTORY/bin/python"""
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
def run(**others):
    score, p = dc.mt.ora(matrix, net, tmin=1, verbose=False, **others)
    return {"q": p.loc["list"].to_dict(), "log_odds": score.loc["list"].to_dict()}
number = len(background) - len(listed)
run(n_up=number, n_bg=None)  # compiles
began = time.perf_counter()
fitting = run(n_up=number, n_bg=None)
took = time.perf_counter() - began
usual = {"as described": run(n_up=len(listed), n_bg=None), "n_bg=20000": run(n_up=number)}
q = {name: each["q"] for name, each in usual.items()}
json.dump({"version": dc.__version__, "seconds": took, **fitting, "others": q}, sys.stdout)
"""


class Compared(NamedTuple):
    """A list of 200 genes that have something in common, and all sets of yeast by accession, with our answer."""

    listed: list[str]
    sets: dict[str, set[str]]
    background: set[str]
    rows: dict[str, dict[str, Any]]
    seconds: float

    def two_sided(self) -> dict[str, float]:
        """The p of Fisher's two-sided test of each TF: all tables that are no more likely."""
        p = {}
        for tf, row in self.rows.items():
            targets, n, every = row["targets"], row["query"], row["background"]
            x = np.arange(max(0, n + targets - every), min(n, targets) + 1)
            log = _log_choose(targets, x) + _log_choose(every - targets, n - x)
            log -= _log_choose(every, n)
            own = log[x == row["overlap"]]
            p[tf] = min(float(np.exp(log[log <= own + 1e-9]).sum()), 1.0)
        return p


def _log_choose(n: int, k: Any) -> Any:
    return hypergeometric.log_choose(np.full_like(np.atleast_1d(k), n), np.atleast_1d(k))


def beside_others(of: Taxon, python: str) -> None:
    compared = compared_sets(of)
    print(
        f"TFLink: {compared.seconds:.3f} s for {len(compared.rows)} sets, "
        f"of {len(compared.listed)} genes, with p by degree"
    )
    beside_gseapy(compared)
    beside_decoupler(compared, python) if python else print(GET_DECOUPLER)
    print(DIFFERENCES)


def beside_gseapy(compared: Compared) -> None:
    import gseapy  # type: ignore[import-untyped]
    from gseapy.stats import calc_pvalues, multiple_testing_correction  # type: ignore[import-untyped]

    began = time.perf_counter()
    terms, values, odds, *_ = calc_pvalues(
        set(compared.listed), compared.sets, compared.background
    )
    took = time.perf_counter() - began
    rows = compared.rows
    lacking = [row for tf, row in rows.items() if tf not in set(terms)]
    without = sum(row["overlap"] == 0 and row["p"] == 1 for row in lacking)
    p = {tf: row["p"] for tf, row in rows.items()}
    print(
        f"GSEApy {gseapy.__version__}: {took:.3f} s for {len(terms)} sets of {len(rows)}; "
        f"{without} of the {len(lacking)} others have no gene of the list, and p = 1 here; "
        f"{agreement(dict(zip(terms, values, strict=True)), p)}; odds ratios: "
        f"{agreement(dict(zip(terms, odds, strict=True)), _of(rows, 'odds_ratio'))}"
    )
    corrected, _ = multiple_testing_correction(values, 0.05)
    smaller = [
        theirs / rows[tf]["q"]
        for tf, theirs in zip(terms, corrected, strict=True)
        if rows[tf]["q"] < 0.5
    ]
    if smaller:
        print(
            f"Its q are {min(smaller):.3f} to {max(smaller):.3f} of ours, where ours is below 0.5"
        )


def beside_decoupler(compared: Compared, python: str) -> None:
    given = {
        "list": compared.listed,
        "background": sorted(compared.background),
        "sets": {tf: sorted(genes) for tf, genes in compared.sets.items()},
    }
    run = subprocess.run(
        [python, "-c", _DECOUPLER],
        input=json.dumps(given), capture_output=True, text=True, check=True,
    )  # fmt: skip
    theirs = json.loads(run.stdout[run.stdout.index("{") :])
    ours, two_sided = _of(compared.rows, "p"), compared.two_sided()
    odds = {tf: float(np.exp(value)) for tf, value in theirs["log_odds"].items()}
    q = _adjusted(two_sided)
    print(
        f"decoupler {theirs['version']}: {theirs['seconds']:.3f} s for {len(theirs['q'])} sets, "
        f"compiled before; odds ratios: {agreement(odds, _of(compared.rows, 'odds_ratio'))}; what "
        f"it returns as p, with the two-sided p of the same tables after Benjamini-Hochberg: "
        f"{agreement(theirs['q'], q)}"
    )
    print(f"The two-sided p with our p: {agreement(two_sided, ours)}")
    for name, values in theirs["others"].items():
        print(f"decoupler, {name}: {agreement(values, q)}")


def _adjusted(p: dict[str, float]) -> dict[str, float]:
    """Corrected as decoupler has it: numbers of 32 bits, so that what is below 1e-45 is 0."""
    q = corrected(np.array(list(p.values())), Correction.BH).astype(np.float32)
    return dict(zip(p, q.tolist(), strict=True))


def _of(rows: dict[str, dict[str, Any]], name: str) -> dict[str, float]:
    return {tf: row[name] for tf, row in rows.items()}


def agreement(theirs: dict[str, float], ours: dict[str, float]) -> str:
    """How many values are the same but for rounding, and what the others differ by at most."""
    shares = [
        0.0 if value == ours[tf] else abs(value / ours[tf] - 1) if ours[tf] else np.inf
        for tf, value in theirs.items()
    ]
    same = [share for share in shares if share < _SAME]
    text = f"{len(same)} of {len(shares)} within {max(same, default=0.0):.1e} of themselves"
    if len(same) == len(shares):
        return text
    return f"{text}, the others apart by {min(set(shares) - set(same)):.1e} to {max(shares):.1e}"


def compared_sets(of: Taxon) -> Compared:
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
        # Half of it are targets of one TF: of a random list nearly all q are 1.
        some = sorted(sets.values(), key=len)[len(sets) // 2]
        mixed = [*lots.permutation(sorted(some))[:100], *lots.permutation(sorted(background))]
        listed = [str(one) for one in dict.fromkeys(mixed)][:200]
        began = time.perf_counter()
        ours = enrichment.enrich(Request(of, listed, unit=Unit.PROTEIN))
        rows = {row["tf"]: row for row in ours.rows}
        return Compared(listed, sets, background, rows, time.perf_counter() - began)


if __name__ == "__main__":
    main()
