"""A published page -> records: the five documents, the excerpt, lines, generations."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from curation.importing.source.pages import PageError, read_page, read_page_data
from curation.importing.source.records import InteractionRecord, OrthologRecord, PageRecord
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.names import MAX_NAME_LENGTH
from tests.curation.importing.pages_for_tests import link, page, query, row
from tests.places import EXCERPT, PAGES
from tests.species import SPECIES


def read(text: str) -> PageRecord:
    return read_page(text.encode(), "a.md", species=SPECIES)


def seed(name: str) -> PageRecord:
    return read_page((PAGES / name).read_bytes(), name, species=SPECIES)


@pytest.mark.parametrize(
    ("name", "generation", "tfs", "targets"),
    [
        ("q13950.md", 1, 18, 26),
        ("p22557.md", 2, 53, 0),
        ("q06945.md", 3, 51, 100),
        ("q07812.md", 3, 100, 0),
        ("q9uk53.md", 3, 100, 7),
    ],
)
def test_the_five_documents(name: str, generation: int, tfs: int, targets: int) -> None:
    record = seed(name)
    assert record.problems == ()
    assert record.generation == generation
    assert record.accession.lower() + ".md" == name
    sections = [interaction.section for interaction in record.interactions]
    assert (sections.count("tfs"), sections.count("targets")) == (tfs, targets)
    assert record.unknown_keys == {}


@pytest.mark.parametrize("name", sorted(path.name for path in PAGES.glob("*.md")))
def test_every_row_is_found_at_its_line(name: str) -> None:
    lines = (PAGES / name).read_text(encoding="utf-8").split("\n")
    record = seed(name)
    assert record.interactions
    for interaction in record.interactions:
        assert interaction.line is not None
        assert f",{interaction.partner.accession}," in lines[interaction.line - 1]


def test_a_page_of_the_newest_generation() -> None:
    record = seed("q9uk53.md")
    assert record.sha256 == hashlib.sha256((PAGES / "q9uk53.md").read_bytes()).hexdigest()
    assert (record.accession, record.name, record.gene_ids) == ("Q9UK53", "ING1", (3621,))
    assert (record.species, record.declared_interactions) == ("Homo sapiens", 636)
    assert (record.is_tf, record.is_target) == (True, True)
    assert record.orthologs[0] == OrthologRecord("Caenorhabditis elegans", "A3QMD7", in_tflink=True)
    assert record.orthologs[2] == OrthologRecord("Rattus norvegicus", "G3V7V1", in_tflink=False)
    assert record.downloads == {
        "tfs_download": "tfs_of_Q9UK53.tsv",
        "targets_download": "targets_of_Q9UK53.tsv",
    }
    first = record.interactions[0]
    assert (first.tf, first.target, first.section, first.line) == ("P01106", "Q9UK53", "tfs", 13)
    assert (first.partner.name, first.partner.gene_ids) == ("MYC", (4609,))
    assert first.evidence == EvidenceContent.of(
        ["GTRD", "ReMap", "TRED"],
        ["chromatin immunoprecipitation assay", "inferred by curator"],
        [29126285, 27924024, 17202159],
        SmallScale.YES,
    )
    targets = [each for each in record.interactions if each.section == "targets"]
    assert (targets[0].tf, targets[0].target, targets[0].line) == ("Q9UK53", "P02771", 216)


def test_a_page_of_the_oldest_generation() -> None:
    record = seed("q13950.md")
    assert record.declared_interactions is None
    assert record.orthologs[0] == OrthologRecord("Mus musculus", "MOUSE18100", in_tflink=False)
    assert {each.evidence.small_scale for each in record.interactions} == {SmallScale.NOT_STATED}
    elk1 = next(each for each in record.interactions if each.partner.name == "ELK1")
    assert elk1.evidence.sources == ("TFactS_via_DoRothEA",)
    assert elk1.evidence.pmids == (19017640, 22761861)


def test_an_excerpt_with_binding_sites_and_sequences() -> None:
    record = read_page(EXCERPT.read_bytes(), "p04637.md", species=SPECIES)
    assert record.problems == ()
    assert record.jaspar_matrices == ("MA0106.1", "MA0106.2", "MA0106.3")
    assert [each.line for each in record.interactions] == [16, 18, 20]
    assert record.interactions[1].partner.gene_ids == (9718, 110599583)
    unplaced, _, placed, plus, *listed_in_body = record.binding_sites
    assert (unplaced.tflink_id, unplaced.assembly, unplaced.start) == ("TFLinkLS08540983", "", None)
    assert (unplaced.strand, unplaced.overlaps) == ("", None)
    assert unplaced.evidence == EvidenceContent.of(["JASPAR"], ["selex"], [1588974], SmallScale.NO)
    assert (placed.assembly, placed.chromosome) == ("hg38", "chr14")
    assert (placed.start, placed.end, placed.strand) == (23670688, 23670702, "-")
    assert (placed.overlaps, plus.strand) == (0, "+")
    assert len(listed_in_body) == 4
    assert listed_in_body[2].sequence == "TGCAGTCTATCTTTCCACAC"
    assert listed_in_body[2].evidence == EvidenceContent.of(small_scale=SmallScale.YES)
    assert (listed_in_body[0].chromosome, listed_in_body[0].start) == ("chrX", 129506821)
    assert len(listed_in_body[0].sequence) == 145


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    plain = (PAGES / "q9uk53.md").read_bytes()
    other = read_page(b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n"), "q9uk53.md", species=SPECIES)
    assert other.interactions == seed("q9uk53.md").interactions
    assert other.orthologs == seed("q9uk53.md").orthologs


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_with_its_mark_is_read(encoding: str) -> None:
    text = (PAGES / "q9uk53.md").read_text(encoding="utf-8")
    mark = "" if encoding == "utf-16" else "\ufeff"
    other = read_page((mark + text).encode(encoding), "q9uk53.md", species=SPECIES)
    assert other.interactions == seed("q9uk53.md").interactions


def test_cr_line_ends_change_nothing() -> None:
    plain = (PAGES / "q9uk53.md").read_bytes()
    other = read_page(plain.replace(b"\n", b"\r"), "q9uk53.md", species=SPECIES)
    assert other.interactions == seed("q9uk53.md").interactions


def test_a_name_that_looks_like_a_date_is_a_note() -> None:
    record = read(page("P00001", "2-Sep", targets=[row("1-Mar", "P04637")]))
    assert record.problems == ()
    assert record.name == "2-Sep"
    assert [(note.section, note.line is not None) for note in record.notes] == [
        ("protein_name", True),
        ("targets", True),
    ]
    assert str(record.notes[1]).endswith(
        "the name '1-Mar' of P04637 looks like a date that a spreadsheet has made"
    )


def test_a_row_without_its_bad_cell_goes_in() -> None:
    text = page("P00001", tfs=[row("MYC", "P01106", "none"), row("A", "P04637", "7157")])
    record = read(text)
    (problem,) = record.problems
    assert (problem.section, problem.cell) == ("tfs", "NCBI gene IDs")
    assert problem.line == record.interactions[0].line
    assert [each.partner.accession for each in record.interactions] == ["P01106", "P04637"]


ROWS = (row("MYC", "P01106", "4609"), row("TP53", "P04637", "7157"))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"tfs: |\n  {ROWS[0]}\n  {ROWS[1]}\n", [5, 6]),
        (f"tfs: |-\n\n  {ROWS[0]}\n\n  {ROWS[1]}\n\n\n", [6, 8]),
        (f"tfs: >\n  {ROWS[0]}\n\n  {ROWS[1]}\n\n", [5, 7]),
        (f"tfs: >-\n  {ROWS[0].replace(' ', chr(10) + '  ')}\n\n  {ROWS[1]}\n", [5, 9]),
        (f"tfs: {ROWS[0]}\n\n  {ROWS[1]}\n", [4, 6]),
        (f"tfs:\n  {ROWS[0]}\n\n  {ROWS[1]}\n", [5, 7]),
        (f"tfs: '{ROWS[0]}\n   \n\n  {ROWS[1]}'\n", [4, 7]),
        (f'tfs: "{ROWS[0]}\n\n  {ROWS[1]}"\n', [4, 6]),
        (f'tfs: "{ROWS[0]}\\n{ROWS[1]}"\n', [4, 4]),
        (f"tfs: !!str '{ROWS[0]}\n\n  {ROWS[1]}'\n", [4, 4]),
    ],
)
def test_lines_of_rows_in_every_style_of_yaml(text: str, lines: list[int]) -> None:
    record = read(f"---\ntitle: P00001\norganism: Homo sapiens\n{text}targets: ''\n---\n")
    assert [each.partner.name for each in record.interactions] == ["MYC", "TP53"]
    assert [each.line for each in record.interactions] == lines
    assert record.problems == ()


@pytest.mark.parametrize(
    ("keys", "generation"),
    [
        ({"tfs": [row("MYC", "P01106")]}, 3),
        ({"tfs": [row("MYC", "P01106", publications=link(1), scale="Yes")]}, 2),
        ({"targets": [row("MYC", "P01106", publications=link(1), scale=None)]}, 1),
        ({"tfs": [row("A", "P01106", publications="-"), row("B", "P01107")]}, 3),
        ({}, 3),
        ({"jaspar_matrices": None}, 2),
        ({"jaspar_matrices": None, "number_of_interactions": None}, 1),
    ],
)
def test_generations(keys: dict[str, object], generation: int) -> None:
    assert read(page("P00001", **keys)).generation == generation  # type: ignore[arg-type]


def test_unquoted_values_stay_as_written() -> None:
    record = read(
        "---\ntitle: P00001\norganism: Homo sapiens\nprotein_name: 1e5\nncbi_gene_id: 860\n"
        "when: 12:30\nyes: NO\nnothing: ~\nfunction: null\njaspar_matrices:\n---\n"
    )
    assert (record.name, record.gene_ids) == ("1e5", (860,))
    assert record.unknown_keys == {"when": "12:30", "yes": "NO", "nothing": "~"}
    assert (record.is_tf, record.is_target, record.jaspar_matrices) == (False, False, ())
    assert record.problems == ()


def test_unknown_keys_are_kept_as_written() -> None:
    record = read(page("P00001", note={"by": ["a", {"b": "<script>"}]}, more="\\u0000"))
    assert record.unknown_keys == {"note": {"by": ["a", {"b": "<script>"}]}, "more": "\\u0000"}


def test_the_name_of_a_page_with_a_comma_in_it() -> None:
    assert read(page("P07244", "ADE5_7")).name == "ADE5,7"
    assert read(page("Q9ZZX0", "AI5_BETA")).name == "AI5_BETA"


def test_a_missing_accession_is_taken_from_the_title() -> None:
    assert read(page("p04637", uniprot_accession=None)).accession == "P04637"
    assert read(page("P04637", title=None)).accession == "P04637"


def test_the_same_pair_twice_and_a_self_interaction_are_kept() -> None:
    record = read(page("P04637", tfs=[ROWS[1], ROWS[1]], targets=[ROWS[1]]))
    pairs = [(each.tf, each.target) for each in record.interactions]
    assert pairs == [("P04637", "P04637")] * 3


@pytest.mark.parametrize(
    ("keys", "section", "words"),
    [
        ({"function": "enzyme"}, "function", "'enzyme'"),
        ({"number_of_interactions": "many"}, "number_of_interactions", "'many'"),
        ({"number_of_interactions": "-1"}, "number_of_interactions", "'-1'"),
        ({"ncbi_gene_id": "1" + "0" * 40}, "ncbi_gene_id", "not between 1 and 2147483647"),
        ({"protein_name": "x" * (MAX_NAME_LENGTH + 1)}, "protein_name", "characters"),
        ({"protein_name": ["a"]}, "protein_name", "should be a text"),
        ({"orthologs": "[{]"}, "orthologs", "not JSON"),
        ({"orthologs": "[" * 100_000}, "orthologs", "not JSON"),
        ({"orthologs": "[" + "1" * 5000 + "]"}, "orthologs", "not JSON"),
        ({"orthologs": '["P1"]'}, "orthologs", "does not have the form"),
        ({"orthologs": '[{"species": "Homo sapiens", "id": [1]}]'}, "orthologs", "not a text"),
        ({"orthologs": '[{"species": "Felis catus", "id": ["P1"]}]'}, "orthologs", "Felis catus"),
        ({"jaspar_matrices": "MA0106.1"}, "jaspar_matrices", "list"),
        ({"jaspar_matrices": ["MA0106.1", "MA1"]}, "jaspar_matrices", "'MA1'"),
        ({"jaspar_matrices": [["MA0106.1"]]}, "jaspar_matrices", "not a text"),
        ({"binding_sites": ["a", "b"]}, "binding_sites", "should be a text"),
        ({"tfs_download": "x" * 300}, "tfs_download", "300 characters"),
        ({"blob": "x" * 70_000}, "blob", "65,536 bytes"),
        ({"blob": "a\0b"}, "blob", "NUL"),
    ],
)
def test_a_bad_value_is_a_problem_and_the_rest_goes_in(
    keys: dict[str, object], section: str, words: str
) -> None:
    record = read(page("P00001", targets=ROWS, **keys))  # type: ignore[arg-type]
    (problem,) = record.problems
    assert (problem.file, problem.section, problem.whole_page) == ("a.md", section, False)
    assert problem.line is not None
    assert words in problem.reason
    assert len(record.interactions) == 2


def test_a_bad_function_declares_nothing() -> None:
    record = read(page("P00001", function="target gene and more"))
    assert (record.is_tf, record.is_target) == (False, False)


def test_good_matrices_stay_where_one_is_bad() -> None:
    record = read(page("P00001", jaspar_matrices=["MA0106.1", "MA1", "MA0002.2", "MA0106.1"]))
    assert record.jaspar_matrices == ("MA0106.1", "MA0002.2")


def test_a_bad_row_is_refused_with_its_line() -> None:
    text = page("P00001", tfs=[ROWS[0], "a,b,c", ROWS[1]])
    record = read(text)
    (problem,) = record.problems
    assert problem.section == "tfs"
    assert problem.line is not None
    assert text.split("\n")[problem.line - 1].strip() == "a,b,c"
    assert str(problem).startswith(f"a.md:{problem.line}: tfs: ")
    assert len(record.interactions) == 2


def test_the_mention_of_a_row_is_its_partner() -> None:
    (record,) = read(page("P00001", targets=[row("ARG5,6", "P04637", "7157,7158")])).interactions
    assert isinstance(record, InteractionRecord)
    assert (record.tf, record.target) == ("P00001", "P04637")
    assert (record.partner.name, record.partner.gene_ids) == ("ARG5,6", (7157, 7158))


def test_a_file_is_read_under_the_name_given(tmp_path: Path) -> None:
    file = tmp_path / "p.md"
    file.write_text(page("P00001"), encoding="utf-8")
    size = file.stat().st_size
    assert read_page_data(file, "pages/p.md", size) == file.read_bytes()
    with pytest.raises(PageError, match="IMPORT_MAX_PAGE_BYTES") as caught:
        read_page_data(file, "pages/p.md", size - 1)
    assert f"{size:,}" in caught.value.problem.reason
    assert caught.value.problem.whole_page


def test_publications_of_a_linked_row_are_those_of_the_bare_query() -> None:
    bare = read(page("P00001", tfs=[row("A", "P01106", publications=query(3, 1, 3))]))
    linked = read(page("P00001", tfs=[row("A", "P01106", publications=link(3, 1, 3))]))
    assert bare.interactions[0].evidence == linked.interactions[0].evidence
    assert bare.interactions[0].evidence.pmids == (1, 3)
