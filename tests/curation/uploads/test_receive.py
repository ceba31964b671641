"""What is handed in: what is taken, what is refused, and what is left behind."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import OperationalError

from curation.actions import ActionError, BusyError
from curation.importing.source.tables import COLUMNS
from curation.models import Job, Upload
from curation.permissions import ADMINISTRATOR, CURATOR
from curation.uploads.limits import UploadError
from curation.uploads.receive import receive
from curation.uploads.store import folder_of, read_names
from tests.curation.importing.test_tables import table_row
from tests.curation.people import make_person
from tests.curation.uploads.archives import PAGE, archive, entry

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
TABLE = ("\t".join(COLUMNS) + "\n" + "\t".join(table_row()) + "\n").encode()


def file(name: str, data: bytes = PAGE) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def refused(senior: User, uploads: Path, *files: UploadedFile[Any]) -> str:
    """Return why files are not taken; nothing of them may be left."""
    with pytest.raises(UploadError) as caught:
        receive(user=senior, files=files)
    assert not Upload.objects.exists()
    assert not uploads.exists() or list(uploads.iterdir()) == []
    return str(caught.value)


def test_pages_are_kept_under_names_of_our_own(senior: User, started: list[Job]) -> None:
    upload = receive(user=senior, files=[file("q9uk53.md"), file("Ünï <b>.md", PAGE + b"x")])
    folder = folder_of(upload)
    assert sorted(path.name for path in (folder / "files").iterdir()) == ["000001.md", "000002.md"]
    assert (folder / "files" / "000002.md").read_bytes() == PAGE + b"x"
    assert read_names(folder) == {
        "000001.md": "uploaded/q9uk53.md",
        "000002.md": "uploaded/Ünï <b>.md",
    }
    assert (upload.kind, upload.name, upload.state) == (
        "pages",
        "q9uk53.md and 1 other page",
        "checking",
    )
    assert upload.started_by == senior
    assert started == [upload]


def test_nobody_else_can_read_what_was_handed_in(senior: User) -> None:
    upload = receive(user=senior, files=[file("a.md")])
    assert folder_of(upload).stat().st_mode & 0o077 == 0
    assert len(upload.folder) == 32


def test_a_table_is_kept(senior: User) -> None:
    plain = receive(user=senior, files=[file("Rat.tsv", TABLE)])
    Upload.objects.update(state="ready")
    packed = receive(user=senior, files=[file("Rat.tsv.GZ", gzip.compress(TABLE))])
    assert (plain.kind, packed.kind) == ("table", "table")
    assert read_names(folder_of(plain)) == {"000001.tsv": "uploaded/Rat.tsv"}
    assert read_names(folder_of(packed)) == {"000001.tsv.gz": "uploaded/Rat.tsv.GZ"}


def test_files_of_several_kinds_are_taken_at_once(senior: User) -> None:
    several = [file("a.md"), file("Rat.tsv", TABLE), file("Homo_sapiens_browse.csv", b"A,B\n")]
    upload = receive(user=senior, files=several)
    assert (upload.kind, upload.name) == ("files", "a.md and 2 other files")
    assert read_names(folder_of(upload)) == {
        "000001.md": "uploaded/a.md",
        "000002.tsv": "uploaded/Rat.tsv",
        "000003.csv": "uploaded/Homo_sapiens_browse.csv",
    }


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_a_table_in_another_encoding_is_taken(senior: User, encoding: str) -> None:
    data = TABLE.decode().replace("ADE5,7", "ADÉ").encode(encoding)
    assert receive(user=senior, files=[file("a.tsv", data)]).kind == "table"


def test_an_archive_is_kept_until_it_is_unpacked(senior: User) -> None:
    data = archive(("pages/q9uk53.md", PAGE), ("README.txt", b"x"))
    upload = receive(user=senior, files=[file("all.zip", data)])
    assert (folder_of(upload) / "archive.zip").read_bytes() == data
    assert upload.skipped == ["README.txt"]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.md", b"", "is empty"),
        ("a.md", PNG, "'a.md' is not a page: it does not hold text"),
        ("a.md", entry("a.md"), "is not a page"),
        ("a.md", b"---\n" + b"\xff" * 10, "is not a page"),
        ("a.zip", PAGE, "is not a .zip file, whatever its name says"),
        ("a.zip", gzip.compress(PAGE, mtime=0), "is not a .zip file"),
        ("a.zip", entry("../a.md"), "leads out of its folder"),
        ("a.tsv", PNG, "is not a table: it does not hold text"),
        ("a.tsv", gzip.compress(TABLE, mtime=0), "is compressed: call it .gz"),
        ("a.tsv.gz", TABLE, "is not compressed by gzip"),
        ("a.tsv.gz", entry("a.tsv"), "is not compressed by gzip"),
        ("a.tsv.gz", b"\x1f\x8b\x08" + b"x" * 50, "is damaged"),
        ("a.tsv.gz", gzip.compress(PNG, mtime=0), "is not a table"),
        ("a.md.png", PAGE, "'a.md.png' is not taken"),
        ("passwd", PAGE, "'passwd' is not taken"),
        ("<script>alert(1)</script>", PAGE, "is not taken"),
        ("a.gz", gzip.compress(TABLE, mtime=0), "'a.gz' is not taken"),
        ("a" * 250 + ".md", PAGE, "200 are the most"),
        ("a\x00b.md", PAGE, "characters that cannot be stored"),
    ],
)
def test_what_is_not_what_it_should_be_is_refused(
    senior: User, uploads: Path, name: str, data: bytes, reason: str
) -> None:
    handed_in = file("x", data)
    vars(handed_in)["_name"] = name  # as it came, where Django would tidy it up
    assert reason in refused(senior, uploads, handed_in)


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ((), "Choose what to import"),
        (("a.md", "b.zip"), "Hand a .zip in by itself"),
        (("a.zip", "b.zip"), "Hand a .zip in by itself"),
        (("a.md", "A.md"), "the same name"),
    ],
)
def test_files_that_do_not_go_together_are_refused(
    senior: User, uploads: Path, names: tuple[str, ...], reason: str
) -> None:
    assert reason in refused(senior, uploads, *map(file, names))


def test_limits_of_size(senior: User, uploads: Path, settings: LazySettings) -> None:
    settings.IMPORT_MAX_PAGE_BYTES = len(PAGE)
    settings.UPLOAD_MAX_BYTES = 2 * len(PAGE) + 1
    assert "a page has" in refused(senior, uploads, file("a.md", PAGE + b"x"))
    three = [file("a.md"), file("b.md"), file("c.md")]
    assert "are the most at once" in refused(senior, uploads, *three)
    assert receive(user=senior, files=three[:2])


@pytest.mark.parametrize("role", [CURATOR, ADMINISTRATOR, None])
def test_only_those_who_may_import_hand_in(uploads: Path, role: str | None) -> None:
    user: Any = AnonymousUser() if role is None else make_person("other", role)
    with pytest.raises(PermissionDenied):
        receive(user=user, files=[file("a.md")])
    assert not Upload.objects.exists()
    assert not uploads.exists()


def test_while_another_is_tried_nothing_is_taken(senior: User, uploads: Path) -> None:
    first = receive(user=senior, files=[file("a.md")])
    with pytest.raises(ActionError) as caught:
        receive(user=senior, files=[file("b.md")])
    (text,) = caught.value.messages
    assert (
        f"upload {first.pk}: a.md is being tried since {first.state_since:%Y-%m-%d %H:%M}" in text
    )
    assert len(list(uploads.iterdir())) == 1


def test_where_an_import_holds_the_database_nothing_is_left(senior: User, uploads: Path) -> None:
    with (
        patch.object(Upload.objects, "create", side_effect=OperationalError("database is locked")),
        pytest.raises(BusyError),
    ):
        receive(user=senior, files=[file("a.md")])
    assert list(uploads.iterdir()) == []


def test_a_full_disk_is_not_told_as_a_lock(senior: User, uploads: Path) -> None:
    with (
        patch.object(
            Upload.objects, "create", side_effect=OperationalError("database or disk is full")
        ),
        pytest.raises(OperationalError, match="full"),
    ):
        receive(user=senior, files=[file("a.md")])
    assert list(uploads.iterdir()) == []


def test_where_no_process_starts_it_says_so(senior: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(job: Job) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr("curation.uploads.process.start", fail)
    upload = receive(user=senior, files=[file("a.md")])
    upload.refresh_from_db()
    assert (upload.state, upload.failure) == (
        "failed",
        "No process could be started (Cannot allocate memory).",
    )
