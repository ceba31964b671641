"""The access log: a line of JSON for each request, whatever is in the request."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.conf import LazySettings
from django.conf import settings as site_settings
from django.test import Client

from curation.importing.run import RunReport
from tflink.log_lines import AccessFormatter, add_request_id, current_id, quieten

PAGE = "/protein/q9uk53/"
LOGGING: dict[str, Any] = site_settings.LOGGING


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The lines of the log, read again, as they are written."""
    written: list[dict[str, Any]] = []

    class Reader(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            line = self.format(record)
            assert "\n" not in line
            written.append(json.loads(line))

    reader = Reader()
    reader.setFormatter(AccessFormatter())
    log = logging.getLogger("tflink.access")
    monkeypatch.setattr(log, "handlers", [reader])
    monkeypatch.setattr(log, "level", logging.INFO)
    log.manager._clear_cache()  # type: ignore[attr-defined]
    return written


def test_a_request_is_a_line(
    five_pages: RunReport, client: Client, lines: list[dict[str, Any]], settings: LazySettings
) -> None:
    settings.PAGE_CACHE_BYTES = 1_000_000
    tag = client.get(PAGE)["ETag"]
    client.get(PAGE)
    client.get(PAGE, headers={"If-None-Match": tag})
    first, second, third = lines
    assert [line["cache"] for line in lines] == ["miss", "hit", "hit"]
    assert (first["method"], first["path"], first["status"], first["view"]) == (
        "GET",
        PAGE,
        200,
        "protein",
    )
    assert first["bytes"] > 1000
    assert third["status"] == 304
    assert 0 < second["ms"] < 10_000
    assert len({line["request_id"] for line in lines}) == 3
    assert first["time"].endswith("Z")


def test_a_file_is_noted_when_it_was_sent(
    five_pages: RunReport, client: Client, lines: list[dict[str, Any]]
) -> None:
    answer = client.get("/api/v1/interactions/?format=tsv")
    assert answer.streaming
    assert lines == []
    assert answer.getvalue().startswith(b"UniprotID")
    answer.close()
    assert [(line["status"], line["bytes"]) for line in lines] == [(200, None)]


@pytest.mark.django_db
def test_no_request_writes_a_line_of_its_own(client: Client, lines: list[dict[str, Any]]) -> None:
    client.get('/x%0a{"status": 200}/?q=%00"\n')
    client.generic("BREW\x7f", "/", HTTP_X_REQUEST_ID="chosen-by-a-visitor")
    assert lines[0]["path"] == '/x\n{"status": 200}/'
    assert lines[1]["request_id"] != "chosen-by-a-visitor"


@pytest.mark.django_db
def test_our_own_proxy_gives_the_id(
    client: Client, lines: list[dict[str, Any]], settings: LazySettings
) -> None:
    settings.TRUSTED_PROXIES = 1
    for given in ("0123456789abcdef", "no\tid", "x" * 65):
        client.get("/health/live", headers={"X-Request-ID": given})
    assert [line["request_id"] == "0123456789abcdef" for line in lines] == [True, False, False]


@pytest.mark.django_db
def test_lines_of_errors_have_the_id_too(client: Client, lines: list[dict[str, Any]]) -> None:
    client.get("/health/live")
    record = logging.makeLogRecord({"msg": "Something", "name": "x", "levelname": "ERROR"})
    assert add_request_id(record)
    line = logging.Formatter(LOGGING["formatters"]["line"]["format"]).format(record)
    assert f"[{lines[0]['request_id']}]" in line
    assert current_id.get() == lines[0]["request_id"]


@pytest.mark.parametrize(
    ("status", "written", "traceback"), [(404, False, True), (503, True, False), (500, True, True)]
)
def test_missing_pages_are_quiet(status: int, written: bool, traceback: bool) -> None:
    record = logging.makeLogRecord({"msg": "x", "exc_info": (None, None, None)})
    record.status_code = status
    assert quieten(record) is written
    assert bool(record.exc_info) is traceback


def test_the_filter_is_on_djangos_log() -> None:
    assert LOGGING["loggers"]["django.request"]["filters"] == ["quiet"]
    assert logging.getLogger("django.request").filters
