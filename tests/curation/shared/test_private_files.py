"""Files of the data folder are their owner's alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from curation.shared.private_files import create_private, keep_private
from tests.test_settings import python


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def usual_umask() -> object:
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_the_database_is_private_from_its_first_use_and_again(tmp_path: Path) -> None:
    database = tmp_path / "tflink.sqlite3"
    program = """
import django; django.setup()
from django.db import connection
cursor = connection.cursor()
cursor.execute("CREATE TABLE IF NOT EXISTS t (a)")
cursor.execute("INSERT INTO t VALUES (1)")
import os
for name in sorted(os.listdir(os.environ["TFLINK_DATA_DIR"])):
    if ".sqlite3" in name:
        print(name, oct(os.stat(os.path.join(os.environ["TFLINK_DATA_DIR"], name)).st_mode & 0o777))
"""
    for _ in range(2):
        result = python(tmp_path, "-c", program, DJANGO_SETTINGS_MODULE="tflink.settings")
        assert result.returncode == 0, result.stderr
        assert result.stdout.split() == [
            *("tflink.sqlite3", "0o600"),
            *("tflink.sqlite3-shm", "0o600"),
            *("tflink.sqlite3-wal", "0o600"),
        ]
        database.chmod(0o644)  # as an earlier version made it


def test_a_database_elsewhere_is_left_as_it_is(tmp_path: Path) -> None:
    database = tmp_path / "elsewhere.sqlite3"
    database.touch(mode=0o644)
    program = "import django; django.setup(); from django.db import connection; connection.cursor()"
    result = python(
        tmp_path / "data",
        *("-c", program),
        DJANGO_SETTINGS_MODULE="tflink.settings",
        DATABASE_URL=f"sqlite:///{database}",
    )
    assert result.returncode == 0, result.stderr
    assert mode(database) == 0o644


def test_new_files_are_private_and_never_overwritten(tmp_path: Path) -> None:
    with create_private(tmp_path / "page.md") as page:
        page.write(b"text")
    assert mode(tmp_path / "page.md") == 0o600
    with pytest.raises(FileExistsError):
        create_private(tmp_path / "page.md")


def test_rights_are_only_taken_away(tmp_path: Path) -> None:
    for before, after in ((0o644, 0o600), (0o400, 0o400), (0o660, 0o600)):
        path = tmp_path / f"{before:o}"
        path.touch()
        path.chmod(before)
        keep_private(path)
        assert mode(path) == after
    keep_private(tmp_path / "none")
