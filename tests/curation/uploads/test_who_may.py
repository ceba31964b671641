"""The addresses of uploads, by those who may and by those who may not; forged ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client

from curation.models import ImportRun, Job, RunUndo, Upload
from curation.permissions import ADMINISTRATOR, CURATOR
from proteins.models import Protein
from tests.curation.people import browser_of, make_person
from tests.curation.uploads.browsing import ADD, file, job_url

pytestmark = pytest.mark.django_db


def urls_that_change(*jobs: Job, run: ImportRun) -> Iterator[str]:
    yield ADD
    yield f"/admin/curation/importrun/{run.pk}/undo/"
    for job in jobs:
        for button in ("confirm", "discard", "again"):
            yield job_url(job, button)


@pytest.mark.parametrize("role", [CURATOR, ADMINISTRATOR])
def test_other_roles_are_refused_everywhere(
    waiting: Upload, undo: RunUndo, undoable: ImportRun, role: str
) -> None:
    other = browser_of(make_person("other", role))
    for path in urls_that_change(waiting, undo, run=undoable):
        fields = {"files": file(), "seen": waiting.state_since.isoformat()}
        assert other.post(path, fields).status_code == 403, path
    assert other.get(ADD).status_code == 403
    assert {job.state for job in (*Upload.objects.all(), *RunUndo.objects.all())} == {"ready"}
    assert Protein.objects.count() == 393


def test_a_curator_looks_and_sees_no_buttons(
    waiting: Upload, undo: RunUndo, undoable: ImportRun
) -> None:
    other = browser_of(make_person("other", CURATOR))
    for path in (job_url(waiting), job_url(undo)):
        shown = other.get(path)
        assert shown.status_code == 200
        assert "It waits for a senior curator" in shown.text
        assert "/confirm/" not in shown.text
    run_page = other.get(f"/admin/curation/importrun/{undoable.pk}/change/")
    assert run_page.status_code == 200
    assert 'method="post" action="/admin/curation' not in run_page.text
    assert ADD not in other.get("/admin/curation/upload/").text


def test_visitors_are_sent_to_the_login(
    waiting: Upload, undo: RunUndo, undoable: ImportRun
) -> None:
    reader = Client()
    reader.force_login(User.objects.create_user("reader"))
    for visitor in (Client(), reader):
        for path in urls_that_change(waiting, undo, run=undoable):
            answer = visitor.post(path, {"files": file()})
            assert answer.status_code == 302, path
            assert answer["Location"].startswith("/admin/login/")
    assert Upload.objects.get().state == "ready"


def test_a_request_from_another_site_is_refused(
    senior: User, waiting: Upload, undo: RunUndo, undoable: ImportRun
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(senior)
    for path in urls_that_change(waiting, undo, run=undoable):
        assert strict.post(path, {"files": file()}).status_code == 403, path
    assert Upload.objects.get().state == "ready"
    # With the form's token it is taken.
    token = strict.get(ADD).context["csrf_token"]
    fields = {"files": file("b.md"), "csrfmiddlewaretoken": str(token)}
    assert strict.post(ADD, fields).status_code == 302


@pytest.mark.parametrize("number", ["0", "99999", "-1", "abc", "1e9", "99999999999999999999"])
def test_a_forged_number_leads_to_the_index(browser: Client, number: str) -> None:
    for model in ("upload", "runundo", "importrun"):
        answer = browser.get(f"/admin/curation/{model}/{number}/change/")
        assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    for path in ("upload/{}/confirm", "upload/{}/discard", "runundo/{}/again", "importrun/{}/undo"):
        answer = browser.post(f"/admin/curation/{path.format(number)}/")
        assert (answer.status_code, answer["Location"]) == (302, "/admin/")


def test_buttons_are_not_addresses_to_be_looked_at(browser: Client, waiting: Upload) -> None:
    for button in ("confirm", "discard", "again"):
        assert browser.get(job_url(waiting, button)).status_code == 405
    assert Upload.objects.get().state == "ready"


def test_two_clicks(browser: Client, waiting: Upload, started: list[Job]) -> None:
    started.clear()
    seen = browser.get(job_url(waiting)).context["version"]
    first = browser.post(job_url(waiting, "confirm"), {"seen": seen})
    second = browser.post(job_url(waiting, "confirm"), {"seen": seen}, follow=True)
    assert first.status_code == 302
    assert second.status_code == 200
    assert "being carried out" in second.text
    assert len(started) == 1


def test_a_forged_or_missing_version_is_refused(browser: Client, waiting: Upload) -> None:
    for seen in ("", "x", "2026-01-01T00:00:00+00:00"):
        answer = browser.post(job_url(waiting, "confirm"), {"seen": seen}, follow=True)
        assert "made again meanwhile" in answer.text
    assert Upload.objects.get().state == "ready"
