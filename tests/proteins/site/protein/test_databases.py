"""Which source database reports which regulator, or target: the matrices and their files."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from proteins.domain.evidence import SmallScale
from proteins.models import Protein
from proteins.queries.source_matrix import MOST_ROWS
from tests.factories import accession, make_interaction, make_protein
from tests.proteins.reading import text_of

pytestmark = pytest.mark.django_db
SVG = "/protein/q07812/regulator-databases.svg"


@pytest.fixture
def bax() -> Protein:
    """A target of TP53 (three databases, strong), SP1 (two) and MYC (one)."""
    bax = make_protein("Q07812", "BAX")
    make_interaction(
        make_protein("P04637", "TP53"), bax, sources=["GTRD", "ReMap", "TRRUST"],
        small_scale=SmallScale.YES,
    )  # fmt: skip
    make_interaction(make_protein("P08047", "SP1"), bax, sources=["GTRD", "TRRUST"])
    make_interaction(make_protein("P01106", "MYC"), bax, sources=["GTRD"])
    bax.refresh_from_db()
    return bax


def test_the_table(client: Client, bax: Protein) -> None:
    """Rows of most cells first; databases by how many of all they report."""
    table = client.get(SVG.replace("svg", "tsv")).text
    assert table.splitlines() == [
        "accession\tname\ttier\tdatabases\tGTRD\tTRRUST\tReMap",
        "P04637\tTP53\tstrong\t3\tyes\tyes\tyes",
        "P08047\tSP1\trepeated\t2\tyes\tyes\t",
        "P01106\tMYC\tsingle\t1\tyes\t\t",
    ]


def test_the_drawing_says_its_result(client: Client, bax: Protein) -> None:
    drawing = client.get(SVG).text
    assert (
        "Source databases of 3 regulators of BAX: TP53 is in 3 of 3. "
        "Regulators of each: GTRD 3, TRRUST 2, ReMap 1." in drawing
    )
    cells = {
        css_class: path.count("M")
        for css_class, path in re.findall(r'<path class="(\w+)" d="([^"]*)"', drawing)
    }
    assert cells == {"strong": 3, "repeated": 2, "single": 1, "chr": 3}


def test_the_page_keeps_its_room(client: Client, bax: Protein) -> None:
    html = client.get("/protein/q07812/").text
    assert '<a href="#databases">Databases</a>' in html
    for query, size in (("", ' width="760" height="218"'), ("?size=narrow", ' width="326"')):
        assert size in client.get(f"{SVG}{query}").text
        assert size in html.partition(f"{SVG}{query}")[2][:400]
    text = text_of(client, "/protein/q07812/")
    assert "GTRD reports 3 of the 3 regulators, TRRUST 2, ReMap 1." in text
    # Neither SP1 nor MYC has anything to compare.
    assert "databases.svg" not in client.get("/protein/p08047/").text


def test_of_many_those_of_most_databases(client: Client, bax: Protein) -> None:
    for number in range(MOST_ROWS):
        make_interaction(make_protein(accession(number)), bax, sources=["GTRD"])
    rows = client.get(SVG.replace("svg", "tsv")).text.splitlines()[1:]
    assert len(rows) == MOST_ROWS
    assert [row.split("\t")[1] for row in rows[:3]] == ["TP53", "SP1", "P00000"]
    caption = f"The {MOST_ROWS} regulators of BAX in most databases, of 28"
    assert caption in text_of(client, "/protein/q07812/")


def test_no_figure_without_data(client: Client, bax: Protein) -> None:
    assert client.get("/protein/q07812/target-databases.svg").status_code == 404
