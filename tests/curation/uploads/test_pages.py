"""The pages of uploads through HTTP, by those who may and by those who may not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from curation.importing.run import import_pages
from curation.models import ImportRun, RunUndo, Upload
from curation.permissions import CURATOR
from curation.uploads.store import folder_of
from proteins.models import Interaction
from tests.conftest import ROOT
from tests.curation.importing.pages_for_tests import page, row
from tests.curation.people import browser_of, make_person
from tests.curation.uploads.archives import PAGE, archive, entry
from tests.curation.uploads.browsing import ADD, MARKUP, file, hand_in, job_url, press
from tests.curation.uploads.conftest import do_work

pytestmark = pytest.mark.django_db


def test_upload_preview_import_undo(browser: Client, senior: User) -> None:
    upload = hand_in(browser, file())
    shown = browser.get(job_url(upload)).text
    assert "The preview is being made" in shown
    assert '<meta http-equiv="refresh" content="3">' in shown
    assert "no other curator can save" in shown
    assert do_work(upload)
    shown = browser.get(job_url(upload)).text
    assert "What would happen" in shown
    assert "http-equiv" not in shown
    assert "Q9UK53-Q07812" in shown
    assert not Interaction.objects.exists()
    assert "The import has begun" in press(browser, upload, "confirm").text
    assert do_work(upload)
    assert "What happened" in browser.get(job_url(upload)).text
    assert Interaction.objects.count() == 1

    run = ImportRun.objects.get()
    listed = browser.get("/admin/curation/importrun/").text
    assert '<td class="field-by">senior</td>' in listed
    report = browser.get(f"/admin/curation/importrun/{run.pk}/change/").text
    assert "Imported from the desk by senior" in report
    answer = browser.post(f"/admin/curation/importrun/{run.pk}/undo/")
    undo = RunUndo.objects.get()
    assert answer["Location"] == job_url(undo)
    assert do_work(undo)
    shown = browser.get(job_url(undo)).text
    assert "What would go, and what would stay" in shown
    assert Interaction.objects.count() == 1
    press(browser, undo, "confirm", reason="The <b>wrong</b> file.")
    assert do_work(undo)
    assert not Interaction.objects.exists()
    report = browser.get(f"/admin/curation/importrun/{run.pk}/change/").text
    assert "Undone by senior" in report
    assert "The &lt;b&gt;wrong&lt;/b&gt; file." in report
    assert "Undo this import" not in report


def test_a_preview_shows_numbers_lines_and_reasons(browser: Client) -> None:
    changed = page("Q9UK53", "ING1", targets=[row("BAX", "Q07812"), row("X", "<i>P0</i>")])
    upload = hand_in(browser, file("q9uk53.md", changed.encode()))
    assert do_work(upload)
    shown = browser.get(job_url(upload)).text
    assert "<td>uploaded/q9uk53.md</td>" in shown
    assert "&lt;i&gt;P0&lt;/i&gt;" in shown
    assert "<i>P0" not in shown


def test_names_of_files_are_shown_as_text(browser: Client) -> None:
    upload = hand_in(browser, file(MARKUP))
    assert do_work(upload)
    for path in (job_url(upload), "/admin/curation/upload/"):
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

    monkeypatch.setattr("curation.admin.jobs.upload.receive", note)
    with pytest.raises(AssertionError):
        browser.post(ADD, {"files": file()})
    assert kinds == ["TemporaryUploadedFile"]


def test_more_files_than_a_form_takes(browser: Client) -> None:
    answer = browser.post(ADD, {"files": [file(f"{number}.md") for number in range(101)]})
    assert "make a .zip of them" in answer.text


# What is said where things go wrong


def test_a_process_that_died_is_shown_with_its_last_lines(browser: Client) -> None:
    upload = hand_in(browser, file())
    (folder_of(upload) / "worker.log").write_text("one\n<b>Killed</b>\n")
    Upload.objects.update(state_since=timezone.now() - timedelta(minutes=2))
    shown = browser.get(job_url(upload)).text
    assert "It was interrupted" in shown
    assert "&lt;b&gt;Killed&lt;/b&gt;" in shown
    assert "http-equiv" not in shown
    # What it says of this computer is not for everybody.
    assert "Killed" not in browser_of(make_person("other", CURATOR)).get(job_url(upload)).text
    press(browser, upload, "again")
    assert do_work(upload)
    assert upload.state == "ready"


def test_a_failure_says_why_and_offers_to_try_again(browser: Client) -> None:
    upload = hand_in(browser, file("a.zip", archive(("a.md", PAGE))))
    (folder_of(upload) / "archive.zip").write_bytes(b"spoilt")
    assert not do_work(upload)
    shown = browser.get(job_url(upload)).text
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
    assert "Undo this import" in shown


def test_queries_of_the_pages(browser: Client, waiting: Upload, undo: RunUndo) -> None:
    """User and session (2), the record, who asked for it and who decided (2), rights (2)."""
    run = undo.run
    for path, most in (
        (job_url(waiting), 7),
        (job_url(undo), 7),
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


def test_a_large_undo_wants_its_number(browser: Client, undo: RunUndo) -> None:
    number = undo.preview["large"]["number"]
    shown = browser.get(job_url(undo)).text
    assert "This is a large change" in shown
    assert f"type how many interactions it concerns, {number:,}" in shown
    assert f"type {number:,}" in press(browser, undo, "confirm", reason="Wrong.").text
    undo.refresh_from_db()
    assert undo.state == "ready"
    assert Interaction.objects.exists()
    press(browser, undo, "confirm", reason="Wrong.", number=f"{number:,}")
    undo.refresh_from_db()
    assert do_work(undo), undo.failure
    assert not Interaction.objects.exists()


def test_refusals_are_grouped_and_all_of_them_are_a_table(browser: Client) -> None:
    rows = [row("X", f"<i>NOT-{number}</i>") for number in range(30)]
    bad = page("Q9UK53", "ING1", targets=[row("BAX", "Q07812"), *rows])
    upload = hand_in(browser, file("=q9uk53.md", bad.encode()))
    assert do_work(upload)
    shown = browser.get(job_url(upload)).text
    assert '<td class="number">30</td>' in shown
    assert shown.count("is not a UniProt accession") == 1
    url = f"/admin/curation/upload/{upload.pk}/refused.tsv"
    assert f'<a href="{url}">All 30 refusals as a table (TSV)</a>' in shown
    answer: Any = browser.get(url)
    assert answer["Content-Type"] == "text/tab-separated-values; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    head, *lines = b"".join(answer.streaming_content).decode().splitlines()
    assert head.startswith("File\tLine\tSection\t")
    assert len(lines) == 30
    assert "'<i>NOT-29</i>' is not a UniProt accession" in lines[-1]
    press(browser, upload, "confirm")
    assert do_work(upload)
    assert browser.get(url).status_code == 200
    run = ImportRun.objects.get()
    assert url in browser.get(f"/admin/curation/importrun/{run.pk}/change/").text


def test_without_refusals_there_is_no_table(browser: Client, waiting: Upload) -> None:
    assert "refused.tsv" not in browser.get(job_url(waiting)).text
    assert browser.get(f"/admin/curation/upload/{waiting.pk}/refused.tsv").status_code == 404
    stranger = browser_of(User.objects.create_user("stranger", is_staff=True))
    assert stranger.get(f"/admin/curation/upload/{waiting.pk}/refused.tsv").status_code == 403
