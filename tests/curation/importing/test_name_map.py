"""Names and accessions of statements -> proteins: only where exact and unambiguous."""

from __future__ import annotations

import pytest

from curation.importing.loading.names import StoredNames
from curation.importing.planning.name_map import Named, NameMap, UnmappedError
from curation.importing.source.records import Problem
from curation.importing.source.refusals import Refusals
from proteins.domain.names import NameKind, folded_name
from proteins.models import GeneID, NameSource, Protein, ProteinName, SecondaryAccession
from tests.factories import make_protein

pytestmark = pytest.mark.django_db

HUMAN, FLY, MOUSE = "Homo sapiens", "Drosophila melanogaster", "Mus musculus"
PROTEINS = (
    ("P04637", "TP53", "Hs"),
    ("Q96PG8", "BBC3", "Hs"),
    ("Q9BXH1", "BBC3", "Hs"),
    ("Q9Y2A9", "B3GNT3;B3GNT7", "Hs"),
    ("P02340", "Tp53", "Mm"),
    ("Q02053", "h", "Dm"),
    ("Q02054", "H", "Dm"),
    ("Q01860", "POU5F1", "Hs"),
    ("P05549", "TFAP2A", "Hs"),
)
SYNONYMS = (("Q01860", "OCT4"), ("P05549", "TP53BP"), ("Q01860", "TP53BP"), ("P05549", "AP2TF"))


@pytest.fixture
def names() -> StoredNames:
    for accession, name, code in PROTEINS:
        make_protein(accession, name, code=code)
    source = NameSource.objects.create(name="UniProt", version="2026_04")
    for accession, text in SYNONYMS:
        protein = Protein.objects.get(accession=accession)
        ProteinName.objects.create(
            protein=protein,
            kind=NameKind.SYNONYM,
            position=protein.names.count(),
            text=text,
            folded=folded_name(text),
            source=source,
        )
    GeneID.objects.create(protein=Protein.objects.get(accession="P04637"), ncbi_gene_id=7157)
    of_tp53 = make_protein("Q12345", "GONE").names.model._default_manager.get(text="TP53").protein
    SecondaryAccession.objects.create(accession="Q15086", protein=of_tp53)
    return StoredNames()


def mapped(names: StoredNames, text: str, species: str = "", default: str = "") -> Named:
    proteins = NameMap(names, default)
    proteins.read({text, "TP53"})
    return proteins.protein(text, species)


@pytest.mark.parametrize(
    ("text", "species", "accession"),
    [
        ("P04637", "", "P04637"),
        ("p04637", HUMAN, "P04637"),
        ("Q15086", "", "P04637"),  # secondary
        ("TP53", HUMAN, "P04637"),
        ("B3GNT7", HUMAN, "Q9Y2A9"),  # looks like an accession
        ("h", FLY, "Q02053"),
        ("H", FLY, "Q02054"),
        ("Tp53", MOUSE, "P02340"),
        ("P04637-2", HUMAN, "P04637"),
        ("GeneID:7157", HUMAN, "P04637"),
        ("OCT4", HUMAN, "Q01860"),
    ],
)
def test_what_maps(names: StoredNames, text: str, species: str, accession: str) -> None:
    assert mapped(names, text, species).accession == accession


def test_the_species_of_the_run_is_that_of_lines_that_state_none(names: StoredNames) -> None:
    assert mapped(names, "TP53", default=HUMAN).accession == "P04637"
    assert mapped(names, "Tp53", MOUSE, default=HUMAN).accession == "P02340"


@pytest.mark.parametrize(
    ("text", "species", "why"),
    [
        ("TP53", "", "the species of the name 'TP53' is not stated"),
        ("P99999", HUMAN, "no protein has the accession 'P99999'"),
        ("P04637", MOUSE, "'P04637' is a protein of Homo sapiens, not of Mus musculus"),
        ("MYC", HUMAN, "no protein of Homo sapiens is named 'MYC'"),
        (
            "tp53",
            HUMAN,
            "no protein of Homo sapiens is named 'tp53', but 'TP53' (P04637) is alike",
        ),
        ("h", HUMAN, "no protein of Homo sapiens is named 'h', but one of Drosophila melanogaster"),
        ("TP53BP", HUMAN, "the name 'TP53BP' is of 2 proteins of Homo sapiens: P05549, Q01860"),
        ("BBC3", HUMAN, "the name 'BBC3' is of 2 proteins of Homo sapiens: Q96PG8, Q9BXH1"),
    ],
)
def test_what_does_not(names: StoredNames, text: str, species: str, why: str) -> None:
    with pytest.raises(UnmappedError) as error:
        mapped(names, text, species)
    assert str(error.value).startswith(why)


def test_like_refusals_are_a_line_of_the_report(names: StoredNames) -> None:
    proteins, refusals = NameMap(names, HUMAN), Refusals()
    texts = [f"GENE{letter}" for letter in "ABCDEFG"]
    proteins.read(texts)
    for line, text in enumerate(texts, 1):
        with pytest.raises(UnmappedError) as error:
            proteins.protein(text)
        refusals.add(Problem("x.tsv", "table", line, str(error.value)))
    assert refusals.lines() == [
        "x.tsv: table: 7 like refusals (lines 1, 2, 3, 4, 5 ...), the first: "
        "no protein of Homo sapiens is named 'GENEA'"
    ]
