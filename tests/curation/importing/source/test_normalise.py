"""Raw cells -> canonical values, with the oddities that published rows hold."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.importing.source import normalise, orthologs, publication_cells
from curation.importing.source.problems import MAX_PROBLEMS, Problems
from curation.importing.source.records import Mention, OrthologRecord
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.identifiers import MAX_TERM_LENGTH, IdentifierError, without_invisible
from proteins.domain.names import MAX_NAME_LENGTH
from tests.curation.importing.pages_for_tests import link, query, row
from tests.species import SPECIES


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("DAND5", "Q8N907", "199699"), Mention("Q8N907", "DAND5", (199699,))),
        (("ARG5,6", "Q01217", "856800"), Mention("Q01217", "ARG5,6", (856800,))),
        (("ARG5_6", "Q01217", "856800.0"), Mention("Q01217", "ARG5,6", (856800,))),
        (("AI5_BETA", "Q9ZZX0", "-"), Mention("Q9ZZX0", "AI5_BETA", ())),
        (("-", "A0A1B0GVJ0", "-"), Mention("A0A1B0GVJ0", "", ())),
        (("P01106", "P04637", "7157"), Mention("P04637", "P01106", (7157,))),
        (("X,P01106", "P04637", "7157"), Mention("P04637", "X,P01106", (7157,))),
        (("H4C1", "P62805", "8294;8359,8360"), Mention("P62805", "H4C1", (8294, 8359, 8360))),
        (("eft-3;eft-4", "P53013", "NA"), Mention("P53013", "eft-3;eft-4", ())),
        (("E(spl)m3-HLH", "Q01068", ""), Mention("Q01068", "E(spl)m3-HLH", ())),
        (("beta'COP", "O62621", "1"), Mention("O62621", "beta'COP", (1,))),
        (("<script>alert(1)</script>", "P04637", "1"), None),
    ],
)
def test_who_a_row_names(cells: tuple[str, str, str], expected: Mention | None) -> None:
    mention = normalise.row(row(*cells)).mention
    if expected is None:
        expected = Mention("P04637", "<script>alert(1)</script>", (1,))
    assert mention == expected


@pytest.mark.parametrize("scale", [None, "Yes", "no", " YES "])
@pytest.mark.parametrize("linked", [False, True])
def test_what_supports_a_row(scale: str | None, *, linked: bool) -> None:
    text = row(
        "A",
        "P04637",
        sources="GTRD; TFactS_via_DoRothea;GTRD;;-",
        methods="selex; inferred by curator",
        publications=(link if linked else query)(29126285, 5, 29126285),
        scale=scale,
    )
    evidence = normalise.row(text).evidence
    stated = {None: SmallScale.NOT_STATED, "no": SmallScale.NO}.get(scale, SmallScale.YES)
    assert evidence == EvidenceContent.of(
        ["GTRD", "TFactS_via_DoRothEA"], ["inferred by curator", "selex"], [5, 29126285], stated
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A,P04637,7157,GTRD,chip", "has 5 cells"),
        ("A,P04637,GTRD,chip,1%5Buid%5D,Yes", "has 6 cells"),
        ("Yes", "has 1 cells"),
        ("", "has 1 cells"),
        (row("A", "P0463", "7157"), "'P0463' is not a UniProt accession"),
        (row("A", "199699", "7157"), "no UniProt accession comes after the name 'A'"),
        (row("A", "P04637", "-,-"), "'-' is not a UniProt accession"),
    ],
)
def test_a_row_without_identity(text: str, words: str) -> None:
    with pytest.raises(IdentifierError) as caught:
        normalise.row(text)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("text", "cell", "words"),
    [
        (row("A", "P04637", "TP53"), "NCBI gene IDs", "'TP53' is not an NCBI gene ID"),
        (row("A", "P04637", "1" + "0" * 40), "NCBI gene IDs", "not between 1 and 2147483647"),
        (row("A" * (MAX_NAME_LENGTH + 1), "P04637"), "name", f"{MAX_NAME_LENGTH + 1} characters"),
        (row("A\x07", "P04637"), "name", "control character U+0007"),
        (row("A\uffff", "P04637"), "name", "character U+FFFF, which XML forbids"),
        (row("A", "P04637", scale="Maybe"), "small-scale evidence", "'Maybe', not Yes or No"),
        (row("A", "P04637", scale="-"), "small-scale evidence", "'-', not Yes or No"),
        (row("A", "P04637", scale=" ") + ".", "small-scale evidence", "not Yes or No"),
        (row("A", "P04637", publications="none"), "publications", "'none' is not a PubMed ID"),
        (row("A", "P04637", publications="1%5Buid%5D2"), "publications", "is not a PubMed ID"),
        (row("A", "P04637", publications=query(10**8)), "publications", "99999999"),
        (row("A", "P04637", publications="<b>1</b>"), "publications", "no PubMed query"),
        (
            row("A", "P04637", publications='<a href="http://[x?term=1">'),
            "publications",
            "bad link",
        ),
        (row("A", "P04637", publications="<![x]]>"), "publications", "is not HTML"),
        (row("A", "P04637", publications="<" * 20_000), "publications", "16384 characters"),
        (
            row("A", "P04637", sources="x" * (MAX_TERM_LENGTH + 1)),
            "source database",
            "source database",
        ),
        (
            row("A", "P04637", methods="x" * (MAX_TERM_LENGTH + 1)),
            "detection method",
            "detection method",
        ),
    ],
)
def test_a_bad_cell_is_lost_and_its_row_is_not(text: str, cell: str, words: str) -> None:
    read = normalise.row(text)
    assert read.mention.accession == "P04637"
    ((lost, reason),) = read.lost
    assert lost == cell
    assert words in reason
    assert len(reason) < 300
    sound = normalise.row(row("A", "P04637")).evidence
    content = (read.evidence.sources, read.evidence.methods, read.evidence.pmids)
    expected = (sound.sources, sound.methods, sound.pmids)
    assert sum(one != other for one, other in zip(content, expected, strict=True)) <= 1


def test_two_bad_cells_are_two() -> None:
    read = normalise.row(row("A\x07", "P04637", "x", publications="y"))
    assert [lost.cell for lost in read.lost] == ["name", "NCBI gene IDs", "publications"]
    assert read.evidence.sources == ("GTRD",)


def test_invisible_characters_are_folded_and_blanks_forgiven() -> None:
    read = normalise.row(row(" A\u200b\ufeff ", " P04637\u200b ", " 7157 ", scale="No") + " ")
    assert read.mention == Mention("P04637", "A", (7157,))
    assert read.evidence.small_scale == SmallScale.NO
    assert read.lost == ()


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("", ()),
        ("-", ()),
        ("-%5Buid%5D", ()),
        ("NA", ()),
        (query(7), (7,)),
        ("7;5;-", (5, 7)),
        ("7[uid] OR 5[uid]", (5, 7)),
        (link(9, 8), (8, 9)),
        ('<A HREF="?a=b&amp;term=4%5Buid%5D">x</A>', (4,)),
        (f"https://www.ncbi.nlm.nih.gov/pubmed/?term={query(9, 8)}", (8, 9)),
    ],
)
def test_publications(cell: str, expected: tuple[int, ...]) -> None:
    assert publication_cells.publications(cell) == expected


def read_orthologs(text: str) -> tuple[tuple[OrthologRecord, ...], list[str]]:
    problems = Problems("a.md")
    records = orthologs.orthologs(text, 11, problems, SPECIES)
    assert all(problem.line == 11 for problem in problems.listed())
    return records, [problem.reason for problem in problems.listed()]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("MOUSE18100", OrthologRecord("Mus musculus", "MOUSE18100", in_tflink=False)),
        (
            r"<a href=\"/protein/q9qxv3\">Q9QXV3</a>",
            OrthologRecord("Mus musculus", "Q9QXV3", in_tflink=True),
        ),
        (
            r"<a href='/protein/x' id=1> X&amp;Y </a>",
            OrthologRecord("Mus musculus", "X&Y", in_tflink=True),
        ),
        ("<b>P1</b>", OrthologRecord("Mus musculus", "P1", in_tflink=False)),
    ],
)
def test_orthologs(item: str, expected: OrthologRecord) -> None:
    text = f'[{{"species": "Mus musculus", "id": ["{item}", "{item}"]}}]'
    assert read_orthologs(text) == ((expected,), [])


@pytest.mark.parametrize(
    "item", ["x" * (MAX_TERM_LENGTH + 1), r"\ud800", "", "<a href='/protein/x'></a>", r"\u0000"]
)
def test_a_bad_ortholog_leaves_the_others(item: str) -> None:
    text = f'[{{"species": "Mus musculus", "id": ["{item}", "P1"]}}]'
    records, reasons = read_orthologs(text)
    assert [record.identifier for record in records] == ["P1"]
    assert len(reasons) == 1


def test_problems_are_bounded() -> None:
    problems = Problems("a.md")
    for number in range(MAX_PROBLEMS + 5):
        problems.add("tfs", number, "bad")
    listed = problems.listed()
    assert len(listed) == MAX_PROBLEMS + 1
    assert listed[-1].reason.startswith("5 further problems")


NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30)


@given(
    NAMES.map(without_invisible).filter(
        lambda text: text not in ("", "-", "ADE5_7", "ARG5_6", "DUR1_2")
    )
)
def test_any_printable_name_is_kept(name: str) -> None:
    mention = normalise.row(row(name, "P04637", "7157")).mention
    assert mention == Mention("P04637", name, (7157,))


@given(st.text())
def test_any_text_is_a_row_or_refused_in_words(text: str) -> None:
    for read in (normalise.row, publication_cells.publications, normalise.methods):
        with suppress(IdentifierError):
            read(text)
