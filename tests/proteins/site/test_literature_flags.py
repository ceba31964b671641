"""Readers are warned of a retracted paper, and of one that PubMed does not know."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from curation.records.facets import refacet
from curation.shared.evidence import evidence_for
from proteins.domain.evidence import EvidenceContent
from proteins.models import BindingSite, Citation, Protein, PubMedStatus
from tests.factories import make_interaction, make_protein
from tests.proteins.reading import text_of

pytestmark = pytest.mark.django_db
PAGE = "/protein/q9uk53/"


@pytest.fixture
def tf() -> Protein:
    tf = make_protein("Q9UK53", "ING1")
    make_interaction(tf, make_protein("Q07812", "BAX"), pmids=range(71, 80))
    return tf


def flag(pmid: int, **how: object) -> None:
    Citation.objects.filter(pmid=pmid).update(**how)


def test_nothing_is_said_of_sound_papers(client: Client, tf: Protein) -> None:
    flag(71, pubmed_status=PubMedStatus.FOUND)
    html = client.get(PAGE).content.decode()
    assert 'class="tag warning"' not in html


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"is_retracted": True}, "9 retracted Details"),
        ({"pubmed_status": PubMedStatus.NOT_FOUND}, "9 not known to PubMed Details"),
        (
            {"is_retracted": True, "pubmed_status": PubMedStatus.NOT_FOUND},
            "9 not known to PubMed retracted Details",
        ),
    ],
)
def test_tables_warn_and_do_not_fold_it_away(
    client: Client, tf: Protein, how: dict[str, object], says: str
) -> None:
    flag(79, **how)
    html = client.get(PAGE).content.decode()
    assert 'class="tag warning"' in html.split('<section id="targets"')[1]
    assert says in text_of(client, PAGE)
    # The target's own page lists the same evidence.
    assert says in text_of(client, "/protein/q07812/")


def test_binding_sites_warn_too(client: Client) -> None:
    tf = make_protein("Q9UK53", "ING1")
    BindingSite.objects.create(
        tflink_id="TFLinkLS1",
        tf=tf,
        evidence=evidence_for(EvidenceContent.of(["JASPAR"], [], [71])),
    )
    refacet([tf.pk])
    flag(71, is_retracted=True)
    section = client.get(PAGE).content.decode().split('<section id="sites"')[1]
    assert re.search(r'71</a> <strong class="tag warning">retracted</strong>', section)


def test_the_api_says_so_wherever_a_paper_stands(client: Client, tf: Protein) -> None:
    flag(72, is_retracted=True)
    flag(73, pubmed_status=PubMedStatus.NOT_FOUND)
    listed = client.get("/api/v1/interactions/Q9UK53-Q07812/").json()["publications"]
    data = {one["pmid"]: (one["is_retracted"], one["pubmed_status"]) for one in listed}
    assert data[71] == (False, "not looked up")
    assert data[72] == (True, "not looked up")
    assert data[73] == (False, "not found")
    citation = client.get("/api/v1/citations/72/").json()
    assert citation["is_retracted"] is True
    assert citation["looked_up_at"] is None
