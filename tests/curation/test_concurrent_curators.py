"""Curators who save at the same time, over HTTP, each with a browser of their own.

The benchmark is the test: here with fewer edits, on a database of its own (a SQLite file, or
one beside the test's on PostgreSQL), because threads of a server share neither the test's
transaction nor a database in memory.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys

from tests.benchmarks.databases import databases
from tests.places import ROOT

CURATORS, EDITS = 8, 48
#: Of so many edits a quarter meet on two records: some come too late, whatever the machine.
CONTESTED = 2


def test_nothing_is_lost_where_eight_save_at_once() -> None:
    with databases(os.environ.get("DATABASE_URL", "")) as made:
        result = subprocess.run(
            [
                *(sys.executable, "-m", "tests.benchmarks.concurrent_curators"),
                *(
                    f"--edits={EDITS}",
                    f"--curators={CURATORS}",
                    f"--contested={CONTESTED}",
                    "--server=django",
                ),
            ],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": made.fresh()},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    output = result.stdout + result.stderr
    assert result.returncode == 0, output
    assert f"{EDITS} of {EDITS} edits saved" in output
    # Without a message that a colleague was faster, nothing would be proved.
    assert re.search(r"[1-9][0-9]* stale answers", output), output
