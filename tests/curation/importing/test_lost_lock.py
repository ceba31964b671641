"""An import whose connection is replaced takes its right again, or stops where another has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from curation.checks import find_breaches
from curation.importing import pages as page_files
from curation.importing.run import import_pages
from curation.importing.session import ImportSession
from curation.models import ImportRun, RunState
from curation.shared import lock
from curation.shared.bulk import PostgresBulk
from curation.shared.lock import ImportLostError, import_lock
from proteins.models import Interaction
from proteins.outages import EXIT_STATUS
from proteins.queries.content_digest import content_digest
from tests.curation.importing.pages_for_tests import page, row, write

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four pages, each a chunk."""
    monkeypatch.setattr(page_files, "PAGES_IN_CHUNK", 1)
    names = ["Q9UK53", "Q07812", "P04637", "P01106"]
    texts = {name: page(name, name, targets=[row("TP53", "P04637")]) for name in names}
    return write(tmp_path / "pages", **texts)


@pytest.fixture
def other() -> Iterator[Callable[..., None]]:
    """Someone else's session on the server, which stays as long as the test."""
    if connection.vendor != "postgresql":
        pytest.skip("the lock of SQLite is that of an open file")
    connection.ensure_connection()
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as session:

        def execute(sql: str, *parameters: int) -> None:
            session.execute(sql.encode(), parameters)

        yield execute


def after(number: int, then: Callable[[], None]) -> Callable[[int], None]:
    """What an import calls after each page: `then` is called after so many."""
    left = [number]

    def progress(pages: int) -> None:
        left[0] -= pages
        if left[0] == 0:
            then()

    return progress


def session_of_import() -> int:
    return int(connection.connection.info.backend_pid)


def test_a_lost_connection_is_replaced_and_the_right_with_it(
    pages: Path, other: Callable[..., None]
) -> None:
    def terminate() -> None:
        other("SELECT pg_terminate_backend(%s, 5000)", session_of_import())

    report = import_pages([pages], on_progress=after(3, terminate))
    assert report.clean
    assert ImportRun.objects.get().state == RunState.FINISHED
    assert Interaction.objects.count() == 4
    # Taken once and released once: whoever comes next has it.
    other("SELECT pg_advisory_lock(%s)", lock._ADVISORY_KEY)


def test_a_connection_that_is_lost_while_rows_are_copied_is_replaced(
    pages: Path, other: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, left = PostgresBulk.insert, [10]

    def lost_at_the_tenth(bulk: PostgresBulk, *what: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            other("SELECT pg_terminate_backend(%s, 5000)", session_of_import())
        copy(bulk, *what)

    monkeypatch.setattr(PostgresBulk, "insert", lost_at_the_tenth)
    assert import_pages([pages]).clean
    assert left[0] < 0
    assert ImportRun.objects.get().state == RunState.FINISHED
    assert Interaction.objects.count() == 4


def test_a_connection_that_is_lost_when_all_is_stored_is_no_failure(
    pages: Path, other: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    finish = ImportSession.finish

    def finish_and_lose(session: ImportSession, state: RunState) -> None:
        finish(session, state)
        other("SELECT pg_terminate_backend(%s, 5000)", session_of_import())

    monkeypatch.setattr(ImportSession, "finish", finish_and_lose)
    assert import_pages([pages]).clean
    assert ImportRun.objects.get().state == RunState.FINISHED


def test_an_import_stops_where_another_has_its_right(
    pages: Path, other: Callable[..., None]
) -> None:
    def replace() -> None:
        other("SELECT pg_terminate_backend(%s, 5000)", session_of_import())
        other("SELECT pg_advisory_lock(%s)", lock._ADVISORY_KEY)

    with pytest.raises(ImportLostError):
        import_pages([pages], on_progress=after(3, replace))
    assert Interaction.objects.count() == 3


def test_an_import_stops_where_its_run_was_undone_meanwhile(pages: Path) -> None:
    def undo() -> None:
        ImportRun.objects.update(state=RunState.UNDONE)

    with pytest.raises(ImportLostError, match="has stopped"):
        import_pages([pages], on_progress=after(3, undo))
    assert ImportRun.objects.get().state == RunState.UNDONE
    assert Interaction.objects.count() == 3


def test_an_import_does_not_end_a_run_that_is_no_longer_its_own(pages: Path) -> None:
    def fail() -> None:
        ImportRun.objects.update(state=RunState.FAILED)

    with pytest.raises(ImportLostError):
        # After the last page: only the end of the run is left to write.
        import_pages([pages], on_progress=after(4, fail))
    assert ImportRun.objects.get().state == RunState.FAILED


def test_the_command_says_so_and_the_next_import_completes_it(
    pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(held: object) -> None:
        raise ImportLostError

    with monkeypatch.context() as patched:
        patched.setattr(lock.ImportLock, "confirm", lose)
        patched.setattr(lock.PostgresImportLock, "confirm", lose)
        with pytest.raises(CommandError, match="Start it again") as stopped:
            call_command("import_pages", str(pages))
        assert stopped.value.returncode == EXIT_STATUS
    call_command("import_pages", str(pages))
    assert list(find_breaches()) == []
    complete = content_digest()
    call_command("import_pages", str(pages), "--force")
    assert content_digest() == complete
    with import_lock():
        pass
