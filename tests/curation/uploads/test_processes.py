"""Uploads through a served site with real processes, on each database.

The site is `manage.py runserver` over a fresh database; what works on an upload is the process
that the site starts. PostgreSQL is that of TEST_POSTGRESQL_URL, or of DATABASE_URL.
"""

from __future__ import annotations

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.benchmarks.databases import MANAGE, Databases, PostgresDatabases, SqliteDatabases
from tests.conftest import ROOT
from tests.curation.importing.test_kill import made_up_table, postgres_url
from tests.curation.uploads.archives import archive

FIVE = archive(*((file.name, file.read_bytes()) for file in (ROOT / "fixtures/pages").glob("*.md")))
PASSWORD = "a password of this test"
#: Seconds for a process to come to its end, on a busy machine.
PATIENCE = 180


@dataclass
class Site:
    """A served site, and a browser in which somebody is logged in."""

    url: str
    data: Path
    port: int
    server: subprocess.Popen[bytes] | None = None
    #: The path of the page that is shown, after what it redirects to.
    at: str = ""
    _jar: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def __post_init__(self) -> None:
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))
        self.desk_url = f"http://127.0.0.1:{self.port}/admin/"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DATABASE_URL": self.url,
            "TFLINK_DATA_DIR": str(self.data),
            "DJANGO_SETTINGS_MODULE": "tflink.settings",
            "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        }

    def manage(self, *words: str) -> str:
        command = [sys.executable, str(MANAGE), *words]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=PATIENCE
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self) -> None:
        self.manage("createsuperuser", "--noinput", "--username=anna", "--email=a@example.org")
        self.server = subprocess.Popen(
            [sys.executable, str(MANAGE), "runserver", "--noreload", f"127.0.0.1:{self.port}"],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self.get("login/")
            except OSError:
                assert time.monotonic() < end
                assert self.server.poll() is None
                time.sleep(0.1)
            else:
                break
        self.post("login/?next=/admin/", username="anna", password=PASSWORD)

    def stop(self) -> None:
        if self.server is not None:
            self.server.kill()
            self.server.wait()

    def get(self, path: str) -> str:
        with self._opener.open(urllib.parse.urljoin(self.desk_url, path), timeout=60) as answer:
            self.at = urllib.parse.urlsplit(answer.url).path
            return str(answer.read().decode())

    def post(self, path: str, **fields: object) -> str:
        token = next(item.value for item in self._jar if item.name == "csrftoken")
        body = encode_multipart(BOUNDARY, {"csrfmiddlewaretoken": token, **fields})
        request = urllib.request.Request(
            urllib.parse.urljoin(self.desk_url, path),
            body,
            {"Content-Type": MULTIPART_CONTENT},
        )
        with self._opener.open(request, timeout=60) as answer:
            self.at = urllib.parse.urlsplit(answer.url).path
            return str(answer.read().decode())

    def upload(self, name: str, data: bytes) -> str:
        """Hand a file in; return the address of its page."""
        shown = self.post("curation/upload/add/", files=SimpleUploadedFile(name, data))
        assert self.at.endswith("/change/"), shown
        return self.at

    def wait_for(self, path: str, words: str) -> str:
        """Look at a page again and again, as a browser does, until it says `words`."""
        end = time.monotonic() + PATIENCE
        while words not in (shown := self.get(path)):
            assert "It failed" not in shown, shown
            assert time.monotonic() < end, shown
            time.sleep(0.25)
        return shown

    def press(self, path: str, button: str) -> str:
        seen = re.search(r'name="seen" value="([^"]+)"', self.get(path))
        page_url = path.replace("/change/", f"/{button}/")
        return self.post(page_url, seen=seen[1] if seen else "")

    def workers(self) -> list[int]:
        """Return the processes that work on uploads (Linux says so in /proc)."""
        result = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes().split(b"\x00")
                about = (folder / "environ").read_bytes()
            except OSError:
                continue
            if b"run_job" in words and str(self.data).encode() in about:
                result.append(int(folder.name))
        return result

    def has_no_files_left(self) -> bool:
        """Whether a job, of which a page says that it is done, leaves no files when it ends."""
        self.wait_for_workers(0)
        return not list((self.data / "uploads").iterdir())

    def wait_for_workers(self, number: int) -> list[int]:
        end = time.monotonic() + PATIENCE
        while len(result := self.workers()) != number:
            assert time.monotonic() < end, result
            time.sleep(0.01)
        return result


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
    assert "5 pages read" in preview
    assert site.manage("content_digest") == empty
    site.press(page, "confirm")
    done = site.wait_for(page, "What happened")
    assert "5 pages read" in done
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
    assert "6,000" in site.wait_for(page, "What would happen")

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
