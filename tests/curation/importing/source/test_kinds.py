"""What a file is, by its content and its name; downloads, lists and formats of 2021."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from curation.importing.source import downloads, site_tables, tables
from curation.importing.source.browse import read_browse
from curation.importing.source.kinds import (
    INTERACTION_KINDS,
    SITE_KINDS,
    FileKind,
    Kind,
    kind_of,
    read_interactions,
)
from curation.importing.source.problems import Notes, TableError
from curation.importing.source.records import (
    ListedProtein,
    Mention,
    NamedProtein,
    Problem,
    TableRow,
)
from proteins.domain.evidence import EvidenceContent, SmallScale
from tests.curation.importing.pages_for_tests import page
from tests.species import SPECIES
from tests.statement_files import (
    COLLECTRI_HEADER,
    DOROTHEA_HEADER,
    TRRUST_HEADER,
    signor_row,
)

CHIP = "chromatin immunoprecipitation assay"
TABLE = "TFLink_Rattus_norvegicus_interactions_{}_simpleFormat_v1.0.tsv"


def written(path: Path, *lines: str) -> Path:
    data = "".join(f"{line}\n" for line in lines).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def kind(folder: Path, name: str, *lines: str) -> FileKind:
    return kind_of(written(folder / name, *lines), name)


INTERACTIONS = "\t".join(tables.COLUMNS)
TARGETS = "\t".join(downloads.TARGETS_COLUMNS)
TFS = "\t".join(downloads.TFS_COLUMNS)
ANNOTATION = "\t".join(site_tables.ANNOTATION_COLUMNS)
SITES = "TFLink_Homo_sapiens_bindingSites_{}_annotation_v1.0.tsv"
SEQUENCES = "TFLink_Homo_sapiens_bindingSites_LS_v1.0.fasta"


def whole(kind: Kind) -> FileKind:
    return FileKind(kind, "All", claims_complete=True)


@pytest.mark.parametrize(
    ("name", "line", "expected"),
    [
        (TABLE.format("All"), INTERACTIONS, whole(Kind.INTERACTIONS)),
        (TABLE.format("All") + ".gz", INTERACTIONS, whole(Kind.INTERACTIONS)),
        (TABLE.format("SS"), INTERACTIONS, FileKind(Kind.INTERACTIONS, "SS")),
        (TABLE.format("LS"), INTERACTIONS, FileKind(Kind.INTERACTIONS, "LS")),
        ("interactions.tsv", INTERACTIONS, FileKind(Kind.INTERACTIONS)),
        ("Allium.tsv", INTERACTIONS, FileKind(Kind.INTERACTIONS)),
        ("targets_of_P04637.tsv", TARGETS, FileKind(Kind.TARGETS, subject="P04637")),
        ("TFLink_tfs_of_P04637.tsv.gz", TFS, FileKind(Kind.TFS, subject="P04637")),
        ("a_All_b.tsv", TFS, FileKind(Kind.TFS)),
        ("a.csv", ",".join(downloads.CSV_2021_COLUMNS), FileKind(Kind.INTERACTIONS_2021)),
        ("a.tsv", "\t".join(downloads.TSV_2021_COLUMNS), FileKind(Kind.INTERACTIONS_2021)),
        (
            "P04637.tsv",
            "\t".join(site_tables.DOWNLOAD_COLUMNS),
            FileKind(Kind.SITES_OF_PROTEIN, subject="P04637"),
        ),
        (SITES.format("All"), ANNOTATION, whole(Kind.SITES)),
        (SITES.format("SS"), ANNOTATION, FileKind(Kind.SITES, "SS")),
        ("a.csv", ",".join(site_tables.COLUMNS_2021), FileKind(Kind.SITES_2021)),
        (SEQUENCES, ">TFLinkLS1;P04637;TP53;hg38;chr1:1-2", FileKind(Kind.SEQUENCES, "LS")),
        ("b.csv", "TP53,P04637,7157,transcription factor,Yes,12", FileKind(Kind.BROWSE)),
        ("t.tsv", TRRUST_HEADER, FileKind(Kind.TRRUST)),
        ("t.tsv", "AATF\tBAX\tRepression\t22909821", FileKind(Kind.TRRUST)),
        ("c.csv", COLLECTRI_HEADER, FileKind(Kind.COLLECTRI)),
        ("d.csv", DOROTHEA_HEADER, FileKind(Kind.DOROTHEA)),
        ("s.tsv", signor_row("P04637", "Q07812"), FileKind(Kind.SIGNOR)),
        ("p.csv", "Target gene;TF;PMID", FileKind(Kind.STATEMENTS)),
    ],
)
def test_kinds(tmp_path: Path, name: str, line: str, expected: FileKind) -> None:
    assert kind(tmp_path, name, "", line) == expected


def test_a_page_is_a_page_under_any_name(tmp_path: Path) -> None:
    assert kind(tmp_path, "x.txt", page("P04637")).kind == Kind.PAGE


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "the file is empty"),
        ("Some text", "the first line 'Some text' is that of no file which is read"),
        ("\t".join(tables.COLUMNS).replace("Name.TF", "Name"), "column 5 of the header is 'Name'"),
        ("\t".join(f'"{column}"' for column in tables.COLUMNS), "the header is in quotes"),
        ("source,target,weight,resources", "column 5 of the header is '', not 'references'"),
        ("#ID(s) interactor A\tID(s)", "MITAB, which is made from TFLink's tables"),
        ("<!DOCTYPE html>", "HTML or XML"),
        ("PK\x03\x04rest", "an Excel workbook"),
    ],
)
def test_other_files_are_named_in_plain_words(tmp_path: Path, line: str, words: str) -> None:
    read = kind(tmp_path, "x", line)
    assert read.kind == Kind.OTHER
    assert words in read.message


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(TableError):
        kind_of(tmp_path / "missing.tsv", "missing.tsv")
    assert set() == INTERACTION_KINDS & SITE_KINDS


def rows(file: Path, notes: Notes | None = None) -> list[TableRow | Problem]:
    return list(read_interactions(file, file.name, SPECIES, notes))


def test_targets_of_a_tf(tmp_path: Path) -> None:
    file = written(
        tmp_path / "TFLink_targets_of_A0AVK6.tsv",
        "\t".join(downloads.TARGETS_COLUMNS),
        f"P24385\t595\tCCND1\t{CHIP},inferred by curator\t29087512,20068156\tHomo sapiens\t"
        "GTRD,TRRUST\tYes",
        f"Q8N4A0\t100528030,8693\tNA\t{CHIP}\t27924024\tHomo sapiens\tGTRD\tNo",
    )
    first, second = rows(file)
    assert first == TableRow(
        NamedProtein(Mention("A0AVK6", "", ()), "Homo sapiens", described=False),
        NamedProtein(Mention("P24385", "CCND1", (595,)), "Homo sapiens"),
        EvidenceContent.of(
            ["GTRD", "TRRUST"], [CHIP, "inferred by curator"], [20068156, 29087512], SmallScale.YES
        ),
        2,
    )
    assert isinstance(second, TableRow)
    assert second.target.mention == Mention("Q8N4A0", "", (8693, 100528030))


def test_tfs_of_a_target(tmp_path: Path) -> None:
    file = written(
        tmp_path / "tfs_of_A0A075B668.tsv",
        "\t".join(downloads.TFS_COLUMNS),
        f"B5DC71\tNA\tNa\t{CHIP}\thttps://www.ncbi.nlm.nih.gov/pubmed/?term=27924024%5Buid%5D\t"
        "Mus musculus\tGTRD\tNo",
        f"B5DC71\tx\tNa\t{CHIP}\t-\tMus musculus\tGTRD\tNo",
    )
    first, problem, second = rows(file)
    assert isinstance(first, TableRow)
    assert (first.tf.mention, first.target.mention.accession) == (
        Mention("B5DC71", "", ()),
        "A0A075B668",
    )
    assert first.evidence.pmids == (27924024,)
    assert isinstance(problem, Problem)
    assert (problem.line, problem.cell) == (3, "NCBI gene IDs of the TF")
    assert isinstance(second, TableRow)


def test_a_download_whose_name_has_no_accession(tmp_path: Path) -> None:
    file = written(tmp_path / "list.tsv", "\t".join(downloads.TARGETS_COLUMNS))
    with pytest.raises(TableError, match="its name has no accession as in"):
        rows(file)


@pytest.mark.parametrize(
    ("name", "accession"),
    [
        ("targets_of_P04637.tsv", "P04637"),
        ("dir/TFLink_tfs_of_a0avk6.tsv.gz", "A0AVK6"),
        ("targets_of_P04637 (1).tsv", "P04637"),
        ("P04637.tsv", "P04637"),
        ("bindingSites_of_A0A023J5X2.tsv", "A0A023J5X2"),
        ("targets_of_TP53.tsv", ""),
        ("targets.tsv", ""),
    ],
)
def test_the_accession_in_a_name(name: str, accession: str) -> None:
    assert downloads.subject_of(name) == accession


def test_the_formats_of_2021(tmp_path: Path) -> None:
    cells = [
        "P10275",
        "P84243",
        "367",
        "3020;3021",
        "AR",
        "H3F3A",
        CHIP,
        "1;2",
        "Homo sapiens",
        "GTRD;TRED",
    ]
    comma = written(tmp_path / "a.csv", ",".join(downloads.CSV_2021_COLUMNS), ",".join(cells))
    cells[7] = "1,2"
    tab = written(tmp_path / "a.tsv", "\t".join(downloads.TSV_2021_COLUMNS), "\t".join(cells))
    cells[5], cells[7] = '"ARG5,6"', "1;2"
    quoted = written(tmp_path / "b.csv", ",".join(downloads.CSV_2021_COLUMNS), ",".join(cells))
    (one,), (other,), (third,) = rows(comma), rows(tab), rows(quoted)
    assert one == other
    assert isinstance(one, TableRow)
    assert one.evidence == EvidenceContent.of(["GTRD", "TRED"], [CHIP], [1, 2])
    assert one.evidence.small_scale == SmallScale.NOT_STATED
    assert one.target.mention == Mention("P84243", "H3F3A", (3020, 3021))
    assert isinstance(third, TableRow)
    assert third.target.mention.name == "ARG5,6"


def listed(file: Path, notes: Notes | None = None) -> list[ListedProtein | Problem]:
    return list(read_browse(file, file.name, SPECIES, notes))


def test_a_list_of_proteins(tmp_path: Path) -> None:
    file = written(
        tmp_path / "Caenorhabditis_elegans_browse.csv",
        "daf-19,Q09555,174577,transcription factor and target gene,Yes,72",
        "",
        "-,Q18037,-,target gene,No,1180",
        '"1-Mar, x",P34708,1;2,transcription factor,No,-',
        "ADE5,7,P07244,1,enzyme,No,many",
        "a,b",
    )
    notes = Notes(file.name)
    first, second, third, *problems, fourth, short = listed(file, notes)
    worm = "Caenorhabditis elegans"
    mention = Mention("Q09555", "daf-19", (174577,))
    assert first == ListedProtein(
        mention,
        worm,
        is_tf=True,
        is_target=True,
        small_scale=SmallScale.YES,
        declared_interactions=72,
        line=1,
    )
    assert second == ListedProtein(
        Mention("Q18037", "", ()),
        worm,
        is_tf=False,
        is_target=True,
        small_scale=SmallScale.NO,
        declared_interactions=1180,
        line=3,
    )
    assert isinstance(third, ListedProtein)
    assert (third.mention.name, third.declared_interactions) == ("1-Mar, x", None)
    assert [problem.cell for problem in problems if isinstance(problem, Problem)] == [
        "function",
        "number of interactions",
    ]
    assert isinstance(fourth, ListedProtein)
    assert fourth.mention == Mention("P07244", "ADE5,7", (1,))
    assert isinstance(short, Problem)
    assert short.line == 6


def test_a_date_in_a_list_is_a_note(tmp_path: Path) -> None:
    file = written(tmp_path / "Homo_sapiens_browse.csv", "2-Sep,P04637,1,target gene,No,1")
    notes = Notes(file.name)
    assert len(listed(file, notes)) == 1
    assert [note.line for note in notes.listed()] == [1]


def test_a_list_of_no_species(tmp_path: Path) -> None:
    file = written(tmp_path / "browse.csv", "TP53,P04637,1,target gene,No,1")
    with pytest.raises(TableError, match=r"no species as in 'Homo_sapiens_browse.csv'"):
        listed(file)
