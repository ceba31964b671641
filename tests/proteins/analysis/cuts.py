"""Cuts of published tables that are small enough to be in the project, and carry the vectors.

`python -m tests.proteins.analysis.cuts` writes them to `data/` from the whole tables beside the
project; what they hold and lack is in `data/README.md`. A file is a text, compressed by xz:

    Sc                                        the species
    P04386 <tab> GAL4 <tab> 855828 <tab>      a protein: name, gene IDs, orthologs (`Rn:Q1;Dr:Q2`)
    ...
                                              an empty line
    Yeastract <tab> no <tab> 2                a kind: databases, small-scale, primary publications
    ...
                                              an empty line
    12 <tab> 3 1 7 <tab> 0a0                  a TF's place, distances of its targets, their kinds
    ...

Proteins are in the order of accessions; a TF's targets by their distance from the one before.
"""

from __future__ import annotations

import csv
import gzip
import lzma
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import count, islice
from pathlib import Path
from string import ascii_lowercase, digits
from typing import Any, Final, NamedTuple

import yaml

from tests.places import ROOT, SHARED

DATA: Final = Path(__file__).with_name("data")
#: Primary publications of a kind are not counted any further.
MANY: Final = 2
_LETTERS: Final = digits + ascii_lowercase
_SPECIES: Final = {
    "Sc": "Saccharomyces_cerevisiae",
    "Rn": "Rattus_norvegicus",
    "Dr": "Danio_rerio",
}
#: The one TF of rat, and of zebrafish, whose ortholog is a TF with targets there.
_TESTABLE: Final = {"Rn": "O55170", "Dr": "Q90XD1"}


class CutProtein(NamedTuple):
    accession: str
    name: str
    gene_ids: tuple[int, ...]
    #: Species and identifier of each, of these three species.
    orthologs: tuple[tuple[str, str], ...]


class CutKind(NamedTuple):
    sources: tuple[str, ...]
    is_small_scale: bool
    #: How many primary publications support it: 0, 1, or 2 for more.
    primary: int


@dataclass(frozen=True)
class Cut:
    """Interactions of one species: of each TF by place, its targets by place and their kinds."""

    code: str
    proteins: list[CutProtein]
    kinds: list[CutKind]
    targets: dict[int, list[tuple[int, int]]]

    def pairs(self) -> Iterator[tuple[int, int, int]]:
        """Yield TF, target and kind of each interaction."""
        for tf, targets in self.targets.items():
            for target, kind in targets:
                yield tf, target, kind


@cache
def read(name: str) -> Cut:
    """Return the cut of a file by its name: `yeast`, `rat`, `zebrafish`."""
    text = lzma.decompress((DATA / f"{name}.txt.xz").read_bytes()).decode()
    head, kinds, targets = text.removesuffix("\n").split("\n\n")
    code, *proteins = head.split("\n")
    return Cut(
        code,
        [_protein(line) for line in proteins],
        [_kind(line) for line in kinds.split("\n")],
        dict(_targets(line) for line in targets.split("\n")),
    )


def _protein(line: str) -> CutProtein:
    accession, name, genes, orthologs = line.split("\t")
    pairs = (each.split(":", 1) for each in orthologs.split(";") if each)
    return CutProtein(
        accession,
        name,
        tuple(int(each) for each in genes.split(";") if each),
        tuple((code, identifier) for code, identifier in pairs),
    )


def _kind(line: str) -> CutKind:
    sources, scale, primary = line.split("\t")
    return CutKind(tuple(sources.split(";")), scale == "yes", int(primary))


def _targets(line: str) -> tuple[int, list[tuple[int, int]]]:
    tf, distances, kinds = line.split("\t")
    target, targets = -1, []
    for distance, letter in zip(distances.split(" "), kinds, strict=True):
        target += int(distance)
        targets.append((target, _LETTERS.index(letter)))
    return int(tf), targets


def text_of(cut: Cut) -> str:
    """A cut as the text of its file."""
    lines = [cut.code, *(_line_of(protein) for protein in cut.proteins), ""]
    for kind in cut.kinds:
        scale = "yes" if kind.is_small_scale else "no"
        lines.append(f"{';'.join(kind.sources)}\t{scale}\t{kind.primary}")
    lines.append("")
    for tf, targets in cut.targets.items():
        before = [-1, *(target for target, _ in targets)]
        distances = (str(target - last) for (target, _), last in zip(targets, before, strict=False))
        kinds = "".join(_LETTERS[kind] for _, kind in targets)
        lines.append(f"{tf}\t{' '.join(distances)}\t{kinds}")
    return "\n".join(lines) + "\n"


def _line_of(protein: CutProtein) -> str:
    genes = ";".join(map(str, protein.gene_ids))
    orthologs = ";".join(map(":".join, protein.orthologs))
    return f"{protein.accession}\t{protein.name}\t{genes}\t{orthologs}"


class Regulated(NamedTuple):
    """How many targets have just these TFs, by their places."""

    number: int
    tfs: tuple[int, ...]


@dataclass(frozen=True)
class Sharing:
    """Which TFs of a species share how many targets: all that tells the sets of targets apart.

    A file is a line of accessions, and a line for each set of TFs: `3 <tab> 0 4 17`.
    """

    tfs: list[str]
    regulated: list[Regulated]

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield the place of a TF and a made-up number of a target for each interaction."""
        targets = count()
        for number, tfs in self.regulated:
            for target in islice(targets, number):
                yield from ((tf, target) for tf in tfs)

    @property
    def text(self) -> str:
        lines = [f"{number}\t{' '.join(map(str, tfs))}" for number, tfs in self.regulated]
        return "\n".join([" ".join(self.tfs), *lines])


def read_sharing(name: str) -> Sharing:
    """Return what a file holds by its name: `rat`, `zebrafish`."""
    text = lzma.decompress((DATA / f"{name}_sharing.txt.xz").read_bytes()).decode()
    head, *lines = text.split("\n")
    parts = (line.split("\t") for line in lines)
    regulated = [Regulated(int(number), tuple(map(int, tfs.split()))) for number, tfs in parts]
    return Sharing(head.split(), regulated)


# From the published tables.


def published(code: str) -> Path:
    """The whole table of a species, which is beside the project where it is at all."""
    name = f"TFLink_{_SPECIES[code]}_interactions_All_simpleFormat_v1.0.tsv.gz"
    return SHARED / "data" / name


def of_table(code: str, rows: Iterable[Mapping[str, str]]) -> Cut:
    """Lay out rows of a table in the simple format."""
    rows, own = list(rows), _papers_of_databases()
    proteins: dict[str, CutProtein] = {}
    for row in rows:
        for end in ("TF", "Target"):
            accession = row[f"UniprotID.{end}"]
            if accession not in proteins:
                proteins[accession] = _published_protein(row, end)
    places = {accession: place for place, accession in enumerate(sorted(proteins))}
    kind_of = [_published_kind(row, own) for row in rows]
    # The most frequent first, so that the same letter repeats.
    kinds = [kind for kind, _ in Counter(kind_of).most_common()]
    targets: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for row, kind in zip(rows, kind_of, strict=True):
        pair = places[row["UniprotID.Target"]], kinds.index(kind)
        targets[places[row["UniprotID.TF"]]].append(pair)
    return Cut(
        code,
        [proteins[accession] for accession in sorted(proteins)],
        kinds,
        {tf: sorted(targets[tf]) for tf in sorted(targets)},
    )


def _published_protein(row: Mapping[str, str], end: str) -> CutProtein:
    ids = row[f"NCBI.GeneID.{end}"]
    orthologs = {
        tuple(each.split(":", 1))
        for each in _orthologs(row, end).split(";")
        if each.split(":")[0] in _SPECIES
    }
    return CutProtein(
        row[f"UniprotID.{end}"],
        "" if row[f"Name.{end}"] == "-" else row[f"Name.{end}"],
        tuple(sorted(int(float(each)) for each in ids.split(";") if each != "-")),
        tuple(sorted((code, identifier) for code, identifier in orthologs)),
    )


def _published_kind(row: Mapping[str, str], own: frozenset[int]) -> CutKind:
    papers = {int(each) for each in row["PubmedID"].split(";") if each != "-"}
    sources = tuple(row["Source.database"].split(";"))
    return CutKind(sources, row["Small-scale.evidence"] == "Yes", min(len(papers - own), MANY))


def _papers_of_databases() -> frozenset[int]:
    path = ROOT / "fixtures" / "vocabulary.yaml"
    vocabulary: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return frozenset(source["pmid"] for source in vocabulary["sources"] if "pmid" in source)


def rows_of(code: str) -> list[dict[str, str]]:
    with gzip.open(published(code), "rt", encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


def cut_of(code: str) -> Cut:
    """The cut of a species: of yeast all, of the others what can be tested for conservation."""
    rows = rows_of(code)
    if code == "Sc":
        return of_table(code, rows)
    (other,) = _TESTABLE.keys() - {code}
    testable = [row for row in rows if row["UniprotID.TF"] == _TESTABLE[code]]
    cut = of_table(code, [row for row in testable if f"{other}:" in _orthologs(row, "Target")])
    return replace(cut, proteins=[one._replace(gene_ids=()) for one in cut.proteins])


def sharing_of(code: str) -> Sharing:
    """Lay out who shares targets with whom, of the whole table of a species."""
    targets: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows_of(code):
        targets[row["UniprotID.Target"]].add(row["UniprotID.TF"])
    tfs = sorted(set().union(*targets.values()))
    places = {tf: place for place, tf in enumerate(tfs)}
    numbers = Counter(tuple(sorted(places[tf] for tf in own)) for own in targets.values())
    return Sharing(tfs, [Regulated(numbers[own], own) for own in sorted(numbers)])


def _orthologs(row: Mapping[str, str], end: str) -> str:
    return f"{row[f'{end}.TFLink.ortho']};{row[f'{end}.nonTFLink.ortho']}"


def main() -> None:
    for name, code in (("yeast", "Sc"), ("rat", "Rn"), ("zebrafish", "Dr")):
        _write(name, text_of(cut_of(code)))
        if code != "Sc":
            _write(f"{name}_sharing", sharing_of(code).text)


def _write(name: str, text: str) -> None:
    packed = lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME)
    (DATA / f"{name}.txt.xz").write_bytes(packed)
    print(f"{name}: {len(packed):,} bytes")


if __name__ == "__main__":
    main()
