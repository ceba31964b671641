"""Speed of importing names against a floor.

    DATABASE_URL=... python -m tests.benchmarks.name_import_speed [--proteins 110000]
                                                            [--repeats 3] [--only PART...]

DATABASE_URL names a migrated database without proteins, to which no one is connected. It is filled
with proteins of human; every measure is of a copy, taken away at the end. A UniProt table and a
gene_info, with as many rows of other species beside them, state 600,000 names of 110,000 proteins.
Printed are:
- `import`: import over floor. The floor parses the same files with `csv`, and loads the same rows
  (names, identifiers elsewhere, their source) by `executemany` or COPY, and the numbers of change
  of proteins, in one transaction; it checks nothing, compares with nothing that is stored, writes
  no history and keeps no journal. Both must leave the same content.
- `again`: the same files once more, read by force: nothing changes.
- `newer`: a newer version of both, in which a tenth of the proteins have another synonym.
- `bytes`: what the names take, with their indexes, journal and history.
- `profile`: where the import spends its time, by function.
"""

from __future__ import annotations

import argparse
import cProfile
import csv
import os
import pstats
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tflink.settings")
    django.setup()

from django.db import connection, transaction

from curation.importing.run import NameOptions, import_names
from curation.shared.bulk import bulk_for
from proteins.domain.cross_references import Database
from proteins.domain.names import NameKind, folded_name
from proteins.models import ChangeKind, ChangeSet, GeneID, NameSource, Protein, ProteinName, Taxon
from tests.benchmarks.databases import Databases, copies_of
from tests.benchmarks.floor import insert
from tests.benchmarks.import_speed import against_floor, connect, say, uncollected
from tests.benchmarks.statement_import_speed import size
from tests.name_files import GENE_INFO_COLUMNS, UNIPROT_COLUMNS

PARTS: Final = ("import", "again", "newer", "bytes")
MORE_PARTS: Final = ("profile",)
#: A synonym of proteins in a newer version of the files.
_NEWER: Final = "NEWER"


@dataclass(frozen=True)
class Files:
    """The files of names of one version."""

    uniprot: Path
    gene_info: Path
    version: str

    def load(self, *, force: bool = False) -> None:
        for file in (self.uniprot, self.gene_info):
            report = import_names([file], NameOptions(self.version), force=force)
            if not report.clean:
                raise SystemExit(report.summary())


def accession(number: int) -> str:
    return f"{'PQ'[number // 100_000]}{number % 100_000:05}"


def fill(proteins: int) -> None:
    """Store proteins with a gene ID each."""
    with transaction.atomic():
        change = ChangeSet.objects.create(kind=ChangeKind.IMPORT).pk
        human = Taxon.objects.get(code="Hs").pk
        rows = [
            (
                key,
                accession(key),
                f"GENE{key}",
                human,
                False,
                False,
                False,
                True,
                0,
                0,
                "",
                0,
                change,
            )
            for key in range(1, proteins + 1)
        ]
        columns = (
            "id accession name taxon_id declared_tf declared_target has_page in_table target_count "
            "tf_count facets facet_bits change_id"
        )
        insert("proteins_protein", columns, rows)
        genes = [(key, key, 1_000_000 + key) for key in range(1, proteins + 1)]
        insert("proteins_geneid", "id protein_id ncbi_gene_id", genes)
        names = [(key, key, 0, 0, f"GENE{key}", f"gene{key}") for key in range(1, proteins + 1)]
        insert("proteins_proteinname", "id protein_id kind position text folded", names)
    bulk = bulk_for()
    for model in (Protein, GeneID, ProteinName):
        bulk.reserve_ids(model, proteins)


def write_files(folder: Path, proteins: int, version: str, changed: float = 0) -> Files:
    """Write the files of a version, in which that share of proteins have another synonym."""
    draw = random.Random(proteins)
    files = Files(folder / f"uniprot-{version}.tsv", folder / "gene_info", version)
    with files.uniprot.open("w") as uniprot, files.gene_info.open("w") as gene_info:
        print(*UNIPROT_COLUMNS, sep="\t", file=uniprot)
        print(*GENE_INFO_COLUMNS, sep="\t", file=gene_info)
        for key in range(1, proteins + 1):
            synonym = _NEWER if draw.random() < changed else "SYN"
            name, other, full = (
                f"GENE{key}",
                f"{synonym}-{key}",
                f"Protein of the gene number {key}",
            )
            cells = [accession(key), f"G{key}_HUMAN", full, name, f"{other} ALT{key}", "", "", 9606]
            print(*cells, sep="\t", file=uniprot)
            xrefs = f"MIM:{key}|HGNC:HGNC:{key}|Ensembl:ENSG{key:011}"
            start = [9606, 1_000_000 + key, name, "-", f"ALT{key}|{other}", xrefs]
            print(*start, *["-"] * 8, 20261101, "-", sep="\t", file=gene_info)
            others = [10090 + key % 7 * 100_000 + 1, key, f"Gene{key}", *["-"] * 13]
            print(*others, sep="\t", file=gene_info)
    return files


# The floor


def _of_uniprot(file: Path, proteins: dict[str, int]) -> Iterator[tuple[int, NameKind, int, str]]:
    with file.open(newline="") as lines:
        rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows)
        for key, mnemonic, full, primary, synonyms, *_ in rows:
            protein = proteins[key]
            yield protein, NameKind.MNEMONIC, 0, mnemonic
            yield protein, NameKind.FULL_NAME, 0, full
            yield protein, NameKind.PRIMARY, 0, primary
            for position, text in enumerate(synonyms.split()):
                yield protein, NameKind.SYNONYM, position, text


def _of_gene_info(
    file: Path, genes: dict[str, int]
) -> Iterator[tuple[int, str, list[str], list[tuple[Database, str]]]]:
    with file.open(newline="") as lines:
        rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows)
        for taxon, gene, symbol, _, synonyms, xrefs, *_ in rows:
            if taxon == "9606":
                _, hgnc, ensembl = xrefs.split("|")
                references = [
                    (Database.HGNC, hgnc.removeprefix("HGNC:")),
                    (Database.ENSEMBL, ensembl.removeprefix("Ensembl:")),
                ]
                yield genes[gene], symbol, synonyms.split("|"), references


def write_floor(files: Files) -> None:
    """Parse and write both files in one transaction."""
    with uncollected(), transaction.atomic():
        proteins = dict(Protein.objects.values_list("accession", "pk"))
        genes = {
            str(gene): key for gene, key in GeneID.objects.values_list("ncbi_gene_id", "protein_id")
        }
        change = ChangeSet.objects.create(kind=ChangeKind.IMPORT).pk
        uniprot = NameSource.objects.create(name="UniProt", version=files.version).pk
        ncbi = NameSource.objects.create(name="NCBI Gene", version=files.version).pk
        names: list[Any] = [
            (*row[:1], row[1].value, *row[2:], folded_name(row[3]), uniprot)
            for row in _of_uniprot(files.uniprot, proteins)
        ]
        references: list[Any] = []
        for protein, symbol, synonyms, listed in _of_gene_info(files.gene_info, genes):
            names.append((protein, 0, 0, symbol, folded_name(symbol), ncbi))
            names += [
                (protein, 1, position, text, folded_name(text), ncbi)
                for position, text in enumerate(synonyms)
            ]
            references += [(protein, database.value, text, ncbi) for database, text in listed]
        first = len(proteins) + 1
        columns = "id protein_id kind position text folded source_id"
        insert("proteins_proteinname", columns, list(_numbered(names, first)))
        columns = "id protein_id database identifier source_id"
        insert("proteins_crossreference", columns, list(_numbered(references, 1)))
        for _ in range(2):  # once a file
            rows = [(change, key) for key in proteins.values()]
            bulk_for().update(Protein, ("change_id",), rows)


def _numbered(rows: list[Any], first: int) -> Iterator[Any]:
    return ((key, *row) for key, row in enumerate(rows, first))


# What is measured


def again(files: Files, made: Databases) -> None:
    connect(made)
    files.load()
    _say_time("again", partial(files.load, force=True))


def newer(files: Files, later: Files, made: Databases) -> None:
    connect(made)
    files.load()
    _say_time("newer", later.load)


def _say_time(name: str, work: Callable[[], object]) -> None:
    processor, wall = time.process_time(), time.perf_counter()
    work()
    took = time.process_time() - processor, time.perf_counter() - wall
    say(f"{name:8} {took[1]:.1f} s, {took[0]:.1f} s of processor")


def in_bytes(files: Files, made: Databases) -> None:
    connect(made)
    before = size()
    files.load()
    number = ProteinName.objects.filter(source__isnull=False).count()
    added = size() - before
    say(f"bytes    {number:,} names: {added:,}, {added / number:.0f} each, journal included")


def profile(files: Files, made: Databases) -> None:
    connect(made)
    profiler = cProfile.Profile(time.process_time)
    profiler.runcall(files.load)
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(50)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--proteins", type=int, default=110_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=(*PARTS, *MORE_PARTS), default=PARTS)
    given = parser.parse_args()
    if Protein.objects.exists():
        raise SystemExit("DATABASE_URL names a database that has proteins.")
    fill(given.proteins)
    connection.close()
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryDirectory() as other,
        copies_of(os.environ["DATABASE_URL"]) as made,
    ):
        files = write_files(Path(folder), given.proteins, "2026_04")
        later = write_files(Path(other), given.proteins, "2026_05", 0.1)
        works: dict[str, Callable[[], None]] = {
            "import": lambda: against_floor(
                "names", partial(write_floor, files), files.load, made, given.repeats
            ),
            "again": lambda: again(files, made),
            "newer": lambda: newer(files, later, made),
            "bytes": lambda: in_bytes(files, made),
            "profile": lambda: profile(files, made),
        }
        for part in given.only:
            works[part]()
        connection.close()


if __name__ == "__main__":
    main()
