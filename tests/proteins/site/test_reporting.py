"""What the sources no longer report is kept, shown as such, and can be asked for."""

from __future__ import annotations

import pytest
from django.test import Client

from proteins.models import Interaction, Protein, Reporting
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db


@pytest.fixture
def ing1() -> Protein:
    protein = make_protein("Q9UK53", "ING1")
    for accession, name in (("Q07812", "BAX"), ("P04637", "TP53"), ("P01106", "MYC")):
        make_interaction(protein, make_protein(accession, name))
    Interaction.objects.filter(target__name="BAX").update(reporting=Reporting.WITHDRAWN)
    Interaction.objects.filter(target__name="MYC").update(reporting=Reporting.CURATED)
    return protein


def listed(client: Client, query: str) -> set[str]:
    answer = client.get(f"/protein/q9uk53/{query}").text
    table = answer.partition("<tbody")[2].partition("</tbody>")[0]
    return {name for name in ("BAX", "TP53", "MYC") if f">{name}<" in table}


def test_a_page_shows_it_and_filters_by_it(client: Client, ing1: Protein) -> None:
    text = client.get("/protein/q9uk53/").text
    assert '<span class="tag">no longer reported</span>' in text
    assert '<span class="tag">added by a curator</span>' in text
    assert listed(client, "") == {"BAX", "TP53", "MYC"}
    assert listed(client, "?targets-reporting=no_longer_reported") == {"BAX"}
    assert listed(client, "?targets-reporting=added_by_a_curator") == {"MYC"}
    assert listed(client, "?targets-reporting=reported") == {"TP53"}


def test_the_api_says_it_and_filters_by_it(client: Client, ing1: Protein) -> None:
    record = client.get("/api/v1/interactions/Q9UK53-Q07812/").json()
    assert record["reporting"] == "no longer reported"
    answer = client.get("/api/v1/interactions/?reporting=no_longer_reported,reported").json()
    assert {row["id"] for row in answer["results"]} == {"Q9UK53-Q07812", "Q9UK53-P04637"}
    assert client.get("/api/v1/interactions/?reporting=never").status_code == 400
