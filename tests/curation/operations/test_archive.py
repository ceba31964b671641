"""The file of a backup, and what is done with files of it; no database is looked at."""

from __future__ import annotations

import errno
import io
import json
import tarfile
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.conf import LazySettings
from django.db import connection
from filelock import FileLock

from curation.operations import archive
from curation.operations.archive import BackupError, unpack, writing
from curation.operations.backup import make_backup
from curation.operations.restore import _check_kind
from proteins.outages import EXIT_STATUS
from tests.test_settings import python

ALL = frozenset({archive.DATABASE, archive.RELEASES, archive.UPLOADS})


def made_of(file: Path, members: dict[str, bytes], *, manifest: bool = True) -> Path:
    with file.open("wb") as opened, writing(opened) as backup:
        for name, data in members.items():
            path = file.with_name("member")
            path.write_bytes(data)
            backup.add(name, path)
        if manifest:
            backup.finish({"vendor": "sqlite"})
    return file


def test_what_was_put_in_comes_out(tmp_path: Path) -> None:
    members = {"database.sqlite3": b"rows", "releases/2026.12/a.gz": b"x" * 3_000_000}
    file = made_of(tmp_path / "b", members | {"uploads/0/files/a.md": b""})
    manifest = unpack(file, tmp_path / "all", ALL)
    assert manifest["vendor"] == "sqlite"
    assert (tmp_path / "all" / "releases/2026.12/a.gz").read_bytes() == b"x" * 3_000_000
    unpack(file, tmp_path / "some", frozenset({"database"}))
    assert [path.name for path in (tmp_path / "some").iterdir()] == ["database.sqlite3"]


@pytest.mark.parametrize("name", ["../x", "/etc/x", "releases/../../x", "x", "manifest"])
def test_no_member_leads_elsewhere(name: str, tmp_path: Path) -> None:
    file = made_of(tmp_path / "b", {name: b"evil"})
    with pytest.raises(BackupError, match="is no member of a backup"):
        unpack(file, tmp_path / "to" / "here", ALL)
    assert not (tmp_path / "to").exists()


def test_links_are_no_members(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "b", "w:gz") as tar:
        link = tarfile.TarInfo("uploads/0/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(BackupError, match="is no plain file"):
        unpack(tmp_path / "b", tmp_path / "to", ALL)


def test_a_backup_without_its_end_is_none(tmp_path: Path) -> None:
    file = made_of(tmp_path / "b", {"database.sqlite3": b"rows"}, manifest=False)
    with pytest.raises(BackupError, match="it ends before its manifest"):
        unpack(file, tmp_path / "to", ALL)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": 2}, "its format is 2, not 1"),
        ({"files": {}}, "differs from its SHA-256"),
    ],
)
def test_the_manifest_must_fit(change: dict[str, Any], words: str, tmp_path: Path) -> None:
    text = json.dumps({"format": 1, "files": {}} | change).encode()
    with tarfile.open(tmp_path / "b", "w:gz") as tar:
        for name, data in (("database.sqlite3", b"rows"), ("manifest.json", text)):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    with pytest.raises(BackupError, match=words):
        unpack(tmp_path / "b", tmp_path / "to", ALL)


@pytest.mark.django_db
def test_backups_of_others_are_refused() -> None:
    ours = connection.vendor
    _check_kind({"vendor": ours, "migrations": [["proteins", "0001_initial"], ["gone", "0001"]]})
    with pytest.raises(BackupError, match="DATABASE_URL names"):
        _check_kind({"vendor": "other", "migrations": []})
    with pytest.raises(BackupError, match="of a newer version than this program"):
        _check_kind({"vendor": ours, "migrations": [["proteins", "9999_later"]]})


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch, settings: LazySettings, tmp_path: Path) -> None:
    settings.UPLOAD_DIR = tmp_path / "uploads"
    monkeypatch.setattr("curation.operations.backup._add_database", lambda *_: {"digest": "d"})


def test_only_the_newest_are_left(no_database: None, tmp_path: Path) -> None:
    for name in ("tflink-20200101T000000Z.tar.gz", "tflink-20210101T000000Z.tar.gz", "mine.tar.gz"):
        (tmp_path / name).touch()
    (tmp_path / ".tflink-20200101T000000Z.tar.gz.partial").touch()
    made = make_backup(tmp_path, releases=True, uploads=True, keep=2)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".tflink-backup.lock",
        "mine.tar.gz",
        "tflink-20210101T000000Z.tar.gz",
        made.path.name,
    ]


def test_one_at_a_time(no_database: None, tmp_path: Path) -> None:
    with (
        FileLock(tmp_path / ".tflink-backup.lock"),
        pytest.raises(BackupError, match="Another backup is being written"),
    ):
        make_backup(tmp_path, releases=True, uploads=True, keep=None)


@pytest.mark.parametrize("moment", ["Writer.add", "Writer.finish"])
def test_a_full_disk_leaves_nothing(moment: str, no_database: None, tmp_path: Path) -> None:
    upload = tmp_path / "uploads" / "0" / "names.json"
    upload.parent.mkdir(parents=True)
    upload.touch()
    full = OSError(errno.ENOSPC, "No space left on device")
    with (
        mock.patch(f"curation.operations.archive.{moment}", side_effect=full),
        pytest.raises(OSError, match="No space left"),
    ):
        make_backup(tmp_path / "backups", releases=True, uploads=True, keep=None)
    assert [path.name for path in (tmp_path / "backups").iterdir()] == [".tflink-backup.lock"]


def test_a_full_disk_ends_in_a_sentence(tmp_path: Path) -> None:
    program = (
        "import curation.operations.archive as archive, os, errno\n"
        "from tflink.command_line import run\n"
        "def full(*_):\n    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))\n"
        "archive.Writer.add = full\n"
        f"run(['manage.py', 'backup', {str(tmp_path / 'b')!r}])\n"
    )
    result = python(tmp_path, "-c", program, DJANGO_SETTINGS_MODULE="tflink.settings")
    assert result.returncode == EXIT_STATUS, result.stderr
    assert "There is no room left on the disk." in result.stderr
    assert "Traceback" not in result.stderr
