"""Every operation of the schema against a running site, by schemathesis with all its checks.

    TFLINK_CONTRACT_CASES=10000 python -m tests.proteins.api.contract

makes a database of its own (SQLite; with DATABASE_URL, that one, which must be empty), fills
it, serves it with gunicorn, and lets schemathesis send requests: at least
TFLINK_CONTRACT_CASES (10,000 by default). Ends with 1 where a response is an error of the server
or not what the schema describes. With another TFLINK_CONTRACT_SEED (a number) it sends others; with
TFLINK_CONTRACT_PATHS (a regular expression) those of some paths only.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.limits import UNLIMITED
from tests.places import ROOT

CONFIG: Final = Path(__file__).with_name("contract.toml")
HOOKS: Final = "tests.proteins.api.contract_hooks"
WORKERS: Final = 2
_COUNTED: Final = re.compile(r"^ *(\d+) generated", re.MULTILINE)


def schemathesis(url: str, *options: str, folder: str) -> subprocess.CompletedProcess[str]:
    """Let schemathesis send requests to the site at `url`; its report is in `stdout`."""
    return subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run"),
            *(f"{url}/api/v1/schema/?format=json", "--generation-database=none"),
            *("--checks=all", "--continue-on-failure", "--no-color", "--workers=1", *options),
        ],
        cwd=folder,
        env={
            **os.environ,
            "SCHEMATHESIS_HOOKS": HOOKS,
            "PYTHONPATH": str(ROOT),
            "TFLINK_CONTRACT_HOST": url,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def cases(output: str) -> int:
    """The number of requests that schemathesis reports."""
    outcome = _COUNTED.search(output)
    return int(outcome[1]) if outcome else 0


@contextmanager
def served(folder: str) -> Iterator[str]:
    """A site with content in it; yields its URL."""
    environment = {
        **os.environ,
        "TFLINK_DATA_DIR": folder,
        "PYTHONPATH": str(ROOT),
        **UNLIMITED,
    }
    fill(environment, "from tests.proteins.api.content import fill; fill()")
    with serving(environment) as (url, _):
        yield url


def fill(environment: Mapping[str, str], filling: str) -> None:
    """Make a database, and put something in."""
    for manage in (("migrate", "--verbosity=0"), ("shell", "--verbosity=0", "-c", filling)):
        subprocess.run(
            [sys.executable, "manage.py", *manage], cwd=ROOT, env=environment, check=True
        )


@contextmanager
def serving(environment: Mapping[str, str], workers: int = WORKERS) -> Iterator[tuple[str, int]]:
    """The site of a database that is there, by gunicorn; yields its URL and process ID."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        *(sys.executable, "-m", "gunicorn", "tflink.wsgi", f"--bind=127.0.0.1:{port}"),
        *(f"--workers={workers}", "--threads=4", "--log-level=warning"),
    ]
    # Refusals are intended; the site writes a line for each.
    with Path(environment["TFLINK_DATA_DIR"], f"log-{port}").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/api/v1/schema/", server)
        yield f"http://127.0.0.1:{port}", server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(120)


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        try:
            urllib.request.urlopen(url, timeout=10).close()
        except OSError:
            if server.poll() is not None:
                raise SystemExit("gunicorn does not start") from None
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"no response from {url}")


def main() -> int:
    wanted = int(os.environ.get("TFLINK_CONTRACT_CASES", "10000"))
    with tempfile.TemporaryDirectory() as folder, served(folder) as url:
        cases_run, failed, began = 0, False, time.monotonic()
        seed = int(os.environ.get("TFLINK_CONTRACT_SEED", "1")) * 1_000_000
        paths = os.environ.get("TFLINK_CONTRACT_PATHS", "")
        chosen = [f"--include-path-regex={paths}"] if paths else []
        while cases_run < wanted and not failed:
            # At a time as many as there are workers, each with cases of its own.
            options = [f"--max-examples={max(wanted // (60 * WORKERS), 1)}", *chosen]
            seeds = range(seed, seed := seed + WORKERS)
            with ThreadPoolExecutor(WORKERS) as pool:
                runs = [
                    pool.submit(schemathesis, url, *options, f"--seed={one}", folder=folder)
                    for one in seeds
                ]
            for run in runs:
                outcome = run.result()
                print(outcome.stdout, outcome.stderr, sep="\n")
                cases_run += cases(outcome.stdout)
                failed |= outcome.returncode != 0 or not cases(outcome.stdout)
        print(f"{cases_run} cases in {time.monotonic() - began:.0f} s")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
