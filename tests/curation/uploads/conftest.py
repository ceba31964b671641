"""Uploads in a folder of the test's own; the process that works on them is this one."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client

from curation.models import Job
from curation.uploads import process
from curation.uploads.work import work
from tests.curation.people import browser_of, make_person


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
