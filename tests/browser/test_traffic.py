from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.browser import traffic as module
from tests.browser.conftest import Visit
from tests.browser.traffic import Traffic


def test_what_is_being_answered_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    traffic, begun, goes_on = Traffic(), threading.Event(), threading.Event()

    def answer() -> None:
        traffic._begin()
        begun.set()
        goes_on.wait()
        traffic._end()

    traffic._begin()  # this thread's own requests do not count
    traffic.settle()
    with ThreadPoolExecutor() as others:
        answered = others.submit(answer)
        begun.wait()
        waiting = others.submit(traffic.settle)
        threading.Event().wait(0.2)
        assert not waiting.done()
        goes_on.set()
        waiting.result(timeout=60)
        assert answered.done()
        # What never comes to its end is not waited for without end.
        others.submit(traffic._begin).result()
        monkeypatch.setattr(module, "_AT_MOST", 0.1)
        traffic.settle()


@pytest.mark.browser
def test_every_request_is_counted_until_its_end(visit: Visit, live_server: LiveServer) -> None:
    for path in ("/", "/api/v1/proteins/", "/api/v1/proteins/?format=tsv", "/nowhere/"):
        traffic = Traffic()
        visit.page.request.get(live_server.url + path)
        traffic.settle()
        assert traffic._changed > 0
        assert not traffic._answering
