"""How NCBI's service is asked, at what rate, and what becomes of answers that fail."""

from __future__ import annotations

import time
from email.utils import formatdate
from itertools import pairwise

import pytest
from Bio import Entrez

from curation.literature.entrez import (
    INTERVAL,
    INTERVAL_WITH_KEY,
    EntrezError,
    PubMed,
    RefusedError,
    Service,
)
from curation.literature.pace import backoff, retry_after_seconds
from tests.curation.literature.conftest import MadeUpTime
from tests.curation.literature.service import Answer, article, article_set
from tests.curation.literature.service import Service as FakeService


def pubmed(service: FakeService, clock: MadeUpTime, **how: object) -> PubMed:
    settings = {
        "url": service.url,
        "email": "me@tflink.example",
        "tries": 3,
        "timeout": 60.0,
        **how,
    }
    return PubMed(Service(**settings), clock.time)  # type: ignore[arg-type]


def test_a_request_is_posted_with_who_asks(service: FakeService, clock: MadeUpTime) -> None:
    result = pubmed(service, clock, api_key="s3cret").publications([1, 2])
    assert sorted(result) == [1, 2]
    assert service.requests == [
        {
            "path": "/entrez/eutils/efetch.fcgi",
            "db": "pubmed",
            "retmode": "xml",
            "id": "1,2",
            "tool": "tflink",
            "email": "me@tflink.example",
            "api_key": "s3cret",
        }
    ]


def test_nothing_of_biopythons_entrez_is_used(
    service: FakeService, clock: MadeUpTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither its globals, which belong to the whole process, nor what is private to it."""
    for name in [name for name in vars(Entrez) if not name.startswith("__")]:
        monkeypatch.delattr(Entrez, name)
    assert sorted(pubmed(service, clock).publications([1])) == [1]
    assert "api_key" not in service.requests[0]


@pytest.mark.parametrize(("key", "interval"), [("", INTERVAL), ("key", INTERVAL_WITH_KEY)])
def test_the_rate(service: FakeService, clock: MadeUpTime, key: str, interval: float) -> None:
    client = pubmed(service, clock, api_key=key)
    times = []
    service.on_request = lambda _: times.append(clock.seconds)
    for pmid in range(1, 12):
        client.publications([pmid])
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert gaps == pytest.approx([interval] * 10)
    most = 10 if key else 3
    in_a_second = max(sum(start <= at < start + 1 for at in times) for start in times)
    assert in_a_second <= most
    assert clock.sleeps == pytest.approx([interval] * 10)


def test_it_does_not_wait_when_the_time_has_passed(service: FakeService, clock: MadeUpTime) -> None:
    client = pubmed(service, clock)
    client.publications([1])
    clock.seconds += 60
    client.publications([2])
    assert clock.sleeps == []


CUT = article_set([article(1), article(2)])


@pytest.mark.parametrize(
    "bad",
    [
        Answer(429, "{}"),
        Answer(500, "oops"),
        Answer(502),
        Answer(503),
        Answer(400, "<eFetchResult><ERROR>proxy_stream(): 502 Bad Gateway</ERROR></eFetchResult>"),
        Answer(body='{"error":"API rate limit exceeded","count":"4"}'),
        Answer(body="<!DOCTYPE html><html><body>We are sorry</body></html>"),
        Answer(body="<eFetchResult><ERROR>Unable to obtain query</ERROR></eFetchResult>"),
        Answer(body=""),
        Answer(body=CUT[: len(CUT) // 2]),
        Answer(body=CUT, cut=len(CUT) // 2),
        Answer(cut=0),
        Answer(body=article_set([article(1), article(3)])),
    ],
    ids=str,
)
def test_what_passes_is_asked_again(service: FakeService, clock: MadeUpTime, bad: Answer) -> None:
    service.answers = [bad]
    assert sorted(pubmed(service, clock).publications([1, 2])) == [1, 2]
    assert len(service.requests) == 2
    assert clock.sleeps == [1.0]


def test_waits_double_and_end(service: FakeService, clock: MadeUpTime) -> None:
    service.answers = [Answer(503, "busy")] * 9
    with pytest.raises(EntrezError, match=r"answered 503 .*it says: busy.*tried 5 times"):
        pubmed(service, clock, tries=5).publications([1])
    assert clock.sleeps == [1.0, 2.0, 4.0, 8.0]
    assert len(service.requests) == 5


@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_honoured(service: FakeService, clock: MadeUpTime, as_date: bool) -> None:
    asks = formatdate(time.time() + 17.5, usegmt=True) if as_date else "17"
    service.answers = [Answer(429, headers={"Retry-After": asks})]
    pubmed(service, clock).publications([1])
    assert clock.sleeps == [pytest.approx(17, abs=1.5)]


def test_a_retry_after_that_is_too_long_ends_it(service: FakeService, clock: MadeUpTime) -> None:
    service.answers = [Answer(429, headers={"Retry-After": "86400"})]
    with pytest.raises(EntrezError, match="a wait of 86,400 seconds"):
        pubmed(service, clock).publications([1])
    assert clock.sleeps == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 414])
def test_a_refusal_is_not_asked_again(service: FakeService, clock: MadeUpTime, status: int) -> None:
    service.answers = [Answer(status, '{"error":"API key invalid"}')]
    with pytest.raises(RefusedError, match=f"answered {status} .*API key invalid"):
        pubmed(service, clock, api_key="s3cret").publications([1])
    assert len(service.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 307])
def test_no_other_address_is_followed(service: FakeService, clock: MadeUpTime, status: int) -> None:
    service.answers = [Answer(status, headers={"Location": f"{service.url}/elsewhere"})]
    with pytest.raises(RefusedError, match="has moved"):
        pubmed(service, clock).publications([1])
    assert len(service.requests) == 1


def test_silence_ends_after_the_timeout(service: FakeService, clock: MadeUpTime) -> None:
    service.answers = [Answer(silent=30.0)] * 2
    with pytest.raises(EntrezError, match=r"did not answer within 0\.2 seconds \(tried 2 times"):
        pubmed(service, clock, timeout=0.2, tries=2).publications([1])


def test_an_answer_that_drips_ends_after_the_timeout(service: FakeService) -> None:
    service.answers = [Answer(drip=0.05)]
    client = PubMed(Service(url=service.url, email="me@x.example", timeout=0.4, tries=1))
    # Who waited for each piece anew would find in the end that the answer breaks off.
    with pytest.raises(EntrezError, match="did not answer within"):
        client.publications([1])


def test_who_waits_at_a_page_waits_so_long_in_all(service: FakeService, clock: MadeUpTime) -> None:
    service.answers = [Answer(503)] * 9
    with pytest.raises(EntrezError, match="no time left"):
        pubmed(service, clock, tries=9, in_all=5).publications([1])
    assert sum(clock.sleeps) <= 5


def test_nobody_there(clock: MadeUpTime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    with FakeService() as gone:
        pass
    with pytest.raises(EntrezError, match="cannot be reached"):
        pubmed(gone, clock).publications([1])
    assert len(clock.sleeps) == 2


def test_the_key_stands_in_no_message(service: FakeService, clock: MadeUpTime) -> None:
    service.answers = [Answer(400, "no")]
    with pytest.raises(RefusedError) as refused:
        pubmed(service, clock, api_key="s3cret").publications([1])
    assert "s3cret" not in str(refused.value)
    assert "s3cret" not in service.requests[0]["path"]


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"email": ""}, "NCBI_EMAIL"),
        ({"url": "file:///etc/passwd"}, "NCBI_EUTILS_URL"),
        ({"url": ""}, "NCBI_EUTILS_URL"),
        ({"timeout": 0}, "NCBI_TIMEOUT"),
        ({"tries": 0}, "NCBI_TRIES"),
    ],
)
def test_settings_that_cannot_work(how: dict[str, object], says: str) -> None:
    good = {"url": "https://eutils.example", "email": "me@x.example"}
    with pytest.raises(ValueError, match=says):
        Service(**{**good, **how})  # type: ignore[arg-type]


def test_backoff_is_spread_over_its_upper_half() -> None:
    assert [backoff(3, chance) for chance in (0.0, 0.5, 1.0)] == [2.0, 3.0, 4.0]
    assert backoff(10_000, 1.0) == 60.0


@pytest.mark.parametrize("header", [None, "", "soon", "-5", "1.5"])
def test_a_retry_after_that_is_none(header: str | None) -> None:
    assert retry_after_seconds(header) is None
