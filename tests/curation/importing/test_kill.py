"""An import that is killed (SIGKILL) at any moment, on each database, in real processes.

Whatever was committed is sound, and the same command again brings the database to where an
undisturbed import would have brought it. TFLINK_KILLS sets how many moments are tried (one of
each by default), TFLINK_TABLES names a folder of whole-species tables to try it with instead of
made-up ones; PostgreSQL is that of TEST_POSTGRESQL_URL, or of DATABASE_URL.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.benchmarks.databases import MANAGE, Databases, PostgresDatabases, SqliteDatabases
from tests.benchmarks.page_writer import write_pages
from tests.curation.importing.test_sites import site_row
from tests.curation.importing.test_sites import table as write_sites
from tests.curation.importing.test_tables import table_row, write_table
from tests.factories import accession

KILLS = int(os.environ.get("TFLINK_KILLS", "1"))
TABLES = os.environ.get("TFLINK_TABLES", "")
#: Runs manage.py's commands with chunks so small that a small import has many; the commands
#: of one call are separated by `then`.
_LAUNCH = """
import sys, django
django.setup()
from django.core.management import call_command
from curation.importing import pages as page_files, rows as row_files
pages, rows, *words = sys.argv[1:]
page_files.PAGES_IN_CHUNK = int(pages) or page_files.PAGES_IN_CHUNK
row_files.ROWS_IN_CHUNK = int(rows) or row_files.ROWS_IN_CHUNK
while words:
    at = words.index("then") if "then" in words else len(words)
    call_command(*words[:at])
    words = words[at + 1 :]
"""
SMALL_CHUNKS = ("15", "150")
USUAL_CHUNKS = ("0", "0")


@dataclass
class Machine:
    """Runs commands as processes, on fresh databases."""

    made: Databases
    chunks: Sequence[str]
    url: str = ""
    _running: list[subprocess.Popen[str]] = field(default_factory=list)

    def fresh(self) -> None:
        self.url = self.made.fresh()

    def start(self, *words: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", _LAUNCH, *self.chunks, *words],
            cwd=MANAGE.parent,
            env={
                **os.environ,
                "DATABASE_URL": self.url,
                "DJANGO_SETTINGS_MODULE": "tflink.settings",
                "PYTHONPATH": str(MANAGE.parent),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Whoever starts the tests in the background may have them ignore Ctrl-C, and what
            # they start with them.
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.default_int_handler),
        )
        self._running.append(process)
        return process

    def run(self, *words: str) -> str:
        """Run commands to their end, all of which must succeed; return what they print."""
        process = self.start(*words)
        out, err = process.communicate(timeout=600)
        assert process.returncode == 0, f"{' '.join(words)}: {out[-2000:]}{err[-2000:]}"
        return out

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Read from the database without Django, beside whoever writes."""
        if self.url.startswith("sqlite"):
            with sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=120) as connection:
                return connection.execute(sql).fetchall()
        with psycopg.connect(self.url) as connection:
            return connection.execute(sql.encode()).fetchall()

    def wait_for_run(self, process: subprocess.Popen[str]) -> None:
        """Wait until `process` has begun its run."""
        while process.poll() is None:
            if self.ask("SELECT 1 FROM curation_importrun WHERE state = 'running'"):
                return
            time.sleep(0.01)

    def kill(self, process: subprocess.Popen[str]) -> None:
        """Kill `process`, and wait until a server has noticed: it ends a statement first."""
        process.send_signal(signal.SIGKILL)
        process.communicate()
        if not self.url.startswith("sqlite"):
            others = "datname = current_database() AND pid <> pg_backend_pid()"
            while self.ask(f"SELECT 1 FROM pg_stat_activity WHERE {others}"):
                time.sleep(0.02)

    def close(self) -> None:
        for process in self._running:
            if process.poll() is None:
                process.kill()
                process.communicate()
        self.made.close()


def postgres_url() -> str:
    for name in ("TEST_POSTGRESQL_URL", "DATABASE_URL"):
        if os.environ.get(name, "").startswith("postgres"):
            return os.environ[name]
    pytest.skip("no server: set TEST_POSTGRESQL_URL or DATABASE_URL to a PostgreSQL database")


@pytest.fixture(
    scope="module",
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)],
)
def machine(request: pytest.FixtureRequest) -> Iterator[Machine]:
    sqlite = request.param == "sqlite"
    made = SqliteDatabases() if sqlite else PostgresDatabases(postgres_url())
    machine = Machine(made, USUAL_CHUNKS if TABLES else SMALL_CHUNKS)
    yield machine
    machine.close()


@pytest.fixture(scope="module")
def imports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The commands to kill, with what they import."""
    folder = tmp_path_factory.mktemp("corpus")
    if TABLES:
        tables = [*Path(TABLES).glob("*.tsv"), *Path(TABLES).glob("*.tsv.gz")]
        tables.sort(key=lambda file: file.stat().st_size)
    else:
        tables = [made_up_table(folder / "t.tsv.gz")]
    write_pages(tables[-1], folder / "pages")
    return {
        "import_pages": ["import_pages", str(folder / "pages")],
        "import_tables": ["import_tables", *map(str, tables)],
        "import_sites": ["import_sites", str(made_up_sites(folder / "sites.tsv"))],
        "import_statements": [
            *("import_tables", *map(str, tables), "then", "import_statements"),
            *(str(made_up_statements(folder / "x.tsv")), "--of-version", "1", "--licence", "CC0"),
        ],
    }


def made_up_table(file: Path, tfs: int = 10, targets: int = 150) -> Path:
    """The interactions of TFs with all of some targets, supported in different ways."""
    chosen = random.Random(5)
    rows = [
        table_row(
            accession(tf),
            accession(target),
            PubmedID=f"24170807;{1000 + chosen.randrange(200)}",
            **{"Name.TF": f"TF{tf}", "Name.Target": f"T{target}"},
        )
        for tf in range(tfs)
        for target in range(targets)
    ]
    return write_table(file, *rows)


def made_up_sites(file: Path) -> Path:
    """1,500 sites of 20 TFs, each under an older and under its present ID."""
    rows = [
        site_row(
            f"TFLink{prefix}{number:08d}",
            Start=str(1000 + number),
            End=str(1010 + number),
            PubmedID=str(1000 + number % 200),
            **{"UniprotID.TF": accession(number % 20)},
        )
        for prefix in ("LT", "SS")
        for number in range(750)
    ]
    return write_sites(file, *rows)


def made_up_statements(file: Path) -> Path:
    """TRRUST's form on 750 of the made-up interactions, by accession."""
    lines = [
        "\t".join(
            (
                accession(tf),
                accession(target),
                ("Activation", "Repression")[target % 2],
                str(target + 1),
            )
        )
        for tf in range(5)
        for target in range(150)
    ]
    file.write_text("\n".join(lines))
    return file


@pytest.mark.parametrize(
    "command", ["import_pages", "import_tables", "import_sites", "import_statements"]
)
def test_a_killed_import_leaves_sound_records_and_goes_on(
    machine: Machine, imports: dict[str, list[str]], command: str
) -> None:
    words = imports[command]
    machine.fresh()
    undisturbed = machine.run(*words, "then", "content_digest").split()[-1]
    seconds = run_seconds(machine)
    for number in range(KILLS):
        seconds, moment = kill_at_some_moment(machine, words, seconds)
        chunks = machine.ask("SELECT count(*) FROM curation_runchunk")[0][0]
        when = f"{command} {number}: after {moment:.2f} of {seconds:.2f} s, {chunks} chunks in"
        print(when)
        again = ["check_records", "then", *words, "then", "check_records", "then", "content_digest"]
        assert machine.run(*again).split()[-1] == undisturbed, when


def kill_at_some_moment(
    machine: Machine, words: Sequence[str], seconds: float
) -> tuple[float, float]:
    """Kill an import of about so many seconds; return how long it takes at most, and when.

    Moments are others each time; a failed test says which.
    """
    while True:
        machine.fresh()
        moment = random.uniform(0, seconds)
        process = machine.start(*words)
        machine.wait_for_run(process)
        time.sleep(moment)
        machine.kill(process)
        if process.returncode == -signal.SIGKILL:
            return seconds, moment
        seconds = moment  # it had ended by then: sooner, next time


def run_seconds(machine: Machine) -> float:
    """How long the runs of the database took."""
    sql = "SELECT min(started_at), max(finished_at) FROM curation_importrun"
    ((began, ended),) = machine.ask(sql)
    return (as_time(ended) - as_time(began)).total_seconds()


def as_time(value: Any) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def test_a_second_import_is_refused_and_a_killed_one_leaves_no_lock(
    machine: Machine, imports: dict[str, list[str]]
) -> None:
    machine.fresh()
    first = machine.start(*imports["import_tables"])
    machine.wait_for_run(first)
    # Stopped wherever it is, it holds its lock for as long as the test needs.
    first.send_signal(signal.SIGSTOP)
    assert first.poll() is None
    ((began,),) = machine.ask("SELECT started_at FROM curation_importrun")
    for words in imports.values():
        second = machine.start(*words)
        _, error = second.communicate(timeout=300)
        assert second.returncode != 0
        assert "Another import is running on this database" in error
        assert f"it began at {as_time(began):%Y-%m-%d %H:%M:%S} UTC" in error
    assert machine.ask("SELECT count(*) FROM curation_importrun") == [(1,)]
    machine.kill(first)
    machine.run(*imports["import_tables"], "then", "check_records")
    states = machine.ask("SELECT state FROM curation_importrun ORDER BY id")
    assert states == [("failed",), ("finished",)]
