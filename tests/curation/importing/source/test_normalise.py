"""Raw cells -> canonical values, with the oddities that published rows hold."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.importing.source import normalise, sites
from curation.importing.source.problems import MAX_PROBLEMS, Problems
from curation.importing.source.records import BindingSiteRecord, Mention, OrthologRecord
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.identifiers import IdentifierError
from tests.curation.importing.pages_for_tests import link, query, row
from tests.species import SPECIES

OWNER = sites.Owner("P04637", "Homo sapiens", SPECIES)


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
    mention, _ = normalise.row(row(*cells))
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
    _, evidence = normalise.row(text)
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
        (row("A", "P04637", "TP53"), "'TP53' is not an NCBI gene ID"),
        (row("A", "P04637", "1" + "0" * 40), "not between 1 and 2147483647"),
        (row("A", "P04637", "-,-"), "'-' is not a UniProt accession"),
        (row("A" * 101, "P04637"), "101 characters"),
        (row("A\x07", "P04637"), "control character"),
        (row("A", "P04637", scale="Maybe"), "'Maybe', not Yes or No"),
        (row("A", "P04637", scale="-"), "'-', not Yes or No"),
        (row("A", "P04637", scale=""), "not Yes or No"),
        (row("A", "P04637", publications="none"), "'none' is not a PubMed ID"),
        (row("A", "P04637", publications="1%5Buid%5D2"), "is not a PubMed ID"),
        (row("A", "P04637", publications=query(10**8)), "99999999"),
        (row("A", "P04637", publications="<b>1</b>"), "links to no PubMed query"),
        (row("A", "P04637", publications='<a href="http://[x?term=1">'), "bad link"),
        (row("A", "P04637", publications="<![x]]>"), "is not HTML"),
        (row("A", "P04637", publications="<" * 20_000), "16384 characters"),
        (row("A", "P04637", sources="x" * 101), "source database"),
        (row("A", "P04637", methods="x" * 101), "detection method"),
    ],
)
def test_a_row_that_breaks_a_rule(text: str, words: str) -> None:
    with pytest.raises(IdentifierError) as caught:
        normalise.row(text)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 300


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
    ],
)
def test_publications(cell: str, expected: tuple[int, ...]) -> None:
    assert normalise.publications(cell) == expected


def orthologs(text: str) -> tuple[tuple[OrthologRecord, ...], list[str]]:
    problems = Problems("a.md")
    records = normalise.orthologs(text, 11, problems, SPECIES)
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
    assert orthologs(text) == ((expected,), [])


@pytest.mark.parametrize("item", ["x" * 65, r"\ud800", "", "<a href='/protein/x'></a>", r"\u0000"])
def test_a_bad_ortholog_leaves_the_others(item: str) -> None:
    text = f'[{{"species": "Mus musculus", "id": ["{item}", "P1"]}}]'
    records, reasons = orthologs(text)
    assert [record.identifier for record in records] == ["P1"]
    assert len(reasons) == 1


def site(number: int = 1, *, place: str = "hg38,chr1,10,20,-,x", after: str = "0") -> str:
    return f"TFLinkLS{number},P04637,T,P53,Homo sapiens,{place},selex,1%5Buid%5D,JASPAR,No,{after}"


def read_sites(
    *rows: str, body: str = ""
) -> tuple[dict[str, BindingSiteRecord], list[tuple[str, int | None, str]]]:
    problems = Problems("a.md")
    found = sites.binding_sites(zip(rows, range(1, 99), strict=False), (body, 50), OWNER, problems)
    listed = [(each.section, each.line, each.reason) for each in problems.listed()]
    return {each.tflink_id: each for each in found}, listed


def test_the_older_form_of_a_site() -> None:
    text = f"TFLinkLT0046169,selex,{query(1)},JASPAR,hg38,chr5,118799871.0,118800009.0"
    found, problems = read_sites(text)
    assert problems == []
    assert found["TFLinkLT0046169"] == BindingSiteRecord(
        "TFLinkLT0046169",
        "P04637",
        EvidenceContent.of(["JASPAR"], ["selex"], [1]),
        "hg38",
        "chr5",
        118799871,
        118800009,
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (site(place="hg38,chr1,20,10,-,x"), "the start 20 is after the end 10"),
        (site(place="hg38,chr1,-,10,-,x"), "given in part only"),
        (site(place="hg38,chr1,10,20,?,x"), "'?' is neither + nor -"),
        (site(place="hg38,chr1,x,20,+,x"), "'x' is not a chromosome position"),
        (site(after="many"), "'many' is not a count of overlaps"),
        (site().replace("P04637", "P01106"), "of P01106, not of the page's P04637"),
        (site().replace("Homo sapiens", "Mus musculus"), "'Mus musculus' is not the page's"),
        (site().replace("TFLinkLS1", "LS1"), "'LS1' is not the TFLink ID"),
        ("a,b", "has 2 cells"),
    ],
)
def test_a_bad_site_leaves_the_others(text: str, words: str) -> None:
    found, problems = read_sites(site(7), text)
    assert list(found) == ["TFLinkLS7"]
    ((section, line, reason),) = problems
    assert (section, line) == ("binding_sites", 2)
    assert words in reason


def test_a_site_twice() -> None:
    found, problems = read_sites(site(), site().replace("JASPAR", "GTRD"))
    assert found["TFLinkLS1"].evidence.sources == ("GTRD", "JASPAR")
    assert problems == []
    found, problems = read_sites(site(), site(place="hg38,chr1,10,21,-,x"))
    assert found["TFLinkLS1"].end == 20
    assert problems == [("binding_sites", 2, "TFLinkLS1 is listed before with other places")]


@pytest.mark.parametrize(
    "body",
    [
        r">TFLinkLS1;P04637;T;P53;hg38;chr1:10-20\ACGT\acgt\\>TFLinkSS2;P04637;A;-;-\NN\ "[:-1],
        ">TFLinkLS1;P04637;T;P53;hg38;chr1:10.0-20.0\nACGT\nACGT\n\n>TFLinkSS2;P04637;A\nNN\n",
        ">TFLinkLS1;P04637;T;P53;-\\\nACGT\\\nACGT\\\n\\\n>TFLinkSS2;P04637;A;hg38;-\\\nNN\\\n",
    ],
)
def test_sequences_in_the_body(body: str) -> None:
    found, problems = read_sites(site(), body=body)
    assert problems == []
    assert found["TFLinkLS1"].sequence == "ACGTACGT"
    assert found["TFLinkLS1"].evidence == EvidenceContent.of(
        ["JASPAR"], ["selex"], [1], SmallScale.YES
    )
    assert (found["TFLinkLS1"].start, found["TFLinkLS1"].strand) == (10, "-")
    assert found["TFLinkSS2"] == BindingSiteRecord(
        "TFLinkSS2", "P04637", EvidenceContent.of(small_scale=SmallScale.YES), sequence="NN"
    )


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("\nSome text.\nMore\n", 51, "'Some text.' is not FASTA"),
        ("> a quotation\n", 50, "does not have the form"),
        ("\n\n>TFLinkSS2;P04637;A;hg38;chr1:1-2\\AC-GT!\\", 52, "'AC-GT!' is not a DNA sequence"),
        (">TFLinkSS2;P04637;A;hg38;chr1:1-2\\\\", 50, "no sequence follows"),
        (">TFLinkSS2;P01106;A;hg38;chr1:1-2\\ACGT", 50, "not of the page's"),
        (">TFLinkSS2;P04637;A;hg38;chr1:3-2\\ACGT", 50, "the start 3 is after the end 2"),
        (">TFLinkSS2;P04637;A;chr1:1-2\\ACGT", 50, "is not a place"),
        (">TFLinkSS2;P04637;A;hg38;chr1\\ACGT", 50, "given in part only"),
        (">TFLinkLS1;P04637;A;hg38;chr1:10-21\\ACGT", 50, "with other places"),
        (">TFLinkLS1;P04637;A\\AC\\\\\n>TFLinkLS1;P04637;A\\AG", 51, "with other sequences"),
    ],
)
def test_a_bad_body_harms_nothing(body: str, line: int, words: str) -> None:
    found, problems = read_sites(site(), body=body)
    assert list(found) == ["TFLinkLS1"]
    ((section, at, reason),) = problems
    assert (section, at) == ("body", line)
    assert words in reason


def test_problems_are_bounded() -> None:
    problems = Problems("a.md")
    for number in range(MAX_PROBLEMS + 5):
        problems.add("tfs", number, "bad")
    listed = problems.listed()
    assert len(listed) == MAX_PROBLEMS + 1
    assert listed[-1].reason.startswith("5 further problems")


NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30)


@given(NAMES.filter(lambda text: text not in ("-", "ADE5_7", "ARG5_6", "DUR1_2")))
def test_any_printable_name_is_kept(name: str) -> None:
    mention, _ = normalise.row(row(name, "P04637", "7157"))
    assert mention == Mention("P04637", name, (7157,))


@given(st.text())
def test_any_text_is_a_row_or_refused_in_words(text: str) -> None:
    for read in (normalise.row, normalise.publications, normalise.methods):
        with suppress(IdentifierError):
            read(text)


@given(st.text())
def test_any_body_is_read_or_refused(body: str) -> None:
    read_sites(body=body)
    read_sites(body=">TFLinkSS2;P04637;A\\" + body)
