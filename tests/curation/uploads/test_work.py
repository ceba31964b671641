"""What the process of an upload finds, does and leaves."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.utils import timezone

from curation.actions import ActionError
from curation.importing.run import import_files
from curation.importing.source.tables import COLUMNS
from curation.models import ImportRun, Pin, Proposal, SourcePage, SourceTable, Upload
from curation.shared.lock import ImportBusyError
from curation.uploads import jobs, process
from curation.uploads.progress import read_progress
from curation.uploads.receive import receive
from curation.uploads.store import folder_of
from proteins.models import Dataset, Effect, Interaction, Protein, Reporting, SourceDatabase
from proteins.queries.content_digest import content_digest
from tests.curation.importing.pages_for_tests import page, query, row
from tests.curation.importing.test_tables import table_row
from tests.curation.uploads.archives import PAGE, archive, entry
from tests.curation.uploads.conftest import do_work
from tests.curation.uploads.test_jobs import confirm
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db


def hand_in(user: User, *files: tuple[str, bytes]) -> Upload:
    return receive(user=user, files=[SimpleUploadedFile(name, data) for name, data in files])


def tried(user: User, *files: tuple[str, bytes]) -> Upload:
    upload = hand_in(user, *files)
    assert do_work(upload), upload.failure
    return upload


def imported(user: User, *files: tuple[str, bytes]) -> Upload:
    upload = tried(user, *files)
    confirm(user, upload)
    assert do_work(upload), upload.failure
    return upload


def table(*rows: list[str]) -> bytes:
    return "".join("\t".join(cells) + "\n" for cells in (list(COLUMNS), *rows)).encode()


def test_a_preview_changes_nothing(senior: User) -> None:
    before = content_digest()
    upload = tried(senior, ("q9uk53.md", PAGE))
    assert upload.state == "ready"
    assert content_digest() == before
    assert not ImportRun.objects.exists()
    assert not SourcePage.objects.exists()
    assert upload.preview["counts"]["interactions"] == {"created": 1, "changed": 0, "unchanged": 0}
    assert upload.preview["created"]["interaction"] == ["Q9UK53-Q07812"]


def test_an_import_does_what_its_preview_says_and_leaves_no_files(senior: User) -> None:
    upload = imported(senior, ("q9uk53.md", PAGE))
    assert upload.state == "done"
    assert upload.result == upload.preview
    assert Interaction.objects.get().key == "Q9UK53-Q07812"
    assert upload.run is not None
    assert upload.run.state == "finished"
    assert upload.run.paths == [f"q9uk53.md (upload {upload.pk})"]
    assert SourcePage.objects.get().path == "uploaded/q9uk53.md"
    assert not folder_of(upload).exists()


def test_the_same_page_again_is_skipped_and_a_corrected_one_replaces_it(senior: User) -> None:
    imported(senior, ("q9uk53.md", PAGE))
    same = tried(senior, ("pages.zip", entry("folder/q9uk53.md")))
    assert (same.preview["skipped"], same.preview["read"]) == (1, 0)
    jobs.discard(user=senior, job=same)
    corrected = PAGE.replace(b"ING1", b"ING1B")
    second = imported(senior, ("q9uk53.md", corrected))
    assert second.result["changes"] == [
        {"kind": "protein", "key": "Q9UK53", "changes": {"name": ["ING1", "ING1B"]}}
    ]
    assert SourcePage.objects.count() == 1


def test_an_archive_is_unpacked_once(senior: User) -> None:
    upload = tried(senior, ("a.zip", archive(("x/q9uk53.md", PAGE), ("y/b.md", b"no page"))))
    assert not (folder_of(upload) / "archive.zip").exists()
    assert upload.preview["read"] == 1
    (problem,) = upload.preview["problems"]
    assert problem["file"] == "uploaded/b.md"
    assert problem["line"] == 1
    assert "should be '---'" in problem["reason"]
    jobs.try_again(user=senior, job=upload)
    assert do_work(upload)
    assert upload.preview["read"] == 1


def test_an_archive_that_was_unpacked_half_way_is_unpacked_again(senior: User) -> None:
    upload = hand_in(senior, ("a.zip", archive(("q9uk53.md", PAGE))))
    (folder_of(upload) / "files" / "000001.md").write_bytes(b"half")
    assert do_work(upload)
    assert upload.preview["read"] == 1


def test_changes_are_shown_by_field_and_by_line(senior: User) -> None:
    imported(senior, ("q9uk53.md", PAGE))
    Pin.objects.create(
        kind="protein", record_id=Protein.objects.get(accession="Q9UK53").pk, field="name",
        source_value="ING1",
    )  # fmt: skip
    Protein.objects.filter(accession="Q9UK53").update(name="p33")
    changed = page(
        "Q9UK53",
        "ING1B",
        targets=[
            row("BAX", "Q07812", publications=query(5), sources="GTRD;TRRUST"),
            row("TP53", "P0XXX"),
        ],
    )
    preview = tried(senior, ("q9uk53.md", changed.encode())).preview
    assert preview["proposed"] == 1
    assert preview["proposals"] == [
        {"kind": "protein", "key": "Q9UK53", "changes": {"name": ["p33", "ING1B"]}}
    ]
    (change,) = preview["changes"]
    before, after = change["changes"]["evidence"]
    # The newer page says this in place of what the earlier one said.
    assert (before["pmids"], after["pmids"]) == ([27924024], [5])
    assert (change["kind"], change["key"]) == ("interaction", "Q9UK53-Q07812")
    (problem,) = preview["problems"]
    assert (problem["file"], problem["section"]) == ("uploaded/q9uk53.md", "targets")
    assert problem["line"] is not None
    assert "'P0XXX' is not a UniProt accession" in problem["reason"]
    assert not Proposal.objects.exists()


def test_lists_that_grow_are_shown_whole(senior: User) -> None:
    imported(senior, ("q9uk53.md", page("Q9UK53", "ING1", ncbi_gene_id="3621").encode()))
    more = page("Q9UK53", "ING1", ncbi_gene_id="3621;7", jaspar_matrices=["MA0106.1"])
    preview = tried(senior, ("q9uk53.md", more.encode())).preview
    assert preview["counts"]["proteins"]["changed"] == 1
    (change,) = preview["changes"]
    assert change["changes"] == {
        "gene_ids": [[3621], [7, 3621]],
        "jaspar_matrices": [[], ["MA0106.1"]],
    }


def test_a_table_says_what_is_no_longer_reported(senior: User) -> None:
    imported(senior, ("yeast_All.tsv", table(table_row(), table_row(target="P32320"))))
    upload = tried(senior, ("yeast_All.tsv", table(table_row())))
    assert upload.preview["withdrawn"] == 1
    assert upload.preview["withdrawn_first"] == ["P38704-P32320"]
    assert upload.preview["changes"] == []
    confirm(senior, upload)
    assert do_work(upload)
    assert Interaction.objects.filter(reporting=Reporting.WITHDRAWN).count() == 1
    assert SourceTable.objects.get().path == "uploaded/yeast_All.tsv"


def test_a_table_that_is_none_is_refused_with_its_line(senior: User) -> None:
    upload = tried(senior, ("yeast.tsv", b"a\tb\n1\t2\n"))
    (problem,) = upload.preview["problems"]
    assert (problem["file"], problem["line"]) == ("uploaded/yeast.tsv", 1)
    assert "is that of no file which is read" in problem["reason"]
    assert upload.preview["read"] == 0


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"UPLOAD_MAX_UNPACKED_BYTES": 5_000_000}, "decompresses to more than 5 MB"),
        ({"UPLOAD_MAX_RATIO": 100}, "more than 100 times its size"),
    ],
)
def test_a_table_that_is_a_bomb_is_not_read(
    senior: User, settings: LazySettings, limits: dict[str, int], reason: str
) -> None:
    settings.UPLOAD_MAX_RATIO = 100_000
    for name, value in limits.items():
        setattr(settings, name, value)
    bomb = gzip.compress(table() + b"\t" * 20_000_000)
    upload = hand_in(senior, ("yeast.tsv.gz", bomb))
    assert not do_work(upload)
    assert upload.state == "failed"
    assert reason in upload.failure


def test_a_table_that_is_cut_short_is_refused_by_the_import(senior: User) -> None:
    upload = tried(senior, ("yeast.tsv.gz", gzip.compress(table(table_row()) * 300)[:-9]))
    assert "damaged or cut short" in upload.preview["problems"][-1]["reason"]


def test_names_and_reasons_with_markup_or_nuls_are_kept_as_text(senior: User) -> None:
    bad = page("Q9UK53", targets=[row("BAX", "<b>\x07")]).encode()
    upload = tried(senior, ("<img src=x onerror=alert(1)>.md", bad))
    assert upload.preview["problems"]
    assert upload.name == "<img src=x onerror=alert(1)>.md"


def test_another_import_says_since_when_it_runs(
    senior: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = timezone.now()

    def busy(*args: object, **kwargs: object) -> None:
        raise ImportBusyError(began)

    monkeypatch.setattr("curation.uploads.work.import_files", busy)
    upload = hand_in(senior, ("a.md", PAGE))
    assert not do_work(upload)
    assert upload.state == "failed"
    assert upload.failure == (
        f"Another import is running on this database; it began at {began:%Y-%m-%d %H:%M:%S} UTC."
    )
    monkeypatch.undo()
    monkeypatch.setattr(process, "start", lambda _: None)
    jobs.try_again(user=senior, job=upload)
    assert (upload.state, Upload.objects.get().failure) == ("checking", "")


def test_an_import_that_breaks_off_can_be_found(
    senior: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = tried(senior, ("q9uk53.md", PAGE))

    def break_off(*args: Any, **kwargs: Any) -> None:
        import_files(*args, **kwargs)
        raise MemoryError("no memory left")

    monkeypatch.setattr("curation.uploads.work.import_files", break_off)
    confirm(senior, upload)
    assert not do_work(upload)
    assert upload.state == "failed"
    assert upload.failure == "There is not enough memory. Nothing is half done."
    assert upload.run == ImportRun.objects.get()
    # It can be tried again: its files are there still.
    assert (folder_of(upload) / "files" / "000001.md").exists()


def test_progress_is_written_to_a_file(senior: User) -> None:
    upload = hand_in(senior, ("a.zip", archive(("a.md", PAGE), ("b.md", PAGE))))
    assert read_progress(folder_of(upload)).step == "Starting"
    assert do_work(upload)
    progress = read_progress(folder_of(upload))
    assert (progress.step, progress.total, progress.unit) == ("Trying the import", 2, "pages")


def test_the_outcome_is_written_once_the_database_is_free(
    senior: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = hand_in(senior, ("q9uk53.md", PAGE))
    real, calls = jobs.move, []

    def locked_at_first(*args: Any, **kwargs: Any) -> bool:
        calls.append(args)
        if len(calls) == 1:
            raise OperationalError("database is locked")
        return real(*args, **kwargs)

    class Outside:
        """Stands for the connection: a test's is within a transaction."""

        in_atomic_block = False

        @staticmethod
        def close() -> None: ...

    monkeypatch.setattr("curation.uploads.work.move", locked_at_first)
    monkeypatch.setattr("curation.uploads.work.connection", Outside)
    monkeypatch.setattr("curation.uploads.work._PAUSE", 0)
    assert do_work(upload)
    assert upload.state == "ready"
    assert len(calls) == 2


def test_a_table_with_a_refused_row_is_imported(senior: User) -> None:
    data = table(table_row(), table_row("NOT-ONE"), table_row("NOT-TWO"))
    upload = tried(senior, ("yeast.tsv", data))
    assert (upload.preview["read"], upload.preview["read_in_part"]) == (1, 1)
    (group,) = upload.preview["problems"]
    assert (group["count"], group["lines"]) == (2, "3, 4")
    confirm(senior, upload)
    assert do_work(upload)
    assert Interaction.objects.count() == 1
    assert SourceTable.objects.get().rows_refused == 2
    # Of its files, the table of what was refused stays.
    assert [file.name for file in folder_of(upload).iterdir()] == ["refused.tsv"]


def test_files_of_several_kinds_are_one_run_and_progress_counts_all(senior: User) -> None:
    files = archive(
        ("q9uk53.md", PAGE),
        ("yeast.tsv.gz", gzip.compress(table(table_row()))),
        ("Homo_sapiens_browse.csv", b"TP53,P04637,7157,transcription factor,Yes,72\n" * 2),
    )
    upload = hand_in(senior, ("all.zip", files))
    assert do_work(upload), upload.failure
    assert (upload.kind, upload.preview["documents"], upload.preview["read"]) == (
        "files",
        "files",
        3,
    )
    assert upload.preview["problems"] == []
    progress = read_progress(folder_of(upload))
    assert (progress.total, progress.unit) == (3, "pages and rows")
    confirm(senior, upload)
    assert do_work(upload)
    assert ImportRun.objects.get().command == "import_files"


def test_a_compressed_table_in_an_archive_that_is_a_bomb_is_not_read(
    senior: User, settings: LazySettings
) -> None:
    settings.UPLOAD_MAX_RATIO = 100_000
    settings.UPLOAD_MAX_UNPACKED_BYTES = 5_000_000
    bomb = gzip.compress(table() + b"\t" * 20_000_000)
    upload = hand_in(senior, ("a.zip", archive(("yeast.tsv.gz", bomb))))
    assert not do_work(upload)
    assert "decompresses to more than 5 MB" in upload.failure


WHOLE = "TFLink_Saccharomyces_cerevisiae_interactions_All_simpleFormat_v1.0.tsv"
TARGETS = [f"P{number:05d}" for number in range(40)]


@pytest.fixture
def withdrawing(senior: User) -> Upload:
    """An upload that would withdraw 35 of 40 interactions, tried."""
    imported(senior, ("part.tsv", table(*(table_row(target=one) for one in TARGETS))))
    return tried(senior, (WHOLE, table(*(table_row(target=one) for one in TARGETS[:5]))))


def test_a_large_withdrawal_wants_its_number(senior: User, withdrawing: Upload) -> None:
    large = withdrawing.preview["large"]
    assert large["number"] == 35
    assert "would mark 35 of the 40 interactions of Saccharomyces" in large["reasons"][0]
    seen = jobs.version_of(withdrawing)
    for typed in ("", "34", "thirty-five", "-35"):
        with pytest.raises(ActionError, match="type 35"):
            jobs.confirm(user=senior, job=withdrawing, seen=seen, number=typed)
    assert Upload.objects.get(pk=withdrawing.pk).state == "ready"
    jobs.confirm(user=senior, job=withdrawing, seen=seen, number=" 35 ")
    assert do_work(withdrawing)
    assert Interaction.objects.filter(reporting=Reporting.WITHDRAWN).count() == 35
    assert Upload.objects.get(pk=withdrawing.pk).confirmed_number == 35


def test_a_withdrawal_that_has_become_large_meanwhile_is_not_carried_out(
    senior: User, withdrawing: Upload
) -> None:
    Upload.objects.filter(pk=withdrawing.pk).update(preview={**withdrawing.preview, "large": {}})
    withdrawing.refresh_from_db()
    confirm(senior, withdrawing)
    assert not do_work(withdrawing)
    assert "Try again, look at the preview" in withdrawing.failure
    assert not Interaction.objects.filter(reporting=Reporting.WITHDRAWN).exists()
    jobs.try_again(user=senior, job=withdrawing)
    assert do_work(withdrawing)
    assert withdrawing.preview["large"]["number"] == 35


def test_statements_are_taken_once_their_dataset_is_there(senior: User) -> None:
    make_interaction(make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX"))
    name, line = "trrust_rawdata.human.tsv", b"ING1\tBAX\tRepression\t22909821\n"
    refused = tried(senior, (name, line))
    assert "the dataset 'TRRUST' is new" in refused.preview["problems"][0]["reason"]
    jobs.discard(user=senior, job=refused)
    Dataset.objects.create(
        name="TRRUST", licence="CC BY-SA 4.0", source=SourceDatabase.objects.get(key="TRRUST")
    )
    upload = imported(senior, (name, line))
    assert upload.result["counts"]["statements"] == {"created": 1, "changed": 0, "unchanged": 0}
    assert Interaction.objects.get().effect == Effect.REPRESSION
