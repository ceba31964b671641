"""Lists that arrays of species bound: the same rows, pages and numbers as from the tables alone."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from curation.actions.interactions import amend_interaction, reject_interaction
from proteins import hooks
from proteins.analysis import jobs, store, tallies
from proteins.caching.conditional import forget_pages
from proteins.domain.evidence import SmallScale
from proteins.filters import interactions
from proteins.models import Effect, Interaction, Protein
from tests.curation.people import make_person
from tests.factories import accession, make_interaction, make_protein, taxon

pytestmark = pytest.mark.django_db
SOURCES = ("GTRD", "TRRUST", "ReMap")
QUERIES = (
    "source=GTRD",
    "tier=single&taxon=9606",
    "exclude_source=GTRD",
    "source=TRRUST&small_scale=yes",
    "only_source=ReMap",
    "effect=activation",
    "effect=unknown&source=GTRD",
    "status=unreviewed&taxon=10090",
    "reporting=reported",
    "small_scale=no&changed_since=2020-01-01",
)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: LazySettings) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    settings.ANALYSIS_JOBS = False
    yield
    forget_pages()


@pytest.fixture
def rows() -> list[Interaction]:
    """Some interactions of two species, whose TFs are in turns in the order of keys."""
    chance = random.Random(1)
    proteins: dict[str, list[Protein]] = {"Hs": [], "Mm": []}
    for number in range(12):
        code = ("Hs", "Mm")[number % 2]
        proteins[code].append(make_protein(accession(number), code=code))
    return [
        make_interaction(
            tf,
            target,
            sources=[chance.choice(SOURCES)],
            small_scale=chance.choice([SmallScale.YES, SmallScale.NO]),
            effect=chance.choice([Effect.UNKNOWN, Effect.UNKNOWN, Effect.ACTIVATION]),
        )
        for ours in proteins.values()
        for tf in ours[:3]
        for target in ours
        if chance.random() < 0.8
    ]


def walked(client: Client, query: str, sort: str) -> tuple[list[str], list[int], set[bool]]:
    """The keys of all rows by following `next`, back by `previous`, and the totals."""
    url = f"/api/v1/interactions/?{query}&sort={sort}&page_size=4"
    keys: list[str] = []
    totals, exact = [], set()
    last = url
    while url:
        page: dict[str, Any] = client.get(url).json()
        keys += [
            f"{row['tf']['accession']}-{row['target']['accession']}" for row in page["results"]
        ]
        totals.append(page["total"])
        exact.add(page["total_is_exact"])
        last, url = url, page["next"]
    back: list[str] = []
    while last:
        page = client.get(last).json()
        back[:0] = [
            f"{row['tf']['accession']}-{row['target']['accession']}" for row in page["results"]
        ]
        last = page["previous"]
    assert back == keys
    return keys, totals, exact


def keys_of(page: dict[str, Any]) -> list[str]:
    return [f"{row['tf']['accession']}-{row['target']['accession']}" for row in page["results"]]


def lay_out() -> None:
    for code in ("Hs", "Mm"):
        store.lay_out(taxon(code).pk)


@pytest.mark.parametrize("few", [0, 10_000], ids=["by TF", "sorted"])
def test_the_same_rows_with_and_without_arrays(
    client: Client, rows: list[Interaction], monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(interactions, "FEW_OF_KNOWN_TFS", few)
    orders = list(zip(QUERIES, cycle(("tf", "-tf", "target")), strict=False))
    before = {order: walked(client, *order)[0] for order in orders}
    lay_out()
    for (query, sort), keys in before.items():
        after, totals, exact = walked(client, query, sort)
        assert keys
        assert after == keys
        assert "changed_since" in query or (set(totals), exact) == ({len(keys)}, {True})


def test_what_changes_counts_at_once(client: Client, rows: list[Interaction]) -> None:
    """A row is rejected, one gets an effect, and one is new, of a TF that no array has."""
    lay_out()
    person = make_person("senior of lists")
    activated = [row for row in rows if row.effect == Effect.ACTIVATION]
    unknown = [row for row in rows if row.effect == Effect.UNKNOWN]
    before = walked(client, "effect=activation", "tf")[0]
    assert sorted(before) == sorted(row.key for row in activated)
    reject_interaction(user=person, interaction=activated[0], reason="Not in the paper.")
    amend_interaction(user=person, interaction=unknown[0], values={"effect": Effect.ACTIVATION})
    tf = make_protein("Q9UK53", "ING1")
    new = make_interaction(tf, rows[0].target, effect=Effect.ACTIVATION)
    keys, totals, exact = walked(client, "effect=activation", "tf")
    expected = {*before} - {activated[0].key} | {unknown[0].key, new.key}
    assert set(keys) == expected
    assert (set(totals), exact) == ({len(expected)}, {True})


def test_a_page_looks_at_the_tfs_that_have_its_rows(
    client: Client, rows: list[Interaction], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interactions, "FEW_OF_KNOWN_TFS", 0)
    lay_out()
    with CaptureQueriesContext(connection) as queries:
        client.get("/api/v1/interactions/?source=GTRD&page_size=1")
    first, *others = sorted({row.tf_id for row in rows})
    (of_page,) = (query["sql"] for query in queries if query["sql"].endswith("LIMIT 2"))
    assert f"IN ({first}" in of_page.replace(f"= {first} ", f"IN ({first})")
    assert str(others[-1]) not in of_page.partition("tf_id")[2].partition("ORDER BY")[0]


def test_with_too_much_changed_the_tables_answer(
    client: Client, rows: list[Interaction], monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out()
    assert hooks.tallies(None, {}) is not None
    monkeypatch.setattr(jobs, "OF_CHANGED_TFS", 0)
    amended = rows[0]
    amend_interaction(
        user=make_person("curator of lists"), interaction=amended, values={"effect": Effect.BOTH}
    )
    assert hooks.tallies(None, {}) is None
    assert len(walked(client, "effect=both", "tf")[0]) == 1
    assert [one.code for one in due_of_any_size(monkeypatch)] == ["Hs", "Mm"]


def due_of_any_size(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    monkeypatch.setattr(jobs, "WORTH_IT", 1)
    return list(jobs.due())


def test_evidence_that_is_too_long_to_read_is_left_to_the_tables(
    rows: list[Interaction], monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out()
    monkeypatch.setattr(tallies, "_EVIDENCE", 1)
    assert hooks.tallies([1, 2], {}) is None
    assert hooks.tallies([1], {}) is not None
