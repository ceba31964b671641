"""A release that is killed (SIGKILL) at any moment, on each database, in real processes.

The releases are then either as they were or with the whole new one, and the next run goes on.
TFLINK_KILLS sets how many moments are tried (one by default).
"""

from __future__ import annotations

import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.curation.importing.test_kill import KILLS, Machine, machine, made_up_table

__all__ = ["machine"]


@pytest.fixture(scope="module")
def filled(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    machine.fresh()
    table = made_up_table(tmp_path_factory.mktemp("table") / "t.tsv.gz")
    machine.run("import_tables", str(table))
    return machine


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_a_killed_release_is_there_whole_or_not_at_all(
    filled: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "releases"
    monkeypatch.setenv("RELEASES_DIR", str(folder))
    began = time.monotonic()
    filled.run("make_release", "2026.01")
    before = (folder / "2026.01" / "SHA256SUMS").read_bytes()
    seconds = time.monotonic() - began
    made = names(folder)
    for number in range(KILLS):
        name = f"2027.01.{number + 1}"
        moment = random.uniform(0, seconds * 1.05)
        process = filled.start("make_release", name)
        time.sleep(moment)
        filled.kill(process)
        left = [path.name for path in folder.glob(".*partial*")]
        when = f"{number}: after {moment:.2f} of {seconds:.2f} s; left: {left}"
        now = names(folder)
        print(when, "whole" if name in now else "as before")
        assert now in (made, sorted([*made, name])), when
        made = now
        for release in made:
            check = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
            assert subprocess.run(check, cwd=folder / release).returncode == 0, when
            listed = (folder / release / "SHA256SUMS").read_text().splitlines()
            assert len(listed) + 1 == len(list((folder / release).iterdir())), when
        # Whatever is left is in nobody's way, and gone after the next.
        again = filled.start("make_release", name)
        _, error = again.communicate(timeout=600)
        assert (again.returncode == 0) == (name not in made), when
        assert again.returncode == 0 or "is there already" in error
        made = sorted({*made, name})
        assert names(folder) == made
        if again.returncode == 0:
            assert not list(folder.glob(".*partial*")), when
    assert (folder / "2026.01" / "SHA256SUMS").read_bytes() == before


def test_a_second_run_beside_a_live_one_is_refused(
    filled: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "releases"
    monkeypatch.setenv("RELEASES_DIR", str(folder))
    first = filled.start("make_release", "2026.01")
    while first.poll() is None and not list(folder.glob(".*partial*")):
        time.sleep(0.01)
    # Stopped wherever it is, it holds its lock for as long as the test needs.
    first.send_signal(signal.SIGSTOP)
    assert first.poll() is None
    (partial,) = folder.glob(".*partial*")
    second = filled.start("make_release", "2026.01")
    _, error = second.communicate(timeout=300)
    assert second.returncode != 0
    assert "Another release is being made" in error
    assert partial.is_dir(), "that of a live run is left alone"
    first.send_signal(signal.SIGINT)
    first.send_signal(signal.SIGCONT)
    _, error = first.communicate(timeout=300)
    assert first.returncode != 0
    assert "Stopped; nothing of the release is left." in error
    assert [path.name for path in folder.iterdir()] == [".lock"]
