"""How much there is: exact where there are counters, elsewhere with the date of the count."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.dateparse import parse_datetime
from pytest_django import DjangoAssertNumQueries

from curation.models import ImportRun
from curation.shared.evidence import evidence_for
from curation.shared.species_counts import SCALES, SITES
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.models import BindingSite, Interaction, Protein, ReviewStatus
from proteins.queries.species_counts import scales_by_species, sites_by_species
from proteins.queries.statistics import Statistics
from tests.factories import accession, make_interaction, make_protein
from tests.proteins.api.conftest import Get

pytestmark = pytest.mark.django_db


def test_before_any_import(get: Get) -> None:
    first, second = make_protein(accession(0)), make_protein(accession(1), declared_tf=True)
    mouse = make_protein(accession(2), code="Mm")
    make_interaction(first, second, pmids=[1, 2])
    make_interaction(first, first, sources=["ReMap"], pmids=[2])
    make_interaction(mouse, mouse, pmids=[2, 3], methods=[])
    make_interaction(second, first, pmids=[4], status=ReviewStatus.REJECTED)
    answer = get("statistics/")
    unknown: dict[str, Any] = {"interactions_by_scale": None, "binding_sites": None}
    assert answer["total"] == {
        "proteins": 3, "tfs": 3, "targets": 3, "interactions": 3, "citations": 3, **unknown,
    }  # fmt: skip
    assert [row["taxon"]["code"] for row in answer["species"]] == ["Hs", "Mm"]
    assert answer["species"][0]["numbers"] == {
        "proteins": 2, "tfs": 2, "targets": 2, "interactions": 2, "citations": None, **unknown,
    }  # fmt: skip
    assert (answer["sources"], answer["methods"], answer["counted_at"]) == (2, 1, None)
    assert answer["total"]["citations"] == get("citations/")["total"]
    assert "no such parameter" in get("statistics/?x=1", expect=400)["detail"]


@pytest.mark.usefixtures("five_pages")
def test_what_an_import_counted(get: Get) -> None:
    run = ImportRun.objects.get()
    answer = get("statistics/")
    assert parse_datetime(answer["counted_at"]) == run.finished_at
    (human,) = (row["numbers"] for row in answer["species"])
    by_scale = human["interactions_by_scale"]
    public = Interaction.objects.public()
    for scale in SmallScale:
        name = scale.name.lower()
        assert by_scale[name] == public.filter(evidence__small_scale=scale).count()
    assert human["proteins"] == Protein.objects.count()
    assert human["interactions"] == sum(by_scale.values()) == public.count()
    assert human["binding_sites"] == BindingSite.objects.count()
    assert human["citations"] == answer["total"]["citations"] == 108
    assert answer["total"] == human
    # An import of before there were these counts stored fewer.
    del run.counts[SCALES], run.counts[SITES]
    run.save()
    (human,) = (row["numbers"] for row in get("statistics/")["species"])
    assert (human["interactions_by_scale"], human["binding_sites"]) == (None, None)
    assert human["citations"] == 108


def test_counting(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    human, mouse = make_protein(accession(0)), make_protein(accession(1), code="Mm")
    make_interaction(human, human, small_scale=SmallScale.YES)
    make_interaction(human, mouse, small_scale=SmallScale.YES)
    make_interaction(mouse, human, small_scale=SmallScale.NOT_STATED)
    make_interaction(mouse, mouse, status=ReviewStatus.REJECTED)
    evidence = evidence_for(EvidenceContent.of(["JASPAR"], [], [5], SmallScale.NO))
    BindingSite.objects.bulk_create(
        BindingSite(tflink_id=f"TFLinkLS{number}", tf=tf, evidence=evidence)
        for number, tf in enumerate([human, mouse, mouse])
    )
    with django_assert_num_queries(4):
        assert scales_by_species() == {
            "Hs": {"yes": 2, "no": 0, "not stated": 0},
            "Mm": {"yes": 0, "no": 0, "not stated": 1},
        }
        assert sites_by_species() == {"Hs": 1, "Mm": 2}
    with django_assert_num_queries(6):
        Statistics.read()
