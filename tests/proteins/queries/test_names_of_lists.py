"""Proteins are found by each name of a list, as by its whole; exact names come first."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from curation import actions
from curation.checks import find_breaches
from curation.models import RecordKind
from proteins.domain.names import KEY_LENGTH
from proteins.models import Protein, ProteinName
from proteins.queries.resolver import By, resolve
from proteins.queries.search import find
from proteins.queries.suggestions import suggestions
from tests.curation.people import make_person
from tests.factories import accession, make_interaction, make_protein

pytestmark = pytest.mark.django_db

#: 14 names, 2,000 characters, four bytes each on PostgreSQL's side.
HISTONES = ";".join(f"his-{number}{'𝛼' * 130}" for number in range(15))


@pytest.fixture
def lists() -> list[Protein]:
    return [
        make_protein("P02994", "TEF1;TEF2", code="Sc"),
        make_protein("P02309", "HHF1; HHF2", code="Sc"),
        make_protein("Q00001", HISTONES, code="Ce"),
        make_protein("Q00002", "TEF2X", code="Sc"),
    ]


def test_each_name_is_a_row(lists: list[Protein]) -> None:
    rows = ProteinName.objects.filter(protein__accession="P02309")
    assert list(rows.values_list("position", "text", "folded")) == [
        (0, "HHF1", "hhf1"),
        (1, "HHF2", "hhf2"),
    ]


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("TEF1", ["P02994"]),
        ("tef2", ["P02994"]),
        ("TEF1;TEF2", ["P02994"]),
        ("hhf2", ["P02309"]),
        (HISTONES, ["Q00001"]),
        (HISTONES.split(";")[9], ["Q00001"]),
        (HISTONES.split(";")[9] + "x", []),
        (HISTONES[:-1], []),
    ],
)
def test_search_and_look_up(lists: list[Protein], text: str, exact: list[str]) -> None:
    result = find(text, 10)
    assert [one.accession for one in result.exact if isinstance(one, Protein)] == exact
    matches = resolve([text])[text].matches
    assert [match.accession for match in matches] == exact
    assert {match.by for match in matches} <= {By.NAME, By.FOLDED_NAME}
    assert [one.accession for one in Protein.objects.exactly(text)] == exact


def test_exact_names_come_first_however_many_begin_so(lists: list[Protein]) -> None:
    for number in range(20):
        make_protein(accession(number), f"TEF2{number};X{number}", code="Sc")
        make_protein(accession(100 + number), f"A{number};TEF2{number}", code="Sc")
    assert find("tef2", 10).proteins[0].accession == "P02994"
    assert suggestions("tef2")[0]["label"] == "TEF1;TEF2"


def test_beginnings_of_names(lists: list[Protein]) -> None:
    assert {one.accession for one in find("tef", 10).proteins} == {"P02994", "Q00002"}
    assert {one.accession for one in find("TEF2", 10).proteins} == {"P02994", "Q00002"}
    assert [one.accession for one in Protein.objects.matching("hhf2")] == ["P02309"]
    assert [one.accession for one in Protein.objects.matching("his-12")] == ["Q00001"]
    assert [one.accession for one in Protein.objects.matching(HISTONES[: KEY_LENGTH + 9])] == [
        "Q00001"
    ]


@pytest.mark.parametrize(
    ("parameters", "accessions"),
    [
        ({"name": "TEF2"}, ["P02994"]),
        ({"name": "tef1;tef2"}, ["P02994"]),
        ({"name": HISTONES.split(";")[3]}, ["Q00001"]),
        ({"name_prefix": "tef2"}, ["P02994", "Q00002"]),
        ({"q": "hhf2"}, ["P02309"]),
    ],
)
def test_the_filters_of_the_api(
    client: Client, lists: list[Protein], parameters: dict[str, str], accessions: list[str]
) -> None:
    answer = client.get(reverse("api-protein-list"), parameters)
    assert [one["accession"] for one in answer.json()["results"]] == accessions


def test_the_desk_finds_and_shortens_names(lists: list[Protein], client: Client) -> None:
    client.force_login(make_person("ada", "Senior curator"))
    page = client.get(reverse("admin:proteins_protein_changelist"), {"q": "his-12"})
    assert "𝛼… and 14 more" in page.content.decode()
    assert f'title="{HISTONES}"' in page.content.decode()


def test_pages_show_names_shortened_and_the_own_page_the_whole(
    lists: list[Protein], client: Client
) -> None:
    make_interaction(make_protein("Q00003", "lin-1", code="Ce"), lists[2])
    own = client.get(lists[2].get_absolute_url()).content.decode()
    assert f"<h1>{HISTONES}</h1>" in own
    other = client.get(reverse("protein", args=["q00003"])).content.decode()
    assert f'title="{HISTONES}">{lists[2].short_name}</a>' in other
    assert client.get(reverse("search"), {"q": "his-12"}).status_code == 200


def test_a_curators_name_moves_the_rows(lists: list[Protein]) -> None:
    person = make_person("ada", "Senior curator")
    actions.amend_protein(user=person, protein=lists[0], values={"name": "TEF3;TEF4"})
    assert [one.accession for one in Protein.objects.exactly("tef4")] == ["P02994"]
    assert not Protein.objects.exactly("tef2")
    actions.revert(
        user=person, kind=RecordKind.PROTEIN, record_id=lists[0].pk, version=0, reason="as it was"
    )
    assert [one.accession for one in Protein.objects.exactly("tef2")] == ["P02994"]
    assert [breach.reason for breach in find_breaches() if "names" in breach.reason] == []


def test_names_that_are_not_the_parts_are_a_breach(lists: list[Protein]) -> None:
    ProteinName.objects.filter(text="TEF2").delete()
    ProteinName.objects.filter(text="HHF2").update(folded="x")
    broken = [breach.record for breach in find_breaches() if "primary names" in breach.reason]
    assert broken == ["P02994", "P02309"]
