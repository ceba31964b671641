"""Uploads through a served site with real processes, on each database.

The site is `manage.py runserver` over a fresh database; what works on an upload is the process
that the site starts. PostgreSQL is that of TEST_POSTGRESQL_URL, or of DATABASE_URL.
"""

from __future__ import annotations

import os
import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.benchmarks.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.curation.importing.test_kill import made_up_table, postgres_url
from tests.curation.uploads.archives import archive
from tests.curation.uploads.served import Site
from tests.places import ROOT

FIVE = archive(*((file.name, file.read_bytes()) for file in (ROOT / "fixtures/pages").glob("*.md")))
SQLITE = pytest.mark.parametrize("made", ["sqlite"], indirect=True)
BOTH = pytest.mark.parametrize(
    "made", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)


@pytest.fixture(scope="module")
def made(request: pytest.FixtureRequest) -> Iterator[Databases]:
    sqlite = request.param == "sqlite"
    with SqliteDatabases() if sqlite else PostgresDatabases(postgres_url()) as made:
        yield made


@pytest.fixture
def site(made: Databases, tmp_path: Path) -> Iterator[Site]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    site = Site(made.fresh(), tmp_path, port)
    try:
        site.start()
        yield site
    finally:
        site.stop()


@SQLITE
def test_a_release_is_ordered_and_made(site: Site) -> None:
    site.manage("import_pages", "fixtures/pages")
    site.post("curation/releaseorder/add/", name="2026.12")
    assert site.at.endswith("/change/")
    done = site.wait_for(site.at, "It is there")
    assert "/downloads/2026.12/" in done
    assert "BAX" in site.get("/protein/q9uk53/")
    assert "SHA256SUMS" in site.get("/downloads/2026.12/")
    assert site.has_no_files_left()


# On PostgreSQL the same is done without processes (`test_pages.py`), and with them it is
# previewed, imported and killed below.
@SQLITE
def test_upload_preview_import_undo(site: Site) -> None:
    empty = site.manage("content_digest")
    page = site.upload("five.zip", FIVE)
    preview = site.wait_for(page, "What would happen")
    assert "5 files read" in preview
    assert site.manage("content_digest") == empty
    site.press(page, "confirm")
    done = site.wait_for(page, "What happened")
    assert "5 files read" in done
    run = re.findall(r"/curation/importrun/(\d+)/", done)[0]  # a trial may have used a number
    assert site.manage("content_digest") != empty
    assert site.has_no_files_left()

    # The same again changes nothing.
    again = site.upload("five.zip", FIVE)
    assert "5 unchanged since the last time" in site.wait_for(again, "What would happen")
    assert "nothing could be read" in site.press(again, "confirm")
    site.press(again, "discard")

    site.post(f"curation/importrun/{run}/undo/")
    undo = site.at
    assert "removed: this import created them" in site.wait_for(undo, "What would go")
    site.press(undo, "confirm")
    site.wait_for(undo, "What happened")
    assert site.manage("content_digest") == empty
    site.manage("check_records")


@BOTH
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="finds processes in /proc")
def test_processes_that_are_killed(site: Site, tmp_path: Path) -> None:
    """A preview and an import die; each is noticed, and tried again it comes to its end."""
    table = made_up_table(tmp_path / "made_up.tsv.gz").read_bytes()
    page = site.upload("made_up.tsv.gz", table)
    (worker,) = site.wait_for_workers(1)
    os.kill(worker, signal.SIGSTOP)
    assert "The preview is being made" in site.get(page)
    # One import at a time, and no waiting to be told so.
    assert "One import runs at a time" in site.post(
        "curation/upload/add/", files=SimpleUploadedFile("five.zip", FIVE)
    )
    os.kill(worker, signal.SIGKILL)
    interrupt(site, page)
    site.press(page, "again")
    assert "1,500" in site.wait_for(page, "What would happen")

    # What made the preview has told of it, and is gone in a moment.
    site.wait_for_workers(0)
    site.press(page, "confirm")
    (worker,) = site.wait_for_workers(1)
    os.kill(worker, signal.SIGKILL)
    interrupt(site, page)
    site.press(page, "again")
    site.wait_for(page, "What would happen")
    site.press(page, "confirm")
    site.wait_for(page, "What happened")
    site.manage("check_records")


def interrupt(site: Site, page: str) -> None:
    """Wait until a page says that its process is gone."""
    assert "Try again" in site.wait_for(page, "It was interrupted")
