"""What a page finds out about a question is known to the next, until anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from curation.actions import reject_interaction
from proteins.api import parameters, resource
from proteins.caching.conditional import cached_pages
from proteins.filters import interactions
from proteins.models import Interaction
from proteins.queries.totals import Total
from tests.curation.people import make_person
from tests.factories import accession, make_interaction, make_protein

pytestmark = pytest.mark.django_db
LIST = "/api/v1/interactions/"
#: Questions whose totals are counted, estimated, summed up, or those of the evidence.
QUESTIONS = [
    "",
    "taxon=9606",
    "source=GTRD",
    "tf=P00000&source=GTRD&effect=unknown",
    "either=P00000,P00003",
]


def _forget() -> None:
    cached_pages.clear()
    parameters._states.clear()
    resource._makers.clear()


@pytest.fixture(autouse=True)
def _memory(no_cached_pages: None, settings: LazySettings) -> Iterator[None]:
    settings.PAGE_CACHE_BYTES = 1_000_000
    _forget()
    yield
    _forget()


@pytest.fixture(autouse=True)
def rows() -> list[Interaction]:
    """P00000 regulates eight targets; four of these interactions are supported by TRRUST."""
    tf = make_protein(accession(0))
    return [
        make_interaction(
            tf, make_protein(accession(number)), sources=["GTRD" if number % 2 else "TRRUST"]
        )
        for number in range(1, 9)
    ]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each time that a total is found out."""
    times: list[str] = []
    total: Callable[..., Total] = interactions.InteractionFilterSet.total

    def noted(filterset: Any, filtered: Any) -> Total:
        times.append(filterset.data.urlencode())
        return total(filterset, filtered)

    monkeypatch.setattr(interactions.InteractionFilterSet, "total", noted)
    return times


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_walk_counts_once(client: Client, counted: list[str], question: str) -> None:
    totals, taken = [], []
    url: str | None = f"{LIST}?page_size=1&{question}".rstrip("&")
    while url:
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(url).json()
        taken.append(len(queries))
        totals.append((answer["total"], answer["total_is_exact"]))
        url = answer["next"]
    assert totals == [(len(totals), True)] * len(totals)
    assert len(totals) in (4, 8)
    assert len(counted) == 1
    assert taken[1] < taken[0]
    # In another order, and of another size, the rows are the same.
    client.get(f"{LIST}?page_size=2&sort=-target&{question}".rstrip("&"))
    assert len(counted) == 1


@pytest.mark.parametrize("question", ["taxon=9606", "tf=P00000,P00003"])
def test_a_walk_looks_for_its_tfs_once(client: Client, question: str) -> None:
    make_interaction(Interaction.objects.all()[0].target, make_protein(accession(20)))
    url = f"{LIST}?page_size=4&{question}"
    lookups = []
    while url:
        with CaptureQueriesContext(connection) as queries:
            url = client.get(url).json()["next"]
        lookups.append(sum("is_tf" in query["sql"].partition(" WHERE ")[2]
                         or "accession\" IN" in query["sql"] for query in queries))  # fmt: skip
    assert len(lookups) > 1
    assert lookups[0] > 0
    assert set(lookups[1:]) == {0}


def test_other_questions_are_apart(client: Client) -> None:
    urls = [f"{LIST}?page_size=1&{question}".rstrip("&") for question in QUESTIONS]
    urls.append("/api/v1/binding-sites/?page_size=1")
    first = [client.get(url).json()["total"] for url in urls]
    cached_pages.clear()
    assert [client.get(url).json()["total"] for url in urls] == first
    assert first == [8, 8, 4, 4, 8, 0]


def test_what_is_written_is_counted(
    client: Client, rows: list[Interaction], counted: list[str]
) -> None:
    ann = make_person("ann")
    for number, question in enumerate(QUESTIONS):
        url = f"{LIST}?page_size=1&{question}".rstrip("&")
        before = client.get(url).json()["total"]
        # Of those that GTRD supports.
        reject_interaction(user=ann, interaction=rows[0], reason="wrong")
        assert client.get(url).json()["total"] == before - 1, question
        Interaction.objects.filter(pk=rows[0].pk).delete()
        parameters._states.clear()
        cached_pages.clear()
        rows[0] = make_interaction(rows[0].tf, make_protein(accession(20 + number)))


def test_without_memory_each_page_counts(
    client: Client, counted: list[str], settings: LazySettings
) -> None:
    settings.PAGE_CACHE_BYTES = 0
    for _ in range(2):
        client.get(f"{LIST}?page_size=1")
    assert len(counted) == 2


def test_there_is_a_bound(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parameters, "MOST_QUERIES", 4)
    for number in range(1, 9):
        client.get(f"{LIST}?page_size=1&target={accession(number)}")
        entry = parameters._states._entry
        assert entry is not None
        assert len(entry[1]) <= 4
