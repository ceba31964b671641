"""A served site with real processes, and a browser in which somebody is logged in at the desk."""

from __future__ import annotations

import http.cookiejar
import os
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.benchmarks.databases import MANAGE

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
        # Without system checks, which load every page of the site.
        command = [sys.executable, str(MANAGE), *words, "--skip-checks"]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=PATIENCE
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self) -> None:
        self.manage("createsuperuser", "--noinput", "--username=anna", "--email=a@example.org")
        self.server = subprocess.Popen(
            [
                *(sys.executable, str(MANAGE), "runserver", "--noreload", "--skip-checks"),
                f"127.0.0.1:{self.port}",
            ],
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
        """Press a button of a job's page; of a large change the number is typed as it is shown."""
        shown = self.get(path)
        seen = re.search(r'name="seen" value="([^"]+)"', shown)
        number = re.search(r"how many interactions it concerns, ([0-9,]+):", shown)
        fields = {"seen": seen[1] if seen else "", "number": number[1] if number else ""}
        return self.post(path.replace("/change/", f"/{button}/"), **fields)

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
