"""Write a made table of binding sites of any size, for volume.

    python -m tests.benchmarks.make_sites OUT.tsv.gz SITES PAGE... [--seed 1] [--fasta OUT.fasta]

The rows have the form of TFLink's whole-species tables (annotation, v1.0). Method, publications,
source, scale, assembly and the length of a site are drawn from the binding sites of real pages;
TFs are those of the pages and made ones, with numbers of sites as unequal as real ones
(log-normal); places and sequences are made up, so that no row states a fact. The same seed
writes the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import accumulate
from pathlib import Path
from typing import Final, NamedTuple, TextIO

import yaml

COLUMNS: Final = (
    "TFLinkID", "UniprotID.TF", "Name.TF", "Organism", "Assembly", "Chromosome", "Start",
    "End", "Strand", "Genome.browser", "Detection.method", "PubmedID", "Source.database",
    "Small-scale.evidence", "Number.of.TFBS.overlaps", "TFBS.overlaps",
)  # fmt: skip
#: Cells of a row of the newest pages, from the end: the name before them may hold commas.
_FROM_ORGANISM: Final = 12
CHROMOSOMES: Final = tuple(f"chr{number}" for number in (*range(1, 23), "X", "Y"))
_LONGEST_CHROMOSOME: Final = 240_000_000
_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Template(NamedTuple):
    """What a made site takes from a real one."""

    length: int
    method: str
    publications: str
    source: str
    scale: str


def templates(pages: Sequence[Path]) -> list[Template]:
    """Return those of the placed sites of pages of the newest generation."""
    return [template for page in pages for template in _templates(page)]


def _templates(page: Path) -> Iterator[Template]:
    text = page.read_text(encoding="utf-8").replace("\r\n", "\n")
    front = yaml.load(text.split("---\n")[1], Loader=yaml.CSafeLoader)
    for line in str(front.get("binding_sites") or "").split("\n"):
        cells = line.split(",")
        if len(cells) < _FROM_ORGANISM + 3:
            continue
        _, _, _, start, end, _, _, method, pmids, source, scale, _ = cells[-_FROM_ORGANISM:]
        if start.isdecimal() and end.isdecimal():
            pmids = pmids.replace("%5Buid%5D+OR+", ";").replace("%5Buid%5D", "")
            yield Template(int(end) - int(start), method, pmids, source, scale)


def accession(number: int) -> str:
    """Return a made accession of ten characters that follows UniProt's rule."""
    number, first = divmod(number, 10)
    number, second = divmod(number, 26)
    return f"A{first}{_ALPHABET[second]}{number:02d}0A0A1"


def sites_of_tfs(sites: int, tfs: int, rng: random.Random) -> list[int]:
    """Return how many sites each TF has: log-normal, `sites` together."""
    weights = [rng.lognormvariate(0, 1.6) for _ in range(tfs)]
    bounds = [round(bound * sites / sum(weights)) for bound in accumulate(weights)]
    return [bound - before for before, bound in zip([0, *bounds], bounds, strict=False)]


def rows(sites: int, real: Sequence[Template], rng: random.Random, tfs: int) -> Iterator[list[str]]:
    """Yield the cells of `sites` rows."""
    number = 0
    for index, many in enumerate(sites_of_tfs(sites, tfs, rng)):
        tf = [accession(index), f"TF{index + 1}", "Homo sapiens", "hg38"]
        for _ in range(many):
            number += 1
            template = real[rng.randrange(len(real))]
            chromosome = CHROMOSOMES[rng.randrange(len(CHROMOSOMES))]
            start = rng.randrange(_LONGEST_CHROMOSOME)
            place = [chromosome, str(start), str(start + template.length)]
            scale = "SS" if template.scale == "Yes" else "LS"
            yield [
                f"TFLink{scale}{number:08d}",
                *tf,
                *place,
                "+-"[rng.randrange(2)],
                f"hg38&position={chromosome}:{place[1]}-{place[2]}",
                template.method,
                template.publications,
                template.source,
                template.scale,
                "0",
                "-",
            ]


def _opened(path: Path, stack: ExitStack) -> TextIO:
    if path.suffix == ".gz":
        return stack.enter_context(gzip.open(path, "wt", compresslevel=1, encoding="utf-8"))
    return stack.enter_context(path.open("w", encoding="utf-8"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("sites", type=int)
    parser.add_argument("pages", type=Path, nargs="+")
    parser.add_argument("--tfs", type=int, default=1_600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fasta", type=Path)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    real = templates(options.pages)
    with ExitStack() as stack:
        table = _opened(options.out, stack)
        fasta = _opened(options.fasta, stack) if options.fasta else None
        table.write("\t".join(COLUMNS) + "\n")
        for cells in rows(options.sites, real, rng, options.tfs):
            table.write("\t".join(cells) + "\n")
            if fasta and cells[13] == "Yes":
                place = f"{cells[5]}:{cells[6]}-{cells[7]}"
                bases = "".join(rng.choices("ACGT", k=int(cells[7]) - int(cells[6])))
                fasta.write(f">{cells[0]};{cells[1]};{cells[2]};{cells[4]};{place}\n{bases}\n")


if __name__ == "__main__":
    main()
