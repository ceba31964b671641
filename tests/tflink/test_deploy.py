"""The examples of `.deploy/`, for real: nginx, gunicorn and a probe of each on loopback."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import migrated
from tests.places import ROOT
from tests.test_settings import PRODUCTION, python

DEPLOY = ROOT / ".deploy"
HOST = "tflink.example.org"
PATIENCE = 60
WRAPPER = """
daemon off; {user} pid {folder}/nginx.pid; error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/site.conf;
}}
"""


@dataclass(frozen=True)
class Deployed:
    """A site behind nginx."""

    folder: Path
    plain: int
    secure: int

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        context = ssl.create_default_context(cafile=str(self.folder / "cert.pem"))
        connection = http.client.HTTPSConnection("127.0.0.1", self.secure, context=context)
        connection.sock = context.wrap_socket(
            socket.create_connection(("127.0.0.1", self.secure)), server_hostname=HOST
        )
        connection.request("GET", path, headers={"Host": HOST, **headers})
        answer = connection.getresponse()
        with answer:
            return (
                answer.status,
                {key.lower(): value for key, value in answer.headers.items()},
                (answer.read()),
            )

    def ask_socket(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("monitoring")
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(str(self.folder / "web.sock"))
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()

    def log(self) -> list[dict[str, object]]:
        lines = (self.folder / "access.log").read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def log_up_to(self, line: str, name: str = "tflink.log") -> str:
        """What a server has logged, once `line` is in it: both write after they have answered."""
        end = time.monotonic() + PATIENCE
        while line not in (text := (self.folder / name).read_text()):
            assert time.monotonic() < end, text
            time.sleep(0.05)
        return text


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if nginx is None or shutil.which("openssl") is None:
        pytest.skip("nginx or openssl is missing: apt-get install nginx openssl")
    folder = tmp_path_factory.mktemp("deploy")
    data = folder / "data"
    (data / "releases" / "2026.12").mkdir(parents=True)
    (data / "releases" / "2026.12" / "SHA256SUMS").write_text("sums\n")
    settings = {**PRODUCTION, "BEHIND_HTTPS_PROXY": "on", "TRUSTED_PROXIES": "1"}
    migrated.put_into(data)
    result = python(data, "manage.py", "collectstatic", "--no-input", "-v0", **settings)
    assert result.returncode == 0, result.stderr
    site = Deployed(folder, free_port(), free_port())
    write_configuration(site)
    with ExitStack() as stack:
        for command_line, output in (
            ([nginx, "-c", f"{folder}/nginx.conf", "-p", str(folder)], "nginx.log"),
            (
                [
                    *(sys.executable, "-m", "gunicorn", "-c", ".deploy/gunicorn.conf.py"),
                    *("-w", "1", "-b", f"unix:{folder}/web.sock", "tflink.wsgi"),
                ],
                "access.log",
            ),
        ):
            log = stack.enter_context((folder / output).open("w"))
            process = subprocess.Popen(
                command_line,
                cwd=ROOT,
                env={
                    **{key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ},
                    **settings,
                    "TFLINK_DATA_DIR": str(data),
                },
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            stack.callback(process.wait)
            stack.callback(process.terminate)
        end = time.monotonic() + PATIENCE
        while not ((folder / "web.sock").exists() and is_open(site.secure)):
            assert time.monotonic() < end, (folder / "nginx.log").read_text()
            time.sleep(0.05)
        yield site


def is_open(port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0


def write_configuration(site: Deployed) -> None:
    """Write the example with ports, paths and a certificate of this test."""
    folder = site.folder
    text = (DEPLOY / "nginx.conf").read_text()
    for old, new in (
        ("    listen [::]:80;\n", ""),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("listen 80;", f"listen 127.0.0.1:{site.plain};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{site.secure} ssl"),
        ("/etc/letsencrypt/live/tflink.example.org/fullchain.pem", f"{folder}/cert.pem"),
        ("/etc/letsencrypt/live/tflink.example.org/privkey.pem", f"{folder}/key.pem"),
        ("/run/tflink/web.sock", f"{folder}/web.sock"),
        ("/var/log/nginx/", f"{folder}/"),
        ("/var/lib/tflink/", f"{folder}/data/"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    (folder / "site.conf").write_text(text)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(WRAPPER.format(folder=folder, user=user))
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"),
            *("-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"),
        ],
        check=True,
        capture_output=True,
    )


def test_pages_come_by_https_compressed(deployed: Deployed) -> None:
    plain = http.client.HTTPConnection("127.0.0.1", deployed.plain)
    plain.request("GET", "/browse/?tf=yes", headers={"Host": HOST})
    moved = plain.getresponse()
    assert (moved.status, moved.headers["Location"]) == (301, f"https://{HOST}/browse/?tf=yes")
    status, headers, body = deployed.get("/", **{"Accept-Encoding": "gzip"})
    assert status == 200
    assert headers["content-encoding"] == "gzip"
    assert b"TFLink" in gzip.decompress(body)
    assert headers["strict-transport-security"] == "max-age=31536000"


def test_files_come_from_nginx_and_probes_do_not(deployed: Deployed) -> None:
    assert deployed.get("/downloads/2026.12/SHA256SUMS")[2] == b"sums\n"
    style, headers, _ = deployed.get("/static/proteins/site.css")
    assert style == 200
    assert "immutable" in headers["cache-control"]
    for path in ("/metrics", "/health/live", "/health/ready"):
        assert deployed.get(path)[0] == 404
        assert deployed.ask_socket(path)[0] == 200
    forged = {"X-Forwarded-For": "127.0.0.1"}
    assert deployed.get("/metrics/../metrics", **forged)[0] == 404
    assert "tflink_requests_total" in deployed.ask_socket("/metrics")[1]


def test_both_logs_know_the_request(deployed: Deployed) -> None:
    deployed.get("/browse/?page=2", **{"X-Request-ID": "chosen-by-a-visitor"})
    deployed.log_up_to("page=2", "access.log")
    line = next(line for line in deployed.log() if line["path"] == "/browse/")
    assert line["query"] == "page=2"
    assert len(str(line["request_id"])) == 32


def test_no_log_has_a_list_or_what_opens_a_result(deployed: Deployed) -> None:
    token = "T" * 43
    for path in (
        f"/results/{token}/",
        f"/report/{token}/?sent",
        "/enrichment/?taxon=9606&identifiers=SECRET",
        "/api/v1/paths/?taxon=9606&identifiers=SECRET;BAX",
    ):
        deployed.get(path, Referer=f"https://{HOST}/enrichment/?identifiers=SECRET")
    deployed.get("/browse/?page=3")
    logged = deployed.log_up_to('"GET /browse/?page=3"')
    assert '"GET /results/..."' in logged
    assert '"GET /enrichment/"' in logged
    own = "".join(str(line) for line in deployed.log())
    for text in (logged, own):
        assert token not in text
        assert "SECRET" not in text


def test_units_are_verified(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is missing: apt-get install systemd")
    units = []
    for unit in sorted(DEPLOY.glob("tflink*.service")) + sorted(DEPLOY.glob("*.timer")):
        # What would be installed is there.
        text = unit.read_text().replace("/srv/tflink/.venv/bin/gunicorn", "/bin/true")
        copy = tmp_path / unit.name
        copy.write_text(text.replace("/srv/tflink/.venv/bin/python", "/bin/true"))
        units.append(str(copy))
    assert len(units) == 3
    result = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stderr) == (0, "")


def test_commands_of_the_units_are_there() -> None:
    text = (DEPLOY / "tflink-backup.service").read_text()
    for command in ("backup /var/backups/tflink --keep 14", "clearsessions", "forget_addresses"):
        assert f"manage.py {command}\n" in text
