"""A dry run writes to a copy: others save meanwhile, and nothing is left of it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.databases import PostgresDatabases, SqliteDatabases
from tests.curation.importing.test_kill import postgres_url
from tests.places import PAGES, ROOT

#: Tries an import, or its undo, and writes as somebody else after each page of it.
_TRY = """
import sqlite3, sys, django
django.setup()
from pathlib import Path
import psycopg
from django.conf import settings
from django.db import connection
from curation.checks import find_breaches
from curation.importing import run as importing
from curation.importing.run import import_pages
from curation.importing.undo import run as undo
from curation.models import ImportRun, Revision
from curation.shared import lock
from proteins.models import ChangeSet, Protein

file = Path(settings.DATABASES["default"]["NAME"])
parameters = connection.get_connection_params()
# As if it were large.
importing.BRIEF_BYTES = 0
undo._is_brief = lambda run: False
written = 0

def write(*_):
    global written
    if connection.vendor == "sqlite":
        with sqlite3.connect(file, timeout=0) as other:
            other.execute("INSERT INTO auth_group (name) VALUES (?)", [str(written)])
        other.close()
    else:
        with psycopg.connect(**parameters) as other:
            other.execute("SET lock_timeout = '1s'")
            other.execute("SELECT pg_advisory_xact_lock(%s)", [lock._ADVISORY_KEY + 1])
            other.execute("UPDATE proteins_protein SET declared_tf = declared_tf")
            other.execute("INSERT INTO auth_group (name) VALUES (%s)", [str(written)])
    written += 1

if sys.argv[1] == "killed":
    import os, signal
    import_pages([Path(sys.argv[2])], dry_run=True, on_progress=lambda _: os.kill(os.getpid(), 9))
if sys.argv[1] == "undo":
    run_id = import_pages([Path(sys.argv[2])]).run_id
    restore = undo._undo
    def restore_and_write(run):
        report = restore(run)
        write()
        return report
    undo._undo = restore_and_write
    counted = Protein.objects.count(), ChangeSet.objects.count()
    report = undo.undo_import(run_id, dry_run=True)
    assert report.deleted["proteins"] > 300, report.lines()
    assert (Protein.objects.count(), ChangeSet.objects.count()) == counted
else:
    report = import_pages([Path(sys.argv[2])], dry_run=True, on_progress=write)
    assert report.counts()["proteins"]["created"] > 300, report.counts()
    assert not Protein.objects.exists() and not ImportRun.objects.exists()
assert not list(find_breaches())
print(written, "written;", len(list(file.parent.glob(".trial-*"))), "left")
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    with (
        SqliteDatabases() if request.param == "sqlite" else PostgresDatabases(postgres_url())
    ) as made:
        yield made.fresh()


def attempt(url: str, what: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _TRY, what, str(PAGES)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tflink.settings"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(("what", "written"), [("import", 5), ("undo", 1)])
def test_others_write_during_a_trial(url: str, what: str, written: int) -> None:
    result = attempt(url, what)
    assert result.stdout == f"{written} written; 0 left\n", result.stderr


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_the_copy_of_a_killed_trial_is_removed_by_the_next(url: str) -> None:
    assert attempt(url, "killed").returncode == -9
    folder = Path(url.removeprefix("sqlite:///")).parent
    assert len(list(folder.glob(".trial-*"))) == 1
    result = attempt(url, "import")
    assert result.stdout == "5 written; 0 left\n", result.stderr
