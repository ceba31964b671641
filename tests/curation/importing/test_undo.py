"""Taking an import back."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from curation.importing.run import RunReport, import_pages, import_tables
from curation.importing.undo import UndoError, undo_import
from curation.models import ImportRun, Pin, Proposal, SourcePage
from proteins.content import content_digest
from proteins.models import (
    Citation,
    DetectionMethod,
    Evidence,
    GeneID,
    Interaction,
    Protein,
    ReviewStatus,
    SourceDatabase,
)
from tests.curation.importing.pages_for_tests import page, query, row, write
from tests.curation.importing.test_tables import table_row, write_table

pytestmark = pytest.mark.django_db

FIRST = page(
    "Q9UK53",
    "ING1",
    ncbi_gene_id="3621",
    targets=[row("BAX", "Q07812"), row("TP53", "P04637")],
)
SECOND = page(
    "Q9UK53",
    "ING1A",
    ncbi_gene_id="3621;7",
    jaspar_matrices=["MA0106.1"],
    orthologs='[{"species": "Mus musculus", "id": ["P00001"]}]',
    number_of_interactions="99",
    targets=[
        row("BAX", "Q07812", publications=query(5, 6), sources="NewDB", scale="Yes"),
        row("MYC", "P01106", methods="brand new method"),
    ],
    binding_sites=(
        "TFLinkLS00000001,Q9UK53,ING1,Homo sapiens,hg38,chr14,100,120,+,x,selex,1%5Buid%5D,"
        "JASPAR,No,0"
    ),
)


def take(folder: Path, text: str) -> RunReport:
    return import_pages([write(folder, a=text)])


def test_the_last_run_leaves_no_trace(tmp_path: Path) -> None:
    take(tmp_path, FIRST)
    before = content_digest()
    citations = set(Citation.objects.values_list("pmid", flat=True))
    page_before = SourcePage.objects.get().sha256
    run = take(tmp_path, SECOND).run_id
    assert content_digest() != before
    report = undo_import(run)
    assert content_digest() == before
    assert not report.kept
    assert set(Citation.objects.values_list("pmid", flat=True)) == citations
    assert not SourceDatabase.objects.filter(key="NewDB").exists()
    assert not DetectionMethod.objects.filter(name="brand new method").exists()
    assert not Protein.objects.filter(accession="P01106").exists()
    assert Evidence.objects.count() == 1
    assert SourcePage.objects.get().sha256 == page_before
    assert ImportRun.objects.get(pk=run).state == "undone"
    # The page that was taken back is read again.
    assert take(tmp_path, SECOND).changed_anything


def test_the_first_run_leaves_the_database_empty(tmp_path: Path) -> None:
    empty = content_digest()
    run = take(tmp_path, SECOND).run_id
    undo_import(run)
    assert content_digest() == empty
    assert not Protein.objects.exists()
    assert not SourcePage.objects.exists()


def test_what_was_curated_since_stays_and_is_listed(tmp_path: Path) -> None:
    run = take(tmp_path, FIRST).run_id
    Interaction.objects.filter(target__accession="Q07812").update(status=ReviewStatus.CONFIRMED)
    report = undo_import(run)
    assert Interaction.objects.get().target.accession == "Q07812"
    assert set(Protein.objects.values_list("accession", flat=True)) == {"Q9UK53", "Q07812"}
    ing1 = Protein.objects.get(accession="Q9UK53")
    assert (ing1.target_count, ing1.tf_count) == (1, 0)
    assert "stays: interaction Q9UK53-Q07812: it has been curated since" in report.kept


def test_a_curated_value_is_not_taken_back(tmp_path: Path) -> None:
    take(tmp_path, FIRST)
    run = take(tmp_path, SECOND).run_id
    protein = Protein.objects.get(accession="Q9UK53")
    Pin.objects.create(kind="protein", record_id=protein.pk, field="name", source_value="ING1A")
    Protein.objects.filter(pk=protein.pk).update(name="p33")
    report = undo_import(run)
    protein.refresh_from_db()
    assert (protein.name, protein.declared_interactions) == ("p33", 12)
    assert any("its name has been changed since" in line for line in report.kept)


def test_what_a_later_import_reports_too_stays(tmp_path: Path) -> None:
    run = take(tmp_path, FIRST).run_id
    import_pages([write(tmp_path / "b", b=page("Q07812", tfs=[row("ING1", "Q9UK53")]))])
    undo_import(run)
    assert Interaction.objects.between("Q9UK53", "Q07812").exists()
    assert not Protein.objects.filter(accession="P04637").exists()
    assert GeneID.objects.count() == 0


def test_proposals_and_pins_return(tmp_path: Path) -> None:
    take(tmp_path, FIRST)
    protein = Protein.objects.get(accession="Q9UK53")
    Pin.objects.create(kind="protein", record_id=protein.pk, field="name", source_value="ING1")
    Protein.objects.filter(pk=protein.pk).update(name="p33")
    first = take(tmp_path, page("Q9UK53", "ING1A")).run_id
    second = take(tmp_path, page("Q9UK53", "p33")).run_id
    assert not Pin.objects.exists()
    undo_import(second)
    assert Pin.objects.get().source_value == "ING1"
    assert Proposal.objects.get().state == "open"
    undo_import(first)
    assert Proposal.objects.get().state == "withdrawn"


def test_a_table_is_taken_back(tmp_path: Path) -> None:
    file = tmp_path / "t.tsv"
    write_table(file, table_row(), table_row("P38704", "P38704"))
    import_tables([file])
    before = content_digest()
    write_table(file, table_row(), table_row("P38704", "P00001"))
    run = import_tables([file]).run_id
    undo_import(run)
    assert content_digest() == before
    assert import_tables([file]).changed_anything


def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    run = take(tmp_path, FIRST).run_id
    before = content_digest()
    report = undo_import(run, dry_run=True)
    assert report.deleted["interactions"] == 2
    assert content_digest() == before
    assert ImportRun.objects.get().state == "finished"


def test_only_once_and_only_what_there_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = take(tmp_path, FIRST).run_id
    call_command("undo_import", str(run))
    assert "interactions: 2 removed" in capsys.readouterr().out
    with pytest.raises(UndoError, match="taken back before"):
        undo_import(run)
    with pytest.raises(CommandError, match="There is no run 99"):
        call_command("undo_import", "99")
