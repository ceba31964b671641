"""What tests need beside Python: a browser, a PostgreSQL server.

Where a newcomer has none, such tests skip and say how to get it. With TFLINK_REQUIRE_ALL=1,
as in CI, a skip is a failure.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import Any, Final

import pytest

#: How the reasons begin of skips that no component would mend.
HARMLESS: Final = (
    "root may",
    "shared/",
    "the plans are SQLite's",
    "SQLite plans as well",
    "PostgreSQL holds foreign keys",
    "PostgreSQL's wait is",
    "SQLite has one writer",
    "the lock of SQLite is",
)
#: Set to 1 where the suite is run once more, on another database: only tests that use it are
#: to run, and of those in the browser only some (what a browser does with an answer hangs on
#: no database, and all answers are asked for without one, too).
DATABASE_ONLY: Final = "TFLINK_DATABASE_ONLY"
#: Files that begin first: those that take longest, and wait for other processes meanwhile.
_FIRST: Final = (
    "test_on_postgresql.py",
    "test_processes.py",
    "test_concurrent_curators.py",
    "test_kill.py",
    "test_quickstart.py",
    "test_replica.py",
)
_DATABASE: Final = frozenset({"db", "transactional_db", "live_server"})


def required() -> bool:
    return os.environ.get("TFLINK_REQUIRE_ALL", "") == "1"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the longest tests, so that the others run beside them; where the suite is run
    once more on another database, leave out what knows no database."""
    items.sort(key=lambda item: _place(item.path.name))
    if os.environ.get(DATABASE_ONLY, "") == "1":
        left_out = [item for item in items if not _uses_database(item)]
        items[:] = [item for item in items if _uses_database(item)]
        config.hook.pytest_deselected(items=left_out)


def _place(file: str) -> int:
    return _FIRST.index(file) if file in _FIRST else len(_FIRST)


def _uses_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("browser"):
        return item.get_closest_marker("both_databases") is not None
    fixtures = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or not _DATABASE.isdisjoint(fixtures)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if not hasattr(report, "wasxfail"):
        _fail_if_skipped(report, item.nodeid)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _fail_if_skipped(report, collector.nodeid)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what tests recorded: how the suite did on PostgreSQL."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            terminalreporter.write_line(f"{name}: {value}")


def _fail_if_skipped(report: Any, name: str) -> None:
    if not (required() and report.skipped):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    reason = reason.removeprefix("Skipped: ")
    if not reason.startswith(HARMLESS):
        report.outcome = "failed"
        report.longrepr = f"{name} was skipped, and TFLINK_REQUIRE_ALL is set: {reason}"
