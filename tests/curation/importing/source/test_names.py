"""Files of names and of former identifiers -> records, without a database."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from curation.importing.source import names
from curation.importing.source.kinds import Kind, kind_of
from curation.importing.source.records import Problem
from curation.uploads.names import is_taken, own_name
from proteins.domain.cross_references import Database, parse_reference
from proteins.domain.names import NameKind
from tests.name_files import GENE_INFO_COLUMNS, UNIPROT_COLUMNS

GENE_INFO = "\t".join(GENE_INFO_COLUMNS)
SEC_AC = "-----\nDescription: Secondary accession number index\nRelease:     2026_04 of 14-Oct\n"


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.tsv", "\t".join(UNIPROT_COLUMNS), Kind.UNIPROT),
        ("a.tsv", "Entry\tReviewed\tGene Names", Kind.UNIPROT),
        ("a.tsv", "Entry\tReviewed\tLength", Kind.OTHER),
        ("All_Data.gene_info", GENE_INFO, Kind.GENE_INFO),
        ("gene_history", "#tax_id\tGeneID\tDiscontinued_GeneID\tx\ty", Kind.GENE_HISTORY),
        ("sec_ac.txt", f"{SEC_AC}Q15086     P04637\n", Kind.SECONDARY),
        ("delac_tr.txt", "-----\nDeleted TrEMBL accession numbers\n\nA0A000\n", Kind.DELETED),
        ("readme.txt", "Some words\nand more of them\n", Kind.OTHER),
    ],
)
def test_what_a_file_is(tmp_path: Path, name: str, text: str, kind: Kind) -> None:
    plain, packed = tmp_path / name, tmp_path / f"{name}.gz"
    plain.write_text(text)
    packed.write_bytes(gzip.compress(text.encode()))
    assert [kind_of(file, file.name).kind for file in (plain, packed)] == [kind, kind]


@pytest.mark.parametrize(
    "name", ["Homo_sapiens.gene_info.gz", "gene_history", "sec_ac.txt", "delac_sp.txt.gz"]
)
def test_the_desk_takes_them(name: str) -> None:
    assert is_taken(name)
    assert own_name(7, name).startswith("000007")
    assert not is_taken("notes.txt")


@pytest.mark.parametrize(
    ("cell", "full"),
    [
        ("Galactokinase (EC 2.7.1.6) (Galactose kinase)", ["Galactokinase", "Galactose kinase"]),
        (
            "tRNA (guanine(37)-N(1))-methyltransferase (EC 2.1.1.228) (M1G-methyltransferase)",
            ["tRNA (guanine(37)-N(1))-methyltransferase", "M1G-methyltransferase"],
        ),
        ("Poly(A) polymerase", ["Poly(A) polymerase"]),
        ("Amyloid protein (APP) [Cleaved into: Part (P1); Other]", ["Amyloid protein", "APP"]),
        ("Unbalanced) name", ["Unbalanced) name"]),
        ("", []),
    ],
)
def test_full_names(cell: str, full: list[str]) -> None:
    assert names.full_names(cell) == full


def test_several_genes_of_an_entry(tmp_path: Path) -> None:
    file = tmp_path / "a.tsv"
    file.write_text("Entry\tGene Names (primary)\tGene Names (ordered locus)\n"
                    "P02994\tTEF1; TEF2\tYPR080W; YBR118W\n")  # fmt: skip
    [record] = names.read_uniprot(file, "a.tsv", {"P02994"})
    assert isinstance(record, names.NamesRecord)
    assert record.names == (
        (NameKind.PRIMARY, "TEF1"), (NameKind.PRIMARY, "TEF2"),
        (NameKind.ORDERED_LOCUS, "YPR080W"), (NameKind.ORDERED_LOCUS, "YBR118W"),
    )  # fmt: skip


def test_rows_of_gene_info(tmp_path: Path) -> None:
    row = "559292\t852308\tGAL1\tYBR020W\t-\tSGD:S000000224|X:1\t" + "\t".join("-" * 10)
    others = ["10090\tnothing", "559292\tGAL1\tx", "no row", "559292\t852308\tGAL1"]
    file = tmp_path / "gene_info"
    file.write_text("\n".join([GENE_INFO, row, *others]))
    read = names.read_gene_info(file, "gene_info", {"559292"}, {"852308"})
    record, *problems = read
    assert isinstance(record, names.NamesRecord)
    assert record.names == ((NameKind.PRIMARY, "GAL1"), (NameKind.ORDERED_LOCUS, "YBR020W"))
    assert record.references == ((Database.SGD, "S000000224"),)
    assert [(one.line, one.reason) for one in problems if isinstance(one, Problem)] == [
        (4, "'GAL1' is not an NCBI gene ID"),
        (5, "'no row' is no row of gene_info"),
        (6, "the row has 3 cells; a row of gene_info has 16"),
    ]


def test_lists_of_accessions_end_at_the_terms(tmp_path: Path) -> None:
    file = tmp_path / "sec_ac.txt"
    file.write_text(f"{SEC_AC}_____\n\nQ15086     P04637\nQ15086\n-----\nCopyrighted by UniProt\n")
    assert names.release_of(file, "sec_ac.txt") == "2026_04"
    pair, problem = names.read_secondary(file, "sec_ac.txt")
    assert pair == ("Q15086", "P04637", 7 - 1)
    assert isinstance(problem, Problem)
    assert problem.line == 7


@pytest.mark.parametrize(
    ("item", "reference"),
    [
        ("HGNC:HGNC:11998", (Database.HGNC, "HGNC:11998")),
        ("FLYBASE:FBgn0039044", (Database.FLYBASE, "FBgn0039044")),
        ("MGI:MGI:98834", (Database.MGI, "MGI:98834")),
        ("WormBase:WBGene00000912", (Database.WORMBASE, "WBGene00000912")),
        ("ZFIN:ZDB-GENE-990415-270", (Database.ZFIN, "ZDB-GENE-990415-270")),
        ("RGD:3889", (Database.RGD, "3889")),
        ("MIM:191170", None),
        ("Ensembl:<script>", None),
        ("HGNC:11998 or so", None),
    ],
)
def test_references(item: str, reference: tuple[Database, str] | None) -> None:
    assert parse_reference(item) == reference
