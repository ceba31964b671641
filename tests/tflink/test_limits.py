"""What one client may cost: rates of pages, tables and log-in; slots of whole files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache, caches
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import StreamingHttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from proteins.caching.conditional import cached_pages
from proteins.limits import files, rates, slots
from proteins.limits.slots import Slots
from proteins.models import Interaction
from tests.curation.people import browser_of, make_person
from tests.factories import make_interaction, make_protein
from tests.proteins.api.test_problems import is_problem
from tflink import limits

pytestmark = pytest.mark.django_db
PAGE = "/protein/q9uk53/"
TABLE = f"{PAGE}targets.tsv"
FILE = "/api/v1/interactions/?format=tsv"
LOGIN = "/admin/login/"
HTMX = {"HX-Request": "true", "HX-Target": "targets"}


class Clock:
    now = 1_000_000_000.25  # twenty seconds before a minute ends

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(no_limits: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.READER_RATES = {"pages": "3/minute", "tables": "2/minute", "log-in": "4/minute"}
    clock = Clock()
    monkeypatch.setattr(rates, "_clock", clock)
    cache.clear()
    yield clock
    cache.clear()
    files.slots.clear()


@pytest.fixture(autouse=True)
def interaction(db: None) -> Interaction:
    tf = make_protein("Q9UK53", "ING1", genes=[3621])
    return make_interaction(tf, make_protein("Q07812", "BAX"))


def statuses(client: Client, times: int, url: str = PAGE, **extra: Any) -> list[int]:
    return [client.get(url, **extra).status_code for _ in range(times)]


class TestRates:
    def test_beyond_the_rate_there_is_a_page_that_says_when(
        self, client: Client, clock: Clock, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        assert statuses(client, 3) == [200] * 3
        with django_assert_num_queries(0):
            refused = client.get("/browse/")
        assert refused.status_code == 429
        assert refused["Retry-After"] == "20"
        assert refused["RateLimit-Policy"] == '"pages";q=3;w=60'
        assert "no-store" in refused["Cache-Control"]
        assert "more than 3 pages within a minute. Please go on in 20 seconds." in refused.text
        assert 'href="/downloads/"' in refused.text
        assert refused["Content-Security-Policy"]
        clock.now += 20
        assert statuses(client, 1) == [200]

    def test_pages_of_the_cache_cost_nothing(self, client: Client, settings: LazySettings) -> None:
        settings.PAGE_CACHE_BYTES = 1_000_000
        cached_pages.clear()
        tag = client.get(PAGE)["ETag"]
        assert statuses(client, 5) == [200] * 5
        assert statuses(client, 5, headers={"If-None-Match": tag}) == [304] * 5
        assert statuses(client, 3, f"{PAGE}network/") == [200] * 3
        cached_pages.clear()

    def test_tables_and_pages_are_counted_apart(self, client: Client) -> None:
        assert statuses(client, 3, headers=HTMX) == [200, 200, 429]
        assert statuses(client, 4) == [200] * 3 + [429]

    def test_each_network_counts_for_itself_and_headers_are_not_believed(
        self, client: Client, settings: LazySettings
    ) -> None:
        forged = {"X-Forwarded-For": "192.0.2.99"}
        assert statuses(client, 4, REMOTE_ADDR="192.0.2.1", headers=forged) == [200] * 3 + [429]
        assert statuses(client, 3, REMOTE_ADDR="2001:db8::1") == [200] * 3
        assert statuses(client, 1, REMOTE_ADDR="2001:db8::2") == [429]
        assert statuses(client, 1, REMOTE_ADDR="2001:db8:0:1::2") == [200]
        settings.TRUSTED_PROXIES = 1
        assert statuses(client, 1, REMOTE_ADDR="192.0.2.1", headers=forged) == [200]

    def test_log_ins_and_resets_share_a_rate(self, client: Client) -> None:
        assert statuses(client, 3, LOGIN) == [200] * 3
        assert client.post("/admin/password_reset/", {"email": "x@example.org"}).status_code == 302
        refused = client.post(LOGIN, {"username": "x", "password": "y"})
        assert refused.status_code == 429
        assert "more than 4 log-ins" in refused.text
        assert statuses(client, 1) == [200]

    def test_the_api_counts_its_own_and_its_pages_are_pages(self, client: Client) -> None:
        assert statuses(client, 5, "/api/v1/taxa/") == [200] * 5
        assert statuses(client, 4, "/api/v1/docs/using/") == [200] * 3 + [429]

    def test_a_head_counts_like_a_page(self, client: Client) -> None:
        assert [client.head(TABLE).status_code for _ in range(4)] == [200] * 3 + [429]

    def test_a_cache_that_fails_refuses_nobody(
        self, client: Client, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise ConnectionError

        settings.FILE_SLOTS = settings.FILE_SLOTS_BY_CLIENT = 2
        for name in ("add", "get", "delete"):
            monkeypatch.setattr(type(caches["default"]), name, fail)
        assert statuses(client, 5) == [200] * 5
        assert client.get(TABLE).getvalue()


def close(file: Any) -> None:
    """Close a file as a server does that did not send all of it; the connection stays open."""
    request_finished.disconnect(close_old_connections)
    try:
        file.close()
    finally:
        request_finished.connect(close_old_connections)


class TestFiles:
    @pytest.fixture(autouse=True)
    def _slots(self, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.READER_RATES = dict.fromkeys(settings.READER_RATES, "")
        settings.FILE_SLOTS, settings.FILE_SLOTS_BY_CLIENT = 2, 2
        monkeypatch.setattr(files, "SPOOLED_BYTES", 10)

    @pytest.mark.parametrize("url", [TABLE, FILE, "/admin/proteins/interaction/export/"])
    def test_a_file_holds_a_slot_until_it_is_sent(self, client: Client, url: str) -> None:
        client = browser_of(make_person("ann"))
        file = client.get(url)
        assert file.status_code == 200
        assert len(files.slots) == 1
        refused = client.get(url)
        assert refused.status_code == 503
        assert refused["Retry-After"] == "10"
        assert "Try again in 10 seconds" in refused.content.decode()
        # Of a worker's slots one is left to others.
        other = client.get(url, REMOTE_ADDR="192.0.2.1")
        assert other.status_code == 200
        assert client.get(url, REMOTE_ADDR="192.0.2.2").status_code == 503
        assert file.getvalue()
        close(file)
        assert client.get(url).status_code == 200
        close(other)

    def test_the_api_refuses_in_its_own_form_before_any_work(
        self, client: Client, settings: LazySettings,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:  # fmt: skip
        settings.API_RATES = {**settings.API_RATES, "files": "2/hour"}
        file = client.get(FILE)
        for _ in range(3):
            with django_assert_num_queries(1):
                refused = client.get(FILE)
            assert is_problem(refused, 503)["detail"] == files.REFUSAL
            assert refused["Retry-After"] == "10"
        close(file)
        # What was refused was not counted.
        close(client.get(FILE))
        is_problem(client.get(FILE), 429)
        assert len(files.slots) == 0

    @pytest.mark.parametrize("url", [TABLE, FILE])
    def test_a_head_makes_nothing_and_takes_no_slot(
        self, client: Client, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = client.get(url)
        close(whole)
        monkeypatch.setattr("proteins.exports.cells.tsv_values", _never)
        monkeypatch.setattr("proteins.exports.rows.interactions", _never)
        head: Any = client.head(url)
        assert head.status_code == 200
        assert head["Content-Disposition"] == whole["Content-Disposition"]
        assert list(head.streaming_content) == []
        assert len(files.slots) == 0

    def test_a_head_counts_like_a_file(self, client: Client, settings: LazySettings) -> None:
        settings.API_RATES = {**settings.API_RATES, "files": "2/hour"}
        assert [client.head(FILE).status_code for _ in range(3)] == [200, 200, 429]
        is_problem(client.get(FILE), 429)

    def test_a_small_file_is_made_before_it_is_sent(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(files, "SPOOLED_BYTES", 1_000_000)
        for url in (TABLE, FILE):
            file = client.get(url)
            assert len(files.slots) == 0
            body = file.getvalue()
            assert file["Content-Length"] == str(len(body))
            assert body.startswith(b"UniprotID" if url == FILE else b"")

    def test_a_file_that_breaks_while_it_is_spooled_gives_its_slot_back(
        self, rf: RequestFactory
    ) -> None:
        def broken() -> Iterator[bytes]:
            yield b"x"
            raise ValueError

        middleware = limits.Limits(lambda _: StreamingHttpResponse(broken()))
        with pytest.raises(ValueError, match=r"^$"):
            middleware(rf.get("/x.tsv"))
        assert len(files.slots) == 0

    def test_a_file_is_cut_off_in_the_end(self, rf: RequestFactory, settings: LazySettings) -> None:
        settings.FILE_SECONDS = 0
        pieces = [b"x" * 20, b"y" * 20]
        answer: Any = limits.Limits(lambda _: StreamingHttpResponse(pieces))(rf.get("/x.tsv"))
        with pytest.raises(ConnectionResetError):
            list(answer.streaming_content)
        close(answer)
        assert len(files.slots) == 0

    def test_a_file_gives_way_to_other_answers(
        self, rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waited: list[float] = []
        monkeypatch.setattr("proteins.limits.files.time.sleep", waited.append)
        monkeypatch.setattr(files, "GIVES_WAY", 0.01)
        middleware = limits.Limits(lambda _: StreamingHttpResponse([b"x" * 20, b"y"]))
        answer: Any = middleware(rf.get("/x.tsv"))
        assert b"".join(answer.streaming_content) == b"x" * 20 + b"y"
        assert waited == []
        close(answer)
        with files.answers.one_more():
            answer = middleware(rf.get("/x.tsv"))
            assert len(list(answer.streaming_content)) == 2
        assert waited


def _never(*_: object, **__: object) -> Any:
    raise AssertionError("a file is made")


class TestSlots:
    def make(self, in_worker: int = 3, of_client: int = 2, seconds: float = 60) -> Slots:
        return Slots("test", lambda: in_worker, lambda: of_client, lambda: seconds)

    def test_workers_share_those_of_a_client(self, settings: LazySettings, tmp_path: Path) -> None:
        settings.CACHES = {
            "default": {
                "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
                "LOCATION": str(tmp_path),
            }
        }
        one, other = self.make(), self.make()
        first, second = one.take("a"), other.take("a")
        assert first
        assert second
        assert one.take("a") is None
        assert other.take("b")
        first.release()
        first.release()  # once is enough
        assert other.take("a")
        assert len(one) == 0

    def test_the_slots_of_who_was_killed_come_back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(slots, "MARGIN", 0)
        held = self.make(in_worker=1, seconds=-1)
        assert held.take("a")
        assert held.take("a")

    def test_no_limit(self) -> None:
        held = self.make(in_worker=0, of_client=0)
        assert all(held.take("a") for _ in range(50))


def test_one_password_at_a_time_is_looked_at(client: Client, settings: LazySettings) -> None:
    settings.LOGIN_SLOTS = 1
    form = {"username": "ann", "password": "wrong"}
    slot = limits.log_ins.take("192.0.2.9")
    assert slot
    refused = client.post(LOGIN, form)
    assert (refused.status_code, refused["Retry-After"]) == (503, "10")
    assert "Nothing that you sent was looked at" in refused.text
    assert client.get(LOGIN).status_code == 200
    slot.release()
    assert client.post(LOGIN, form).status_code == 200
    assert len(limits.log_ins) == 0
