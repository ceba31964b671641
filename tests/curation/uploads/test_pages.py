"""The pages of uploads through HTTP, by those who may and by those who may not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from curation.importing.run import import_pages
from curation.models import ImportRun, Job, RunUndo, Upload
from curation.permissions import ADMINISTRATOR, CURATOR
from curation.uploads.store import folder_of
from proteins.models import Interaction, Protein
from tests.conftest import ROOT
from tests.curation.importing.pages_for_tests import page, row
from tests.curation.people import browser_of, make_person
from tests.curation.uploads.archives import PAGE, archive, entry
from tests.curation.uploads.conftest import do_work

pytestmark = pytest.mark.django_db

ADD = "/admin/curation/upload/add/"
MARKUP = "<img src=x onerror=alert(1)>.md"


def file(name: str = "q9uk53.md", data: bytes = PAGE) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def hand_in(browser: Client, *files: SimpleUploadedFile) -> Upload:
    answer = browser.post(ADD, {"files": files})
    assert answer.status_code == 302, answer.context["error"]
    upload = Upload.objects.first()
    assert upload is not None
    assert answer["Location"] == address(upload)
    return upload


def address(job: Job, name: str = "change") -> str:
    return reverse(f"admin:curation_{job._meta.model_name}_{name}", args=[job.pk])


def press(browser: Client, job: Job, button: str, **fields: str) -> Any:
    """Press a button of a job's page, with the fields that the page has beside it."""
    shown = browser.get(address(job))
    fields = {"seen": shown.context["version"], **fields}
    return browser.post(address(job, button), fields, follow=True)


def test_upload_preview_import_undo(browser: Client, senior: User) -> None:
    upload = hand_in(browser, file())
    shown = browser.get(address(upload)).text
    assert "The preview is being made" in shown
    assert '<meta http-equiv="refresh" content="3">' in shown
    assert "no other curator can save" in shown
    assert do_work(upload)
    shown = browser.get(address(upload)).text
    assert "What would happen" in shown
    assert "http-equiv" not in shown
    assert "Q9UK53-Q07812" in shown
    assert not Interaction.objects.exists()
    assert "The import has begun" in press(browser, upload, "confirm").text
    assert do_work(upload)
    assert "What happened" in browser.get(address(upload)).text
    assert Interaction.objects.count() == 1

    run = ImportRun.objects.get()
    listed = browser.get("/admin/curation/importrun/").text
    assert '<td class="field-by">senior</td>' in listed
    report = browser.get(f"/admin/curation/importrun/{run.pk}/change/").text
    assert "Imported from the desk by senior" in report
    answer = browser.post(f"/admin/curation/importrun/{run.pk}/undo/")
    undo = RunUndo.objects.get()
    assert answer["Location"] == address(undo)
    assert do_work(undo)
    shown = browser.get(address(undo)).text
    assert "What would go, and what would stay" in shown
    assert Interaction.objects.count() == 1
    press(browser, undo, "confirm", reason="The <b>wrong</b> file.")
    assert do_work(undo)
    assert not Interaction.objects.exists()
    report = browser.get(f"/admin/curation/importrun/{run.pk}/change/").text
    assert "Taken back by senior" in report
    assert "The &lt;b&gt;wrong&lt;/b&gt; file." in report
    assert "Take this import back" not in report


def test_a_preview_shows_numbers_lines_and_reasons(browser: Client) -> None:
    changed = page("Q9UK53", "ING1", targets=[row("BAX", "Q07812"), row("X", "<i>P0</i>")])
    upload = hand_in(browser, file("q9uk53.md", changed.encode()))
    assert do_work(upload)
    shown = browser.get(address(upload)).text
    assert "<td>uploaded/q9uk53.md</td>" in shown
    assert "&lt;i&gt;P0&lt;/i&gt;" in shown
    assert "<i>P0" not in shown


def test_names_of_files_are_shown_as_text(browser: Client) -> None:
    upload = hand_in(browser, file(MARKUP))
    assert do_work(upload)
    for path in (address(upload), "/admin/curation/upload/"):
        shown = browser.get(path).text
        assert "<img" not in shown.replace('<img src="/static', "")
        assert "&lt;img src=x onerror=alert(1)&gt;.md" in shown
    refused = browser.post(ADD, {"files": file("<b>x</b>")})
    assert "<b>x" not in refused.text


def test_a_refusal_comes_with_the_form(browser: Client, uploads: Path) -> None:
    answer = browser.post(ADD, {"files": file("a.zip", entry("../a.md"))})
    assert answer.status_code == 200
    assert "leads out of its folder" in answer.text
    assert 'type="file"' in answer.text
    assert list(uploads.iterdir()) == []


def test_an_empty_form_is_refused(browser: Client) -> None:
    for fields in ({}, {"files": ""}, {"files": "text"}):
        assert "Choose what to import" in browser.post(ADD, fields).text
    assert not Upload.objects.exists()


def test_a_path_as_name_is_no_path(browser: Client) -> None:
    body = (
        b"--x\r\nContent-Disposition: form-data; name=files; "
        b'filename="../../etc/cron.d/q9uk53.md"\r\n\r\n' + PAGE + b"\r\n--x--\r\n"
    )
    answer = browser.post(ADD, body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 302
    assert Upload.objects.get().name == "q9uk53.md"


def test_a_name_that_is_not_utf_8_is_taken_or_refused_in_words(browser: Client) -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name=files; filename="p\xff\xfe.md"\r\n\r\n'
        + PAGE
        + b"\r\n--x--\r\n"
    )
    answer = browser.post(ADD, body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code in (200, 302)
    browser.get("/admin/curation/upload/")


def test_what_is_too_large_is_not_even_read(
    browser: Client, settings: LazySettings, uploads: Path
) -> None:
    settings.UPLOAD_MAX_BYTES = 1000
    answer = browser.post(ADD, {"files": file(data=b"---\n" + b"x" * 200_000)})
    assert answer.status_code == 413
    assert "1 kB are the most at once" in answer.text
    assert "files" not in answer.wsgi_request.FILES
    assert not uploads.exists()


def test_files_are_on_disk_from_the_first_byte(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds: list[str] = []

    def note(*, user: User, files: Any) -> Upload:
        kinds.extend(type(item).__name__ for item in files)
        raise AssertionError

    monkeypatch.setattr("curation.admin.upload.receive", note)
    with pytest.raises(AssertionError):
        browser.post(ADD, {"files": file()})
    assert kinds == ["TemporaryUploadedFile"]


def test_more_files_than_a_form_takes(browser: Client) -> None:
    answer = browser.post(ADD, {"files": [file(f"{number}.md") for number in range(101)]})
    assert "make a .zip of them" in answer.text


# Who may


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


def addresses_that_change(*jobs: Job, run: ImportRun) -> Iterator[str]:
    yield ADD
    yield f"/admin/curation/importrun/{run.pk}/undo/"
    for job in jobs:
        for button in ("confirm", "discard", "again"):
            yield address(job, button)


@pytest.mark.parametrize("role", [CURATOR, ADMINISTRATOR])
def test_other_roles_are_refused_everywhere(
    waiting: Upload, undo: RunUndo, undoable: ImportRun, role: str
) -> None:
    other = browser_of(make_person("other", role))
    for path in addresses_that_change(waiting, undo, run=undoable):
        fields = {"files": file(), "seen": waiting.state_since.isoformat()}
        assert other.post(path, fields).status_code == 403, path
    assert other.get(ADD).status_code == 403
    assert {job.state for job in (*Upload.objects.all(), *RunUndo.objects.all())} == {"ready"}
    assert Protein.objects.count() == 393


def test_a_curator_looks_and_sees_no_buttons(
    waiting: Upload, undo: RunUndo, undoable: ImportRun
) -> None:
    other = browser_of(make_person("other", CURATOR))
    for path in (address(waiting), address(undo)):
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
        for path in addresses_that_change(waiting, undo, run=undoable):
            answer = visitor.post(path, {"files": file()})
            assert answer.status_code == 302, path
            assert answer["Location"].startswith("/admin/login/")
    assert Upload.objects.get().state == "ready"


def test_a_request_from_another_site_is_refused(
    senior: User, waiting: Upload, undo: RunUndo, undoable: ImportRun
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(senior)
    for path in addresses_that_change(waiting, undo, run=undoable):
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
        assert browser.get(address(waiting, button)).status_code == 405
    assert Upload.objects.get().state == "ready"


def test_two_clicks(browser: Client, waiting: Upload, started: list[Job]) -> None:
    started.clear()
    seen = browser.get(address(waiting)).context["version"]
    first = browser.post(address(waiting, "confirm"), {"seen": seen})
    second = browser.post(address(waiting, "confirm"), {"seen": seen}, follow=True)
    assert first.status_code == 302
    assert second.status_code == 200
    assert "being carried out" in second.text
    assert len(started) == 1


def test_a_forged_or_missing_version_is_refused(browser: Client, waiting: Upload) -> None:
    for seen in ("", "x", "2026-01-01T00:00:00+00:00"):
        answer = browser.post(address(waiting, "confirm"), {"seen": seen}, follow=True)
        assert "made anew meanwhile" in answer.text
    assert Upload.objects.get().state == "ready"


# What is said where things go wrong


def test_a_process_that_died_is_shown_with_its_last_lines(browser: Client) -> None:
    upload = hand_in(browser, file())
    (folder_of(upload) / "worker.log").write_text("one\n<b>Killed</b>\n")
    Upload.objects.update(state_since=timezone.now() - timedelta(minutes=2))
    shown = browser.get(address(upload)).text
    assert "It was interrupted" in shown
    assert "&lt;b&gt;Killed&lt;/b&gt;" in shown
    assert "http-equiv" not in shown
    # What it says of this computer is not for everybody.
    assert "Killed" not in browser_of(make_person("other", CURATOR)).get(address(upload)).text
    press(browser, upload, "again")
    assert do_work(upload)
    assert upload.state == "ready"


def test_a_failure_says_why_and_offers_to_try_again(browser: Client) -> None:
    upload = hand_in(browser, file("a.zip", archive(("a.md", PAGE))))
    (folder_of(upload) / "archive.zip").write_bytes(b"spoilt")
    assert not do_work(upload)
    shown = browser.get(address(upload)).text
    assert "This is not a .zip file" in shown
    assert "Try again" in shown
    assert "Nothing was changed" in press(browser, upload, "discard").text
    assert not folder_of(upload).exists()


def test_while_one_is_tried_the_form_says_so(browser: Client) -> None:
    upload = hand_in(browser, file())
    assert f"<strong>upload {upload.pk}: q9uk53.md</strong> is at work" in browser.get(ADD).text
    answer = browser.post(ADD, {"files": file("b.md")})
    assert "One import runs at a time" in answer.text
    assert Upload.objects.count() == 1


def test_the_report_of_a_run_lists_what_it_changed_and_refused(
    browser: Client, tmp_path: Path
) -> None:
    first, second = tmp_path / "a.md", tmp_path / "b.md"
    first.write_bytes(PAGE)
    second.write_bytes(PAGE.replace(b"ING1", b"ING1B").replace(b"Q07812", b"<u>"))
    import_pages([first])
    run = import_pages([second]).run_id
    shown = browser.get(f"/admin/curation/importrun/{run}/change/").text
    assert "Started with the command <code>import_pages</code>" in shown
    assert "<ins>ING1B</ins>" in shown
    assert "&#x27;&lt;u&gt;&#x27; is not a UniProt accession" in shown
    assert "Take this import back" in shown


def test_queries_of_the_pages(browser: Client, waiting: Upload, undo: RunUndo) -> None:
    """User and session (2), the record, who asked for it and who decided (2), rights (2)."""
    run = undo.run
    for path, most in (
        (address(waiting), 7),
        (address(undo), 7),
        (f"/admin/curation/importrun/{run.pk}/change/", 9),
        (ADD, 6),
    ):
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path).status_code == 200
        assert len(captured) <= most, "\n".join(item["sql"] for item in captured)


def test_five_pages_in_an_archive(browser: Client) -> None:
    pages = sorted((ROOT / "fixtures" / "pages").glob("*.md"))
    data = archive(*((f"pages/{item.name}", item.read_bytes()) for item in pages))
    upload = hand_in(browser, file("five.zip", data))
    assert do_work(upload)
    assert upload.preview["read"] == 5
    assert upload.preview["counts"]["proteins"]["created"] == 393
