"""Statements about the sites of one place make the same sites in any order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from curation.importing.planning.site_claims import SiteClaim
from curation.importing.planning.site_groups import groups_at
from curation.importing.planning.snapshot import Stored, StoredSite
from curation.importing.source.records import BindingSiteRecord
from proteins.domain.binding_sites import PhysicalKey
from proteins.domain.evidence import EvidenceContent

KEY = PhysicalKey("Q94126", "III", 10, 20)
IDS = ("TFLinkSS1", "TFLinkSS2", "TFLinkLS3", "TFLinkLT1", "TFLinkLT2", "TFLinkLT3")


def record(
    tflink_id: str, assembly: str, strand: str, sources: Sequence[str], pmid: int
) -> BindingSiteRecord:
    evidence = EvidenceContent.of(sources, [], [pmid])
    place = (KEY.chromosome, KEY.start, KEY.end)
    return BindingSiteRecord(tflink_id, KEY.tf, evidence, assembly, *place, strand)


STATEMENTS = st.lists(
    st.builds(
        record,
        st.sampled_from(IDS),
        st.sampled_from(["", "ce10"]),
        st.sampled_from(["", "+", "-"]),
        st.sampled_from([[], ["REDfly"], ["ORegAnno"]]),
        st.integers(1, 9),
    ),
    unique_by=lambda one: one.tflink_id,
    min_size=2,
    max_size=5,
)


def stored_after(chunks: Iterable[Sequence[BindingSiteRecord]]) -> list[StoredSite]:
    """The sites that are stored after imports of chunks, one after another."""
    sites: list[StoredSite] = []
    ids = count(1)
    for chunk in chunks:
        by_id = {
            one: site for site in sites for one in (site.record.tflink_id, *site.record.former_ids)
        }
        stored = Stored(sites=by_id, sites_at={KEY: sites})
        groups = groups_at(KEY, [SiteClaim(one, "file") for one in chunk], stored)
        sites = [
            StoredSite(group.site.id if group.site else next(ids), group.record, {}, group.records)
            for group in groups
        ]
    return sites


def shown(sites: Iterable[StoredSite]) -> list[str]:
    return sorted(repr((site.record, site.parts)) for site in sites)


@settings(max_examples=40, deadline=None)
@given(st.data(), STATEMENTS)
def test_any_order_makes_the_same_sites(
    data: st.DataObject, statements: list[BindingSiteRecord]
) -> None:
    other = data.draw(st.permutations(statements))
    one_by_one = shown(stored_after([one] for one in statements))
    assert shown(stored_after([one] for one in other)) == one_by_one
    assert shown(stored_after([statements])) == one_by_one
    first = data.draw(st.integers(0, len(other)))
    assert shown(stored_after([other[:first], other[first:]])) == one_by_one


@settings(max_examples=40, deadline=None)
@given(STATEMENTS)
def test_no_id_is_lost_and_none_is_twice(statements: list[BindingSiteRecord]) -> None:
    sites = stored_after([one] for one in statements)
    ids = [one for site in sites for one in (site.record.tflink_id, *site.record.former_ids)]
    assert sorted(ids) == sorted(one.tflink_id for one in statements)
    assert len({site.id for site in sites}) == len(sites)
