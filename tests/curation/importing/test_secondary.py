"""Who names a secondary accession means the protein that took its place."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from curation import actions
from curation.checks import find_breaches
from curation.importing.run import import_pages, import_tables
from curation.importing.source.tables import COLUMNS
from curation.importing.undo.run import undo_import
from curation.models import ImportRun, Revision, SourcePage
from proteins.models import BindingSite, Interaction, Protein, SecondaryAccession
from proteins.queries.content_digest import content_digest
from tests.curation.importing.pages_for_tests import page, row, write
from tests.curation.people import make_person
from tests.factories import make_protein
from tests.proteins.page_export.round_trip import undone

pytestmark = pytest.mark.django_db
OLD, NEW = "P00001", "Q9UK53"


def site(number: int, accession: str) -> str:
    return (
        f"TFLinkLS0000000{number},{accession},ING1,Homo sapiens,hg38,chr14,{number},120,+,"
        f"hg38&position=chr14:{number}-120,selex,1%5Buid%5D,JASPAR,No,0"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pages of both names, and one that names both; that of the old name is the newer form."""
    return write(
        tmp_path,
        a_other=page(
            "P04637", "TP53", tfs=[row("ING1", NEW, "3621"), row("ING1-old", OLD, "99")]
        ),
        b_old=page(
            OLD, "ING1-old", ncbi_gene_id="99", number_of_interactions="3",
            binding_sites=site(1, OLD),
            targets=[row("ING1-old", OLD, "99"), row("BAX", "Q07812", sources="HTRI")],
            tfs=[row("ING1", NEW, "3621")], jaspar_matrices=["MA0106.1"],
        ),
        c_new=page(
            NEW, "ING1", ncbi_gene_id="3621", number_of_interactions="7",
            targets=[row("BAX", "Q07812", sources="GTRD", scale=None)],
        ),
    )  # fmt: skip


def merge() -> None:
    actions.merge_protein(
        user=make_person("senior"),
        secondary=Protein.objects.get(accession=OLD),
        primary=Protein.objects.get(accession=NEW),
        reason="UniProt merged them.",
    )


def test_an_import_after_a_merge_changes_nothing(folder: Path) -> None:
    import_pages([folder])
    merge()
    before = content_digest()
    again = import_pages([folder], force=True)
    assert again.clean
    assert not again.changed_anything
    assert content_digest() == before
    assert not Protein.objects.filter(accession=OLD).exists()
    new = Protein.objects.get(accession=NEW)
    assert (new.name, new.declared_interactions, new.has_page) == ("ING1", 7, True)
    pairs = {interaction.key for interaction in Interaction.objects.select_related("tf", "target")}
    assert pairs == {f"{NEW}-{NEW}", f"{NEW}-Q07812", f"{NEW}-P04637"}
    assert BindingSite.objects.get().tf == new
    assert SourcePage.objects.filter(protein=new).count() == 2
    marked = SourcePage.objects.get(unknown_keys__has_key="uniprot_accession")
    assert (marked.path.endswith("b_old.md"), marked.unknown_keys["uniprot_accession"]) == (
        True,
        OLD,
    )
    assert list(find_breaches()) == []


def test_the_order_of_files_makes_no_difference(folder: Path) -> None:
    digests = set()
    for order in permutations(sorted(folder.glob("*.md"))):
        with undone():
            new = make_protein(NEW)
            SecondaryAccession.objects.create(accession=OLD, protein=new)
            for file in order:
                assert import_pages([file]).clean
            digests.add(content_digest())
            assert list(find_breaches()) == []
            protein = Protein.objects.get(accession=NEW)
            assert (protein.name, protein.declared_interactions) == ("ING1", 7)
    with undone():  # in one chunk
        new = make_protein(NEW)
        SecondaryAccession.objects.create(accession=OLD, protein=new)
        assert import_pages([folder]).clean
        digests.add(content_digest())
    assert len(digests) == 1


def test_a_newer_page_of_the_old_name_does_not_overrule(folder: Path, tmp_path: Path) -> None:
    import_pages([folder])
    merge()
    # The page of the protein itself is of the oldest form here, that of the old name of a newer.
    text = page(NEW, "ING1A", ncbi_gene_id="3621", number_of_interactions="8")
    import_pages([write(tmp_path, c_new=text) / "c_new.md"], force=True)
    new = Protein.objects.get(accession=NEW)
    assert (new.name, new.declared_interactions) == ("ING1A", 8)
    import_pages([tmp_path / "b_old.md"], force=True)
    new.refresh_from_db()
    assert (new.name, new.declared_interactions) == ("ING1A", 8)


def test_a_table(folder: Path, tmp_path: Path) -> None:
    import_pages([folder])
    merge()
    cells = [
        OLD, "Q07812", "99", "581", "ING1-older", "BAX", "selex", "27924024", "Homo sapiens",
        "GTRD", "No", "-", "-", "-", "-",
    ]  # fmt: skip
    table = tmp_path / "table.tsv"
    table.write_text("\t".join(COLUMNS) + "\n" + "\t".join(cells) + "\n")
    assert import_tables([table]).clean
    assert not Protein.objects.filter(accession=OLD).exists()
    new = Protein.objects.get(accession=NEW)
    assert (new.name, new.in_table) == ("ING1", False)
    assert Interaction.objects.between(NEW, "Q07812").get().reporting == 0
    assert list(find_breaches()) == []


def test_another_species_is_refused_by_name(folder: Path, tmp_path: Path) -> None:
    import_pages([folder])
    merge()
    wrong = write(
        tmp_path / "wrong",
        page_of_old=page(OLD, organism="Mus musculus"),
        row_of_old=page("Q9QXV3", organism="Mus musculus", targets=[row("x", OLD)]),
    )
    report = import_pages([wrong])
    reasons = {problem.file.rpartition("/")[2]: problem.reason for problem in report.problems}
    rest = "is a protein of Homo sapiens elsewhere, of Mus musculus here"
    assert reasons == {"page_of_old.md": f"{OLD} {rest}", "row_of_old.md": f"{NEW} {rest}"}


@pytest.mark.parametrize("which", [0, 1, 2])
def test_an_import_is_taken_back_after_a_merge(folder: Path, which: int) -> None:
    runs = []
    for file in sorted(folder.glob("*.md")):
        import_pages([file])
        runs.append(ImportRun.objects.latest("id").pk)
    merge()
    merged = set(Interaction.objects.values_list("pk", flat=True))
    report = undo_import(runs[which])
    assert list(find_breaches()) == []
    # What was merged is a curator's work, and stays; so do the lists of the one protein.
    assert set(Interaction.objects.values_list("pk", flat=True)) == merged
    interactions = [line for line in report.staying if "interaction" in line]
    assert interactions
    assert all(line.endswith("since") for line in interactions)
    genes = Protein.objects.get(accession=NEW).gene_ids
    assert set(genes.values_list("ncbi_gene_id", flat=True)) == {99, 3621}


def test_an_import_again_is_taken_back_though_its_protein_went(folder: Path) -> None:
    import_pages([folder])
    (folder / "b_old.md").write_text(page(OLD, "ING1-older", ncbi_gene_id="99"))
    import_pages([folder])
    run = ImportRun.objects.latest("id").pk
    merge()
    undo_import(run)
    assert SourcePage.objects.get(path__endswith="b_old.md").protein.accession == NEW
    assert list(find_breaches()) == []


def test_it_costs_one_query_a_chunk(folder: Path) -> None:
    with CaptureQueriesContext(connection) as queries:
        import_pages([folder])
    selects = [query for query in queries if query["sql"].startswith("SELECT")]
    lookups = [query for query in selects if "secondaryaccession" in query["sql"]]
    assert len(lookups) == 1


# Readers


@pytest.mark.usefixtures("client")
def test_readers_are_led_to_the_primary(client: Client, folder: Path) -> None:
    import_pages([folder])
    merge()
    for given in (OLD, OLD.lower()):
        answer = client.get(f"/protein/{given}/?targets-page=1")
        assert answer.status_code == 301
        assert answer["Location"] == f"/protein/{NEW.lower()}/?targets-page=1"
    assert client.get("/search/", {"q": OLD})["Location"] == f"/protein/{NEW.lower()}/"
    browsed = client.get("/browse/", {"q": OLD.lower()})
    assert f"/protein/{NEW.lower()}/" in browsed.text


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        (f"proteins/{OLD.lower()}/", f"proteins/{NEW}/"),
        (f"interactions/{OLD}-Q07812/", f"interactions/{NEW}-Q07812/"),
        (f"interactions/{NEW}-{OLD}/", f"interactions/{NEW}-{NEW}/"),
        (f"interactions/{OLD}-P99999/", ""),
        ("proteins/P99999/", ""),
    ],
)
def test_programs_are_led_to_the_primary(
    client: Client, folder: Path, given: str, answer: str
) -> None:
    import_pages([folder])
    merge()
    redirect = client.get(f"/api/v1/{given}")
    assert redirect.status_code == (301 if answer else 404)
    assert redirect.headers.get("Location", "") == (f"/api/v1/{answer}" if answer else "")


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        (f"interactions/?tf={OLD}", 3),
        (f"interactions/?target={OLD}", 1),
        (f"interactions/?either={OLD},Q07812", 3),
        (f"interactions/?tf={OLD},{NEW}", 3),
        (f"binding-sites/?tf={OLD}", 1),
        (f"proteins/?accession={OLD}", 1),
        (f"proteins/?accession={OLD},{NEW},Q07812", 2),
        (f"proteins/?q={OLD}", 1),
    ],
)
def test_filters_mean_the_primary_too(client: Client, folder: Path, query: str, rows: int) -> None:
    import_pages([folder])
    merge()
    assert len(client.get(f"/api/v1/{query}").json()["results"]) == rows


def test_it_is_content(folder: Path) -> None:
    import_pages([folder])
    merge()
    before = content_digest()
    SecondaryAccession.objects.update(accession="P00002")
    assert content_digest() != before
    assert Revision.objects.filter(verb="merged").exists()
