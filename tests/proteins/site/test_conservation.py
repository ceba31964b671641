"""Conservation on the page of an interaction, and of all targets of a TF."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from proteins.analysis import species
from proteins.analysis.conservation import Conserved, Untestable, of_interaction, of_targets
from proteins.limits import analyses
from proteins.models import Interaction, Ortholog, Protein, ReviewStatus, Taxon
from tests.factories import make_interaction, make_protein, taxon

pytestmark = pytest.mark.django_db
PAGE = "/protein/p00000/conservation/"


@pytest.fixture
def tf() -> Protein:
    """A TF and its targets A to D. In mouse A is reported, B is not, C has no ortholog; the
    ortholog of D is no protein here. In rat the TF's ortholog has no targets that count."""
    tf, *targets = (make_protein(f"P0000{n}", name) for n, name in enumerate(["TF", *"ABCD"]))
    for target in targets:
        make_interaction(tf, target)
    mouse, *others = (
        make_protein(f"P1000{n}", name, code="Mm") for n, name in enumerate(["Tf", *"ab"])
    )
    make_interaction(mouse, others[0])
    make_interaction(mouse, mouse)
    make_interaction(mouse, others[1], status=ReviewStatus.REJECTED)
    rat = make_protein("P20000", "TfRat", code="Rn")
    make_interaction(rat, rat, status=ReviewStatus.REJECTED)
    # Each end states some of the links alone.
    link(tf, "Mm", "P10000")
    link(others[0], "Hs", "P00001")
    link(targets[1], "Mm", "P10002")
    link(others[1], "Hs", "P00002")
    link(targets[3], "Mm", "MOUSE1")
    link(tf, "Rn", "P20000")
    link(targets[0], "Rn", "P29999")
    return tf


def link(protein: Protein, code: str, identifier: str) -> None:
    Ortholog.objects.create(protein=protein, taxon=taxon(code), identifier=identifier)


def answers(target: str) -> dict[str, tuple[str, list[str], str]]:
    """Answer, pairs and reason of each species, as the interaction's page has them."""
    interaction = Interaction.objects.get(tf__accession="P00000", target__accession=target)
    return {
        one.taxon.code: (
            one.answer.value,
            ["-".join(end.accession for end in pair) for pair in one.pairs],
            str(one.why or ""),
        )
        for one in of_interaction(interaction)
    }


def test_three_answers_of_each_species(tf: Protein) -> None:
    reported, silent, none, elsewhere = map(answers, ("P00001", "P00002", "P00003", "P00004"))
    assert reported["Mm"] == ("reported", ["P10000-P10001"], "")
    assert silent["Mm"] == ("not_reported", ["P10000-P10002"], "")
    assert none["Mm"] == ("not_testable", [], Untestable.TARGET)
    assert elsewhere["Mm"] == ("not_reported", ["P10000-MOUSE1"], "")
    assert reported["Rn"] == ("not_testable", [], Untestable.TARGETS)
    assert reported["Dr"] == ("not_testable", [], Untestable.TF)
    assert list(reported) == ["Ce", "Dr", "Dm", "Mm", "Rn", "Sc"]


def test_arrays_and_tables_answer_alike(tf: Protein) -> None:
    """One interaction is looked up in the tables, many in the arrays."""
    others = list(Taxon.objects.exclude(pk=tf.taxon_id).order_by("scientific_name"))
    many = {(one.target.accession, one.answer.taxon.code): one for one in of_targets(tf, others)}
    for interaction in Interaction.objects.public().of_tf(tf):
        for one in of_interaction(interaction):
            other = many[interaction.target.accession, one.taxon.code].answer
            assert (one.answer, one.why) == (other.answer, other.why)
            assert [[end.accession for end in pair] for pair in one.pairs] == [
                [end.accession for end in pair] for pair in other.pairs
            ]
            assert (other.expected is None) == (one.answer is Conserved.NOT_TESTABLE)


def text_of(response: Any) -> str:
    """The text of a page, a blank where a tag is."""
    text = strip_tags(response.content.decode().replace("<", " <"))
    return re.sub(r"\s+", " ", text)


def test_the_page_of_an_interaction(client: Client, tf: Protein) -> None:
    page = client.get("/interaction/P00000-P00001/")
    assert "Mus musculus Reported: Tf → a" in text_of(page)
    assert '<a href="/interaction/P10000-P10001/">Tf → a</a>' in page.content.decode()
    assert "Rattus norvegicus Not testable: no targets of the TF’s ortholog" in text_of(page)
    page = client.get("/interaction/P00000-P00002/")
    assert "Mus musculus Not reported: Tf → b" in text_of(page)
    assert '<a href="/protein/p10002/">b</a>' in page.content.decode()
    assert 'href="/protein/p00000/conservation/?target=P00002"' in page.content.decode()


def test_an_interaction_takes_two_queries(
    tf: Protein, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    interaction = Interaction.objects.select_related("tf__taxon", "target").get(
        tf=tf, target__accession="P00001"
    )
    with django_assert_num_queries(2):
        of_interaction(interaction)


def rows_of(response: Any) -> list[str]:
    body = response.content.decode().split("<section id=", 1)[1]
    return [
        re.sub(r"\s+", " ", strip_tags(row)).strip()
        for row in re.findall("<tr><th scope=.row.>(.*?)</tr>", body, re.DOTALL)
    ]


def test_all_targets_of_a_tf(client: Client, tf: Protein) -> None:
    page = client.get(PAGE)
    text = text_of(page)
    assert page.status_code == 200
    assert "Mus musculus 4 3 1 (33.3 %)" in text
    assert [row.split("Mus musculus")[0] for row in rows_of(page)] == [
        "TF → A", "TF → B", "TF → D",
    ]  # fmt: skip
    protein = client.get("/protein/p00000/").content.decode()
    assert f'<a href="{PAGE}">Conservation of targets</a>' in protein
    assert client.get("/protein/P00000/conservation/").status_code == 301
    assert client.get("/protein/p99999/conservation/").status_code == 404
    assert "lists no targets of A" in text_of(client.get("/protein/p00001/conservation/"))


@pytest.mark.parametrize(
    ("query", "number", "message"),
    [
        ({"answer": "reported"}, 1, ""),
        ({"answer": "not_reported"}, 2, ""),
        ({"answer": "not_testable"}, 21, ""),
        ({"answer": "not_testable", "species": "Mm"}, 1, ""),
        ({"species": "Rn"}, 0, "No answer matches"),
        ({"target": "p00001"}, 1, ""),
        ({"target": "P00009"}, 0, "P00009 is not in TFLink"),
        ({"target": "x"}, 3, "not a UniProt accession"),
        ({"species": "Xx"}, 3, "No species is called"),
        ({"answer": "perhaps"}, 3, "No answer is called"),
        ({"page": "7"}, 3, "There is no page 7"),
    ],
)
def test_filters(
    client: Client, tf: Protein, query: dict[str, str], number: int, message: str
) -> None:
    page = client.get(PAGE, query)
    assert page.status_code == 200
    assert len(rows_of(page)) == number
    assert message in text_of(page)


def test_files_of_the_same_choice(client: Client, tf: Protein) -> None:
    page = client.get(PAGE, {"species": "Mm", "answer": "not_reported"}).content.decode()
    (url,) = re.findall(r'href="(/api/[^"]*format=tsv)"', page)
    lines = client.get(url.replace("&amp;", "&")).content.decode().splitlines()
    assert [line.split("\t")[0] for line in lines[1:]] == ["P00000-P00002", "P00000-P00004"]


def test_many_targets_are_paged(client: Client, tf: Protein) -> None:
    mouse = Protein.objects.get(accession="P10000")
    for number in range(120):
        target = make_protein(f"P5{number:04d}", f"T{number:03d}")
        make_interaction(tf, target)
        link(target, "Mm", f"M{number}")
    assert mouse.name == "Tf"
    page = client.get(PAGE)
    assert "1–100 of 123" in text_of(page)
    assert len(page.content) < 100_000
    assert len(rows_of(client.get(PAGE, {"page": "2"}))) == 23


def test_when_to_come_again(
    client: Client, tf: Protein, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ANALYSIS_SLOTS = 1
    slot = analyses.slots.take("another")
    assert slot is not None
    busy = client.get(PAGE)
    slot.release()
    assert (busy.status_code, busy["Retry-After"]) == (503, str(analyses.RETRY_AFTER))
    monkeypatch.setattr(species, "READ_AT_ONCE", 0)
    unready = client.get(PAGE)
    assert (unready.status_code, unready["Retry-After"]) == (503, str(species.RETRY_AFTER))
