"""A dry run on SQLite writes to a copy: others save meanwhile, and nothing is left of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.databases import SqliteDatabases
from tests.places import PAGES, ROOT

#: Tries an import, or its undo, and writes as somebody else after each page of it.
_TRY = """
import sqlite3, sys, django
django.setup()
from pathlib import Path
from django.conf import settings
from curation.checks import find_breaches
from curation.importing.run import import_pages
from curation.importing.undo import run as undo
from curation.models import ImportRun, Revision
from curation.shared import trial
from proteins.models import ChangeSet, Protein

file = Path(settings.DATABASES["default"]["NAME"])
written = 0

def write(*_):
    global written
    with sqlite3.connect(file, timeout=0) as other:
        other.execute("INSERT INTO auth_group (name) VALUES (?)", [str(written)])
    other.close()
    written += 1

if sys.argv[1] == "killed":
    import os, signal
    import_pages([Path(sys.argv[2])], dry_run=True, on_progress=lambda _: os.kill(os.getpid(), 9))
if sys.argv[1] == "undo":
    run_id = import_pages([Path(sys.argv[2])]).run_id
    restore = undo._undo
    undo._undo = lambda run: (write(), restore(run))[1]
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


@pytest.fixture
def url() -> str:
    made = SqliteDatabases()
    return made.fresh()


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


def test_the_copy_of_a_killed_trial_is_removed_by_the_next(url: str) -> None:
    assert attempt(url, "killed").returncode == -9
    folder = Path(url.removeprefix("sqlite:///")).parent
    assert len(list(folder.glob(".trial-*"))) == 1
    result = attempt(url, "import")
    assert result.stdout == "5 written; 0 left\n", result.stderr
