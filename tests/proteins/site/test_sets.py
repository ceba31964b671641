"""The page of questions about sets of genes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from proteins.domain.evidence import SmallScale
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db
URL = "/analyse/"


@pytest.fixture
def proteins() -> None:
    """A -> B -> C, A -> C, each by small-scale experiments."""
    made = {name: make_protein(f"P0000{number}", name) for number, name in enumerate("ABC")}
    for tf, target in ("AB", "BC", "AC"):
        make_interaction(made[tf], made[target], small_scale=SmallScale.YES)


def page(client: Client, expect: int = 200, **values: Any) -> str:
    answer = client.post(URL, {"taxon": "9606", **values})
    assert answer.status_code == expect, answer.content[:500]
    return answer.content.decode()


@pytest.mark.usefixtures("proteins")
@pytest.mark.parametrize(
    ("question", "listed", "sentence", "row"),
    [
        (
            "common-targets",
            "A;B",
            "1 of 2 targets are regulated by 2 or more of these 2 TFs",
            '<a href="/interaction/P00000-P00002/">A</a>',
        ),
        (
            "shared-regulators",
            "B\nC",
            "1 of 2 TFs regulate 2 or more of these 2 genes",
            '<a href="/interaction/P00000-P00001/">B</a>',
        ),
        (
            "subnetwork",
            "A B C".replace(" ", "\n"),
            "3 interactions among these 3 proteins",
            '<a href="/interaction/P00001-P00002/">P00001-P00002</a>',
        ),
        ("paths", "A;C", "1 of 1 step, 1 of 2 steps, 0 of 3 steps", "A, B, C"),
        ("feed-forward-loops", "B", "There are 1 such loops", "not known"),
    ],
)
def test_each_question(client: Client, question: str, listed: str, sentence: str, row: str) -> None:
    text = page(client, question=question, identifiers=listed)
    assert sentence in text
    assert row in text
    # The list stays in the form, for the next question.
    assert listed.splitlines()[0] in text.split("<textarea")[1]


@pytest.mark.usefixtures("proteins")
def test_how_many_and_which_evidence(client: Client) -> None:
    some = page(client, question="common-targets", identifiers="A;B", at_least="1")
    assert "2 of 2 targets are regulated by 1 or more" in some
    none = page(client, question="common-targets", identifiers="A;B", tier="single")
    assert "0 of 0 targets" in none
    listed = page(client, question="subnetwork", identifiers="A;<b>i</b>;Mouse9")
    assert "<bdi>&lt;b&gt;i&lt;/b&gt;</bdi>" in listed.split("Not found")[1]


@pytest.mark.usefixtures("proteins")
@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("tsv", "id\ttf\ttf_name\ttarget"),
        ("csv", "\ufeffid,tf,tf_name,target"),
        ("json", '{"query":'),
        ("sif", "P00000\t"),
        ("graphml", "<?xml"),
        ("cx2", "["),
        ("svg", "<svg"),
    ],
)
def test_files_of_a_subnetwork(client: Client, name: str, begins: str) -> None:
    text = page(client, question="subnetwork", identifiers="A;B;C", format=name)
    assert text.startswith(begins)
    assert text.count("P00001") or name == "svg"
    shown = page(client, question="subnetwork", identifiers="A;B;C")
    assert f'name="format" value="{name}"' in shown
    assert "1 proteins at the left only regulate, 1 in the middle" in shown


@pytest.mark.usefixtures("proteins")
@pytest.mark.parametrize(
    ("question", "listed", "column"),
    [
        ("common-targets", "A;B", "regulators"),
        ("shared-regulators", "B;C", "targets"),
        ("paths", "A;C", "weakest"),
        ("feed-forward-loops", "B", "coherent"),
    ],
)
def test_tables_of_the_other_questions(
    client: Client, question: str, listed: str, column: str
) -> None:
    lines = page(client, question=question, identifiers=listed, format="tsv").splitlines()
    assert column in lines[0].split("\t")
    assert len(lines) > 1


@pytest.mark.usefixtures("proteins")
def test_an_answer_goes_on_to_another_question(client: Client) -> None:
    text = page(
        client, question="common-targets", identifiers="A;B", at_least="1", tier="supported"
    )
    form = text.split('aria-label="Questions about these proteins"')[1].split("</form>")[0]
    assert 'name="identifiers" value="P00002;P00001"' in form
    assert 'name="tier" value="supported"' in form


@pytest.mark.usefixtures("proteins")
def test_a_list_that_comes_from_another_page(client: Client) -> None:
    text = page(client, identifiers="A\nB")
    assert "A\nB</textarea>" in text
    assert 'id="answer"' not in text


@pytest.mark.usefixtures("proteins")
@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"question": "all"}, "Select a valid choice"),
        ({"question": "paths", "identifiers": "A;B;C"}, "at most 2 are taken"),
        ({"question": "common-targets", "at_least": "0"}, "greater than or equal to 1"),
    ],
)
def test_what_is_wrong_is_said(client: Client, values: dict[str, str], reason: str) -> None:
    assert reason in page(client, 400, **values)
