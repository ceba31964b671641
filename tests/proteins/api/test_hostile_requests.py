"""Requests that no honest client sends, to a real server: each is refused with a reason, and
the server goes on."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Final, NamedTuple

import pytest

from tests import migrated
from tests.limits import UNLIMITED
from tests.places import ROOT

LIST: Final = b"/api/v1/interactions/"
STATEMENTS: Final = b"/api/v1/statements/"
DATASETS: Final = b"/api/v1/datasets/"
LARGE: Final = 20_000_000


class Answer(NamedTuple):
    status: int
    media_type: str
    body: bytes


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server as in production, on an empty database of its own."""
    folder = tmp_path_factory.mktemp("hostile")
    environment = {
        **os.environ,
        "TFLINK_DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'tflink.sqlite3'}",
        **UNLIMITED,
    }
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    migrated.put_into(folder)
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "tflink.wsgi", f"--bind=127.0.0.1:{port}"),
                *("--threads=4", "--log-level=warning"),
            ],
            cwd=ROOT, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        ends = time.monotonic() + 180
        while time.monotonic() < ends:
            try:
                fetch(port, b"/api/v1/")
                break
            except OSError:
                assert server.poll() is None, (folder / "log").read_text()
                time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=180)
    log_of_server = (folder / "log").read_text(errors="replace")
    assert "Internal Server Error" not in log_of_server, log_of_server[-3000:]


def fetch(
    port: int, target: bytes, method: bytes = b"GET", headers: bytes = b"", body: int = 0
) -> Answer:
    """Send bytes as they are, and return what comes back; `body` bytes are sent after them,
    until the server closes or answers."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=120)) as connection:
        host = b"" if b"Host:" in headers else b"Host: localhost\r\n"
        length = b"Content-Length: %d\r\n" % body if body else b""
        connection.sendall(
            b"%s %s HTTP/1.1\r\n%s%s%sConnection: close\r\n\r\n"
            % (method, target, host, headers, length)
        )
        left = body
        try:
            while left > 0:
                left -= connection.send(b"x" * min(left, 65_536))
        except OSError:
            # The server has read enough; its response is still to be read.
            pass
        received = b""
        try:
            while piece := connection.recv(65_536):
                received += piece
        except ConnectionResetError:
            pass
    head, _, content = received.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    named = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
    return Answer(int(lines[0].split()[1]), named.get("content-type", ""), content)


def refused(answer: Answer, *statuses: int) -> str:
    """The reason that a refusal gives, as a problem of the API."""
    assert answer.status in statuses, answer
    assert answer.media_type == "application/problem+json", answer
    problem = json.loads(answer.body)
    assert problem["status"] == answer.status
    assert problem["detail"]
    return str(problem["detail"])


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (LIST + b"?tf=%00", 400),
        (LIST + b"?tf=Q9UK53%00", 400),
        (LIST + b"?%00=1", 400),
        (LIST + b"?tf=%ff%fe", 400),
        (LIST + b"?tf=\xff\xfe", 400),
        (LIST + b"?%ff=1", 400),
        (LIST + b"?tf=%ED%A0%80", 400),
        (LIST + b"?pmid=99999999999999999999999999", 400),
        (LIST + b"?taxon=-1", 400),
        (LIST + b"?page_size=-1", 400),
        (LIST + b"?page_size=1001", 400),
        (LIST + b"?page_size=1e3", 400),
        (LIST + b"?page=-1", 400),
        (LIST + b"?cursor=-1", 400),
        (LIST + b"?no_such_filter=1", 400),
        (LIST + b"?tf=" + b"Q9UK53," * 500, 400),
        (LIST + b"?" + b"&".join([b"a=1"] * 900), 400),
        (LIST + b"?format=..%2F..%2Fetc%2Fpasswd", 400),
        (STATEMENTS + b"?interaction=Q9UK53", 400),
        (STATEMENTS + b"?interaction=Q9UK53-Q07812-P04637", 400),
        (STATEMENTS + b"?interaction=-", 400),
        (STATEMENTS + b"?interaction=" + b"Q9UK53-Q07812," * 200, 400),
        (STATEMENTS + b"?dataset=%00", 400),
        (STATEMENTS + b"?dataset=nowhere", 400),
        (STATEMENTS + b"?effect=both", 400),
        (STATEMENTS + b"?cell_line=%ff", 400),
        (STATEMENTS + b"Q9UK53-Q07812-" + b"f" * 3_000 + b"/", 404),
        (STATEMENTS + b"Q9UK53-Q07812-%ff/", 404),
        (STATEMENTS + b"--/", 404),
        (DATASETS + b"?is_share_alike=maybe", 400),
        (DATASETS + b"?version_date=%00", 400),
        (DATASETS + b"-1/", 404),
        (DATASETS + b"99999999999999999999999999/", 404),
        (LIST + b"%00/", 404),
        (LIST + b"%ff%fe/", 404),
        (LIST + b"\xff\xfe/", 404),
        (LIST + b"..%2f..%2fadmin/", 404),
        (b"/api/v1/citations/99999999999999999999999999/", 404),
        (b"/api/v1/taxa/-1/", 404),
        (b"/api/v1/methods/" + b"9" * 3_000 + b"/", 404),
        (b"/api/v1/" + b"a/" * 1_500, 404),
        (b"/api/v1/\x00", 404),
    ],
)
def test_request_targets(port: int, target: bytes, status: int) -> None:
    answer = fetch(port, target)
    if answer.media_type == "text/html":
        # Bytes that no URL holds are refused by the server itself, with its own message.
        assert not (target.isascii() and b"\x00" not in target)
        assert answer.status == 400
        assert b"Invalid" in answer.body
    else:
        refused(answer, status)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (b"Accept: \xff\xfe\r\n", 406),
        (b"Accept: text/nothing\r\n", 406),
        (b"Authorization: Token \xff\xfe\r\n", 401),
        (b"Authorization: Token %s\r\n" % (b"f" * 5_000), 401),
        (b'If-None-Match: \xff, "x", W/\r\n', 200),
        (b"X-Forwarded-For: \xff\xfe, 999.1.1.1\r\n", 200),
        (b"Origin: \xff\xfe\r\n", 200),
        (b"Cookie: sessionid=\xff\xfe; csrftoken=%00\r\n", 200),
        (b"Content-Type: \xff\xfe\r\n", 200),
    ],
)
def test_headers(port: int, headers: bytes, status: int) -> None:
    answer = fetch(port, LIST, headers=headers)
    if status == 200:
        assert (answer.status, answer.media_type) == (200, "application/json")
    else:
        refused(answer, status)


@pytest.mark.parametrize("headers", [b"X: a\x00b\r\n", b"Host: \xff\xfe\r\n", b"Host: evil\r\n"])
def test_what_reaches_no_view_is_refused_too(port: int, headers: bytes) -> None:
    assert fetch(port, LIST, headers=headers).status == 400


def test_a_url_longer_than_the_server_reads(port: int) -> None:
    answer = fetch(port, LIST + b"?tf=" + b"Q" * 100_000)
    assert 400 <= answer.status < 500
    assert b"too large" in answer.body.lower() or b"too long" in answer.body.lower()


@pytest.mark.parametrize("method", [b"POST", b"PUT", b"PATCH", b"DELETE", b"TRACE", b"NONSENSE"])
@pytest.mark.parametrize("target", [LIST, STATEMENTS, b"/api/v1/", b"/api/v1/schema/"])
def test_methods(port: int, method: bytes, target: bytes) -> None:
    refused(fetch(port, target, method), 405)


@pytest.mark.parametrize("method", [b"GET", b"POST"])
@pytest.mark.parametrize("target", [LIST, b"/api/v1/lookup/", b"/api/v1/schema/"])
def test_bodies_of_20_mb(port: int, method: bytes, target: bytes) -> None:
    answer = fetch(port, target, method, b"Content-Type: application/json\r\n", body=LARGE)
    assert "1,000,000 bytes" in refused(answer, 413)
    assert fetch(port, LIST).status == 200
