"""Whole-species tables: read, united with pages, and what they lack is marked."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path

import pytest

from curation.importing.run import RunReport, import_pages, import_tables
from curation.importing.source.problems import Notes
from curation.importing.source.records import Problem
from curation.importing.source.tables import COLUMNS, TableError, TableRow, read_table
from proteins.domain.evidence import SmallScale
from proteins.models import Interaction, Ortholog, Protein, Reporting
from tests.curation.importing.pages_for_tests import page, row, write
from tests.species import SPECIES

YEAST = "Saccharomyces cerevisiae"


def table_row(tf: str = "P38704", target: str = "P07244", **cells: str) -> list[str]:
    values = {
        "UniprotID.TF": tf,
        "UniprotID.Target": target,
        "NCBI.GeneID.TF": "851234",
        "NCBI.GeneID.Target": "852617",
        "Name.TF": "STP2",
        "Name.Target": "ADE5,7",
        "Detection.method": "chromatin immunoprecipitation assay",
        "PubmedID": "8951815;24170807",
        "Organism": YEAST,
        "Source.database": "Yeastract",
        "Small-scale.evidence": "No",
        "TF.TFLink.ortho": "Hs:P48431",
        "TF.nonTFLink.ortho": "-",
        "Target.TFLink.ortho": "-",
        "Target.nonTFLink.ortho": "Dm:Q9VJA5;Ce:ABC123",
    }
    values.update(cells)
    return [values[column] for column in COLUMNS]


def write_table(path: Path, *rows: Sequence[str], header: Sequence[str] = COLUMNS) -> Path:
    text = "".join("\t".join(cells) + "\n" for cells in (header, *rows))
    data = text.encode(errors="surrogateescape")
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def take(path: Path, *rows: Sequence[str]) -> RunReport:
    return import_tables([write_table(path, *rows)])


@pytest.mark.parametrize("name", ["t.tsv", "t.tsv.gz"])
def test_a_row_is_read(tmp_path: Path, name: str) -> None:
    (row,) = read_table(write_table(tmp_path / name, table_row()), name, SPECIES)
    assert isinstance(row, TableRow)
    assert row.target.mention.name == "ADE5,7"
    assert row.target.mention.gene_ids == (852617,)
    assert row.evidence.pmids == (8951815, 24170807)
    assert row.evidence.small_scale == SmallScale.NO
    assert [(item.species, item.identifier, item.in_tflink) for item in row.tf.orthologs] == [
        ("Homo sapiens", "P48431", True)
    ]
    assert row.line == 2


@pytest.mark.parametrize(
    ("cells", "pair", "reason"),
    [
        ({"UniprotID.TF": "851234"}, ("", "P07244"), "is not a UniProt accession"),
        ({"UniprotID.Target": "x"}, ("P38704", ""), "is not a UniProt accession"),
        ({"UniprotID.TF": "\udcff"}, ("", "P07244"), "is not UTF-8"),
        ({"Organism": "Pan troglodytes"}, ("P38704", "P07244"), "is not one of the database's"),
    ],
)
def test_a_row_without_identity_is_a_problem_with_its_line(
    tmp_path: Path, cells: dict[str, str], pair: tuple[str, str], reason: str
) -> None:
    file = write_table(tmp_path / "t.tsv", table_row(), table_row(**cells), table_row())
    good, bad, last = read_table(file, "t.tsv", SPECIES)
    assert isinstance(bad, Problem)
    assert (bad.file, bad.line, bad.cell, bad.pair) == ("t.tsv", 3, "", pair)
    assert reason in bad.reason
    assert isinstance(good, TableRow)
    assert isinstance(last, TableRow)


@pytest.mark.parametrize(
    ("cells", "cell", "reason"),
    [
        ({"PubmedID": "12;x"}, "publications", "is not a PubMed ID"),
        ({"Small-scale.evidence": "Perhaps"}, "small-scale evidence", "not Yes or No"),
        ({"TF.TFLink.ortho": "Xx:P48431"}, "orthologs of the TF", "not a species code and an ID"),
        (
            {"NCBI.GeneID.Target": "1" + "0" * 40},
            "NCBI gene IDs of the target",
            "is not an NCBI gene ID",
        ),
        ({"Name.TF": "a\x00b"}, "name of the TF", "control character U+0000"),
        ({"Name.TF": "a\ufffe"}, "name of the TF", "character U+FFFE, which XML forbids"),
        ({"Name.TF": "a\udce9"}, "name of the TF", "byte 0xe9, which is not UTF-8"),
        ({"Name.Target": "a\rb"}, "name of the target", "control character U+000D"),
        ({"Source.database": "a\u200b\x07"}, "source database", "<U+200B>"),
    ],
)
def test_a_bad_cell_is_a_problem_and_its_row_goes_in(
    tmp_path: Path, cells: dict[str, str], cell: str, reason: str
) -> None:
    file = write_table(tmp_path / "t.tsv", table_row(), table_row(**cells), table_row())
    good, bad, row, last = read_table(file, "t.tsv", SPECIES)
    assert isinstance(bad, Problem)
    assert (bad.file, bad.line, bad.cell) == ("t.tsv", 3, cell)
    assert reason in bad.reason
    assert isinstance(row, TableRow)
    assert isinstance(good, TableRow)
    assert isinstance(last, TableRow)
    assert (row.line, row.tf.mention.accession) == (3, "P38704")
    parts = (row.tf, row.target, row.evidence)
    assert sum(one != other for one, other in zip(parts, good[:3], strict=True)) == 1


@pytest.mark.parametrize("lines", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("compressed", [False, True])
def test_any_line_ends_and_utf_16_are_read(
    tmp_path: Path, lines: str, encoding: str, *, compressed: bool
) -> None:
    rows = [table_row(target=f"P{number:05}") for number in range(3000)]
    text = lines.join("\t".join(cells) for cells in (COLUMNS, *rows)) + lines
    data = text.encode(encoding)
    file = tmp_path / "t.tsv"
    file.write_bytes(gzip.compress(data) if compressed else data)
    read = [row for row in read_table(file, "t.tsv", SPECIES) if isinstance(row, TableRow)]
    assert [row.target.mention.accession for row in read] == [cells[1] for cells in rows]
    assert [row.line for row in read] == list(range(2, 3002))


def test_blank_lines_and_blanks_in_cells_are_forgiven(tmp_path: Path) -> None:
    cells = [f" {cell}\u200b " for cell in table_row()]
    rows = ["", "\t".join(COLUMNS) + " \t", "  ", "\t" * 14, "\t".join(cells) + "\t\t", ""]
    file = tmp_path / "t.tsv"
    file.write_text("\n".join(rows), encoding="utf-8")
    (row,) = read_table(file, "t.tsv", SPECIES)
    (sound,) = read_table(write_table(tmp_path / "s.tsv", table_row()), "s.tsv", SPECIES)
    assert isinstance(row, TableRow)
    assert isinstance(sound, TableRow)
    assert row[:3] == sound[:3]
    assert row.line == 5


def test_dates_and_two_spellings_are_notes(tmp_path: Path) -> None:
    rows = [
        table_row(**{"Name.TF": "1-Mar"}),
        table_row("P38704", "P38704", **{"Name.TF": "STP2", "Name.Target": "stp2"}),
        table_row("P38704", "P07244", **{"Name.TF": "STP2", "Source.database": "yeastract"}),
    ]
    notes = Notes("t.tsv")
    assert (
        len(list(read_table(write_table(tmp_path / "t.tsv", *rows), "t.tsv", SPECIES, notes))) == 3
    )
    assert [str(note) for note in notes.listed()] == [
        "t.tsv:2: table: the name '1-Mar' of P38704 looks like a date that a spreadsheet has made",
        "t.tsv:3: table: P38704 is named '1-Mar' and 'STP2'",
        "t.tsv:3: table: P38704 is named '1-Mar' and 'stp2'",
        "t.tsv:4: table: one source database is spelled 'Yeastract' and 'yeastract'",
    ]


def test_a_header_in_quotes_is_named(tmp_path: Path) -> None:
    header = [f'"{column}"' for column in COLUMNS]
    file = write_table(tmp_path / "t.tsv", table_row(), header=header)
    with pytest.raises(TableError, match="the header is in quotes"):
        list(read_table(file, "t.tsv", SPECIES))


def test_utf_16_without_its_mark_is_named(tmp_path: Path) -> None:
    file = tmp_path / "t.tsv"
    file.write_bytes("\t".join(COLUMNS).encode("utf-16-le"))
    with pytest.raises(TableError, match="UTF-16 without its byte order mark"):
        list(read_table(file, "t.tsv", SPECIES))


def test_wrong_numbers_of_cells_and_bad_encoding(tmp_path: Path) -> None:
    file = tmp_path / "t.tsv"
    lines = ["\t".join(COLUMNS), "one\ttwo", "\t".join(table_row())]
    file.write_bytes("\n".join(lines).encode() + b"\n\xff\xfe\n")
    short, good, garbled = read_table(file, "t.tsv", SPECIES)
    assert isinstance(short, Problem)
    assert "has 2 cells" in short.reason
    assert isinstance(good, TableRow)
    assert isinstance(garbled, Problem)
    assert "not UTF-8" in garbled.reason


def test_a_wrong_header_names_the_column(tmp_path: Path) -> None:
    header = [*COLUMNS[:3], "GeneID", *COLUMNS[4:]]
    file = write_table(tmp_path / "t.tsv", table_row(), header=header)
    with pytest.raises(TableError, match=r"column 4 of the header is 'GeneID'"):
        list(read_table(file, "t.tsv", SPECIES))


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "missing"])
def test_a_damaged_file_is_refused_with_a_reason(tmp_path: Path, damage: str) -> None:
    file = write_table(tmp_path / "t.tsv.gz", *(table_row(target=f"P{n:05}") for n in range(999)))
    data = file.read_bytes()
    if damage == "cut":
        file.write_bytes(data[: len(data) // 2])
    elif damage == "flipped":
        file.write_bytes(data[:60] + bytes([data[60] ^ 255]) + data[61:])
    elif damage == "empty":
        file.write_bytes(b"")
    else:
        file.unlink()
    with pytest.raises(TableError) as caught:
        list(read_table(file, "t.tsv.gz", SPECIES))
    assert caught.value.problem.file == "t.tsv.gz"


@pytest.mark.django_db
def test_tables_fill_the_database(tmp_path: Path) -> None:
    report = take(tmp_path / "t.tsv", table_row(), table_row("P38704", "P38704"))
    assert report.clean
    stp2 = Protein.objects.get(accession="P38704")
    assert (stp2.target_count, stp2.tf_count, stp2.has_page, stp2.in_table) == (2, 1, False, True)
    assert Ortholog.objects.filter(protein__accession="P07244").count() == 2
    assert not import_tables([tmp_path / "t.tsv"], force=True).changed_anything
    assert import_tables([tmp_path / "t.tsv"]).pages_skipped == 1


@pytest.mark.django_db
def test_names_of_tables_win_over_the_spelling_of_pages(tmp_path: Path) -> None:
    text = page("P38704", targets=[row("XYZ1_2", "P07244")], organism=YEAST)
    folder = write(tmp_path / "pages", a=text)
    table = write_table(tmp_path / "t.tsv", table_row(**{"Name.Target": "XYZ1,2"}))
    import_pages([folder])
    assert Protein.objects.get(accession="P07244").name == "XYZ1_2"
    import_tables([table])
    assert Protein.objects.get(accession="P07244").name == "XYZ1,2"
    import_pages([folder], force=True)
    assert Protein.objects.get(accession="P07244").name == "XYZ1,2"


@pytest.mark.django_db
def test_what_a_table_lacks_is_no_longer_reported(tmp_path: Path) -> None:
    pages = write(tmp_path / "p", a=page("Q9UK53", targets=[row("BAX", "Q07812")]))
    import_pages([pages])
    file = tmp_path / "TFLink_All_t.tsv"
    take(file, table_row(), table_row("P38704", "P38704"))
    report = take(file, table_row())
    assert report.withdrawn == 1
    gone = Interaction.objects.between("P38704", "P38704").get()
    assert gone.reporting == Reporting.WITHDRAWN
    # Another species is not the table's business; nothing is deleted; counts stay.
    assert Interaction.objects.between("Q9UK53", "Q07812").get().reporting == Reporting.REPORTED
    assert Protein.objects.get(accession="P38704").target_count == 2
    take(file, table_row(), table_row("P38704", "P38704"))
    gone.refresh_from_db()
    assert gone.reporting == Reporting.REPORTED


@pytest.mark.django_db
def test_a_page_after_the_table_says_what_the_table_lacks(tmp_path: Path) -> None:
    """The order of import makes no difference: the table is complete either way."""
    pages = write(tmp_path / "p", a=page("P38704", targets=[row("X", "P00001")], organism=YEAST))
    table = write_table(tmp_path / "TFLink_All_t.tsv", table_row())
    import_tables([table])
    import_pages([pages])
    late = Interaction.objects.between("P38704", "P00001").get()
    assert late.reporting == Reporting.WITHDRAWN
