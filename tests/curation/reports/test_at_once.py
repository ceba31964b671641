"""Readers who send at the same moment, and while an import is being written."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client

from curation import actions
from curation.actions import reports
from curation.actions.report_limits import Sender, TooManyReportsError
from curation.actions.writing import write_lock
from curation.models import PublicReport, RecordKind
from proteins.models import Protein
from tests.curation.actions.test_busy import import_at_work
from tests.curation.at_once import all_at_once, in_a_thread, share_database
from tests.curation.reports.sending import TEXT, send, sent
from tests.factories import make_protein

pytestmark = pytest.mark.django_db(transaction=True)
READERS = 6


@pytest.fixture
def lone(transactional_db: None) -> Protein:
    return make_protein("Q9UK53", "ING1")


def test_while_an_import_is_written_nothing_is_sent_and_nothing_lost(
    client: Client, lone: Protein, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "PATIENCE", 1)
    with import_at_work(monkeypatch):
        answer = send(client, lone, pmids="9186514")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "60"
    assert "An import is running." in answer.text
    assert f"{TEXT}</textarea>" in answer.text
    assert 'value="9186514"' in answer.text
    assert not PublicReport.objects.exists()
    sent(client, lone, pmids="9186514")


def test_a_visitor_does_not_wait_as_long_as_a_curator_does(lone: Protein) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's wait is of one transaction and ends with it")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 20000")
        with write_lock(patience=3):
            cursor.execute("PRAGMA busy_timeout")
            assert cursor.fetchone() == (20000,), "again, once the transaction has begun"


@pytest.fixture
def shared(lone: Protein, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that threads may use at once."""
    share_database(tmp_path, monkeypatch)


def sent_at_once(record_id: int, messages: list[str]) -> tuple[list[str], int]:
    """Send each from a thread of its own; return the tokens, and how many are stored."""

    def one(message: str) -> str:
        try:
            return actions.report_error(
                kind=RecordKind.PROTEIN,
                record_id=record_id,
                category="name",
                message=message,
                sender=Sender("s" * 32),
            ).token
        except TooManyReportsError:
            return "too many"

    tokens = all_at_once([partial(one, message) for message in messages])
    return tokens, in_a_thread(PublicReport.objects.count)


def test_the_same_text_at_the_same_moment_is_one_report(shared: None, lone: Protein) -> None:
    tokens, stored = sent_at_once(lone.pk, [TEXT] * READERS)
    assert (len(set(tokens)), stored) == (1, 1)
    assert "too many" not in tokens


def test_nobody_slips_past_the_limit_at_the_same_moment(
    shared: None, lone: Protein, settings: LazySettings
) -> None:
    settings.REPORTS_PER_HOUR = 2
    tokens, stored = sent_at_once(lone.pk, [f"{TEXT} {number}" for number in range(READERS)])
    assert tokens.count("too many") == READERS - 2
    assert stored == 2
