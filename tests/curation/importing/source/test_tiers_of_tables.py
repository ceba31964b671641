"""Tiers and classes of methods of the published tables, read without a database."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from typing import Final

import pytest

from curation.importing.source import normalise
from curation.vocabulary import read_vocabulary
from proteins.domain.methods import MethodClass, classes_in
from proteins.domain.tiers import (
    SupportColumns,
    SupportRules,
    Tier,
    is_initial_aggregator,
    split_source_key,
)
from tests.places import SHARED

FOLDER: Final = SHARED / "data"
CELLS: Final = ("Source.database", "Detection.method", "PubmedID", "Small-scale.evidence")
BINDING: Final = {MethodClass.BINDING_IN_VIVO, MethodClass.BINDING_IN_VITRO}

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="shared/data is absent")


def rules() -> SupportRules:
    """The rules of the vocabulary that the project begins with."""
    rows = [
        (
            item["key"],
            item.get("name", item["key"]),
            split_source_key(item["key"])[1],
            is_initial_aggregator(item["key"]),
            item.get("pmid"),
        )
        for item in read_vocabulary()["sources"]
    ]
    return SupportRules.of(rows, [])


def columns_of(species: str) -> Counter[SupportColumns]:
    """How many interactions of a table have which derived columns."""
    path = FOLDER / f"TFLink_{species}_interactions_All_simpleFormat_v1.0.tsv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        header = next(rows)
        at = [header.index(name) for name in CELLS]
        numbers = Counter(tuple(row[index] for index in at) for row in rows)
    columns = Counter[SupportColumns]()
    vocabulary = rules()
    for cells, number in numbers.items():
        columns[vocabulary.columns(normalise.evidence(*cells))] += number
    return columns


@pytest.fixture(scope="module")
def yeast() -> Counter[SupportColumns]:
    return columns_of("Saccharomyces_cerevisiae")


def tiers(columns: Counter[SupportColumns]) -> dict[Tier, int]:
    numbers = Counter[Tier]()
    for row, number in columns.items():
        numbers[Tier(row.tier)] += number
    return dict(numbers)


def test_tiers_of_yeast(yeast: Counter[SupportColumns]) -> None:
    assert tiers(yeast) == {
        Tier.STRONG: 3_451,
        Tier.SUPPORTED: 1_898,
        Tier.REPEATED: 31_597,
        Tier.SINGLE: 200_768,
    }


@pytest.mark.parametrize(
    ("species", "expected"),
    [
        ("Danio_rerio", {Tier.SINGLE: 25_960}),
        (
            "Rattus_norvegicus",
            {Tier.SUPPORTED: 8, Tier.REPEATED: 55, Tier.SINGLE: 81_166},
        ),
    ],
)
def test_tiers_of_other_species(species: str, expected: dict[Tier, int]) -> None:
    assert tiers(columns_of(species)) == expected


def test_classes_of_methods_of_yeast(yeast: Counter[SupportColumns]) -> None:
    numbers = Counter[str]()
    for row, number in yeast.items():
        classes = set(classes_in(row.method_classes))
        is_binding, is_expression = bool(classes & BINDING), MethodClass.EXPRESSION in classes
        numbers["binding"] += number * is_binding
        numbers["expression"] += number * is_expression
        numbers["both"] += number * (is_binding and is_expression)
        numbers["reporter"] += number * (MethodClass.REPORTER in classes)
        numbers["other only"] += number * (classes == {MethodClass.OTHER})
    assert numbers == {
        "binding": 91_246,
        "expression": 159_666,
        "both": 13_776,
        "reporter": 1_251,
        "other only": 239,
    }
