"""Binding sites in a region: what overlaps it, by the counting of each source."""

from __future__ import annotations

import pytest

from proteins.domain.evidence import EvidenceContent
from proteins.domain.regions import Region
from proteins.models import BindingSite
from tests import factories


def site(number: int, start: int, end: int, source: str = "REDfly", **values: str) -> BindingSite:
    evidence = factories.evidence(EvidenceContent.of([source]))
    return factories.site(f"TFLinkLS{number:08d}", start=start, end=end, evidence=evidence, **values)


@pytest.mark.django_db
def test_what_overlaps_a_region_is_listed() -> None:
    inside = site(1, 100, 110, chromosome="chr1")
    across = site(2, 60, 100, chromosome="1")
    site(3, 100, 110, chromosome="chr2")
    site(4, 50, 98, chromosome="chr1")
    listed = BindingSite.objects.in_region(Region("chr1", 99, 105))
    assert set(listed) == {inside, across}
