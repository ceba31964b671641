from __future__ import annotations

import pytest
from xdist.plugin import pytest_xdist_auto_num_workers

from tests import components

pytest_plugins = ["pytester"]


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A suite of its own, with the hooks of this one."""
    monkeypatch.delenv("TFLINK_REQUIRE_ALL", raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeconftest(components.__loader__.get_source(components.__name__))  # type: ignore
    pytester.makepyfile(
        test_skips="""
        import pytest

        def test_browser():
            pytest.skip("No Chromium: install it")

        @pytest.mark.skipif(True, reason="root may read every file")
        def test_root(): ...

        @pytest.mark.xfail
        def test_known(): assert False

        def test_passes(): ...
        """,
        test_driver='import pytest\npytest.importorskip("no_such_driver")\ndef test(): ...',
        test_on_postgresql="def test_comes_first(): ...",
    )
    return pytester


def test_what_is_missing_is_skipped(suite: pytest.Pytester) -> None:
    suite.runpytest("-q").assert_outcomes(passed=2, skipped=3, xfailed=1)


def test_what_is_missing_fails_where_all_is_required(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TFLINK_REQUIRE_ALL", "1")
    result = suite.runpytest("-q", "--continue-on-collection-errors")
    result.assert_outcomes(passed=2, skipped=1, xfailed=1, failed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["*test_driver.py was skipped*no_such_driver*", "*test_browser was skipped*install it*"]
    )


def test_the_suite_on_postgresql_comes_first(suite: pytest.Pytester) -> None:
    result = suite.runpytest("-v", "--deselect", "test_skips.py")
    result.stdout.re_match_lines([r".*test_on_postgresql.*"])
    first = next(line for line in result.outlines if "::" in line)
    assert "test_on_postgresql" in first


def test_what_knows_no_database_may_be_left_out(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(components.DATABASE_ONLY, "1")
    suite.makepyfile(
        test_stored="""
        import pytest

        @pytest.fixture
        def db(): ...

        def test_row(db): ...

        @pytest.mark.browser
        def test_drawing(db): ...

        @pytest.mark.browser
        @pytest.mark.both_databases
        def test_writing(db): ...
        """
    )
    suite.runpytest("-q").assert_outcomes(passed=2, skipped=1, deselected=6)


def test_one_worker_more_than_cores(
    pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def workers() -> int:
        number: int = pytestconfig.hook.pytest_xdist_auto_num_workers(config=pytestconfig)
        return number

    monkeypatch.setenv("PYTEST_XDIST_AUTO_NUM_WORKERS", "7")
    assert workers() == 7
    monkeypatch.delenv("PYTEST_XDIST_AUTO_NUM_WORKERS")
    assert workers() == pytest_xdist_auto_num_workers(pytestconfig) + 1
