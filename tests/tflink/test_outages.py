"""A database that is away, or of another version, and a machine without room: sentences."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from curation.importing.loading import load
from curation.importing.run import RunReport, import_pages
from curation.importing.session import ImportSession
from curation.models import ImportRun, RunState
from proteins import outages
from proteins.outages import outage_of
from tests.places import PAGES
from tests.test_settings import python

PAGE = "/protein/q9uk53/"
API = "/api/v1/proteins/"


def of_server(state: str) -> OperationalError:
    """An error as Django hands it on from PostgreSQL."""
    cause = Exception()
    cause.sqlstate = state  # type: ignore[attr-defined]
    error = OperationalError("in the words of the server")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (of_server("08006"), outages.AWAY),
        (of_server("57P01"), outages.AWAY),
        (of_server("53100"), outages.NO_ROOM),
        (of_server("55P03"), outages.LOCKED),
        (of_server("57014"), outages.SLOW),
        (of_server("23505"), None),
        (OSError(errno.ENOSPC, "No space left on device"), outages.NO_ROOM),
        (OSError(errno.ENOENT, "No such file"), None),
        (MemoryError(), outages.NO_MEMORY),
        (ValueError(), None),
    ],
)
def test_what_kept_the_site_from_working(error: Exception, outage: object) -> None:
    assert outage_of(error) is outage


@pytest.mark.parametrize(
    ("words", "outage"),
    [
        ("database or disk is full", outages.NO_ROOM),
        ("database is locked", outages.LOCKED),
        ("unable to open database file", outages.AWAY),
        ("database disk image is malformed", outages.DAMAGED),
        ("attempt to write a readonly database", outages.READ_ONLY),
        ("near SELEC: syntax error", None),
    ],
)
def test_the_words_of_sqlite(words: str, outage: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "vendor", "sqlite")
    assert outage_of(DatabaseError(words)) is outage


def test_what_an_error_came_from_counts() -> None:
    error = RuntimeError("while something was done")
    error.__cause__ = MemoryError()
    assert outage_of(error) is outages.NO_MEMORY


@pytest.mark.django_db
def test_a_column_that_only_the_program_misses_is_its_own_error() -> None:
    with pytest.raises(DatabaseError) as raised, connection.cursor() as cursor:
        cursor.execute("SELECT no_such_column FROM proteins_protein")
    if connection.vendor == "sqlite":
        assert outage_of(raised.value) is None


@pytest.mark.django_db
def test_a_database_of_another_version_is_recognised() -> None:
    recorder = MigrationRecorder(connection)
    assert outages.schema_outage() is None
    recorder.record_applied("proteins", "9999_of_a_later_program")
    assert outages.schema_outage() is outages.TOO_NEW
    recorder.record_unapplied("proteins", "9999_of_a_later_program")
    ((app, newest),) = MigrationLoader(None).graph.leaf_nodes("proteins")
    recorder.record_unapplied(app, newest)
    assert outages.schema_outage() is outages.NOT_MIGRATED


# Pages


@pytest.fixture
def readers(five_pages: RunReport, settings: LazySettings) -> Client:
    settings.PAGE_CACHE_BYTES = 1_000_000
    return Client(raise_request_exception=False)


@pytest.fixture
def away() -> Iterator[None]:
    """The database goes away; what was cached stays."""
    broken = mock.Mock(side_effect=OperationalError("unable to open database file"))
    if connection.vendor == "postgresql":
        broken.side_effect = InterfaceError("connection already closed")
    with mock.patch("django.db.backends.utils.CursorWrapper.execute", broken):
        yield


def test_a_cached_page_is_sent_with_a_notice_while_the_database_is_away(
    readers: Client, request: pytest.FixtureRequest
) -> None:
    before = readers.get(PAGE)
    request.getfixturevalue("away")
    page = readers.get(PAGE)
    assert page.status_code == 200
    assert "The database cannot be reached just now" in page.text
    assert page["Cache-Control"] == "no-store"
    assert "ETag" not in page
    assert "ING1" in page.text
    assert "The database cannot be reached" not in before.text


@pytest.mark.parametrize("path", ["/browse/", "/search/?q=x", "/admin/login/?x", API])
def test_other_pages_say_when_to_come_again(
    path: str, readers: Client, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue("away")
    readers.cookies["sessionid"] = "of-somebody"
    answer = readers.get(path)
    assert answer.status_code == 503, path
    assert int(answer["Retry-After"]) > 0
    assert answer["Cache-Control"] == "no-store"
    assert "The database cannot be reached" in answer.text
    assert answer["Content-Type"].startswith(
        "application/problem+json" if path == API else "text/html"
    )


def test_an_error_of_the_program_stays_an_error(readers: Client) -> None:
    with mock.patch("django.db.backends.utils.CursorWrapper.execute", side_effect=ValueError):
        answer = readers.get("/browse/")
    assert answer.status_code == 500
    assert "Retry-After" not in answer


# Imports


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), MemoryError()])
def test_an_import_without_room_is_a_failed_run(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load.Loader, "write", mock.Mock(side_effect=error))
    with pytest.raises(type(error)) as raised:
        import_pages([PAGES])
    assert outage_of(raised.value) is not None
    assert ImportRun.objects.get().state == RunState.FAILED


@pytest.mark.django_db(transaction=True)
def test_an_import_whose_connection_breaks_is_marked_on_a_new_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(load.Loader, "write", mock.Mock(side_effect=of_server("08006")))
    finish = ImportSession.finish
    broken = iter([OperationalError("server closed the connection unexpectedly")])

    def finish_once_connected(session: ImportSession, state: RunState) -> None:
        for error in broken:
            raise error
        finish(session, state)

    monkeypatch.setattr(ImportSession, "finish", finish_once_connected)
    with pytest.raises(OperationalError):
        import_pages([PAGES])
    assert ImportRun.objects.get().state == RunState.FAILED


# Commands


@pytest.mark.parametrize("command", ["import_pages fixtures/pages", "check_records"])
def test_commands_say_what_an_empty_database_needs(command: str, tmp_path: Path) -> None:
    result = python(tmp_path, "manage.py", *command.split())
    assert result.returncode == outages.EXIT_STATUS
    assert "Run `manage.py migrate`." in result.stderr
    assert "Traceback" not in result.stderr


def test_commands_of_django_do_too(tmp_path: Path) -> None:
    result = python(tmp_path, "manage.py", "clearsessions")
    assert result.returncode == outages.EXIT_STATUS
    assert "Run `manage.py migrate`." in result.stderr
    assert "Traceback" not in result.stderr


def test_commands_say_that_no_server_answers(tmp_path: Path) -> None:
    url = "postgres://nobody@127.0.0.1:1/none"
    result = python(tmp_path, "manage.py", "check_records", DATABASE_URL=url)
    assert result.returncode == outages.EXIT_STATUS
    assert "The database cannot be reached." in result.stderr
    assert "Traceback" not in result.stderr


def test_help_needs_no_database(tmp_path: Path) -> None:
    assert python(tmp_path, "manage.py", "import_pages", "--help").returncode == 0
