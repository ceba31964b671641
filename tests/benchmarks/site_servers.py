"""Servers to be asked, and the tool that asks: gunicorn with this site, Datasette, wrk."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from tests.benchmarks.databases import MANAGE
from tests.limits import UNLIMITED

CONNECTIONS: Final = 4
WORKERS: Final = 2
#: Threads of a worker. With them gunicorn keeps connections open between requests.
THREADS: Final = 8
_STARTS_WITHIN: Final = 60.0

#: wrk itself prints no 95th percentile.
_REPORT = """
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    '\\n{"requests": %d, "seconds": %f, "bytes": %d, "errors": %d,'
    .. ' "p50": %f, "p95": %f, "p99": %f}\\n',
    summary.requests, summary.duration / 1e6, summary.bytes,
    e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
end
"""

#: What a page of the hub's targets shows, as one query: partners, databases, methods,
#: publications, in the order of our page.
_SAME_ROWS = """
select p.name, p.accession,
  (select group_concat(g.ncbi_gene_id, ', ') from proteins_geneid g
    where g.protein_id = p.id) as gene_ids,
  (select group_concat(s.name, ', ') from proteins_evidencesource l
    join proteins_sourcedatabase s on s.id = l.source_id
    where l.evidence_id = e.id) as databases,
  (select group_concat(m.name, ', ') from proteins_evidencemethod l
    join proteins_detectionmethod m on m.id = l.method_id
    where l.evidence_id = e.id) as methods,
  (select group_concat(c.pmid, ', ') from proteins_evidencecitation l
    join proteins_citation c on c.id = l.citation_id
    where l.evidence_id = e.id) as publications,
  e.small_scale, i.status
from proteins_interaction i
join proteins_protein p on p.id = i.target_id
join proteins_evidence e on e.id = i.evidence_id
where i.tf_id = :tf and i.status <> 3
order by e.small_scale desc, e.citation_count desc, p.accession limit :rows
"""


class MissingToolError(Exception):
    """A tool that is not part of this project is not there; the text says how to get it."""


class Server(NamedTuple):
    """Where a server answers, and its process."""

    url: str
    pid: int

    @property
    def processor(self) -> float:
        """Seconds of processor time that it and its workers have taken; 0 where Linux's
        /proc does not say."""
        folder = Path("/proc")
        try:
            pids = (folder / f"{self.pid}/task/{self.pid}/children").read_text().split()
            stats = [(folder / pid / "stat").read_text() for pid in [str(self.pid), *pids]]
        except OSError:
            return 0.0
        ticks = (sum(map(int, stat.rpartition(")")[2].split()[11:13])) for stat in stats)
        return sum(ticks) / os.sysconf("SC_CLK_TCK")


class Answers(NamedTuple):
    """What wrk saw: answers a second, processor time of the server for each and percentiles
    of the latency, in milliseconds."""

    rate: float
    processor: float
    p50: float
    p95: float
    p99: float
    bytes_each: float
    errors: int


def wrk(
    server: Server,
    path: str,
    seconds: float,
    connections: int = CONNECTIONS,
    headers: Mapping[str, str] = {},
    others: Sequence[str] = (),
) -> Answers:
    """Ask for one page over and over, or for it and others in turns; return what came."""
    tool = shutil.which("wrk")
    if tool is None:
        raise MissingToolError("wrk is not installed: apt-get install wrk")
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_REPORT)
        if others:
            script.write(_in_turns([path, *others]))
        script.flush()
        command = [tool, "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout=10s"]
        for name, value in headers.items():
            command += ["-H", f"{name}: {value}"]
        before = server.processor
        run = subprocess.run(
            [*command, "-s", script.name, server.url + path],
            check=True,
            capture_output=True,
            text=True,
        )
        processor = server.processor - before
    report = json.loads(run.stdout.strip().splitlines()[-1])
    number = report["requests"] or 1
    return Answers(
        report["requests"] / report["seconds"],
        processor * 1000 / number,
        report["p50"],
        report["p95"],
        report["p99"],
        report["bytes"] / number,
        report["errors"],
    )


def _in_turns(paths: Sequence[str]) -> str:
    listed = ", ".join(map(json.dumps, paths))
    return (
        f"paths = {{{listed}}}\nnumber = 0\nrequest = function()\n"
        "  number = number % #paths + 1\n  return wrk.format(nil, paths[number])\nend\n"
    )


def fetch(url: str) -> tuple[bytes, Mapping[str, str]]:
    """Return the body and the headers of one answer, on a connection of its own."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.read(), dict(answer.headers.items())


@contextmanager
def site(
    url: str, limits: Mapping[str, str] = UNLIMITED, /, **environment: str
) -> Iterator[Server]:
    """This site on the database `url` under gunicorn: what is measured is how fast it is, not how
    often it may be asked."""
    port = _free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "tflink.wsgi", f"--bind=127.0.0.1:{port}"),
        *(f"--workers={WORKERS}", f"--threads={THREADS}", "--log-level=warning"),
    ]
    settings = {**os.environ, **limits, "DATABASE_URL": url, **environment}
    with _running(command, port, settings) as server:
        yield server


@contextmanager
def datasette(file: Path, hub: int) -> Iterator[tuple[Server, dict[str, str]]]:
    """Datasette on a SQLite file, and its pages that are compared, by what they are.

    Nothing that it does beside showing rows is left on: no facets are suggested. Proteins and
    evidence are labelled, as foreign keys are where somebody publishes a file with care.
    """
    if _datasette_version() is None:
        raise MissingToolError("Datasette is not installed: pip install datasette")
    port = _free_port()
    with tempfile.NamedTemporaryFile("w", suffix=".json") as metadata:
        json.dump(_metadata(file.stem), metadata)
        metadata.flush()
        command = [
            *(sys.executable, "-m", "datasette", "serve", str(file), f"--port={port}"),
            *("--metadata", metadata.name),
            *(
                "--setting",
                "suggest_facets",
                "off",
            ),
        ]
        with _running(command, port, dict(os.environ)) as server:
            yield (
                server,
                {
                    "Datasette, table": f"/{file.stem}/proteins_interaction?tf_id={hub}&_size=25",
                    "Datasette, query": f"/{file.stem}/targets?tf={hub}&rows=25",
                },
            )


def _datasette_version() -> str | None:
    run = subprocess.run(
        [sys.executable, "-m", "datasette", "--version"], capture_output=True, text=True
    )
    return run.stdout.strip() if run.returncode == 0 else None


def _metadata(database: str) -> dict[str, object]:
    tables = {
        "proteins_protein": {"label_column": "accession"},
        "proteins_evidence": {"label_column": "citation_count"},
    }
    queries = {"targets": {"sql": _SAME_ROWS, "params": ["tf", "rows"]}}
    return {"databases": {database: {"tables": tables, "queries": queries}}}


@contextmanager
def _running(command: list[str], port: int, environment: Mapping[str, str]) -> Iterator[Server]:
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command, cwd=MANAGE.parent, env=dict(environment), stdout=log, stderr=log
        )
        server = Server(f"http://127.0.0.1:{port}", process.pid)
        try:
            _wait_for(process, f"{server.url}/")
            yield server
        except _NotThereError:
            log.seek(0)
            print(log.read().decode(errors="replace"), file=sys.stderr)
            raise
        finally:
            process.terminate()
            process.wait(timeout=30)


class _NotThereError(Exception):
    pass


def _wait_for(process: subprocess.Popen[bytes], url: str) -> None:
    ends = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < ends and process.poll() is None:
        try:
            fetch(url)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise _NotThereError(f"no answer from {url}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
