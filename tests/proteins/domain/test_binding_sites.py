"""How sources count, and which sites are one physical site."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proteins.domain.binding_sites import (
    Convention,
    Counting,
    Place,
    bare_chromosome,
    bed_interval,
    convention_of,
    gff3_interval,
    may_be_one,
    physical_key,
    physical_sites,
    sequence_length,
    species_of_assembly,
)

FROM_0, FROM_1 = Counting.FROM_0, Counting.FROM_1


def place(
    chromosome: str = "chr2L",
    strand: str = "+",
    assembly: str = "dm6",
    source: str = "REDfly",
    start: int = 10,
) -> Place:
    return Place("Q9VS05", assembly, chromosome, start, 20, strand, (source,))


@pytest.mark.parametrize(
    ("sources", "sequence", "expected"),
    [
        (["ORegAnno"], 0, Convention(FROM_0, assumed=False)),
        (["oreganno"], 99, Convention(FROM_0, assumed=False)),
        (["REDfly"], 10, Convention(FROM_1, assumed=False)),
        (["JASPAR"], 0, Convention(FROM_1, assumed=True)),
        (["REDfly", "ORegAnno"], 0, Convention(FROM_1, assumed=True)),
        ([], 10, Convention(FROM_0, assumed=True)),
        ([], 11, Convention(FROM_1, assumed=True)),
        (["Another"], 0, Convention(FROM_1, assumed=True)),
    ],
)
def test_how_a_site_is_counted(sources: list[str], sequence: int, expected: Convention) -> None:
    assert convention_of(sources, 100, 110, sequence) == expected
    assert ("assumed" in expected.description) == expected.assumed


@pytest.mark.parametrize(
    ("counting", "span", "bed", "gff3", "length"),
    [
        (FROM_1, (460682, 460687), (460681, 460687), (460682, 460687), 6),
        (FROM_0, (3744956, 3744965), (3744956, 3744965), (3744957, 3744965), 9),
        (FROM_0, (7, 7), (7, 7), (7, 7), 0),
        (FROM_1, (0, 3), (0, 3), (0, 3), 4),
    ],
)
def test_intervals(
    counting: Counting,
    span: tuple[int, int],
    bed: tuple[int, int],
    gff3: tuple[int, int],
    length: int,
) -> None:
    assert bed_interval(*span, counting) == bed
    assert gff3_interval(*span, counting) == gff3
    assert sequence_length(*span, counting) == length


@given(st.integers(1, 10**9), st.integers(1, 1000), st.sampled_from([FROM_0, FROM_1]))
def test_every_format_spans_as_many_bases(start: int, more: int, counting: Counting) -> None:
    span = (start, start + more, counting)
    (bed_start, bed_end), (gff_start, gff_end) = bed_interval(*span), gff3_interval(*span)
    assert bed_end - bed_start == gff_end - gff_start + 1 == sequence_length(*span)
    assert bed_start + 1 == gff_start


def test_chromosomes_and_assemblies() -> None:
    assert [*map(bare_chromosome, ("chr2L", "2L", "chr", "chrX"))] == ["2L", "2L", "chr", "X"]
    names = ("hg38", "ce4", "danRer10", "sacCer3", "GRCm39", "BDGP6.32", "Rnor_6.0", "mystery", "")
    assert [species_of_assembly(name).partition(" ")[0] for name in names] == [
        *("Homo", "Caenorhabditis", "Danio", "Saccharomyces", "Mus", "Drosophila", "Rattus"),
        *("", ""),
    ]


@pytest.mark.parametrize(
    "other",
    [
        place("2L"),
        place(strand=""),
        place(assembly=""),
        place(source="redfly"),
        place("2L", "", ""),
    ],
)
def test_one_physical_site(other: Place) -> None:
    assert may_be_one(place(), other)
    assert physical_key(place()) == physical_key(other)


@pytest.mark.parametrize(
    "other",
    [
        place("chr2R"),
        place(strand="-"),
        place(assembly="dm3"),
        place(source="ORegAnno"),
        place(start=11),
        place()._replace(tf="P09775"),
    ],
)
def test_two_physical_sites(other: Place) -> None:
    assert not may_be_one(place(), other)
    assert physical_sites([place(), other], lambda one: one) == [[place()], [other]]


def test_sites_are_grouped_in_order_and_unplaced_ones_stay_apart() -> None:
    sites: list[Place | None] = [None, place(), None, place("2R"), place("2L", ""), place()]
    assert physical_sites(sites, lambda one: one) == [
        [None],
        [place(), place("2L", ""), place()],
        [None],
        [place("2R")],
    ]


def test_a_site_without_strand_between_two_strands_stays_apart() -> None:
    plus, minus, either = place(), place(strand="-"), place(strand="")
    for order in itertools.permutations([plus, minus, either]):
        assert sorted(physical_sites(order, lambda one: one)) == sorted([[plus], [minus], [either]])


def test_statements_that_complete_one_another_are_one_site() -> None:
    strand, assembly, neither = place(assembly=""), place(strand=""), place("2L", "", "")
    for order in itertools.permutations([strand, assembly, neither]):
        assert len(physical_sites(order, lambda one: one)) == 1
