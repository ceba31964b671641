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


def required() -> bool:
    return os.environ.get("TFLINK_REQUIRE_ALL", "") == "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest test, so that the others run beside it."""
    items.sort(key=lambda item: item.path.name != "test_on_postgresql.py")


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
