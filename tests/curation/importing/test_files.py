"""Files of every kind in one run: what each is told to be, one summary, one undo."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from curation.importing.run import find_files, import_files, import_tables
from curation.importing.undo.run import undo_import
from curation.models import ImportRun, SourcePage, SourceTable
from proteins.models import BindingSite, GeneID, Interaction, Protein, Reporting
from proteins.queries.content_digest import content_digest
from tests.curation.importing.pages_for_tests import page, row, write
from tests.curation.importing.test_sites import site_row
from tests.curation.importing.test_sites import table as write_sites
from tests.curation.importing.test_tables import table_row, write_table
from tests.places import SHARED

pytestmark = pytest.mark.django_db

TARGETS_OF = (
    "UniprotID.Target\tNCBI.GeneID.Target\tName.Target\tDetection.method\tPubmedID\tOrganism\t"
    "Source.database\tSmall-scale.evidence\n"
    "Q07812\tNA\tBAX\tinferred by curator\t27924024\tHomo sapiens\tGTRD\tNo\n"
)
BROWSE = (
    "ING1,Q9UK53,3621,transcription factor and target gene,Yes,636\n"
    "XYZ,P04637,7157,transcription factor,Yes,72\n"
)
FASTA = ">TFLinkSS09283365;Q94126;ces-2;ce10;chrIII:3744956-3744965\nTTACCCAAC\n"
ALL = "TFLink_Saccharomyces_cerevisiae_interactions_All_simpleFormat_v1.0.tsv"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with one file of each kind, one of them in a folder of its own."""
    folder = write(tmp_path / "files", a=page("Q9UK53", "ING1", targets=[row("BAX", "Q07812")]))
    write_table(folder / ALL, table_row(), table_row(target="P32320"))
    below = folder / "below"
    below.mkdir()
    write_sites(below / "bindingSites.tsv", site_row())
    (below / "sites.fasta").write_text(FASTA, encoding="utf-8")
    (below / "targets_of_Q9UK53.tsv").write_text(TARGETS_OF, encoding="utf-8")
    (below / "Homo_sapiens_browse.csv").write_text(BROWSE, encoding="utf-8")
    (below / "notes.txt").write_text("not for import", encoding="utf-8")
    return folder


def test_a_folder_of_every_kind_is_one_run_and_one_undo(files: Path) -> None:
    before = content_digest()
    report = import_files([files])
    assert report.clean, report.problems
    assert (report.pages_read, report.files) == (6, 6)
    assert BindingSite.objects.get().sequence == "TTACCCAAC"
    assert {interaction.key for interaction in Interaction.objects.all()} == {
        "Q9UK53-Q07812",
        "P38704-P07244",
        "P38704-P32320",
    }
    run = ImportRun.objects.get()
    assert (run.command, run.paths) == ("import_files", [str(files)])
    assert (SourcePage.objects.count(), SourceTable.objects.count()) == (1, 5)
    again = import_files([files])
    assert (again.pages_skipped, again.changed_anything) == (6, False)
    undo_import(report.run_id)
    assert content_digest() == before


def test_the_summary_counts_every_file(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(files, bad=page("P04637", "TP53", targets=[row("BAX", "Q07812"), row("X", "NOT-ONE")]))
    (files / "mitab.tsv").write_text("#ID(s) interactor A\tB\n", encoding="utf-8")
    import_tables([files / ALL])
    with pytest.raises(SystemExit) as status:
        call_command("import_files", str(files))
    assert status.value.code == 1
    captured = capsys.readouterr()
    assert (
        "8 files: 5 read whole, 1 read with refusals, 1 unchanged and skipped, 1 refused"
        in captured.out
    )
    assert "mitab.tsv:1: table: the file seems to be MITAB" in captured.err
    # What was refused in part is recorded, and skipped; what was refused whole is not.
    assert SourcePage.objects.get(path__endswith="bad.md").rows_refused == 1
    with pytest.raises(SystemExit):
        call_command("import_files", str(files))
    assert "0 read with refusals, 7 unchanged and skipped, 1 refused" in capsys.readouterr().out


def test_a_table_all_of_whose_rows_are_refused_is_recorded(tmp_path: Path) -> None:
    file = write_table(tmp_path / "t.tsv", table_row("NOT-ONE"))
    report = import_tables([file])
    assert (report.pages_read, report.pages_read_in_part, report.rows_refused) == (1, 1, 1)
    assert import_tables([file]).pages_skipped == 1


def test_notes_leave_the_exit_status_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dated = table_row(**{"Name.Target": "1-Mar"})
    call_command("import_files", str(write_table(tmp_path / "part.tsv", dated)))
    out = capsys.readouterr().out
    assert "read as a part" in out
    assert "'1-Mar'" in out


def test_like_refusals_are_one_line_and_the_report_has_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [table_row(f"NOT-{number}") for number in range(1000)]
    file = write_table(tmp_path / "t.tsv", table_row(), *rows, table_row()[:-3])
    report = tmp_path / "report.json"
    with pytest.raises(SystemExit):
        call_command("import_files", str(file), "--report", str(report))
    lines = capsys.readouterr().err.strip().splitlines()
    assert lines == [
        f"{file}: table: 1,000 like refusals (lines 3, 4, 5, 6, 7 ...), the first: 'NOT-0' is not "
        "a UniProt accession",
        f"{file}:1003: table: the row has 12 cells; a row of a table has 15",
    ]
    assert ImportRun.objects.get().problems == lines
    events = json.loads(report.read_text())["events"]
    assert sum(event["event"] == "refused" for event in events) == 1001


def test_a_large_withdrawal_stops_before_a_page_is_written(files: Path, tmp_path: Path) -> None:
    targets = [f"P{number:05d}" for number in range(40)]
    import_tables([write_table(tmp_path / ALL, *(table_row(target=one) for one in targets))])
    with pytest.raises(CommandError, match="use --yes"):
        call_command("import_files", str(files), verbosity=0)
    assert not SourcePage.objects.exists()
    call_command("import_files", str(files), "--yes", verbosity=0)
    assert Interaction.objects.filter(reporting=Reporting.WITHDRAWN).count() == 40


def test_a_list_states_functions_and_numbers_and_fills_in_the_rest(files: Path) -> None:
    import_files([files])
    protein = Protein.objects.get(accession="P04637")
    assert (protein.name, protein.declared_tf, protein.declared_target) == ("XYZ", True, False)
    assert (protein.declared_interactions, protein.has_page) == (72, False)
    assert list(protein.gene_ids.values_list("ncbi_gene_id", flat=True)) == [7157]
    # A protein's own page leads; the list fills in the gene ID that the page lacks.
    assert Protein.objects.get(accession="Q9UK53").declared_interactions == 12
    assert GeneID.objects.get(protein__accession="Q9UK53").ncbi_gene_id == 3621


def test_a_newer_list_leads_but_for_names_and_genes(tmp_path: Path) -> None:
    file = tmp_path / "Homo_sapiens_browse.csv"
    file.write_text(BROWSE, encoding="utf-8")
    import_files([file])
    file.write_text("TP53,P04637,1,target gene,Yes,73\n", encoding="utf-8")
    assert import_files([file]).clean
    protein = Protein.objects.get(accession="P04637")
    assert (protein.name, protein.declared_interactions) == ("XYZ", 73)
    assert (protein.declared_tf, protein.declared_target) == (True, True)
    assert list(protein.gene_ids.values_list("ncbi_gene_id", flat=True)) == [7157]


def test_a_listed_protein_of_another_species_is_refused_with_its_line(tmp_path: Path) -> None:
    for name in ("Homo_sapiens", "Mus_musculus"):
        file = tmp_path / f"{name}_browse.csv"
        file.write_text(BROWSE, encoding="utf-8")
        report = import_files([file])
    assert [(problem.line, problem.reason) for problem in report.problems] == [
        (1, "Q9UK53 is a protein of Homo sapiens elsewhere, of Mus musculus here"),
        (2, "P04637 is a protein of Homo sapiens elsewhere, of Mus musculus here"),
    ]
    assert SourceTable.objects.get(path=str(file)).rows_refused == 2


def test_other_kinds_are_refused_by_name(tmp_path: Path) -> None:
    pages = write(tmp_path, a=page("Q9UK53", "ING1"))
    report = import_tables([pages / "a.md"])
    assert [problem.reason for problem in report.problems] == [
        "the file is a protein page, not a table of interactions"
    ]


def test_files_of_folders_are_those_that_can_be_read(files: Path) -> None:
    assert [file.name for file in find_files([files])] == [
        ALL, "a.md", "Homo_sapiens_browse.csv", "bindingSites.tsv", "sites.fasta",
        "targets_of_Q9UK53.tsv",
    ]  # fmt: skip


@pytest.mark.parametrize("paths", [["nowhere"], ["."]])
def test_nothing_to_import_is_wrong_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, paths: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match="There is no file") as wrong:
        call_command("import_files", *paths)
    assert wrong.value.returncode == 2


@pytest.mark.skipif(not (SHARED / "data/files").is_dir(), reason="shared/data/files is absent")
def test_published_files_go_in_whole() -> None:
    report = import_files([SHARED / "data/files", SHARED / "data/pages"])
    assert (report.pages_refused, report.problems) == (0, [])
    assert report.pages_read == len(find_files([SHARED / "data/files", SHARED / "data/pages"]))
