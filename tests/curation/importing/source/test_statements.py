"""Files of statements -> statements, with the traps of the published files."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from curation.importing.source.kinds import Kind, kind_of
from curation.importing.source.problems import Notes, TableError
from curation.importing.source.records import Problem, StatementRecord
from curation.importing.source.statement_cells import quotation
from curation.importing.source.statements import read_statements
from proteins.domain.evidence import SmallScale
from proteins.domain.fold import tidy
from proteins.domain.statements import Basis, Sign, StatementContent
from tests import statement_files as made
from tests.species import SPECIES

PAIRS = [("ING1", "BAX"), ("HIF1A", "ALAS2"), ("P04637", "Q07812"), ("RUNX2", "SOX4")]
Read = tuple[list[StatementRecord], list[Problem], Notes]


def read(folder: Path, name: str, text: str | bytes) -> Read:
    data = text.encode() if isinstance(text, str) else text
    (folder / name).write_bytes(data)
    notes = Notes(name)
    items = list(read_statements(folder / name, name, SPECIES, notes))
    return (
        [item for item in items if isinstance(item, StatementRecord)],
        [item for item in items if isinstance(item, Problem)],
        notes,
    )


def effects(records: list[StatementRecord]) -> list[tuple[Sign, Basis | None]]:
    return [(record.content.effect, record.content.basis) for record in records]


# TRRUST


@pytest.mark.parametrize("header", ["", made.TRRUST_HEADER + "\n"])
def test_trrust_with_and_without_its_header(tmp_path: Path, header: str) -> None:
    text = header + "ING1\tBAX\tRepression\t22909821;17157788\nING1\tBAX\tUnknown\t17157788\n"
    name = "trrust_rawdata.human.tsv"
    records, problems, _ = read(tmp_path, name, text)
    assert kind_of(tmp_path / name, name).kind is Kind.TRRUST
    assert problems == []
    assert [record.content.pmid for record in records] == [17157788, 22909821, 17157788]
    assert effects(records) == [(Sign.REPRESSION, Basis.STATED)] * 2 + [(Sign.UNKNOWN, None)]
    assert {record.species for record in records} == {"Homo sapiens"}


def test_trrust_of_mice_packed_and_of_no_species(tmp_path: Path) -> None:
    row = b"Trp53\tBax\tActivation\t1\n"
    name = "trrust_rawdata.mouse.tsv.gz"
    assert read(tmp_path, name, gzip.compress(row))[0][0].species == "Mus musculus"
    assert read(tmp_path, "copy.tsv", row)[0][0].species == ""


def test_a_bad_pubmed_id_is_one_refusal_with_its_line(tmp_path: Path) -> None:
    name = "trrust_rawdata.human.tsv"
    text = f"A\tB\tActivation\t{made.BAD_PMID}\nA\tB\tActivation\t12;{made.BAD_PMID}\n"
    records, problems, _ = read(tmp_path, name, text)
    assert [record.content.pmid for record in records] == [12]
    assert [(one.line, one.cell) for one in problems] == [(1, ""), (2, "publications")]
    assert str(problems[0]) == f"{name}:1: table: '1724219e' is not a PubMed ID"


def test_the_made_trrust(tmp_path: Path) -> None:
    pairs = [(f"TF{n % 70}", f"G{n}") for n in range(6_000)]
    file = made.trrust(pairs)
    assert file == made.trrust(pairs)
    records, problems, _ = read(tmp_path, "trrust_rawdata.human.tsv", file.text)
    assert len(file.lines) == 9_000
    assert [one.line for one in problems] == [file.bad_line]
    signs: dict[tuple[str, str], set[Sign]] = {}
    for record in records:
        signs.setdefault((record.tf, record.target), set()).add(record.content.effect)
    assert {pair for pair in signs if len(signs[pair]) == 2} == file.both
    assert {pair for pair in signs if signs[pair] == {Sign.UNKNOWN}} == file.unknown


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("\tBAX\tActivation\t1", "the row names no TF"),
        ("ING1\t-\tActivation\t1", "the row names no target"),
        ("ING1\tBAX\tActivation", "the row has 3 cells; a row of a table has 4"),
        ("ING1\tBAX\tInduction\t1", "'Induction' is not Activation, Repression or Unknown"),
    ],
)
def test_rows_of_trrust_that_are_refused(tmp_path: Path, row: str, why: str) -> None:
    _, problems, _ = read(tmp_path, "x.tsv", f"A\tB\tUnknown\t1\n{row}\n")
    assert [(one.line, one.reason) for one in problems] == [(2, why)]


# CollecTRI, DoRothEA


def test_only_signs_by_publication_are_stated_in_collectri(tmp_path: Path) -> None:
    records, problems, _ = read(tmp_path, "CollecTRI_regulons.csv", made.collectri(PAIRS))
    assert effects(records[:2]) == [(Sign.REPRESSION, Basis.STATED)] * 2
    assert [record.content.pmid for record in records[:2]] == [11_000_000, 12_000_000]
    assert effects(records[2:3]) == [(Sign.ACTIVATION, Basis.INFERRED)]
    assert records[2].content.pmid is None
    assert records[0].resources == ("ExTRI", "HTRI", "TRRUST")
    assert records[2].resources == ("DoRothEA", "TRRUST")
    assert [one.reason for one in problems] == [
        f"the TF '{name}' is a complex of proteins, not a protein" for name in ("AP1", "NFKB")
    ]


def test_signs_of_dorothea_are_inferred(tmp_path: Path) -> None:
    records, problems, notes = read(tmp_path, "dorothea.csv", made.dorothea(PAIRS))
    assert problems == []
    assert effects(records[:2]) == [
        (Sign.REPRESSION, Basis.INFERRED),
        (Sign.ACTIVATION, Basis.INFERRED),
    ]
    assert "confidence" in str(notes.listed()[0])


# SIGNOR

ACCESSIONS = [("Q9UK53", "Q07812"), ("Q16665", "P22557"), ("Q13950", "Q06945"), ("P1", "Q07812")]


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("empty_cell", [True, False])
def test_signor_in_each_of_its_forms(tmp_path: Path, header: bool, empty_cell: bool) -> None:
    text = made.signor(ACCESSIONS, header=header, empty_cell=empty_cell)
    records, problems, notes = read(tmp_path, "signor.tsv", text)
    assert kind_of(tmp_path / "signor.tsv", "signor.tsv").kind is Kind.SIGNOR
    assert [(record.tf, record.target) for record in records] == ACCESSIONS[:3]
    assert effects(records) == [
        (Sign.ACTIVATION, Basis.STATED),
        (Sign.REPRESSION, Basis.STATED),
        (Sign.ACTIVATION, Basis.STATED),
    ]
    assert records[0].content.source_id == "SIGNOR-1"
    assert records[0].content.cell_line == "BTO:0000093"
    assert records[0].content.quotation == "A binds the promoter of B."
    # The experiment was in mouse cells, the proteins are human.
    assert records[0].species == ""
    assert [(one.line, one.reason) for one in problems] == [
        (4 + header, "'P1' is not a UniProt accession")
    ]
    assert sorted(note.text for note in notes.listed()) == [
        "1 rows are not read: one of the two has no UniProt ID",
        "2 rows are not read: they are not about the regulation of transcription",
    ]


@pytest.mark.parametrize(
    ("cells", "sign"),
    [
        ({"EFFECT": "up-regulates"}, Sign.ACTIVATION),
        ({"EFFECT": "up-regulates activity"}, Sign.UNKNOWN),
        ({"EFFECT": "down-regulates quantity by repression", "MECHANISM": ""}, Sign.REPRESSION),
        ({"EFFECT": "unknown", "MECHANISM": "transcriptional repression"}, Sign.REPRESSION),
        ({"EFFECT": "unknown"}, Sign.UNKNOWN),
    ],
)
def test_effects_of_signor(tmp_path: Path, cells: dict[str, str], sign: Sign) -> None:
    row = made.signor_row("P04637", "Q07812", **cells)
    assert [effect for effect, _ in effects(read(tmp_path, "s.tsv", row)[0])] == [sign]


def test_odd_cells_of_signor(tmp_path: Path) -> None:
    rows = (
        made.signor_row("P04637-2", "Q07812_PRO_0000000001", PMID="1|2"),
        made.signor_row("P04637", "Q07812", PMID="Other", SENTENCE='"A ""binds"" B"'),
    )
    records, problems, _ = read(tmp_path, "s.tsv", "\n".join(rows))
    assert problems == []
    assert {(one.tf, one.target) for one in records} == {("P04637", "Q07812")}
    assert [one.content.pmid for one in records] == [1, 2, None]
    assert len({one.content.key("signor") for one in records}) == 3
    assert records[2].content.quotation == 'A "binds" B'


def test_a_header_of_signor_that_lacks_columns(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="has no IDA, DATABASEA, IDB"):
        read(tmp_path, "s.tsv", "ENTITYA\tTYPEA\tEFFECT\n")


# A person's table


def test_a_table_with_forgiving_names_in_any_order(tmp_path: Path) -> None:
    text = (
        'Quote;PMIDs;species;"transcription factor";Target-Gene;Regulation;Assay;Our notes\n'
        '"p53 binds; it ""acts""\nhere";PMID: 1, 2;human;TP53;BAX;Activates;"MI:0413 (emsa)"\n'
        ";https://pubmed.ncbi.nlm.nih.gov/3/;;TP53;BAX;both;one  hybrid;x\n"
    )
    records, problems, notes = read(tmp_path, "paper.csv", text.encode("utf-16"))
    assert kind_of(tmp_path / "paper.csv", "paper.csv").kind is Kind.STATEMENTS
    assert problems == []
    first = StatementContent(
        pmid=1,
        method="MI:0413",
        effect=Sign.ACTIVATION,
        basis=Basis.STATED,
        quotation='p53 binds; it "acts" here',
    )
    assert records[0] == StatementRecord("TP53", "BAX", first, 2, (), "Homo sapiens")
    assert [one.content.pmid for one in records] == [1, 2, 3, 3]
    assert [one.content.effect for one in records[2:]] == [Sign.ACTIVATION, Sign.REPRESSION]
    assert (records[2].line, records[2].content.method) == (4, "one hybrid")
    assert [note.text for note in notes.listed()] == ["columns that are not read: 'Our notes'"]


def test_an_accession_comes_before_a_name(tmp_path: Path) -> None:
    text = "TF\tTF accession\tTarget\tPMID\nTP53\tP04637\tBAX\t1\nTP53\t-\tBAX\t1\n"
    records, _, _ = read(tmp_path, "x.tsv", text)
    assert [record.tf for record in records] == ["P04637", "TP53"]


def test_cells_of_a_table_that_are_lost(tmp_path: Path) -> None:
    text = (
        "TF,Target,Effect,Basis,ECO,Small-scale,Species,PMID\n"
        "A,B,-,perhaps,ECO:1,maybe,,1\n"
        "A,B,,,,,Vulpes vulpes,1\n"
        "A,B,,,,,,1,more\n"
        'A,"B,,,,,,1\n'
        "A,B,,,ECO:0000314,yes,mouse,1\n"
    )
    records, problems, _ = read(tmp_path, "x.csv", text)
    assert [record.line for record in records] == [2, 6]
    assert records[1].content.small_scale is SmallScale.YES
    assert [(one.line, one.cell) for one in problems] == [
        *((2, cell) for cell in ("eco", "small-scale", "basis", "effect")),
        *((line, "") for line in (3, 4, 5)),
    ]


def test_two_columns_of_one_meaning(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="two columns of the header hold the tf"):
        read(tmp_path, "x.csv", "TF,Regulator,Target,PMID\n")


def test_a_long_quotation_is_shortened_as_quoting_allows() -> None:
    assert quotation("x" * 501) == "x" * 499 + "…"
    assert quotation("x" * 500) == "x" * 500


# Any of them

WORDS = st.text(
    st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" ,;\"'|"), max_size=30
).map(lambda text: tidy(text).strip('" '))
NAMES = WORDS.filter(lambda name: quotation(name) not in ("", "-", "NA"))
ROWS = st.builds(
    made.CuratedRow,
    tf=NAMES,
    target=NAMES,
    effect=st.sampled_from(["activation", "repression"]),
    basis=st.sampled_from(["stated", "inferred"]),
    method=WORDS,
    eco=st.sampled_from(["", "ECO:0000314"]),
    pmid=st.integers(1, 99_999_999).map(str),
    species=st.sampled_from(["", "Homo sapiens", "Mus musculus"]),
    small_scale=st.sampled_from(["", "Yes", "No"]),
    cell_line=WORDS,
    tissue=WORDS,
    condition=WORDS,
    quotation=WORDS,
    source_id=WORDS,
)


@given(
    st.lists(ROWS, min_size=1, max_size=5),
    st.sampled_from("\t,;"),
    st.permutations(range(len(made.CURATED_HEADER))),
)
def test_a_written_table_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[made.CuratedRow],
    separator: str,
    order: list[int],
) -> None:
    folder = tmp_path_factory.getbasetemp()
    records, problems, _ = read(folder, "x.csv", made.curated(rows, separator, order))
    assert problems == []
    assert [(one.tf, one.target, one.species) for one in records] == [
        (row.tf, row.target, row.species) for row in rows
    ]
    for record, row in zip(records, rows, strict=True):
        content = record.content
        assert content.pmid == int(row.pmid)
        assert content.effect.name.lower() == row.effect
        for field in ("cell_line", "tissue", "condition", "quotation", "source_id"):
            written = getattr(row, field)
            assert getattr(content, field) == ("" if written in ("-", "NA") else written)


BEGINNINGS = (
    "TF\tTarget\tPMID\n",
    "TF,Target,Effect,PMID,Quotation\n",
    "A\tB\tUnknown\t1\n",
    made.COLLECTRI_HEADER + "\n",
    made.DOROTHEA_HEADER + "\n",
    made.signor_row("P04637", "Q07812") + "\n",
    made.signor([("P04637", "Q07812")]),
)
CELLS = st.sampled_from(
    ("A", "B", "P04637", "1", "-1", "nan", "1e999", "PMID", "activation", "Repression", '"', '""',
     "-", "NA", "\x00", "\udc80", "https://x[", "http://[::1", "ECO:0000314", "MI:0402", "\n",
     "\t", ",", ";", "1;2;x", "UNIPROT", "transcriptional regulation", "x" * 140_000)
) | st.text(max_size=20)  # fmt: skip


@given(st.sampled_from(BEGINNINGS), st.lists(CELLS, max_size=40))
@example(BEGINNINGS[1], ['"'] * 60)
def test_junk_is_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, beginning: str, cells: list[str]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    separator = "\t" if "\t" in beginning else ","
    text = beginning + separator.join(cells)
    try:
        records, problems, _ = read(folder, "x", text.encode("utf-8", "surrogateescape"))
    except TableError:
        return
    assert all(record.tf and record.target and record.line for record in records)
    assert all(problem.reason and problem.line for problem in problems)
