"""Anonymous reads of a real replica: two PostgreSQL clusters on loopback and a real web service."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from tests.places import ROOT
from tests.test_settings import python
from tests.tflink.clusters import DATABASE, Cluster
from tests.tflink.test_deploy import free_port, is_open

pytestmark = pytest.mark.postgresql
PATIENCE = 30
PAGE = "/protein/q9uk53/"
MAX_CHANGES = 3
PASSWORD = "a-long-and-unusual-passphrase"
#: Long enough for the web service to look again how far the replica is.
LOOKED = 1.3
_PREPARE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("import_pages", "fixtures/pages")
call_command("createsuperuser", interactive=False, username="admin", email="a@example.org")
"""


@dataclass(frozen=True)
class Site:
    primary: Cluster
    replica: Cluster
    port: int

    def answer(self, path: str, method: str = "GET", body: str = "", **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
        response = connection.getresponse()
        with response:
            cookies = response.headers.get_all("Set-Cookie", [])
            return Answer(response.status, response.read().decode(), cookies)

    def read_from(self, path: str = "", **headers: str) -> str:
        """Say of which database a page, by default a new one, was read: by its log."""
        path = path or uncached()
        before = len(self.primary.log()), len(self.replica.log())
        assert self.answer(path, **headers).status == 200
        logs = self.primary.log()[before[0] :], self.replica.log()[before[1] :]
        read = ['FROM "proteins_protein"' in log for log in logs]
        assert any(read), logs
        return "both" if all(read) else "primary" if read[0] else "replica"

    def rename(self, name: str) -> None:
        """Write a change of one protein, as a curator's would."""
        self.primary.execute(
            "BEGIN; INSERT INTO proteins_changeset (at, kind, reason) VALUES (now(), 'desk', '');"
            f"UPDATE proteins_protein SET name = '{name}' WHERE accession = 'Q9UK53'; COMMIT"
        )

    def name(self) -> str:
        heading = re.search(r"<h1[^>]*>\s*(\w+)", self.answer(PAGE).body)
        assert heading
        return heading[1]

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let the replica go on receiving and stop to replay."""
        self.replica.execute("SELECT pg_wal_replay_pause()")
        try:
            yield
        finally:
            self.replica.execute("SELECT pg_wal_replay_resume()")
            self.wait_for(lambda: "replica: 0 changes" in self.answer("/health/ready").body)

    def wait_for(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, self.answer("/health/ready").body
            time.sleep(0.1)


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    cookies: list[str]


_sizes = count(1)


def uncached() -> str:
    """A list that no one read before, so that it is in no page cache."""
    return f"/api/v1/proteins/?page_size={next(_sizes)}"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with ExitStack() as stack:
        # Short and open to the server's own user, unlike pytest's.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="replica-")))
        folder.chmod(0o755)
        primary = started(stack, Cluster.create(folder / "primary"))
        primary.execute(f"CREATE DATABASE {DATABASE}", "postgres")
        result = python(
            folder,
            "-c",
            _PREPARE,
            DATABASE_URL=primary.url,
            DJANGO_SETTINGS_MODULE="tflink.settings",
            DJANGO_SUPERUSER_PASSWORD=PASSWORD,
        )
        assert result.returncode == 0, result.stderr
        replica = started(stack, primary.replica(folder / "replica"))
        site = Site(primary, replica, free_port())
        serve(stack, site, folder)
        site.wait_for(lambda: "replica: 0 changes" in site.answer("/health/ready").body)
        yield site


def started(stack: ExitStack, cluster: Cluster) -> Cluster:
    cluster.start()
    stack.callback(cluster.stop)
    return cluster


def serve(stack: ExitStack, site: Site, folder: Path) -> None:
    inherited = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    log = stack.enter_context((folder / "web.log").open("w"))
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "--threads", "2"),
            *("--graceful-timeout", "1"),
            *("-b", f"127.0.0.1:{site.port}", "tflink.wsgi"),
        ],
        cwd=ROOT,
        env={
            **inherited,
            "TFLINK_DATA_DIR": str(folder),
            "DATABASE_URL": site.primary.url,
            "DATABASE_REPLICA_URL": site.replica.url,
            "REPLICA_MAX_CHANGES": str(MAX_CHANGES),
            "REPLICA_MAX_SECONDS": "3600",
            "STATEMENT_TIMEOUT": "4",
            # What is read here is where a page was made, and not how old it may be.
            "PAGE_STALE_SECONDS": "0",
        },
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    stack.callback(process.wait)
    stack.callback(process.terminate)
    end = time.monotonic() + PATIENCE
    while not is_open(site.port):
        assert time.monotonic() < end, (folder / "web.log").read_text()
        time.sleep(0.05)


def test_anonymous_reads_are_of_the_replica(site: Site) -> None:
    assert site.read_from(PAGE) == "replica"
    assert site.read_from() == "replica"
    # A file is read while it is sent, by a cursor of the server.
    assert site.read_from("/api/v1/proteins/?format=tsv") == "replica"


@pytest.mark.parametrize(
    "headers",
    [{"Cookie": "messages=x"}, {"Cookie": "a=b; csrftoken=x"}],
)
def test_reads_of_whoever_may_have_written_are_of_the_primary(
    headers: dict[str, str], site: Site
) -> None:
    assert site.read_from(**headers) == "primary"
    assert site.read_from(Cookie="other=x") == "replica"


def test_writes_are_of_the_primary(site: Site) -> None:
    (cookie,) = site.answer("/admin/login/").cookies
    token = cookie.split(";")[0]
    before = len(site.primary.log()), len(site.replica.log())
    answer = site.answer(
        "/admin/login/",
        "POST",
        f"csrfmiddlewaretoken={token.partition('=')[2]}&username=admin&password={PASSWORD}",
        Content_Type="application/x-www-form-urlencoded",
        Cookie=token,
    )
    assert answer.status == 302
    session = next(each for each in answer.cookies if each.startswith("sessionid")).split(";")[0]
    assert site.answer("/admin/proteins/protein/", Cookie=session).status == 200
    assert 'INSERT INTO "django_session"' in site.primary.log()[before[0] :]
    assert "SELECT" not in site.replica.log()[before[1] :].replace("SELECT 1", "")


def test_pages_follow_the_state_of_the_database_that_was_read(site: Site) -> None:
    site.rename("BEFORE")
    site.wait_for(lambda: site.name() == "BEFORE")
    with site.paused():
        # Nothing that the state is made of shows it, and it is not the same state all the same.
        site.primary.execute("UPDATE proteins_protein SET name = 'UNNUMBERED'")
        assert [site.name(), site.name()] == ["BEFORE", "BEFORE"]
        assert "UNNUMBERED" in site.answer(PAGE, Cookie="csrftoken=x").body
        assert site.name() == "BEFORE"
        site.rename("AFTER")
        time.sleep(LOOKED)
        ready = site.answer("/health/ready")
        assert ready.status == 200
        assert re.search(r"replica: 1 changes, \d+\.\d seconds behind\n", ready.body)
        # Within the limits a reader has what the replica has, a cached page as well ...
        assert [site.name(), site.name()] == ["BEFORE", "BEFORE"]
        # ... and whoever may have written has what was written.
        written = site.answer(PAGE, Cookie="csrftoken=x").body
        assert "AFTER" in written
        for _ in range(MAX_CHANGES):
            site.rename("LATEST")
        time.sleep(LOOKED)
        assert [site.name(), site.name()] == ["LATEST", "LATEST"]
        ready = site.answer("/health/ready")
        assert "behind; all reads go to the primary" in ready.body
        metrics = site.answer("/metrics").body
        assert f"tflink_replica_lag_changes {MAX_CHANGES + 1}.0" in metrics
        assert "tflink_replica_read 0.0" in metrics
        assert re.search(r"tflink_replica_lag_seconds [1-9]", metrics)
    time.sleep(LOOKED)
    assert site.read_from() == "replica"
    assert site.name() == "LATEST"
    assert "tflink_replica_read 1.0" in site.answer("/metrics").body


def test_the_primary_answers_when_the_replica_stops(site: Site) -> None:
    assert site.read_from() == "replica"
    answers: list[Answer] = []
    enough = threading.Event()

    def read() -> None:
        while not enough.is_set():
            answers.extend(map(site.answer, (PAGE, uncached())))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        site.replica.stop()
        time.sleep(LOOKED)
        enough.set()
        reader.join()
        # In the middle of what it was doing: no page has a notice, none is an error.
        assert answers
        assert {answer.status for answer in answers} == {200}
        assert not [answer for answer in answers if "cannot be reached" in answer.body]
        assert "replica: away; all reads go to the primary" in site.answer("/health/ready").body
        assert "tflink_replica_read 0.0" in site.answer("/metrics").body
    finally:
        site.replica.start()
    site.wait_for(lambda: site.read_from() == "replica")


def test_what_takes_too_long_is_not_tried_on_the_primary_as_well(site: Site) -> None:
    locked = "SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = {}"
    (row,) = site.primary.execute("SELECT 'proteins_protein'::regclass::oid")
    with site.primary.connect() as connection, connection.transaction():
        # A lock of this kind is replayed; readers there wait for it.
        connection.execute("LOCK TABLE proteins_protein IN ACCESS EXCLUSIVE MODE")
        site.wait_for(lambda: bool(site.replica.execute(locked.format(*row))))
        before = len(site.primary.log())
        answer = site.answer(uncached())
        assert answer.status == 503
        assert "took too long" in answer.body
        assert 'FROM "proteins_protein"' not in site.primary.log()[before:]
    site.wait_for(lambda: not site.replica.execute(locked.format(*row)))


def test_readers_have_the_replica_while_the_primary_is_away(site: Site) -> None:
    site.primary.stop()
    try:
        time.sleep(LOOKED)
        answer = site.answer(uncached())
        assert answer.status == 200
        assert "cannot be reached" not in answer.body
        assert site.answer(uncached(), Cookie="csrftoken=x").status == 503
        assert site.answer("/health/ready").status == 503
        assert "tflink_replica_read 1.0" in site.answer("/metrics").body
    finally:
        site.primary.start()
    site.wait_for(lambda: "replica: 0 changes" in site.answer("/health/ready").body)


@pytest.mark.parametrize("primary", ["", "postgres://tflink@db.example.org/tflink"])
def test_only_postgresql_has_replicas(primary: str, tmp_path: Path) -> None:
    url = "postgres://tflink@replica.example.org/tflink" if not primary else "sqlite:////tmp/x"
    given = {"DATABASE_URL": primary} if primary else {}
    result = python(tmp_path, "manage.py", "check", DATABASE_REPLICA_URL=url, **given)
    assert "DATABASE_REPLICA_URL is for PostgreSQL only" in result.stderr
