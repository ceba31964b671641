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
    "PostgreSQL holds foreign keys",
)


#: Set to 1 where only tests that use the database are to run.
DATABASE_ONLY: Final = "TFLINK_DATABASE_ONLY"
_DATABASE: Final = frozenset({"db", "transactional_db", "live_server"})


def required() -> bool:
    return os.environ.get("TFLINK_REQUIRE_ALL", "") == "1"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the longest test, so that the others run beside it; where the suite is run
    once more on another database, leave out what knows no database."""
    items.sort(key=lambda item: item.path.name != "test_on_postgresql.py")
    if os.environ.get(DATABASE_ONLY, "") == "1":
        left_out = [item for item in items if not _uses_database(item)]
        items[:] = [item for item in items if _uses_database(item)]
        config.hook.pytest_deselected(items=left_out)


def _uses_database(item: pytest.Item) -> bool:
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
