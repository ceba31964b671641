"""Binding sites in a region: what overlaps it, by the counting of each source."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from proteins.domain.regions import Region, bin_of, parse_region
from proteins.models import BindingSite, Protein
from tests.factories import make_protein, make_site

PLACES = st.tuples(st.integers(1, 5_000_000), st.integers(0, 300_000))


@pytest.fixture
def tf(db: None) -> Protein:
    return make_protein("P04637", "TP53")


def listed(region: str, assembly: str = "") -> set[str]:
    sites = BindingSite.objects.in_region(parse_region(region), assembly)
    return {site.tflink_id[-1] for site in sites}


def test_what_overlaps_is_listed_on_either_strand(tf: Protein) -> None:
    place: dict[str, Any] = {"assembly": "hg38", "chromosome": "chr1", "start": 100, "end": 110}
    make_site(tf, 1, **place, strand="+")
    make_site(tf, 2, **place | {"start": 60, "end": 100, "chromosome": "1"}, strand="-")
    make_site(tf, 3, **place | {"chromosome": "chr2"})
    make_site(tf, 4, **place | {"assembly": "hg19"})
    make_site(tf, 5, **place | {"start": 111, "end": 120})
    make_site(tf, 6)
    assert listed("chr1:100-110") == {"1", "2", "4"}
    assert listed("1:100-110", "hg38") == {"1", "2"}
    assert listed("chr1:1-59") == set()


@pytest.mark.parametrize(
    ("source", "first", "last"),
    [("ORegAnno", 101, 110), ("REDfly", 100, 110), ("JASPAR", 100, 110)],
)
def test_the_ends_are_those_of_the_source(tf: Protein, source: str, first: int, last: int) -> None:
    """A region counts from 1, both ends included; so does REDfly, while ORegAnno starts at 0."""
    make_site(tf, 1, sources=[source], chromosome="chr1", start=100, end=110)
    assert listed(f"chr1:{first}") == {"1"} == listed(f"chr1:{last}")
    assert listed(f"chr1:{first - 1}") == set() == listed(f"chr1:{last + 1}")


def test_a_site_on_the_edge_of_a_bin_is_listed(tf: Protein) -> None:
    edge = 1 << 17
    make_site(tf, 1, sources=["REDfly"], chromosome="chr1", start=edge - 1, end=edge)
    assert BindingSite.objects.get().bin == bin_of(edge - 1, edge) == 585
    assert listed(f"chr1:{edge}-{edge + 10}") == {"1"}


def test_the_index_by_bins_is_used(tf: Protein) -> None:
    plan = BindingSite.objects.in_region(parse_region("chr1:1000-2000")).explain()
    if connection.vendor == "sqlite":
        assert "site_chromosome_bin" in plan


class AnyPlace(TestCase):
    @given(PLACES, PLACES)
    def test_bins_lose_nothing(self, one: tuple[int, int], other: tuple[int, int]) -> None:
        tf = Protein.objects.filter(accession="P04637").first() or make_protein("P04637")
        (start, length), (first, more) = one, other
        site = make_site(
            tf, 1, sources=["REDfly"], chromosome="chr1", start=start, end=start + length
        )
        assert site.bin == bin_of(start, start + length)
        region = Region("chr1", first, first + more)
        overlaps = start <= region.end and start + length >= region.start
        assert BindingSite.objects.in_region(region).exists() is overlaps
