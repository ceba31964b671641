"""Made files of statements in the published forms, with the traps of real ones; the same
arguments give the same bytes."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Final

from curation.importing.source.statements_signor import COLUMNS as SIGNOR_COLUMNS

#: A real one: the last digit of a PubMed ID, and a letter after it.
BAD_PMID: Final = "1724219e"
TRRUST_HEADER: Final = "TF\tTarget\tRegulation\tReference"
COLLECTRI_HEADER: Final = "source,target,weight,resources,references,sign_decision"
DOROTHEA_HEADER: Final = "tf,confidence,target,mor"

Pair = tuple[str, str]


@dataclass(frozen=True)
class TrrustFile:
    """TRRUST's form, and what is in it."""

    lines: tuple[str, ...]
    #: Pairs with lines of both signs.
    both: frozenset[Pair]
    #: Pairs of which all lines are Unknown.
    unknown: frozenset[Pair]
    #: The line of the bad PubMed ID, from 1.
    bad_line: int

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in self.lines)


def trrust(pairs: Sequence[Pair], lines: int = 9_000, seed: int = 15) -> TrrustFile:
    """Return a file of `lines` lines on `pairs`: every eighth pair has both signs on two lines,
    every fifth of the others is Unknown; one line has a bad PubMed ID and no other."""
    draw = random.Random(seed)
    pmid = iter(range(10_000_000, 99_000_000, 7))
    rows: list[tuple[Pair, str]] = []
    both, unknown = set[Pair](), set[Pair]()
    for number, pair in enumerate(pairs):
        if number % 8 == 3:
            both.add(pair)
            rows += [(pair, "Activation"), (pair, "Repression")]
        elif number % 5 == 4:
            unknown.add(pair)
            rows.append((pair, "Unknown"))
        else:
            rows.append((pair, "Activation" if number % 3 else "Repression"))
    while len(rows) < lines:  # the same again, by other papers
        rows.append(draw.choice(rows))
    made = [
        "\t".join((*pair, regulation, ";".join(_some(pmid, draw)))) for pair, regulation in rows
    ]
    bad = len(made) // 2
    made[bad] = "\t".join((*made[bad].split("\t")[:3], BAD_PMID))
    return TrrustFile(tuple(made), frozenset(both), frozenset(unknown), bad + 1)


def _some(pmids: Iterable[int], draw: random.Random) -> list[str]:
    source = iter(pmids)
    return [str(next(source)) for _ in range(draw.choice((1, 1, 1, 2, 3)))]


def collectri(pairs: Sequence[Pair]) -> str:
    """Return CollecTRI's form: every other sign is a default, two TFs are complexes, one row has
    no references."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLLECTRI_HEADER.split(","))
    for number, (tf, target) in enumerate(pairs):
        writer.writerow(
            (
                tf,
                target,
                "-1" if number % 3 == 0 else "1",
                ("ExTRI;HTRI;TRRUST", "DoRothEA_A;TRRUST_CollecTRI;CollecTRI")[number % 2],
                "" if number == 1 else f"{11_000_000 + number};{12_000_000 + number}",
                ("PMID", "default activation")[number % 2],
            )
        )
    for name in ("AP1", "NFKB"):
        writer.writerow((name, pairs[0][1], "1", "ExTRI", "11111111", "PMID"))
    return out.getvalue()


def signor_row(tf: str, target: str, **cells: str) -> str:
    """Return a row of SIGNOR's 28 cells by accession; by default about transcription."""
    row = dict.fromkeys(SIGNOR_COLUMNS, "") | {
        "ENTITYA": "A", "TYPEA": "protein", "IDA": tf, "DATABASEA": "UNIPROT",
        "ENTITYB": "B", "TYPEB": "protein", "IDB": target, "DATABASEB": "UNIPROT",
        "EFFECT": "up-regulates quantity by expression",
        "MECHANISM": "transcriptional regulation", "TAX_ID": "10090", "CELL_DATA": "BTO:0000093",
        "PMID": "18025157", "DIRECT": "YES", "SENTENCE": "A binds the promoter of B.",
        "SIGNOR_ID": "SIGNOR-255746", "SCORE": "0.5",
    } | cells  # fmt: skip
    return "\t".join(row.values())


def signor(pairs: Sequence[Pair], *, header: bool = True, empty_cell: bool = False) -> str:
    """Return SIGNOR's form with 28 or 29 cells a row; two rows are not about transcription, and
    one is on a complex."""
    rows = [
        signor_row(
            tf,
            target,
            EFFECT=("up-regulates quantity by expression", "down-regulates quantity by repression")[
                number % 2
            ],
            DIRECT=("YES", "NO", "t", "f")[number % 4],
            PMID=str(13_000_000 + number),
            SIGNOR_ID=f"SIGNOR-{number + 1}",
        )
        for number, (tf, target) in enumerate(pairs)
    ]
    other = {"EFFECT": "up-regulates activity", "MECHANISM": "phosphorylation"}
    rows += [signor_row(*pairs[0], **other, SIGNOR_ID=f"SIGNOR-9{n}") for n in range(2)]
    rows.append(signor_row("SIGNOR-C1", pairs[0][1], DATABASEA="SIGNOR", SIGNOR_ID="SIGNOR-99"))
    lines = [f"{row}\t" for row in rows] if empty_cell else rows
    return "\n".join((["\t".join(SIGNOR_COLUMNS)] if header else []) + lines) + "\n"


def dorothea(pairs: Sequence[Pair]) -> str:
    """Return DoRothEA's form."""
    rows = [f"{tf},{'ABCDE'[n % 5]},{target},{-1 if n % 3 == 0 else 1}" for n, (tf, target) in
            enumerate(pairs)]  # fmt: skip
    return "\n".join((DOROTHEA_HEADER, *rows)) + "\n"


@dataclass(frozen=True)
class CuratedRow:
    """A row of a person's table; its fields in the order of its columns."""

    tf: str
    target: str
    effect: str = "activation"
    basis: str = ""
    method: str = ""
    eco: str = ""
    pmid: str = "10490031"
    species: str = ""
    small_scale: str = ""
    cell_line: str = ""
    tissue: str = ""
    condition: str = ""
    quotation: str = ""
    source_id: str = ""


#: How a person heads these columns.
CURATED_HEADER: Final = (
    "TF", "Target gene", "Effect", "Basis", "Detection method", "ECO", "PubMed ID", "Organism",
    "Small-scale", "Cell line", "Tissue", "Condition", "Quotation", "Source ID",
)  # fmt: skip


def curated(
    rows: Iterable[CuratedRow],
    separator: str = "\t",
    order: Sequence[int] = tuple(range(len(CURATED_HEADER))),
) -> str:
    """Return a person's table as a spreadsheet writes it, its columns in any order."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerow([CURATED_HEADER[at] for at in order])
    names = [field.name for field in fields(CuratedRow)]
    for row in rows:
        writer.writerow([getattr(row, names[at]) for at in order])
    return out.getvalue()
