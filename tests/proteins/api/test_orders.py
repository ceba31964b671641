"""Orders, sparse records and totals: what `sort` and `fields` take, and what `total` says."""

from __future__ import annotations

from typing import Any, cast

import pytest

from proteins.api.pagination import KeysetPagination
from proteins.api.views import RESOURCES
from proteins.filters import interaction_totals, interactions
from proteins.models import BindingSite, Dataset, Effect, Interaction, Ortholog, ReviewStatus
from proteins.queries import totals
from proteins.queries.keyset import Cursor
from tests.factories import accession, make_interaction, make_protein, make_statement, taxon
from tests.proteins.api.conftest import Get
from tests.proteins.api.test_paging import walk

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def content(module_db: None) -> None:
    """Six TFs of two species and some of everything else; one interaction is rejected."""
    tfs = [
        make_protein(accession(number), name, code=code, genes=[number])
        for number, name, code in (
            (5, "beta", "Hs"), (3, "", "Hs"), (4, "Alpha", "Sc"), (1, "gamma", "Sc"),
            (2, "", "Hs"), (6, "beta", "Hs"),
        )
    ]  # fmt: skip
    for number, tf in enumerate(tfs):
        for target in tfs[: number + 1]:
            interaction = make_interaction(
                tf,
                target,
                sources=["TRRUST" if number % 2 else "GTRD"],
                methods=["selex" if number % 2 else "one hybrid"],
                pmids=[number + 1],
                effect=Effect.ACTIVATION if target == tf else Effect.UNKNOWN,
                status=ReviewStatus.REJECTED if number == 5 == tfs.index(target) else 0,  # type: ignore[arg-type]
            )
        make_statement(interaction, pmid=number + 1)
        Dataset.objects.create(name=f"dataset {6 - number}")
        Ortholog.objects.create(protein=tf, taxon=taxon("Mm"), identifier=f"M{number % 3}")
        BindingSite.objects.create(
            tflink_id=f"TFLinkLS{number}", tf=tf, evidence=interaction.evidence
        )


ORDERS = [
    (prefix, sort)
    for prefix, view, _ in RESOURCES
    for sort in cast(type[KeysetPagination], view.pagination_class).order_names()
]


@pytest.mark.usefixtures("content")
@pytest.mark.parametrize(("prefix", "sort"), ORDERS)
def test_pages_of_every_order(get: Get, prefix: str, sort: str) -> None:
    """Forwards and backwards each row once; turned round, the same rows the other way."""
    rows, last = walk(get, f"{prefix}/", sort=sort, page_size=4 if len(prefix) > 7 else 1)
    assert len(rows) >= 2
    assert walk(get, last, "previous")[0] == rows
    turned = sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"
    assert get(f"{prefix}/", sort=turned, page_size=1000)["results"] == rows[::-1]


@pytest.mark.usefixtures("content")
@pytest.mark.parametrize(
    ("sort", "result"),
    [
        ("name", "P00004 P00005 P00006 P00001 P00002 P00003"),
        ("-target_count", "P00006 P00002 P00001 P00004 P00003 P00005"),
        ("tf_count", "P00006 P00002 P00001 P00004 P00003 P00005"),
    ],
)
def test_orders_of_proteins(get: Get, sort: str, result: str) -> None:
    rows = get("proteins/", sort=sort)["results"]
    counts = [(row["target_count"], row["accession"]) for row in rows]
    assert " ".join(row["accession"] for row in rows) == result, counts


@pytest.mark.usefixtures("content")
@pytest.mark.parametrize("few", [0, 250_000])
@pytest.mark.parametrize("query", [{}, {"tf": "P00006,P00002"}, {"source": "TRRUST"}])
def test_interactions_by_target(
    get: Get, monkeypatch: pytest.MonkeyPatch, query: dict[str, Any], few: int
) -> None:
    monkeypatch.setattr(interactions, "FEW", few)
    rows, _ = walk(get, "interactions/", sort="target", page_size=3, **query)
    targets = [row["target"]["accession"] for row in rows]
    pieces = [key for key, before in zip(targets, [None, *targets], strict=False) if key != before]
    assert len(pieces) == len(set(pieces))
    by_tf, _ = walk(get, "interactions/", page_size=1000, **query)
    assert sorted(row["id"] for row in rows) == sorted(row["id"] for row in by_tf)


@pytest.mark.parametrize(
    ("path", "query", "parameter", "reason"),
    [
        ("interactions/", {"sort": "changed"}, "sort", "is none of: tf, -tf, target, -target"),
        ("interactions/", {"sort": "tf,target"}, "sort", "is none of"),
        ("interactions/", {"sort": "--tf"}, "sort", "is none of"),
        ("interactions/", {"sort": "-target", "taxon": 9606}, "sort", "with it: tf, -tf"),
        ("proteins/", {"sort": "-"}, "sort", "is none of: accession"),
        (
            "interactions/",
            {"sort": "target", "cursor": Cursor((1, 2), "tf").encoded()},
            "cursor",
            "a cursor of the order 'tf', and this list is in the order 'target'",
        ),
        (
            "interactions/",
            {"sort": "-tf", "cursor": Cursor((1, 2), "tf").encoded()},
            "cursor",
            "of the order 'tf'",
        ),
        ("proteins/", {"fields": "accession,colour"}, "fields", "'colour': no such field here"),
        ("proteins/", {"fields": "accession,,name"}, "fields", "between two commas is empty"),
        ("proteins/P00001/", {"fields": "colour"}, "fields", "known: accession, name, taxon"),
        ("proteins/P00001/", {"sort": "name"}, "sort", "no such parameter here; known: fields"),
    ],
)
def test_what_is_not_understood(
    get: Get, path: str, query: dict[str, Any], parameter: str, reason: str
) -> None:
    (error,) = get(path, expect=400, **query)["errors"]
    assert error["parameter"] == parameter
    assert reason in error["reason"]


@pytest.mark.usefixtures("content")
@pytest.mark.parametrize("prefix", [prefix for prefix, _, _ in RESOURCES])
def test_fields(get: Get, prefix: str) -> None:
    """Each field alone, in a list and in a record, is what it is among all."""
    whole = get(f"{prefix}/", page_size=2)["results"][0]
    url = whole["url"]
    for name, value in whole.items():
        (row, *_) = get(f"{prefix}/", page_size=2, fields=name)["results"]
        assert row == {name: value}
        assert get(url, fields=f"{name},url") == {name: value, "url": url}


ALL = 20
TOTALS: list[tuple[str, dict[str, Any], int]] = [
    ("proteins/", {}, 6),
    ("proteins/", {"taxon": 9606}, 4),
    ("interactions/", {}, ALL),
    ("interactions/", {"tf": "P00001,P00002"}, 9),
    ("interactions/", {"taxon": 559292}, 7),
    ("interactions/", {"tf": "P00001,P00002", "taxon": 559292}, 4),
    ("interactions/", {"target": "P00003"}, 5),
    ("interactions/", {"either": "P00003,P00005"}, 11),
    ("interactions/", {"either": "P00006"}, 5),
    ("interactions/", {"target": "P00003", "tf": "P00006,P00001"}, 2),
    ("interactions/", {"source": "GTRD"}, 9),
    ("interactions/", {"source": "GTRD", "taxon": 9606}, 6),
    ("interactions/", {"effect": "activation"}, 5),
    ("interactions/", {"status": "unreviewed", "effect": "unknown"}, 15),
    ("orthologs/", {"protein_taxon": 9606}, 4),
    ("binding-sites/", {"taxon": 9606}, 4),
    ("citations/", {"source": "GTRD"}, 3),
    ("taxa/", {}, 7),
]


@pytest.mark.usefixtures("content")
@pytest.mark.parametrize("few", [0, 250_000])
@pytest.mark.parametrize(("path", "query", "expected"), TOTALS)
def test_totals_that_are_exact(
    get: Get,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    query: dict[str, Any],
    expected: int,
    few: int,
) -> None:
    """The same on the first page, a later one, the last, and where one page is the whole."""
    monkeypatch.setattr(interactions, "FEW", few)
    whole = get(path, page_size=1000, **query)
    assert len(whole["results"]) == whole["total"]
    first = get(path, page_size=2, **query)
    pages = [whole, first, *([get(first["next"])] if first["next"] else [])]
    assert [(page["total"], page["total_is_exact"]) for page in pages] == [(expected, True)] * len(
        pages
    )


@pytest.mark.usefixtures("content")
def test_totals_that_are_estimates(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part of the TFs, or of the table, stands for all; said so, and never below what is seen."""
    monkeypatch.setattr(interactions, "FEW", 0)
    monkeypatch.setattr(interaction_totals, "READ", 10)
    monkeypatch.setattr(totals, "READ", 10)
    monkeypatch.setattr(totals, "PLACES", 5)
    for fewest in (1, 10):
        monkeypatch.setattr(interaction_totals, "_FEWEST_TFS", fewest)
        page = get("interactions/", source="GTRD", page_size=2)
        assert page["total_is_exact"] is False
        assert 2 <= page["total"] <= 2 * 9
    Interaction.objects.filter(effect=Effect.UNKNOWN).delete()
    page = get("interactions/", source="GTRD", page_size=2)
    assert page["total"] >= 2


def test_an_estimate_has_few_digits() -> None:
    assert totals.Total.about(6_739_357.2) == totals.Total(6_740_000, is_exact=False)
    assert totals.Total.about(0) == totals.Total(0, is_exact=False)
    assert totals.Total.about(4.4).at_least(100).count == 100
