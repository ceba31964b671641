"""Names of 417 genes of yeast and human, real ones, through a UniProt table and a gene_info."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from curation.checks import find_breaches
from curation.importing.run import NameOptions, import_names
from curation.shared.bulk import bulk_for
from curation.shared.protein_names import write_primary_names
from proteins.domain.names import folded_name
from proteins.models import CrossReference, GeneID, Protein, ProteinName
from tests import name_files
from tests.factories import make_change, make_protein, taxon

pytestmark = pytest.mark.django_db

GENES = Path(__file__).parent / "data" / "genes.tsv"
_CODES = {name_files.HUMAN: "Hs", name_files.YEAST: "Sc"}


def store(change: int) -> dict[tuple[int, str], name_files.Protein]:
    """Store the proteins of all genes, as tables of TFLink bring them."""
    with GENES.open() as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    listed = {
        (int(row["taxon"]), row["name"]): name_files.Protein(row["accession"], int(row["gene_id"]))
        for row in rows
    }
    taxa = {number: taxon(code) for number, code in _CODES.items()}
    proteins = Protein.objects.bulk_create(
        Protein(accession=one.accession, name=name, taxon=taxa[of], in_table=True, change_id=change)
        for (of, name), one in listed.items()
    )
    GeneID.objects.bulk_create(
        GeneID(protein=protein, ncbi_gene_id=one.gene_id)
        for protein, one in zip(proteins, listed.values(), strict=True)
    )
    write_primary_names(bulk_for(), {one.pk: one.name for one in proteins}, new=True)
    return listed


@pytest.fixture
def stored(tmp_path: Path) -> int:
    proteins = store(make_change().pk)
    make_protein("Q9N6D8", "p53", code="Dm", in_table=True)
    for name, text, version in (
        ("uniprot.tsv", name_files.uniprot_table(proteins), "2026_04"),
        ("gene_info", name_files.gene_info(proteins), "2026-11-01"),
    ):
        (tmp_path / name).write_text(text)
        assert import_names([tmp_path / name], NameOptions(version)).clean
    return len(proteins)


def bearers(text: str) -> set[tuple[str, str]]:
    """Return which proteins are called so, and as what."""
    rows = ProteinName.objects.filter(folded=folded_name(text)).select_related("protein")
    return {(row.protein.accession, row.get_kind_display()) for row in rows}


def test_real_names_of_real_genes(stored: int) -> None:
    assert stored >= 300
    for text in ("GAL1", "gal1", "Gal-1"):
        assert bearers(text) == {("P04385", "primary")}
    assert bearers("YBR020W") == {("P04385", "ordered locus")}
    assert bearers("p53") == {("P04637", "synonym"), ("Q9N6D8", "primary")}
    assert bearers("nf κ b") == {("P19838", "synonym")}
    assert bearers("TAF(II)250") == set()
    assert bearers("pu1") == {("P17947", "synonym")}
    # Two genes of one name: both are there, and neither is chosen.
    assert bearers("ERG1") == {("P32476", "primary"), ("Q12809", "synonym")}
    gal1 = Protein.objects.get(accession="P04385")
    assert [str(one) for one in CrossReference.objects.filter(protein=gal1)] == ["SGD S000000224"]
    assert list(find_breaches()) == []
