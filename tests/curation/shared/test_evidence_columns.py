"""Tiers and method classes follow what curators change in the vocabulary."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from curation import actions
from curation.checks import find_breaches
from curation.permissions import SENIOR_CURATOR
from proteins.domain.evidence import SmallScale
from proteins.domain.methods import MethodClass
from proteins.domain.tiers import Tier
from proteins.models import Citation, DetectionMethod, Interaction, Protein, SourceDatabase
from tests.curation.people import make_person
from tests.factories import accession, make_interaction, make_protein

pytestmark = pytest.mark.django_db
SELEX, CHIP = "selex", "chromatin immunoprecipitation assay"


@pytest.fixture
def senior() -> User:
    return make_person("senior", SENIOR_CURATOR)


@pytest.fixture
def tf() -> Protein:
    return make_protein("P04637", "TP53")


def interaction(tf: Protein, number: int, **support: Any) -> Interaction:
    return make_interaction(tf, make_protein(accession(number)), **support)


def tier_of(record: Interaction) -> Tier:
    record.refresh_from_db()
    return Tier(record.evidence.tier)


def keep(user: User, record: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(record, name, value)
    actions.keep_vocabulary(user=user, record=record, reason="x", changed=list(values))
    assert [str(breach) for breach in find_breaches() if "evidence" in breach.record] == []


def test_a_method_of_another_class(client: Client, senior: User, tf: Protein) -> None:
    one = interaction(tf, 1, methods=[SELEX])
    other = interaction(tf, 2, methods=[CHIP])
    before = client.get("/api/v1/changes/", {"after": 0}).json()["number"]
    keep(senior, DetectionMethod.objects.get(name=SELEX), method_class=MethodClass.REPORTER)
    one.refresh_from_db()
    assert one.evidence.class_labels == ["reporter"]
    # Only what is otherwise now is among the changes.
    after = client.get("/api/v1/changes/", {"after": before}).json()
    assert [row["id"] for row in after["results"]] == [one.key]
    assert after["results"][0]["interaction"]["method_classes"] == ["reporter"]
    unchanged = other.change_id
    other.refresh_from_db()
    assert other.change_id == unchanged
    for kind, expected in (("reporter", 1), ("binding_in_vitro", 0)):
        url = f"/api/v1/interactions/?method_class={kind}"
        assert client.get(url).json()["total"] == expected


def test_a_method_that_is_renamed_or_described_changes_nothing(senior: User, tf: Protein) -> None:
    one = interaction(tf, 1, methods=[SELEX])
    change = one.change_id
    keep(senior, DetectionMethod.objects.get(name=SELEX), identifies_participant_only=True)
    one.refresh_from_db()
    assert one.change_id == change


def test_an_aggregator(senior: User, tf: Protein) -> None:
    record = interaction(tf, 1, sources=["TRRUST_via_DoRothEA", "DoRothEA"], pmids=[])
    assert tier_of(record) == Tier.SINGLE
    keep(senior, SourceDatabase.objects.get(key="DoRothEA"), is_aggregator=False)
    assert tier_of(record) == Tier.REPEATED
    keep(senior, SourceDatabase.objects.get(key="DoRothEA"), is_aggregator=True)
    assert tier_of(record) == Tier.SINGLE


def test_the_way_of_a_database(senior: User, tf: Protein) -> None:
    record = interaction(tf, 1, sources=["TRED", "DoRothEA"], pmids=[])
    assert tier_of(record) == Tier.REPEATED
    aggregator = SourceDatabase.objects.get(key="DoRothEA")
    keep(senior, SourceDatabase.objects.get(key="TRED"), via=aggregator)
    assert tier_of(record) == Tier.SINGLE


def test_a_paper_that_becomes_a_databases_own(senior: User, tf: Protein) -> None:
    record = interaction(tf, 1, pmids=[11, 12], small_scale=SmallScale.YES)
    assert tier_of(record) == Tier.STRONG
    paper = Citation.objects.get(pmid=11)
    keep(senior, SourceDatabase.objects.get(key="JASPAR"), publication=paper)
    assert tier_of(record) == Tier.SUPPORTED
    keep(senior, SourceDatabase.objects.get(key="JASPAR"), publication=None)
    assert tier_of(record) == Tier.STRONG


def test_a_database_with_its_paper_that_comes_and_goes(senior: User, tf: Protein) -> None:
    record = interaction(tf, 1, pmids=[11, 12])
    source = SourceDatabase(key="New", name="New", publication=Citation.objects.get(pmid=11))
    actions.keep_vocabulary(user=senior, record=source, reason="x")
    assert tier_of(record) == Tier.SINGLE
    actions.remove_vocabulary(user=senior, record=source, reason="x")
    assert tier_of(record) == Tier.REPEATED


def test_what_is_met_for_the_first_time(tf: Protein) -> None:
    record = interaction(
        tf,
        1,
        sources=["TRRUST", "TRRUST_via_CollecTRI", "CollecTRI"],
        methods=["northern blot", "x"],
    )
    assert SourceDatabase.objects.get(key="CollecTRI").is_aggregator
    assert not SourceDatabase.objects.get(key="TRRUST_via_CollecTRI").is_aggregator
    assert record.evidence.class_labels == ["expression", "other"]
    assert record.evidence.independent_sources == 1
