"""Uploads in a folder of the test's own; the process that works on them is this one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client

from curation.models import ImportRun, Job, RunUndo, Upload
from curation.uploads import process
from curation.uploads.work import work
from tests.curation.people import browser_of, make_person
from tests.curation.uploads.browsing import file, hand_in


@pytest.fixture(autouse=True)
def uploads(tmp_path: Path, settings: LazySettings) -> Path:
    settings.UPLOAD_DIR = tmp_path / "uploads"
    return tmp_path / "uploads"


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """The jobs for which a process would have been started."""
    jobs: list[Job] = []
    monkeypatch.setattr(process, "start", jobs.append)
    return jobs


@pytest.fixture
def senior(db: None) -> User:
    return make_person("senior")


@pytest.fixture
def browser(senior: User) -> Client:
    return browser_of(senior)


def do_work(job: Job) -> bool:
    """Do what a job waits for, and read its record again."""
    went_well = work(str(job._meta.model_name), job.pk)
    job.refresh_from_db()
    return went_well


@pytest.fixture
def waiting(browser: Client) -> Upload:
    """An upload that waits for a decision."""
    upload = hand_in(browser, file())
    assert do_work(upload)
    return upload


@pytest.fixture
def undoable(five_pages: Any) -> ImportRun:
    return ImportRun.objects.get()


@pytest.fixture
def undo(undoable: ImportRun, browser: Client) -> RunUndo:
    browser.post(f"/admin/curation/importrun/{undoable.pk}/undo/")
    undo = RunUndo.objects.get()
    assert do_work(undo)
    return undo
