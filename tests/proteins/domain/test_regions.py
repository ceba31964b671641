"""Regions as people write them, and the bins that find what overlaps them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proteins.domain.identifiers import MAX_INTEGER, IdentifierError
from proteins.domain.regions import (
    Region,
    bin_of,
    bins_over,
    chromosome_spellings,
    parse_region,
)

POSITIONS = st.integers(0, MAX_INTEGER)


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("chr14:23,670,000-23,680,000", Region("chr14", 23_670_000, 23_680_000)),
        (" chrX:460682-460687 ", Region("chrX", 460_682, 460_687)),
        ("chrIII:3744956..3744965", Region("chrIII", 3_744_956, 3_744_965)),
        ("2L:7", Region("2L", 7, 7)),
    ],
)
def test_a_region_is_read(text: str, region: Region) -> None:
    assert parse_region(text) == region


@pytest.mark.parametrize(
    "text",
    ["", "chr1", "chr1:", "chr1:5-", "chr1:9-5", "chr1:0-5", "chr1:1-99999999999", ":1-2", "1-2"],
)
def test_what_is_no_region_is_refused(text: str) -> None:
    with pytest.raises(IdentifierError):
        parse_region(text)


def test_a_chromosome_has_one_name_with_and_without_its_prefix() -> None:
    assert set(chromosome_spellings("chr5")) == set(chromosome_spellings("5"))
    assert set(chromosome_spellings("5")) == {"chr5", "5"}


def test_bins_are_those_of_the_genome_browser() -> None:
    """The examples of `binRange.c`: the first bin, one at its edge, one over the edge."""
    assert bin_of(0, 1) == 4681
    assert bin_of(131_071, 131_071) == 4681
    assert bin_of(131_072, 131_073) == 4682
    assert bin_of(131_071, 131_072) == 585
    assert bin_of(0, MAX_INTEGER) == 0


@given(POSITIONS, POSITIONS, POSITIONS, POSITIONS)
def test_what_overlaps_a_region_is_in_one_of_its_bins(a: int, b: int, c: int, d: int) -> None:
    (start, end), (first, last) = sorted((a, b)), sorted((c, d))
    place = bin_of(start, end)
    listed = any(low <= place <= high for low, high in bins_over(first, last))
    if start <= last and end >= first:
        assert listed
