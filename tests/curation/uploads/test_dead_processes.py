"""Processes that come too late, die, or never get to work."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from curation.models import ImportRun, Upload
from curation.uploads import jobs, process
from curation.uploads.store import folder_of
from curation.uploads.work import work
from tests.curation.uploads.archives import PAGE, archive
from tests.curation.uploads.conftest import do_work
from tests.curation.uploads.test_work import hand_in, imported, tried

pytestmark = pytest.mark.django_db


def test_a_process_that_comes_too_late_does_nothing(senior: User) -> None:
    upload = imported(senior, ("q9uk53.md", PAGE))
    assert not work("upload", upload.pk)
    assert ImportRun.objects.count() == 1


def test_a_process_that_starts_after_its_upload_was_discarded_leaves_nothing(
    senior: User, uploads: Path
) -> None:
    upload = tried(senior, ("q9uk53.md", PAGE))
    jobs.discard(user=senior, job=upload)
    assert not work("upload", upload.pk)
    assert list(uploads.iterdir()) == []


def test_two_processes_do_not_work_on_one_upload(
    senior: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = hand_in(senior, ("q9uk53.md", PAGE))
    monkeypatch.setattr(process, "_LOOKED_AT", 0.1)
    with process.working_on(upload) as alone:
        assert alone
        assert not work("upload", upload.pk)
    assert do_work(upload)


def test_a_process_that_died_is_noticed(senior: User) -> None:
    upload = hand_in(senior, ("q9uk53.md", PAGE))
    assert not process.has_died(upload)  # it may be starting
    Upload.objects.update(state_since=timezone.now() - timedelta(minutes=1))
    upload.refresh_from_db()
    with process.working_on(upload):
        assert not process.has_died(upload)
    assert process.has_died(upload)
    assert jobs.under_way() is None
    jobs.try_again(user=senior, job=upload)
    assert not process.has_died(upload)


def test_a_process_that_never_got_to_work_is_noticed_at_once(
    senior: User, monkeypatch: pytest.MonkeyPatch, settings: LazySettings, tmp_path: Path
) -> None:
    upload = hand_in(senior, ("q9uk53.md", PAGE))
    monkeypatch.undo()  # a real process, of a site that is broken
    settings.UPLOAD_DIR = tmp_path / "uploads"
    settings.BASE_DIR = tmp_path
    (tmp_path / "manage.py").write_text("raise SystemExit('no such module')")
    process.start(upload)
    end = time.monotonic() + 120
    while not process.has_died(upload):
        assert time.monotonic() < end
        time.sleep(0.05)
    assert process.last_lines(upload) == ["no such module"]


def test_a_process_that_ended_well_since_has_not_died(senior: User) -> None:
    """The record was read just before the process left word of its end."""
    upload = hand_in(senior, ("q9uk53.md", PAGE))
    Upload.objects.update(state_since=timezone.now() - timedelta(minutes=1))
    before = Upload.objects.get()
    assert process.has_died(before)
    assert work("upload", upload.pk)
    assert not process.has_died(before)


def test_the_command_names_what_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="There is no upload 99"):
        call_command("run_job", "upload", "99")
    with pytest.raises(CommandError, match="protein"):
        call_command("run_job", "protein", "1")


def test_the_command_ends_with_1_where_it_failed(senior: User, tmp_path: Path) -> None:
    upload = hand_in(senior, ("a.zip", archive(("q9uk53.md", PAGE))))
    (folder_of(upload) / "archive.zip").write_bytes(b"gone")
    with pytest.raises(SystemExit) as ended:
        call_command("run_job", "upload", str(upload.pk))
    assert ended.value.code == 1
    upload.refresh_from_db()
    assert "not a .zip file" in upload.failure
