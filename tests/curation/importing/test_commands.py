"""The import commands as an operator uses them: exit status, dry run, report, skipping."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import ManagementUtility, call_command
from django.core.management.base import CommandError
from django.utils import timezone

from curation.importing.run import import_pages
from curation.models import ImportRun, RunState
from curation.shared import lock
from proteins.models import Interaction, Protein
from tests.curation.importing.pages_for_tests import page, row, write
from tests.curation.importing.test_tables import table_row, write_table

pytestmark = pytest.mark.django_db

GOOD = page("Q9UK53", "ING1", targets=[row("BAX", "Q07812")])
BAD_ROW = page("P04637", "TP53", targets=[row("BAX", "Q07812"), row("X", "NOT-ONE")])


def test_everything_in_is_exit_0_and_says_so_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(write(tmp_path, a=GOOD))
    call_command("import_pages", folder)
    assert "interactions: 1 created, 0 changed, 0 unchanged" in capsys.readouterr().out
    call_command("import_pages", folder)
    out = capsys.readouterr().out
    assert "0 pages read, 1 unchanged and skipped" in out
    assert "Nothing changed." in out
    call_command("import_pages", folder, "--force")
    assert "interactions: 0 created, 0 changed, 1 unchanged" in capsys.readouterr().out


def test_something_refused_is_exit_1_with_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path, bad=BAD_ROW, good=GOOD, broken="no front matter")
    with pytest.raises(SystemExit) as status:
        call_command("import_pages", str(folder))
    assert status.value.code == 1
    captured = capsys.readouterr()
    lines = captured.err.strip().splitlines()
    assert len(lines) == 2
    bad_line = (folder / "bad.md").read_text().splitlines().index("  X,NOT-ONE,-,GTRD,chromatin immunoprecipitation assay,27924024%5Buid%5D,No'") + 1  # fmt: skip  # noqa: E501
    assert any(line.startswith(f"{folder / 'bad.md'}:{bad_line}: targets: ") for line in lines)
    assert any(line.startswith(f"{folder / 'broken.md'}") for line in lines)
    assert "1 refused" in captured.out
    assert "1 rows refused" in captured.out
    assert Interaction.objects.count() == 2


@pytest.mark.parametrize("command", ["import_pages", "import_tables"])
def test_wrong_usage_is_exit_2(tmp_path: Path, command: str) -> None:
    with pytest.raises(CommandError, match="There is no file") as wrong:
        call_command(command, str(tmp_path / "nowhere"))
    assert wrong.value.returncode == 2
    # Nothing named at all, as a shell would run it.
    with pytest.raises(SystemExit) as status:
        ManagementUtility(["manage.py", command]).execute()
    assert status.value.code == 2


def test_a_folder_without_pages_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no page"):
        call_command("import_pages", str(tmp_path))


def test_a_dry_run_keeps_nothing_and_shows_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path, a=GOOD)
    call_command("import_pages", str(folder))
    write(tmp_path, a=GOOD.replace("ING1", "ING1B"))
    capsys.readouterr()
    call_command("import_pages", str(folder), "--dry-run")
    out = capsys.readouterr().out
    assert 'changed protein Q9UK53: name: "ING1" -> "ING1B"' in out
    assert "nothing was stored" in out
    assert Protein.objects.get(accession="Q9UK53").name == "ING1"
    assert ImportRun.objects.count() == 1


def test_a_dry_run_shows_the_first_twenty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path, **{f"p{n}": page(f"P{n:05}", "A") for n in range(25)})
    call_command("import_pages", str(folder))
    write(tmp_path, **{f"p{n}": page(f"P{n:05}", "B") for n in range(25)})
    capsys.readouterr()
    call_command("import_pages", str(folder), "--dry-run")
    out = capsys.readouterr().out
    assert out.count("changed protein") == 20
    assert "and 5 changes more" in out


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_report_holds_everything(tmp_path: Path, dry_run: bool) -> None:
    folder = write(tmp_path, bad=BAD_ROW, good=GOOD)
    file = tmp_path / "report.json"
    options = ["--dry-run"] if dry_run else []
    with pytest.raises(SystemExit):
        call_command("import_pages", str(folder), "--report", str(file), *options)
    report = json.loads(file.read_text())
    created = {(e["kind"], e["key"]) for e in report["events"] if e["event"] == "created"}
    assert ("interaction", "Q9UK53-Q07812") in created
    assert ("protein", "P04637") in created
    (refused,) = [event for event in report["events"] if event["event"] == "refused"]
    assert refused["file"].endswith("bad.md")
    assert report["dry_run"] is dry_run
    assert report["summary"]["interactions"]["created"] == 2
    assert [path.name for path in tmp_path.glob(".report*")] == []


def test_a_report_that_cannot_be_written_is_wrong_usage(tmp_path: Path) -> None:
    folder = write(tmp_path, a=GOOD)
    with pytest.raises(CommandError, match="--report"):
        call_command("import_pages", str(folder), "--report", str(tmp_path / "no" / "r.json"))
    assert not Protein.objects.exists()


def test_tables_as_a_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write_table(tmp_path / "t.tsv", table_row())
    call_command("import_tables", str(file), "--dry-run")
    assert not Interaction.objects.exists()
    call_command("import_tables", str(file))
    out = capsys.readouterr().out
    assert "1 tables read" in out
    assert Interaction.objects.count() == 1


def test_a_run_that_was_killed_is_marked_failed(tmp_path: Path) -> None:
    left = ImportRun.objects.create(command="import_pages", started_at=timezone.now())
    import_pages([write(tmp_path, a=GOOD)])
    left.refresh_from_db()
    assert left.state == RunState.FAILED


def test_a_second_import_is_told_when_the_first_began() -> None:
    run = ImportRun.objects.create(command="import_pages")
    message = str(lock.ImportBusyError(run.started_at))
    assert f"began at {run.started_at:%Y-%m-%d %H:%M:%S} UTC" in message
