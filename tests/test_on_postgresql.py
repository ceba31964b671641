"""All tests that use the database once more, on PostgreSQL, beside those on SQLite."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.components import DATABASE_ONLY

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.postgresql
def test_the_rest_of_the_suite_passes_on_postgresql(
    record_property: Callable[[str, object], None],
) -> None:
    url = os.environ.get("TEST_POSTGRESQL_URL", "")
    if not url:
        pytest.skip(
            "TEST_POSTGRESQL_URL names no server. Install PostgreSQL 15 or newer and set it, "
            "such as postgres://user:password@127.0.0.1/postgres, for a user who may create "
            "databases"
        )
    # A name of its own, so that two runs on one server do not meet. Django connects to the
    # database `postgres` to make it.
    own = urlsplit(url)._replace(path=f"/tflink_{secrets.token_hex(4)}").geturl()
    environment = {key: value for key, value in os.environ.items() if not _of_pytest(key)}
    result = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--create-db"),
            f"--ignore={Path(__file__).relative_to(ROOT)}",
            # As many workers as there are here: what is left runs on all of them.
            f"-n{os.environ.get('PYTEST_XDIST_WORKER_COUNT', '0')}",
        ],
        cwd=ROOT,
        env={**environment, "DATABASE_URL": own, DATABASE_ONLY: "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    lines = result.stdout.splitlines()
    record_property("on PostgreSQL", lines[-1] if lines else "no output")
    assert result.returncode == 0, "on PostgreSQL:\n" + "\n".join(lines[-120:])


def _of_pytest(key: str) -> bool:
    """Whether a variable belongs to this run of pytest (or would start another like this)."""
    return key.startswith("PYTEST_") or key == "TEST_POSTGRESQL_URL"
