"""MITAB parsed back by a reader of its own: 46 columns, terms and signs of PSI-MI."""

from __future__ import annotations

from typing import Final

import pytest

from proteins.domain.evidence import SmallScale
from proteins.models import Effect, Reporting, ReviewStatus
from tests.proteins.clients import mitab_parser
from tests.proteins.clients.conftest import Files
from tests.proteins.clients.content import CHANGED_AT, CHIP, FACTS, OWN_METHOD, WESTERN, Fact, Gene
from tests.proteins.clients.mitab_parser import Field, MitabError, Row

TAXA: Final = {"Hs": Field("taxid", "9606", "Homo sapiens")} | {
    "Mm": Field("taxid", "10090", "Mus musculus")
}
#: From psi-mi.obo (2025-11-18): every term that a row may name.
TERMS: Final = {
    "MI:0402": CHIP,
    "MI:0113": WESTERN,
    "MI:2286": "functional association",
    "MI:2274": "regulator",
    "MI:2275": "regulator target",
    "MI:0499": "unspecified role",
    "MI:0326": "protein",
    "MI:0250": "gene",
    "MI:2247": "transcriptional regulation",
    "MI:2238": "up-regulates quantity by expression",
    "MI:2243": "down-regulates quantity by repression",
}
UP, DOWN = "MI:2238", "MI:2243"
SIGNS: Final = {
    Effect.UNKNOWN: [],
    Effect.ACTIVATION: [UP],
    Effect.REPRESSION: [DOWN],
    Effect.BOTH: [UP, DOWN],
}
ALWAYS: Final = {
    12: "MI:2286", 17: "MI:2274", 18: "MI:2275", 19: "MI:0499", 20: "MI:0499", 21: "MI:0326",
    22: "MI:0250", 45: "MI:2247",
}  # fmt: skip
#: About which nothing is known.
EMPTY: Final = (15, 16, 23, 24, 26, 27, 29, 30, 31, 33, 34, 35, 37, 38, 39, 40, 41, 43, 44)


@pytest.fixture(scope="module")
def rows(files: Files) -> dict[tuple[str, str], Row]:
    read = mitab_parser.rows(files["interactions", "mitab"].read_bytes().decode())
    by_pair = {(row[1][0].value, row[2][0].value): row for row in read}
    assert len(by_pair) == len(read)
    return by_pair


def names(gene: Gene) -> list[Field]:
    """A name may be a list of names (`eft-3;eft-4`): each is an alias."""
    parts = filter(None, map(str.strip, gene.name.split(";")))
    return [Field("uniprotkb", part, "gene name") for part in parts]


def comments(fact: Fact) -> set[str]:
    annotations = set[str]()
    if fact.small_scale != SmallScale.NOT_STATED:
        annotations.add(f"small-scale evidence: {fact.small_scale.label}")
    if fact.status != ReviewStatus.UNREVIEWED:
        annotations.add(f"review status: {fact.status.label}")
    if fact.reporting != Reporting.REPORTED:
        annotations.add(str(fact.reporting.label))
    return annotations


@pytest.mark.django_db
def test_every_fact_is_read_back(rows: dict[tuple[str, str], Row]) -> None:
    assert set(rows) == {fact.key for fact in FACTS}
    for fact in FACTS:
        row = rows[fact.key]
        for side, gene in enumerate((fact.tf, fact.target)):
            assert row[1 + side] == [Field("uniprotkb", gene.accession)]
            identifiers = [Field("entrez gene/locuslink", str(number)) for number in gene.genes]
            assert row[3 + side] == identifiers
            assert row[5 + side] == names(gene)
            assert row[10 + side] == [TAXA[gene.code]]
        assert [field.value for field in row[9]] == [str(pmid) for pmid in sorted(fact.pmids)]
        assert row[25] == [Field("pubmed", str(pmid), "see-also") for pmid in sorted(fact.papers)]
        assert {field.value for field in row[13]} == set(fact.sources)
        assert row[14] == [Field("tflink", "-".join(fact.key))]
        assert {field.value for field in row[28]} == comments(fact)
        assert row[32] == [Field(f"{CHANGED_AT:%Y/%m/%d}")]
        assert row[36] == [Field("false")]


@pytest.mark.django_db
def test_terms_are_those_of_psi_mi(rows: dict[tuple[str, str], Row]) -> None:
    for fact in FACTS:
        row = rows[fact.key]
        terms = {f.value: f.text for fields in row.values() for f in fields if f[0] == "psi-mi"}
        assert terms.items() <= TERMS.items()
        assert {number: row[number][0].value for number in ALWAYS} == ALWAYS
        assert [field.value for field in row[46]] == SIGNS[fact.effect]
        # Identifying a participant detects no interaction.
        assert {f.text for f in row[7]} == set(fact.methods) - {WESTERN}
        assert [f.value for f in row[42]] == ["MI:0113"] * (WESTERN in fact.methods)
        assert not any(row[number] for number in EMPTY)
    assert Field("tflink", OWN_METHOD, OWN_METHOD) in rows["P04637", "P04637"][7]
    assert rows["Q9UK53", "P04637"][8] == [Field("van der Müller-O'Brien J et al. (1992)")]


@pytest.mark.parametrize(
    "column",
    ["a:b(c", "a:b)c", 'a:"b', 'a:"b"c', "a:b:c", "a|", ":b", "a:b(c)d", 'a:b"c', 'psi-mi:"x"(y)'],
)
def test_the_reader_is_strict(column: str) -> None:
    cells = ["a:b"] * mitab_parser.COLUMNS
    for number in (*range(7, 13), *range(16, 23), 29, 31, 32, 36, 41, 42, 45, 46):
        cells[number - 1] = "-"
    header = "#" + "\t".join(cells)
    assert mitab_parser.rows(f"{header}\n" + "\t".join(cells) + "\n")
    cells[6] = column
    with pytest.raises(MitabError):
        mitab_parser.rows(f"{header}\n" + "\t".join(cells) + "\n")
