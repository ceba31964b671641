"""Who decides what, and how often: each state is left once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from curation.actions import ActionError
from curation.importing.run import import_pages
from curation.importing.undo.run import undo_import
from curation.models import ImportRun, Job, JobState, RunUndo, Upload
from curation.permissions import ADMINISTRATOR, CURATOR
from curation.uploads import jobs
from curation.uploads.receive import receive
from curation.uploads.store import folder_of
from proteins.models import Protein
from tests.conftest import ROOT
from tests.curation.people import make_person
from tests.curation.uploads.archives import PAGE
from tests.curation.uploads.conftest import do_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def upload(senior: User, started: list[Job]) -> Upload:
    """An upload of one page that has its preview."""
    upload = receive(user=senior, files=[SimpleUploadedFile("q9uk53.md", PAGE)])
    assert do_work(upload)
    started.clear()
    return upload


@pytest.fixture
def run() -> ImportRun:
    report = import_pages([ROOT / "fixtures" / "pages"])
    return ImportRun.objects.get(pk=report.run_id)


def again(job: Job) -> Any:
    """The same record as another request would have read it."""
    return type(job)._default_manager.get(pk=job.pk)


def confirm(user: User, job: Job) -> None:
    jobs.confirm(user=user, job=job, seen=jobs.version_of(job))


def test_two_clicks_import_once(senior: User, upload: Upload, started: list[Job]) -> None:
    first, second = again(upload), again(upload)
    confirm(senior, first)
    with pytest.raises(ActionError):
        confirm(senior, second)
    assert started == [upload]
    upload.refresh_from_db()
    assert (upload.state, upload.decided_by) == ("running", senior)


def test_two_clicks_at_the_same_moment_import_once(
    senior: User, upload: Upload, started: list[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have passed every check when the first moves the upload on."""
    first, second = again(upload), again(upload)
    monkeypatch.setattr(jobs, "check_idle", lambda: None)
    confirm(senior, first)
    with pytest.raises(ActionError, match="It has been decided already"):
        confirm(senior, second)
    assert len(started) == 1


def test_what_one_discards_another_does_not_import(
    senior: User, upload: Upload, started: list[Job]
) -> None:
    other = again(upload)
    jobs.discard(user=senior, job=upload)
    with pytest.raises(ActionError, match="It has been decided already"):
        confirm(senior, other)
    assert started == []
    assert not folder_of(upload).exists()
    assert Upload.objects.get().state == "discarded"


def test_what_runs_is_not_discarded(senior: User, upload: Upload) -> None:
    confirm(senior, upload)
    with pytest.raises(ActionError, match="cannot be discarded now"):
        jobs.discard(user=senior, job=again(upload))
    assert folder_of(upload).exists()


def test_what_was_not_seen_is_not_confirmed(senior: User, upload: Upload) -> None:
    seen = jobs.version_of(upload)
    jobs.try_again(user=senior, job=upload)
    assert do_work(again(upload))
    with pytest.raises(ActionError, match="made again meanwhile"):
        jobs.confirm(user=senior, job=again(upload), seen=seen)


def test_nothing_that_could_be_read_is_nothing_to_confirm(senior: User, started: list[Job]) -> None:
    upload = receive(user=senior, files=[SimpleUploadedFile("README.md", b"# Read me\n")])
    assert do_work(upload)
    assert upload.preview["refused_whole"] == 1
    started.clear()
    with pytest.raises(ActionError, match="nothing could be read"):
        confirm(senior, upload)
    assert started == []


ACTIONS: list[Callable[[Any, Job], object]] = [
    confirm,
    lambda user, job: jobs.discard(user=user, job=job),
    lambda user, job: jobs.try_again(user=user, job=job),
]


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("role", [CURATOR, ADMINISTRATOR, None])
def test_each_deed_demands_the_right(
    upload: Upload, started: list[Job], role: str | None, action: Callable[[Any, Job], object]
) -> None:
    user: Any = AnonymousUser() if role is None else make_person("other", role)
    with pytest.raises(PermissionDenied):
        action(user, upload)
    assert again(upload).state == "ready"
    assert folder_of(upload).exists()
    assert started == []


@pytest.mark.parametrize("role", [CURATOR, ADMINISTRATOR, None])
def test_asking_to_take_a_run_back_demands_the_right(run: ImportRun, role: str | None) -> None:
    user: Any = AnonymousUser() if role is None else make_person("other", role)
    with pytest.raises(PermissionDenied):
        jobs.ask_undo(user=user, run=run)
    assert not RunUndo.objects.exists()


def test_who_has_lost_the_right_since_imports_nothing(senior: User, upload: Upload) -> None:
    confirm(senior, upload)
    senior.groups.clear()
    assert not do_work(upload)
    assert (upload.state, upload.failure) == (
        "failed",
        "Your role does not let you import and undo imports.",
    )
    assert not Protein.objects.exists()


def test_a_run_is_asked_for_once(senior: User, run: ImportRun, started: list[Job]) -> None:
    first = jobs.ask_undo(user=senior, run=run)
    assert jobs.ask_undo(user=make_person("colleague"), run=run) == first
    assert len(started) == 1


def test_a_run_is_taken_back_once(senior: User, run: ImportRun) -> None:
    undo = jobs.ask_undo(user=senior, run=run)
    assert do_work(undo)
    assert Protein.objects.exists()
    jobs.confirm(user=senior, job=undo, seen=jobs.version_of(undo), reason=" Wrong files. ")
    assert do_work(undo)
    assert (undo.state, undo.reason) == ("done", "Wrong files.")
    assert undo.result["deleted"]["proteins"] == undo.preview["deleted"]["proteins"] == 393
    assert not Protein.objects.exists()
    run.refresh_from_db()
    with pytest.raises(ActionError, match="was taken back before"):
        jobs.ask_undo(user=senior, run=run)


def test_a_run_that_was_taken_back_meanwhile_fails(senior: User, run: ImportRun) -> None:
    undo = jobs.ask_undo(user=senior, run=run)
    assert do_work(undo)
    undo_import(run.pk, confirmed=True)
    confirm(senior, undo)
    assert not do_work(undo)
    assert undo.failure == f"Run {run.pk} was taken back before."


def test_what_nobody_decides_upon_is_dropped(senior: User, upload: Upload) -> None:
    jobs.discard_forgotten()
    assert again(upload).state == "ready"
    Upload.objects.update(state_since=timezone.now() - timedelta(days=31))
    jobs.discard_forgotten()
    upload.refresh_from_db()
    assert (upload.state, upload.decided_by) == (JobState.DISCARDED, None)
    assert not folder_of(upload).exists()
