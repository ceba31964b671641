"""PostgreSQL gives up on a statement of the web service, and on none of a command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import LazySettings
from django.db import connection

from tests.test_settings import setting
from tflink.timeouts import limit_statements

URL = "postgres://tflink@db.example.org/tflink?options=-c%20work_mem=8MB"


def options_after(importing: str, folder: Path, **environment: str) -> Any:
    expression = (
        "[__import__('django').setup(), __import__('importlib').import_module("
        f"'{importing}'), __import__('django.db').db.connection.settings_dict['OPTIONS']][2]"
    )
    return setting(
        folder,
        expression,
        DJANGO_SETTINGS_MODULE="tflink.settings",
        DATABASE_URL=URL,
        **environment,
    )


def test_only_the_web_service_has_a_limit(tmp_path: Path) -> None:
    given = {"options": "-c work_mem=8MB", "connect_timeout": 3}
    assert options_after("tflink.command_line", tmp_path) == given
    limited = given | {"options": "-c jit=off -c work_mem=8MB -c statement_timeout=60s"}
    assert options_after("tflink.wsgi", tmp_path) == limited
    unlimited = given | {"options": "-c jit=off -c work_mem=8MB"}
    assert options_after("tflink.wsgi", tmp_path, STATEMENT_TIMEOUT="0") == unlimited


def test_the_limit_is_one_that_the_server_takes(
    transactional_db: None, settings: LazySettings
) -> None:
    if connection.vendor != "postgresql":
        limit_statements()
        assert "options" not in connection.settings_dict["OPTIONS"]
        return
    settings.STATEMENT_TIMEOUT = 7
    before = dict(connection.settings_dict["OPTIONS"])
    limit_statements()
    connection.close()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("7s",)
    finally:
        connection.settings_dict["OPTIONS"] = before
        connection.close()
