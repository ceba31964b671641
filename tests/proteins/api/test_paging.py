"""Keyset pages: every row once, both ways, whatever comes or goes meanwhile."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from proteins.filters import interactions
from proteins.models import Protein, ReviewStatus
from proteins.queries.keyset import Cursor
from tests.factories import accession, make_interaction, make_protein
from tests.proteins.api.conftest import Get, identifiers

pytestmark = pytest.mark.django_db


@pytest.fixture
def eleven() -> list[str]:
    for number in range(11):
        make_protein(accession(number))
    return [accession(number) for number in range(11)]


@pytest.fixture
def pairs() -> set[str]:
    """Five TFs and three targets, of which one interaction is rejected."""
    # In an order in which row numbers and accessions disagree.
    tfs = [make_protein(accession(number)) for number in (5, 3, 4, 1, 2)]
    targets = [make_protein(accession(number)) for number in (23, 21, 22)]
    for tf in tfs:
        for target in targets:
            rejected = (tf.accession, target.accession) == ("P00003", "P00021")
            make_interaction(
                tf,
                target,
                status=ReviewStatus.REJECTED if rejected else ReviewStatus.UNREVIEWED,
            )
    every = {f"{tf.accession}-{target.accession}" for tf in tfs for target in targets}
    return every - {"P00003-P00021"}


def walk(get: Get, path: str, direction: str = "next", **query: Any) -> tuple[list[Any], str]:
    """All rows from here on in one direction, and the address of the last page."""
    page, here = get(path, **query), path
    rows: list[Any] = []
    while True:
        records = page["results"]
        rows = [*rows, *records] if direction == "next" else [*records, *rows]
        if not page[direction]:
            return rows, here
        here = page[direction]
        page = get(here)


def test_pages_of_one_key(get: Get, eleven: list[str]) -> None:
    rows, last = walk(get, "proteins/", page_size=3)
    assert [row["accession"] for row in rows] == eleven
    back, first = walk(get, last, "previous")
    assert [row["accession"] for row in back] == eleven
    assert get(first)["previous"] is None
    assert get(get(first)["next"])["results"] == rows[3:6]


def test_a_full_last_page_has_no_next(get: Get, eleven: list[str]) -> None:
    page = get("proteins/", page_size=11)
    assert page["next"] is None
    assert len(page["results"]) == 11


@pytest.mark.parametrize(("few", "listed"), [(0, 10_000), (250_000, 10_000), (250_000, 0)])
@pytest.mark.parametrize(
    "query", [{}, {"source": "GTRD"}, {"taxon": 9606}, {"taxon": 9606, "source": "GTRD"}]
)
def test_pages_of_two_keys(
    get: Get,
    pairs: set[str],
    monkeypatch: pytest.MonkeyPatch,
    query: dict[str, Any],
    few: int,
    listed: int,
) -> None:
    monkeypatch.setattr(interactions, "FEW", few)
    monkeypatch.setattr(interactions, "LISTED", listed)
    rows, last = walk(get, "interactions/", page_size=4, **query)
    for page in (get("interactions/", page_size=4, **query), get(last)):
        assert (page["total"], page["total_is_exact"]) == (len(pairs), True)
    keys = [row["id"] for row in rows]
    assert len(keys) == len(pairs)
    assert set(keys) == pairs
    back, _ = walk(get, last, "previous")
    assert [row["id"] for row in back] == keys


@pytest.mark.parametrize(
    "query", [{"target": "P00021,P00022"}, {"either": "P00003,P00022"}, {"tf": "P00001,P00005"}]
)
def test_pages_of_filtered_pairs(get: Get, pairs: set[str], query: dict[str, str]) -> None:
    (requested,) = (value.split(",") for value in query.values())
    wanted = {key for key in pairs if any(part in key for part in requested)}
    keys = [row["id"] for row in walk(get, "interactions/", page_size=2, **query)[0]]
    assert len(keys) == len(wanted)
    assert set(keys) == wanted


def test_rows_that_come_or_go_shift_nothing(get: Get, eleven: list[str]) -> None:
    page = get("proteins/", page_size=4)
    Protein.objects.filter(accession__in=eleven[:4]).delete()
    make_protein("O00001")
    assert identifiers(get(page["next"])) == eleven[4:8]


@pytest.mark.parametrize("size", ["0", "1001", "-1", "1e3", "9" * 30, "x", "", "٣"])
def test_page_size_out_of_bounds(get: Get, size: str) -> None:
    (error,) = get("proteins/", page_size=size, expect=400)["errors"]
    assert error["parameter"] == "page_size"
    assert error["value"] == size


def test_the_largest_page(get: Get, eleven: list[str]) -> None:
    assert len(get("proteins/", page_size=1000)["results"]) == 11


def encoded(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        "\N{SNOWMAN}",
        "====",
        "A" * 10_000,
        encoded([0]),
        encoded([0, "accession", "", 5]),
        encoded([0, "accession", "", "P00001", "P00002"]),
        encoded([2, "accession", "", "P00001"]),
        encoded([True, "accession", "", "P00001"]),
        encoded([0, "name", "", False, "x", "P00001"]),
        encoded([0, "P00001"]),
        encoded([0, "accession", "P00001"]),
        encoded([0, "accession", "00", "P00001"]),
        encoded([0, "accession", 5, "P00001"]),
        encoded({"a": 1}),
        encoded([0, "accession", "", "a\x00b"]),
        encoded([0, "accession", "", "\ud800"]),
        base64.urlsafe_b64encode(b"[" * 300).decode(),
        Cursor((1, 2), "tf").encoded(),
    ],
)
def test_a_bad_cursor(get: Get, cursor: str) -> None:
    (error,) = get("proteins/", cursor=cursor, expect=400)["errors"]
    assert error["parameter"] == "cursor"
    assert "next and previous" in error["reason"]


@pytest.mark.parametrize("key", [[10**30, 1], [-1, 1], [1.5, 1], [None, 1]])
def test_a_cursor_with_a_number_that_no_row_has(get: Get, key: list[Any]) -> None:
    get("interactions/", cursor=encoded([0, "tf", "", *key]), expect=400)


def test_a_cursor_belongs_to_its_filters(get: Get, pairs: set[str]) -> None:
    page = get("interactions/?tf=P00001&tf=P00005&page_size=2")
    cursor = page["next"].partition("cursor=")[2].partition("&")[0]
    same = get(f"interactions/?tf=P00001,P00005&page_size=2&cursor={cursor}")
    assert same["results"] == get(page["next"])["results"] != []
    for query in ("tf=P00001&", "tf=P00001,P00005&target=P00021&", "source=GTRD&", ""):
        (error,) = get(f"interactions/?{query}cursor={cursor}", expect=400)["errors"]
        assert error["parameter"] == "cursor"
        assert "a list with other filters" in error["reason"]


def test_a_cursor_of_changes_belongs_to_its_query(get: Get, pairs: set[str]) -> None:
    page = get("changes/?after=0&kind=interaction&page_size=2")
    assert len(get(page["next"])["results"]) == 2
    (error,) = get(page["next"].replace("kind=interaction", "kind=protein"), expect=400)["errors"]
    assert "other filters" in error["reason"]


@pytest.mark.parametrize(
    "query",
    [
        "interactions/?tf=P00001&tf=P00005",
        "interactions/?tf=P00001,P00002&tf=P00005&tf=P00002",
        "proteins/?accession=P00001&accession=P00005&fields=accession&fields=name",
    ],
)
def test_a_repeated_parameter_is_several_values(get: Get, pairs: set[str], query: str) -> None:
    path, _, parameters = query.partition("?")
    joined: dict[str, Any] = {}
    for name, _, value in (each.partition("=") for each in parameters.split("&")):
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    repeated, one = get(query), get(path, **joined)
    assert repeated["results"] == one["results"]
    assert repeated["total"] == one["total"] > 1
