"""`manage.py quickstart` as a newcomer meets it: a process of its own, in an empty folder."""

from __future__ import annotations

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command

from curation.management.commands.quickstart import how_to_explore_networks
from tests import migrated
from tests.places import ROOT

SETTINGS = ("DATABASE_URL", "DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "TFLINK_ENVIRONMENT")


def command(folder: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    inherited = {key: value for key, value in os.environ.items() if key not in SETTINGS}
    return subprocess.Popen(
        [sys.executable, "manage.py", "quickstart", *arguments],
        cwd=ROOT,
        env={**inherited, "TFLINK_DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1", **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever starts the tests in the background may have them ignore Ctrl-C, and what
        # they start with them.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.default_int_handler),
    )


def run(folder: Path, *arguments: str, **environment: str) -> tuple[int, str, str]:
    process = command(folder, *arguments, **environment)
    output, errors = process.communicate(timeout=600)
    return process.returncode, output, errors


def free_port() -> int:
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        port: int = attempt.getsockname()[1]
        return port


class Served:
    """A running quickstart: what it printed until it served, and a browser for its pages."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.site = f"http://127.0.0.1:{port}"
        self.printed = ""
        assert process.stdout is not None
        for line in process.stdout:
            self.printed += line
            if "Ctrl-C" in line:
                break
        self.browser = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
        )
        deadline = time.monotonic() + 120
        while process.poll() is None and time.monotonic() < deadline:
            with socket.socket() as attempt:
                if attempt.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError(f"nothing is served: {self.printed}")

    def get(self, path: str) -> str:
        with self.browser.open(self.site + path, timeout=120) as answer:
            return str(answer.read().decode())

    def log_in(self, password: str) -> str:
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', self.get("/admin/login/"))
        assert token
        form = {
            "csrfmiddlewaretoken": token[1],
            "username": "admin",
            "password": password,
            "next": "/admin/",
        }
        request = urllib.request.Request(
            f"{self.site}/admin/login/",
            urlencode(form).encode(),
            {"Referer": f"{self.site}/admin/login/"},
        )
        with self.browser.open(request, timeout=120) as answer:
            return str(answer.read().decode())


@contextmanager
def served(folder: Path, port: int) -> Iterator[Served]:
    """Serve until the block ends; then Ctrl-C, which must end it quietly."""
    process = command(folder, "--port", str(port))
    try:
        yield Served(process, port)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=600)
        assert process.returncode == 0
        assert "Traceback" not in errors
    finally:
        process.kill()
        process.communicate()


def test_from_nothing_to_a_served_site_and_again(tmp_path: Path) -> None:
    port = free_port()
    with served(tmp_path, port) as site:
        assert "proteins: 393 created" in site.printed
        assert f"{site.site}/protein/q9uk53/" in site.printed
        assert "ING1" in site.get("/protein/q9uk53/")
        assert "--primary" in site.get("/static/admin/css/base.css")
        password = re.search(r"user admin, password (\S+)", site.printed)
        assert password
        assert "TFLink curation" in site.log_in(password[1])
        assert "454 interactions" in site.get("/admin/proteins/interaction/")

        status, output, errors = run(tmp_path, "--port", str(port))
        assert status == 1
        assert output == ""
        assert f"Port {port} of 127.0.0.1 cannot be used" in errors
        assert "--port" in errors

    with served(tmp_path, port) as site:
        assert "Nothing changed." in site.printed
        assert "password" not in site.printed
        assert "Site administration" in site.log_in(password[1]) or "Records" in site.get("/admin/")


@pytest.mark.parametrize("installed", [True, False])
def test_what_is_missing_without_node_is_said(
    monkeypatch: pytest.MonkeyPatch, installed: bool
) -> None:
    monkeypatch.setattr(finders, "find", lambda _: "/there" if installed else None)
    assert ("npm ci" in how_to_explore_networks()) is not installed


def test_no_serve_stops_before_serving(tmp_path: Path) -> None:
    migrated.put_into(tmp_path)
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        status, output, errors = run(tmp_path, "--no-serve", "--port", str(busy.getsockname()[1]))
    assert (status, errors) == (0, "")
    assert "proteins: 393 created" in output
    assert "password" in output
    assert "http://" not in output


def test_a_port_that_is_none_is_wrong_usage(tmp_path: Path) -> None:
    status, _, errors = run(tmp_path, "--port=0")
    assert status == 2
    assert "is not a port number" in errors
    assert not (tmp_path / "tflink.sqlite3").exists()


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_no_other_port_is_understood(port: str) -> None:
    with pytest.raises(CommandError, match="is not a port number"):
        call_command("quickstart", f"--port={port}")


def test_it_is_refused_in_production(tmp_path: Path) -> None:
    status, _, errors = run(
        tmp_path, TFLINK_ENVIRONMENT="production", SECRET_KEY="x" * 50, ALLOWED_HOSTS="example.org"
    )
    assert status == 1
    assert "README.md" in errors


def test_a_database_that_cannot_be_used_is_said_plainly(tmp_path: Path) -> None:
    status, _, errors = run(
        tmp_path, "--no-serve", DATABASE_URL=f"sqlite:///{tmp_path}/no/such/folder/x.sqlite3"
    )
    assert status == 1
    assert "The database cannot be used" in errors
    assert "Traceback" not in errors
