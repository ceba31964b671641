"""Several people at the same moment, each in a thread of their own."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection, connections

Result = TypeVar("Result")


def share_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give threads a database that they may use at once: of SQLite a file, as a site has it."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        path = tmp_path / "shared.sqlite3"
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
        monkeypatch.setitem(connections.settings["default"], "NAME", str(path))


def all_at_once(works: Sequence[Callable[[], Result]]) -> list[Result]:
    """Run each in a thread of its own, at the same moment, and return what they return."""
    barrier = Barrier(len(works))

    def one(work: Callable[[], Result]) -> Result:
        try:
            barrier.wait(timeout=120)
            return work()
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(one, works))


def in_a_thread(work: Callable[[], Result]) -> Result:
    """Run one thing where the threads did, such as a look at what they wrote."""
    return all_at_once([work])[0]
