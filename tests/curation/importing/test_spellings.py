"""Documents may spell a database, a method or a species in any way: it is one row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from curation.importing.run import import_pages, import_tables
from proteins.models import (
    DetectionMethod,
    Evidence,
    Interaction,
    Protein,
    SourceDatabase,
    Taxon,
    TaxonName,
)
from tests.curation.importing.pages_for_tests import page, row
from tests.curation.importing.test_tables import table_row, write_table

pytestmark = pytest.mark.django_db


def total(client: Client, query: str) -> int:
    answer: dict[str, Any] = client.get(f"/api/v1/interactions/?{query}").json()
    return int(answer["total"])


@pytest.mark.parametrize("odd", ["trrust", "TRRUST\u200b", "\ufeffTrrust", " TRR\u00adUST "])
def test_a_source_in_another_spelling_is_the_same_source(
    client: Client, tmp_path: Path, odd: str
) -> None:
    sources = [{"Source.database": name} for name in ("TRRUST", "TRRUST", odd)]
    rows = [
        table_row(target=target, **cells)
        for target, cells in zip(("P07244", "Q01217", "P32528"), sources, strict=True)
    ]
    assert import_tables([write_table(tmp_path / "t.tsv", *rows)]).clean
    for spelling in ("TRRUST", "trrust", "Trrust"):
        assert total(client, f"source={spelling}") == 3
        assert client.get(f"/api/v1/sources/{spelling}/").json()["key"] == "TRRUST"
        (source,) = client.get(f"/api/v1/sources/?key={spelling}").json()["results"]
        assert source["key"] == "TRRUST"
    assert SourceDatabase.objects.by_fold(odd).get().key == "TRRUST"
    assert Evidence.objects.count() == 1
    assert not import_tables([tmp_path / "t.tsv"], force=True).changed_anything


def test_a_new_name_is_stored_as_it_was_first_spelled_without_what_is_invisible(
    tmp_path: Path,
) -> None:
    rows = [
        row(f"T{number}", accession, sources=source, methods=method)
        for number, accession, source, method in (
            (1, "P01106", "New\u200bDB_via_dorothea", "guess  work"),
            (2, "P04637", "NEWDB_via_DoRothEA", "Guess Work"),
        )
    ]
    (tmp_path / "q9uk53.md").write_text(page("Q9UK53", targets=rows))
    assert import_pages([tmp_path]).clean
    source = SourceDatabase.objects.by_fold("newdb_via_dorothea").get()
    assert (source.key, source.name) == ("NewDB_via_dorothea", "NewDB")
    assert source.via == SourceDatabase.objects.get(key="DoRothEA")
    assert DetectionMethod.objects.by_fold("guess work").get().name == "guess work"
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize(
    "name",
    [
        "saccharomyces  cerevisiae",
        "Saccharomyces cerevisiae S288C",
        "Saccharomyces cerevisiae (strain ATCC 204508 / S288c)",
        "Saccharomyces\u200b cerevisiae",
        "4932",
        "559292",
        "Yeast",
    ],
)
def test_a_species_by_another_name(tmp_path: Path, name: str) -> None:
    table = write_table(tmp_path / "t.tsv", table_row(Organism=name))
    assert import_tables([table]).clean
    yeast = Taxon.objects.get(code="Sc")
    assert set(Protein.objects.values_list("taxon", flat=True)) == {yeast.pk}


def test_a_species_added_at_the_desk_is_imported(tmp_path: Path) -> None:
    table = tmp_path / "TFLink_Pan_troglodytes_interactions_All_simpleFormat_v1.0.tsv"
    cells = {"Organism": "Pan troglodytes", "TF.TFLink.ortho": "Pt:H2QXQ0"}
    write_table(table, table_row(**cells))
    assert import_tables([table]).rows_refused == 1
    chimpanzee = Taxon.objects.create(
        ncbi_taxon_id=9598, scientific_name="Pan troglodytes", code="Pt"
    )
    TaxonName.objects.create(taxon=chimpanzee, name="Chimpansee troglodytes")
    assert import_tables([table]).clean
    assert Interaction.objects.get().tf.taxon == chimpanzee
    (tmp_path / "a.md").write_text(page("Q9UK53", organism="CHIMPANSEE troglodytes"))
    assert import_pages([tmp_path / "a.md"]).clean
    assert Protein.objects.get(accession="Q9UK53").taxon == chimpanzee


def test_a_table_whose_name_says_another_species_is_reported(tmp_path: Path) -> None:
    table = tmp_path / "TFLink_Homo_sapiens_interactions_All_simpleFormat_v1.0.tsv"
    report = import_tables([write_table(table, table_row())])
    assert report.notes == [
        f"{table}: its name says Homo sapiens, its rows are of Saccharomyces cerevisiae"
    ]
    own = tmp_path / "TFLink_Saccharomyces_cerevisiae_interactions_All_simpleFormat_v1.0.tsv.gz"
    assert not import_tables([write_table(own, table_row())]).notes


def test_a_strain_is_a_filter_of_its_species(client: Client, tmp_path: Path) -> None:
    import_tables([write_table(tmp_path / "t.tsv", table_row())])
    assert total(client, "taxon=4932") == total(client, "taxon=559292") == 1
    for name in ("yeast", "saccharomyces cerevisiae s288c", "Saccharomyces  cerevisiae"):
        (taxon,) = client.get("/api/v1/taxa/", {"scientific_name": name}).json()["results"]
        assert taxon["code"] == "Sc"
