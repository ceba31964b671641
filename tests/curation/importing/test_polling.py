"""A copy that reads changes while an import writes misses nothing, on each database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.benchmarks.page_writer import write_pages
from tests.curation.importing.test_kill import made_up_table, postgres_url
from tests.places import ROOT


@pytest.fixture(
    scope="module",
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)],
)
def made(request: pytest.FixtureRequest) -> Iterator[Databases]:
    with (
        SqliteDatabases()
        if request.param == "sqlite"
        else PostgresDatabases(postgres_url()) as made
    ):
        yield made


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    write_pages(made_up_table(folder / "t.tsv.gz"), folder / "pages")
    return folder / "pages"


@pytest.mark.parametrize("way", ["changes", "changed_since"])
def test_nothing_is_missed(made: Databases, pages: Path, way: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "tests.curation.importing.poll", way, str(pages)],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": made.fresh(),
            "DJANGO_SETTINGS_MODULE": "tflink.settings",
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-2000:]
    counted = json.loads(result.stdout)
    assert counted["stored"] == 1_500
    assert counted["readings"] >= 2, counted
    assert counted["missed"] == 0, counted
