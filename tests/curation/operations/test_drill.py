"""The restore drill: commands in processes of their own, on each database, with real files."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from sqlite3 import connect
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.benchmarks.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.curation.importing.test_kill import postgres_url
from tests.machine import Machine

RELEASE = "2026.12"


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def made(request: pytest.FixtureRequest) -> Iterator[Databases]:
    with (
        SqliteDatabases() if request.param == "sqlite" else PostgresDatabases(postgres_url())
    ) as made:
        yield made


@pytest.fixture(scope="module")
def site(made: Databases, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A site with content, a release and an upload that waits."""
    site = Machine(made.fresh(), tmp_path_factory.mktemp("site"))
    site.manage("import_pages", "fixtures/pages")
    site.manage("make_release", RELEASE)
    upload = site.data / "uploads" / "0123" / "files"
    upload.mkdir(parents=True)
    (upload / "table.tsv").write_text("a table")
    (upload.parent / "worker.log").write_text("a line")
    return site


@pytest.fixture(scope="module")
def digest(site: Machine) -> str:
    return site.manage("content_digest")


@pytest.fixture(scope="module")
def backup(site: Machine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backups")
    site.manage("backup", str(folder))
    (file,) = folder.glob("*.tar.gz")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    return file


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def test_an_empty_machine_gets_everything_back(
    site: Machine, made: Databases, backup: Path, digest: str, tmp_path: Path
) -> None:
    machine = Machine(made.empty(), tmp_path / "data")
    printed = machine.manage("restore", str(backup))
    assert digest.strip() in printed
    assert "check_records: no breaches." in printed
    assert machine.manage("content_digest") == digest
    machine.manage("check_records")
    releases = files_below(machine.data / "releases")
    assert releases == files_below(site.data / "releases")
    assert f"{RELEASE}/SHA256SUMS" in releases
    assert files_below(machine.data / "uploads") == {"0123/files/table.tsv": b"a table"}
    upload = machine.data / "uploads" / "0123" / "files" / "table.tsv"
    assert stat.S_IMODE(upload.stat().st_mode) == 0o600
    # It goes on from there: rows get numbers that are free.
    machine.manage("import_pages", "--force", "fixtures/pages")
    again = machine.run("restore", str(backup))
    assert again.returncode == 1
    assert "The database is not empty." in again.stderr
    machine.manage("restore", str(backup), "--replace", "--without-uploads")
    assert machine.manage("content_digest") == digest
    assert not [path.name for path in machine.data.iterdir() if "restoring" in path.name]


def test_parts_may_be_left_out(made: Databases, site: Machine, tmp_path: Path) -> None:
    site.manage("backup", str(tmp_path / "b"), "--without-releases", "--without-uploads")
    (file,) = (tmp_path / "b").glob("*.tar.gz")
    machine = Machine(made.empty(), tmp_path / "data")
    machine.manage("restore", str(file))
    assert not (machine.data / "releases").exists()


MOMENTS = (
    "curation.operations.backup.databases.copy_to",
    "curation.operations.archive.Writer.add",
    "curation.operations.archive.Writer.finish",
    "curation.operations.backup.os.fsync",
)


def test_a_backup_that_is_killed_leaves_none(site: Machine, tmp_path: Path) -> None:
    for moment in MOMENTS:
        site.killed_in(moment, "backup", str(tmp_path))
        assert not list(tmp_path.glob("tflink-*"))
    site.manage("backup", str(tmp_path))
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == 2, names
    assert names[0] == ".tflink-backup.lock"


def test_a_restore_that_is_killed_leaves_what_was(
    made: Databases, backup: Path, digest: str, tmp_path: Path
) -> None:
    machine = Machine(made.another(), tmp_path)
    before = machine.manage("content_digest")
    for moment in ("unpack", "_check_kind", "_put_folders", "databases.put_in_place"):
        machine.killed_in(
            f"curation.operations.restore.{moment}", "restore", str(backup), "--replace"
        )
        assert machine.manage("content_digest") == before
    machine.manage("restore", str(backup), "--replace")
    assert machine.manage("content_digest") == digest
    assert not [path.name for path in tmp_path.iterdir() if "restoring" in path.name]


def test_a_database_in_use_is_not_replaced(made: Databases, backup: Path, tmp_path: Path) -> None:
    machine = Machine(made.another(), tmp_path)
    with in_use(machine):
        result = machine.run("restore", str(backup), "--replace")
    assert result.returncode == 1
    assert "in use: stop the site and its jobs first." in result.stderr
    machine.manage("restore", str(backup), "--replace")


def in_use(machine: Machine) -> AbstractContextManager[object]:
    """Hold a connection of somebody else's, who reads."""
    if machine.url.startswith("sqlite"):
        connection = connect(machine.url.removeprefix("sqlite:///"))
        connection.execute("SELECT * FROM auth_user").fetchall()
        return closing(connection)
    parts = urlsplit(machine.url)._replace(scheme="postgresql")
    server = psycopg.connect(parts.geturl())
    server.execute("SELECT * FROM auth_user")
    return closing(server)


def test_damaged_files_end_in_a_sentence(made: Databases, backup: Path, tmp_path: Path) -> None:
    machine = Machine(made.empty(), tmp_path / "data")
    whole = backup.read_bytes()
    middle = len(whole) // 2
    for number, data in enumerate(
        (
            whole[:middle],
            whole[:-20],
            whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :],
            b"no backup",
            b"",
        )
    ):
        (tmp_path / f"{number}").write_bytes(data)
        result = machine.run("restore", str(tmp_path / f"{number}"))
        assert result.returncode == 1
        assert "is damaged, or is no backup" in result.stderr
        assert "Traceback" not in result.stderr
    missing = machine.run("restore", str(tmp_path / "none"))
    assert "There is no file" in missing.stderr
    assert not (machine.data / "releases").exists()
    machine.manage("restore", str(backup))


def test_what_is_written_meanwhile_is_left_out_whole(
    made: Databases, site: Machine, digest: str, tmp_path: Path
) -> None:
    """An import is in the middle of a transaction while the backup is made."""
    command = ["manage.py", "backup", str(tmp_path)]
    program = (
        "import django; django.setup()\n"
        "from django.db import connection, transaction\n"
        "from proteins.models import Protein\n"
        "import subprocess, sys\n"
        "with transaction.atomic():\n"
        "    Protein.objects.update(name='half')\n"
        f"    subprocess.run([sys.executable, *{command!r}], check=True)\n"
        "    transaction.set_rollback(True)\n"
    )
    result = site.program(program)
    assert result.returncode == 0, result.stderr
    assert digest.strip() in result.stdout
    machine = Machine(made.empty(), tmp_path / "data")
    (file,) = tmp_path.glob("*.tar.gz")
    assert digest.strip() in machine.manage("restore", str(file))
