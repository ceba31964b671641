"""Interactions that are put together as text say, byte for byte, what their serializer says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from curation.actions import amend_citation, amend_interaction, amend_protein, reject_interaction
from proteins.api import written
from proteins.api.views import InteractionView
from proteins.caching.conditional import kept_pages
from proteins.models import BindingSite, Citation, Interaction, Protein
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein

LIST = "/api/v1/interactions/"


@pytest.fixture
def rows(db: None) -> list[Interaction]:
    """Names that are hard to write, and evidence of several kinds."""
    tf = make_protein("Q9UK53", 'IN"G\\1\u2028</script>é', genes=[3621, 5])
    others = [make_protein("Q07812", ""), make_protein("P04637", "\u2029\x7f", genes=[7157]), tf]
    made = [
        make_interaction(tf, target, pmids=pmids)
        for target, pmids in zip(others, ([27924024, 5], [], [7]), strict=True)
    ]
    Citation.objects.filter(pmid=5).update(is_retracted=True)
    Interaction.objects.filter(pk=made[1].pk).update(effect=1, status=1)
    return made


def by_serializer(client: Client, address: str, monkeypatch: pytest.MonkeyPatch) -> bytes:
    with monkeypatch.context() as patched:
        patched.setattr(InteractionView, "writer", None)
        return client.get(address).content


@pytest.mark.parametrize(
    "query", ["", "?page_size=1", "?sort=-target", "?tf=P00001", "?page_size=2&tf=Q9UK53"]
)
def test_lists(
    client: Client, rows: list[Interaction], monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    answer = client.get(LIST + query)
    assert answer.status_code == 200, answer.content
    assert answer.content == by_serializer(client, LIST + query, monkeypatch)
    assert answer["Content-Type"] == "application/json"
    if answer.json()["next"]:
        following = answer.json()["next"]
        assert client.get(following).content == by_serializer(client, following, monkeypatch)


def test_what_pages_share_is_never_of_a_state_that_has_passed(
    client: Client,
    rows: list[Interaction],
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
    shared: None,
) -> None:
    settings.PAGE_CACHE_BYTES = 1_000_000
    ann = make_person("ann")
    deeds: list[Callable[[], object]] = [
        lambda: None,
        lambda: amend_protein(user=ann, protein=Protein.objects.get(pk=rows[0].target_id),
                              values={"name": "BAX2"}),
        lambda: amend_citation(user=ann, citation=Citation.objects.get(pmid=7),
                               values={"is_retracted": True}),
        lambda: amend_interaction(user=ann, interaction=Interaction.objects.get(pk=rows[1].pk),
                                  values={"effect": 2}),
        lambda: reject_interaction(user=ann, interaction=Interaction.objects.get(pk=rows[2].pk),
                                   reason="wrong"),
    ]  # fmt: skip
    seen = set()
    for number, deed in enumerate(deeds):
        deed()
        page = client.get(f"{LIST}?page_size=50").content
        kept_pages.clear()
        assert page == by_serializer(client, f"{LIST}?page_size=50", monkeypatch), number
        kept_pages.clear()
        # A page of another address takes from the same texts: state, keys, and rows.
        with django_assert_num_queries(3):
            assert client.get(f"{LIST}?page_size=51").content == page
        seen.add(page)
    assert len(seen) == len(deeds)


@pytest.fixture
def shared() -> Iterator[None]:
    """No texts of other tests."""
    written._shared.forget()
    kept_pages.clear()
    yield
    written._shared.forget()
    kept_pages.clear()


def test_there_is_a_bound_to_what_is_shared() -> None:
    kept: written._Kept[str] = written._Kept(most=10)
    asked: list[int] = []

    def read(ids: set[int]) -> dict[int, str]:
        asked.extend(ids)
        return {key: str(key) for key in ids}

    for start in (0, 5, 8, 100):
        ids = set(range(start, start + 6))
        assert kept.of(ids, read) == {key: str(key) for key in ids}
        assert len(kept._texts) <= 10
    assert kept.of(set(range(100, 106)), read)
    assert len(asked) == 6 + 5 + 3 + 6


def test_lines_of_binding_sites(client: Client, rows: list[Interaction]) -> None:
    tf = rows[0].tf
    known: dict[str, Any] = {
        "assembly": "hg38", "chromosome": 'c"1', "start": 0, "end": 9, "strand": "-",
        "overlaps": 2, "sequence": "ACGTN",
    }  # fmt: skip
    for number, values in enumerate(({}, known, {"sequence": "N"}, {**known, "chromosome": ""})):
        BindingSite.objects.create(
            tflink_id=f"TFLinkLS{number}", tf=tf, evidence=rows[number % 2].evidence, **values
        )
    listed = client.get("/api/v1/binding-sites/")
    answer: Any = client.get("/api/v1/binding-sites/?format=jsonl")
    lines = b"".join(answer.streaming_content)
    assert len(listed.json()["results"]) == 4
    results = listed.content.partition(b'"results":[')[2].removesuffix(b"]}")
    assert b",".join(lines.splitlines()) == results
