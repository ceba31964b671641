"""Binding sites of pages: rows of every form, sequences of the body, physical sites."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.importing.source import sites
from curation.importing.source.problems import Problems
from curation.importing.source.records import BindingSiteRecord
from proteins.domain.evidence import EvidenceContent, SmallScale
from tests.curation.importing.pages_for_tests import link, query
from tests.species import SPECIES

OWNER = sites.Owner("P04637", "Homo sapiens", SPECIES)
Listed = list[tuple[str, int | None, str]]


def site(number: int = 1, *, place: str = "hg38,chr1,10,20,-,x", after: str = "0") -> str:
    return f"TFLinkLS{number},P04637,T,P53,Homo sapiens,{place},selex,1%5Buid%5D,JASPAR,No,{after}"


def older_site(number: int = 1, *, scale: str = "", place: str = "hg38,5,118.0,120.0,+") -> str:
    return f"TFLinkLT{number},selex,{link(1)},REDfly,{scale}{place}"


def read_sites(*rows: str, body: str = "") -> tuple[dict[str, BindingSiteRecord], Listed]:
    problems = Problems("a.md")
    numbered = zip(rows, range(1, 99), strict=False)
    records = sites.binding_sites(numbered, (body, 50), OWNER, problems)
    listed = [(each.section, each.line, each.reason) for each in problems.listed()]
    return {each.tflink_id: each for each in records}, listed


@pytest.mark.parametrize(
    ("scale", "stated"),
    [("", SmallScale.NOT_STATED), ("Yes,", SmallScale.YES), ("No,", SmallScale.NO)],
)
def test_the_older_forms_of_a_site(scale: str, stated: SmallScale) -> None:
    records, problems = read_sites(older_site(46169, scale=scale))
    assert problems == []
    assert records["TFLinkLT46169"] == BindingSiteRecord(
        "TFLinkLT46169",
        "P04637",
        EvidenceContent.of(["REDfly"], ["selex"], [1], stated),
        "hg38",
        "5",
        118,
        120,
        "+",
    )


def test_a_form_that_no_page_has_is_refused() -> None:
    _, problems = read_sites(f"TFLinkLT1,selex,{query(1)},JASPAR,hg38,chr5,1,2")
    ((_, _, reason),) = problems
    assert "has 8 cells; a binding site has 15, or 9 or 10 on older pages" in reason


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (site().replace("P04637", "P01106"), "of P01106, not of the page's P04637"),
        (site().replace("Homo sapiens", "Mus musculus"), "'Mus musculus' is not the page's"),
        (site().replace("TFLinkLS1", "LS1"), "'LS1' is not the TFLink ID"),
        ("a,b", "has 2 cells"),
    ],
)
def test_a_site_without_identity_leaves_the_others(text: str, words: str) -> None:
    records, problems = read_sites(site(7), text)
    assert list(records) == ["TFLinkLS7"]
    ((section, line, reason),) = problems
    assert (section, line) == ("binding_sites", 2)
    assert words in reason


@pytest.mark.parametrize(
    ("text", "words", "changed"),
    [
        (site(place="hg38,chr1,20,10,-,x"), "the start 20 is after the end 10", "place"),
        (site(place="hg38,chr1,-,10,-,x"), "given in part only", "place"),
        (site(place="hg38,chr1,x,20,-,x"), "'x' is not a chromosome position", "place"),
        (site(place="hg38,chr1,10,20,?,x"), "'?' is neither + nor -", "strand"),
        (site(place="ce10,chr1,10,20,-,x"), "'ce10' is of Caenorhabditis elegans", "assembly"),
        (site(after="many"), "'many' is not a count of overlaps", "overlaps"),
        (site().replace("1%5Buid%5D", "none"), "'none' is not a PubMed ID", "evidence"),
    ],
)
def test_a_bad_cell_of_a_site_is_lost_alone(text: str, words: str, changed: str) -> None:
    (sound,) = read_sites(site())[0].values()
    records, problems = read_sites(text)
    ((section, line, reason),) = problems
    assert (section, line) == ("binding_sites", 1)
    assert words in reason
    record = records["TFLinkLS1"]
    values = {
        "place": (record.chromosome, record.start, record.end) == ("chr1", 10, 20),
        "strand": record.strand == sound.strand or record.start is None,
        "assembly": record.assembly == sound.assembly or record.start is None,
        "overlaps": record.overlaps == sound.overlaps,
        "evidence": record.evidence == sound.evidence,
    }
    assert [name for name, same in values.items() if not same] == [changed]


def test_a_site_twice() -> None:
    records, problems = read_sites(site(), site().replace("JASPAR", "GTRD"))
    assert records["TFLinkLS1"].evidence.sources == ("GTRD", "JASPAR")
    assert problems == []
    records, problems = read_sites(site(), site(place="hg38,chr1,10,21,-,x"))
    assert records["TFLinkLS1"].end == 20
    assert problems == [("binding_sites", 2, "TFLinkLS1 is listed before with other places")]


def test_two_ids_of_one_physical_site_are_one_record() -> None:
    same = site(2).replace("1%5Buid%5D", query(2)).replace(",0", ",3")
    bare = site(3, place="-,1,10,20,.,x")
    records, problems = read_sites(site(1), same, bare)
    assert problems == []
    record = records["TFLinkLS1"]
    assert list(records) == ["TFLinkLS1"]
    assert record.former_ids == ("TFLinkLS2", "TFLinkLS3")
    assert (record.evidence.pmids, record.overlaps, record.strand) == ((1, 2), 0, "-")


def test_sites_that_overlap_or_differ_in_anything_stay_apart() -> None:
    rows = [
        site(1),
        site(2, place="hg38,chr1,10,21,-,x"),
        site(3, place="hg38,chr1,10,20,+,x"),
        site(4, place="hg19,chr1,10,20,-,x"),
        site(5).replace("JASPAR", "ORegAnno"),
        site(6, place="-,-,-,-,-,-"),
        site(7, place="-,-,-,-,-,-"),
    ]
    records, problems = read_sites(*rows)
    assert problems == []
    assert len(records) == 7


@pytest.mark.parametrize(
    "body",
    [
        r">TFLinkLS1;P04637;T;P53;hg38;chr1:10-20\ACGT\acgt\\>TFLinkSS2;P04637;A;-;-\NN\ "[:-1],
        ">TFLinkLS1;P04637;T;P53;hg38;chr1:10.0-20.0\nACGT\nACGT\n\n>TFLinkSS2;P04637;A\nNN\n",
        ">TFLinkLS1;P04637;T;P53;-\\\nACGT\\\nACGT\\\n\\\n>TFLinkSS2;P04637;A;hg38;-\\\nNN\\\n",
        "\\>TFLinkLS1;P04637;T;hg38;1:10-20\\\nACGT\\\nACGT\\\n\\>TFLinkSS2;P04637;A;-;-\\\nNN\\\n",
    ],
)
def test_sequences_in_the_body(body: str) -> None:
    records, problems = read_sites(site(), body=body)
    assert [problem for problem in problems if "without a place" not in problem[2]] == []
    assert records["TFLinkLS1"].sequence == "ACGTACGT"
    assert records["TFLinkLS1"].evidence == EvidenceContent.of(
        ["JASPAR"], ["selex"], [1], SmallScale.YES
    )
    assert (records["TFLinkLS1"].start, records["TFLinkLS1"].strand) == (10, "-")
    assert records["TFLinkSS2"] == BindingSiteRecord(
        "TFLinkSS2", "P04637", EvidenceContent.of(small_scale=SmallScale.YES), sequence="NN"
    )


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("\nSome text.\nMore\n", 51, "'Some text.' is not FASTA"),
        ("> a quotation\n", 50, "does not have the form"),
        (">TFLinkSS2;P01106;A;hg38;chr1:1-2\\ACGT", 50, "not of the page's"),
        (">TFLinkLS1;P04637;A;hg38;chr1:10-21\\ACGT", 50, "with other places"),
        (">TFLinkLS1;P04637;A\\AC\\\\\n>TFLinkLS1;P04637;A\\AG", 51, "with other sequences"),
    ],
)
def test_a_bad_body_harms_nothing(body: str, line: int, words: str) -> None:
    records, problems = read_sites(site(), body=body)
    assert list(records) == ["TFLinkLS1"]
    ((section, at, reason),) = problems
    assert (section, at) == ("body", line)
    assert words in reason


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("\n\n>TFLinkSS2;P04637;A;hg38;chr1:1-2\\AC-GT!\\", 52, "'AC-GT!' is not a DNA sequence"),
        (">TFLinkSS2;P04637;A;hg38;chr1:1-2\\\\", 50, "no sequence follows"),
        (">TFLinkSS2;P04637;A;hg38;chr1:3-2\\ACGT", 50, "the start 3 is after the end 2"),
        (">TFLinkSS2;P04637;A;chr1:1-2\\ACGT", 50, "is not a place"),
        (">TFLinkSS2;P04637;A;hg38;chr1\\ACGT", 50, "given in part only"),
    ],
)
def test_a_bad_part_of_a_sequence_is_lost_alone(body: str, line: int, words: str) -> None:
    records, problems = read_sites(site(), body=body)
    assert list(records) == ["TFLinkLS1", "TFLinkSS2"]
    assert words in problems[0][2]
    assert {(section, at) for section, at, _ in problems} == {("body", line)}


@given(st.text())
def test_any_body_is_read_or_refused(body: str) -> None:
    read_sites(body=body)
    read_sites(body=">TFLinkSS2;P04637;A\\" + body)
