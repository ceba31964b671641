"""Releases that are ordered at the desk: a name, a process, a page that says how far it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from curation.models import Job, JobState, ReleaseOrder
from curation.permissions import ADMINISTRATOR, CURATOR
from curation.uploads import jobs, ordering, process
from curation.uploads.store import folder_of
from proteins import release_store
from proteins.releases import making
from proteins.releases.making import make_release
from tests.curation.people import browser_of, make_person
from tests.curation.uploads.browsing import file, hand_in, job_url, press
from tests.curation.uploads.conftest import do_work
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db
ADD = "/admin/curation/releaseorder/add/"
LIST = "/admin/curation/releaseorder/"


@pytest.fixture(autouse=True)
def releases(tmp_path: Path, settings: LazySettings) -> Path:
    settings.RELEASES_DIR = tmp_path / "releases"
    make_interaction(make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX"))
    return tmp_path / "releases"


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], None]:
    """What day it is."""

    def let_it_be(year: int, month: int) -> None:
        monkeypatch.setattr(timezone, "now", lambda: datetime(year, month, 22, 12, tzinfo=UTC))

    return let_it_be


def order(browser: Client, name: str = "2026.12") -> ReleaseOrder:
    answer = browser.post(ADD, {"name": name})
    assert answer.status_code == 302, answer.context["problem"]
    ordered = ReleaseOrder.objects.latest("pk")
    assert answer["Location"] == job_url(ordered)
    return ordered


def test_from_the_order_to_the_download(
    browser: Client, senior: User, started: list[Job], uploads: Path
) -> None:
    assert "No release was ordered here yet" in browser.get(LIST).text
    assert "There is none yet." in browser.get(ADD).text
    ordered = order(browser)
    assert started == [ordered]
    assert (ordered.started_by, ordered.decided_by) == (senior, senior)
    shown = browser.get(job_url(ordered)).text
    assert "The release is being made" in shown
    assert '<meta http-equiv="refresh" content="3">' in shown
    assert "Everybody can go on working" in shown
    assert "no other curator can save" not in shown
    assert do_work(ordered)
    assert ordered.state == "done"
    release = release_store.release("2026.12")
    assert release is not None
    assert ordered.result == {
        "files": len(release.files),
        "bytes": sum(made.size for made in release.files.values()),
    }
    shown = browser.get(job_url(ordered)).text
    assert f"{len(release.files)} files, " in shown
    assert 'href="/downloads/2026.12/"' in shown
    assert "http-equiv" not in shown
    assert Client().get("/downloads/2026.12/").status_code == 200
    assert 'href="/downloads/2026.12/"' in browser.get(ADD).text
    assert "2026.12" in browser.get(LIST).text
    assert list(uploads.iterdir()) == []


def test_the_next_name(on: Callable[[int, int], None]) -> None:
    on(2026, 3)
    assert ordering.suggested_name() == "2026.03"
    make_release("2026.02.4")
    assert ordering.suggested_name() == "2026.03"
    make_release("2026.03")
    assert ordering.suggested_name() == "2026.03.1"
    make_release("2026.11.9")  # somebody's clock was wrong
    assert ordering.suggested_name() == "2026.11.10"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "is no name of a release"),
        ("2026.13", "is no name of a release"),
        ("2026.12\x00", "is no name of a release"),
        ("../2026.12", "is no name of a release"),
        ("<b>2026.12", "is no name of a release"),
        ("\u0662\u0660\u0662\u0666.12", "is no name of a release"),
        ("2026.12." + "9" * 10_000, "is no name of a release"),
        ("2026.10", "is there already"),
        ("2026.09", "would come before 2026.10"),
    ],
)
def test_a_name_that_cannot_be(browser: Client, started: list[Job], name: str, why: str) -> None:
    make_release("2026.10")
    answer = browser.post(ADD, {"name": name})
    assert answer.status_code == 200
    assert why in answer.context["problem"]
    assert 'aria-invalid="true"' in answer.text
    assert "<b>2026" not in answer.text
    assert not ReleaseOrder.objects.exists()
    assert started == []


def test_one_is_made_at_a_time(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    order(browser)
    answer = browser.post(ADD, {"name": "2026.12.1"})
    assert "One release is made at a time: release 2026.12" in answer.text
    # Two who have passed every check at the same moment.
    monkeypatch.setattr(jobs, "under_way", lambda _: None)
    assert "is ordered already" in browser.post(ADD, {"name": "2026.12"}).text
    assert ReleaseOrder.objects.count() == 1


def test_imports_and_releases_do_not_wait_for_each_other(browser: Client) -> None:
    ordered = order(browser)
    upload = hand_in(browser, file())
    assert do_work(upload)
    press(browser, upload, "confirm")
    assert do_work(upload)
    assert (upload.state, ordered.state) == ("done", "running")
    other = hand_in(browser, file("other.md"))
    assert do_work(ordered)
    order(browser, "2026.12.1")
    assert other.state == "checking"


def test_a_release_that_fails_says_why_and_is_tried_again(
    browser: Client, monkeypatch: pytest.MonkeyPatch, started: list[Job], releases: Path
) -> None:
    ordered = order(browser)
    with monkeypatch.context() as patched:
        full = OSError(28, "No space left on device")
        patched.setattr(making, "_write", lambda *_: (_ for _ in ()).throw(full))
        assert not do_work(ordered)
    assert ordered.state == "failed"
    shown = browser.get(job_url(ordered)).text
    assert "There is no room left on the disk." in shown
    assert "Nothing of the\nrelease is left." in shown
    assert not (releases / "2026.12").exists()
    started.clear()
    press(browser, ordered, "again")
    assert started == [ordered]
    assert do_work(ReleaseOrder.objects.get())
    assert ReleaseOrder.objects.get().state == "done"


def test_one_that_fails_is_ordered_anew_by_somebody_else(browser: Client) -> None:
    first = order(browser)
    jobs.move(first, ["running"], JobState.FAILED, failure="x")
    order(browser)
    assert "It cannot be tried now" in press(browser, first, "again").text
    assert "Discarded: nothing was changed." in press(browser, first, "discard").text
    assert list(ReleaseOrder.objects.values_list("state", flat=True)) == ["running", "discarded"]


def test_a_process_that_was_killed_when_the_release_was_there(
    browser: Client, releases: Path
) -> None:
    ordered = order(browser)
    made = make_release("2026.12")  # it could not say so any more
    ReleaseOrder.objects.update(state_since=timezone.now() - timedelta(minutes=5))
    ordered.refresh_from_db()
    assert process.has_died(ordered)
    shown = browser.get(job_url(ordered)).text
    assert "It was interrupted" in shown
    assert "The release itself is there" in shown
    press(browser, ordered, "again")
    before = (releases / "2026.12").stat().st_mtime_ns
    assert do_work(ReleaseOrder.objects.get())
    assert ReleaseOrder.objects.get().result["files"] == len(made.files)
    assert (releases / "2026.12").stat().st_mtime_ns == before


def test_somebody_who_lost_the_right_meanwhile_makes_none(
    browser: Client, senior: User, releases: Path
) -> None:
    ordered = order(browser)
    senior.groups.clear()
    assert not do_work(ordered)
    assert "Your role does not let you make releases." in ordered.failure
    assert not releases.exists()


ACTIONS: list[Callable[[Any, ReleaseOrder], object]] = [
    lambda user, _: ordering.order_release(user=user, name="2026.12.1"),
    lambda user, job: jobs.try_again(user=user, job=job),
    lambda user, job: jobs.discard(user=user, job=job),
]


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("role", [CURATOR, ADMINISTRATOR, None])
def test_each_deed_demands_the_right(
    browser: Client, started: list[Job], role: str | None,
    action: Callable[[Any, ReleaseOrder], object],
) -> None:  # fmt: skip
    ordered = order(browser)
    jobs.move(ordered, ["running"], JobState.FAILED)
    started.clear()
    user: Any = AnonymousUser() if role is None else make_person("other", role)
    with pytest.raises(PermissionDenied):
        action(user, ordered)
    assert ReleaseOrder.objects.get().state == "failed"
    assert folder_of(ordered).exists()
    assert started == []


def test_a_curator_looks_and_orders_nothing(browser: Client) -> None:
    ordered = order(browser)
    jobs.move(ordered, ["running"], JobState.FAILED, failure="The disk is full.")
    other = browser_of(make_person("other", CURATOR))
    assert other.get(ADD).status_code == 403
    assert other.post(ADD, {"name": "2026.12.1"}).status_code == 403
    assert ADD not in other.get(LIST).text
    shown = other.get(job_url(ordered)).text
    assert "The disk is full." in shown
    assert "Try again" not in shown


def test_a_request_from_another_site_is_refused(senior: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(senior)
    assert strict.post(ADD, {"name": "2026.12"}).status_code == 403
    assert not ReleaseOrder.objects.exists()


def test_the_database_keeps_names_to_the_rule(senior: User) -> None:
    for number, name in enumerate(("x", "2026.13", "2026.12\n", "2026.12.0")):
        with pytest.raises(DatabaseError), transaction.atomic():
            ReleaseOrder.objects.create(name=name, folder=f"f{number}", started_by=senior)
