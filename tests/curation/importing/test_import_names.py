"""Files of names, and of what became of identifiers, through the import."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from curation.actions import merge_stated
from curation.checks import find_breaches
from curation.importing import rows as rows_of_files
from curation.importing.loading.load_names import NameLoader
from curation.importing.loading.report import RunReport
from curation.importing.run import NameOptions, import_files, import_names, import_pages
from curation.importing.undo.run import undo_import
from curation.models import ImportRun, Proposal, Revision, RunState
from proteins.models import (
    AccessionFate,
    CrossReference,
    GeneID,
    GeneIDFate,
    Interaction,
    NameSource,
    Protein,
    ProteinName,
    SecondaryAccession,
)
from proteins.queries.content_digest import content_digest
from tests.curation.importing.pages_for_tests import page, query, row
from tests.curation.importing.pages_for_tests import write as write_pages
from tests.curation.importing.test_tables import table_row, take
from tests.factories import make_protein

pytestmark = pytest.mark.django_db

UNIPROT = (
    "Entry\tEntry Name\tProtein names\tGene Names (primary)\tGene Names (synonym)\t"
    "Gene Names (ordered locus)\tGene Names (ORF)\tOrganism (ID)"
)
TP53 = (
    "P04637\tP53_HUMAN\tCellular tumor antigen p53 (Antigen NY-CO-13) (Tumor suppressor p53)\t"
    "TP53\tP53\t\t\t9606"
)
POU5F1 = (
    "Q01860\tPO5F1_HUMAN\tPOU domain, class 5, transcription factor 1 (Octamer-binding protein 3)\t"
    "POU5F1\tOCT3 OCT4 OTF3\t\t\t9606"
)
GENE_INFO = (
    "#tax_id\tGeneID\tSymbol\tLocusTag\tSynonyms\tdbXrefs\tchromosome\tmap_location\tdescription\t"
    "type_of_gene\tSymbol_from_nomenclature_authority\tFull_name_from_nomenclature_authority\t"
    "Nomenclature_status\tOther_designations\tModification_date\tFeature_type"
)
TP53_GENE = (
    "9606\t7157\tTP53\t-\tBCC7|LFS1|P53|TRP53\tMIM:191170|HGNC:HGNC:11998|Ensembl:ENSG00000141510|"
    "AllianceGenome:HGNC:11998\t17\t17p13.1\ttumor protein p53\tprotein-coding\tTP53\t"
    "tumor protein p53\tO\tcellular tumor antigen p53\t20241007\t-"
)
SEC_AC = """\
----------------------------------------------------------------------------
        UniProt Knowledgebase
----------------------------------------------------------------------------

Description: Secondary accession number index
Name:        sec_ac.txt
Release:     2026_04 of 14-Oct-2026

----------------------------------------------------------------------------
Secondary AC     Primary AC
____________________________________________________________________________

"""
DELAC = """\
----------------------------------------------------------------------------
Description: Deleted Swiss-Prot accession numbers
Name:        delac_sp.txt
Release:     2026_04 of 14-Oct-2026
----------------------------------------------------------------------------
"""
TERMS = """
----------------------------------------------------------------------------
Copyrighted by the UniProt Consortium, see https://www.uniprot.org/terms
----------------------------------------------------------------------------
"""
HISTORY = "#tax_id\tGeneID\tDiscontinued_GeneID\tDiscontinued_Symbol\tDiscontinue_Date"


def write(path: Path, *lines: str) -> Path:
    text = "".join(f"{line}\n" for line in lines)
    if path.name.endswith(".gz"):
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text)
    return path


def load(path: Path, *lines: str, version: str = "2026_04", **options: Any) -> RunReport:
    apply = merge_stated if options.pop("apply", False) else None
    return import_names([write(path, *lines)], NameOptions(version, apply), **options)


def names_of(accession: str) -> set[tuple[str, str, str]]:
    rows = ProteinName.objects.filter(protein__accession=accession).select_related("source")
    return {(row.get_kind_display(), row.text, str(row.source or "")) for row in rows}


@pytest.fixture
def human() -> list[Protein]:
    return [
        make_protein("P04637", "TP53", genes=[7157], in_table=True),
        make_protein("Q01860", "POU5F1", genes=[5460], in_table=True),
    ]


@pytest.fixture
def uniprot(tmp_path: Path) -> Path:
    return tmp_path / "uniprot.tsv"


def sound() -> bool:
    return list(find_breaches()) == []


def test_a_uniprot_table_brings_names_of_every_kind(human: list[Protein], uniprot: Path) -> None:
    report = load(uniprot, UNIPROT, TP53, POU5F1, "A0A024R161\t\t\tDNAJC25\t\t\t\t9606")
    assert report.clean
    version = "UniProt 2026_04"
    assert names_of("P04637") == {
        ("primary", "TP53", ""),
        ("primary", "TP53", version),
        ("synonym", "P53", version),
        ("full protein name", "Cellular tumor antigen p53", version),
        ("full protein name", "Antigen NY-CO-13", version),
        ("full protein name", "Tumor suppressor p53", version),
        ("mnemonic", "P53_HUMAN", version),
    }
    assert Protein.objects.get(accession="P04637").name == "TP53"
    assert ProteinName.objects.get(text="OCT4").folded == "oct4"
    assert report.counts()["names"] == {"created": 13, "changed": 0, "unchanged": 0}
    assert sound()


def test_a_second_run_changes_nothing(human: list[Protein], uniprot: Path) -> None:
    load(uniprot, UNIPROT, TP53)
    before, revisions = content_digest(), Revision.objects.count()
    assert load(uniprot, UNIPROT, TP53).pages_skipped == 1
    report = load(uniprot, UNIPROT, TP53, force=True)
    assert not report.changed_anything
    assert (content_digest(), Revision.objects.count()) == (before, revisions)


def test_gene_info_brings_names_and_identifiers(human: list[Protein], tmp_path: Path) -> None:
    others = "10090\t22059\tTrp53\t-\t-\t-\t11\t-\t-\t-\t-\t-\t-\t-\t-\t-"
    report = load(
        tmp_path / "Homo_sapiens.gene_info.gz", GENE_INFO, others, TP53_GENE, version="2026-11-01"
    )
    assert report.clean
    names = {(kind, text) for kind, text, source in names_of("P04637") if source}
    assert names == {
        ("primary", "TP53"), ("synonym", "BCC7"), ("synonym", "LFS1"), ("synonym", "P53"),
        ("synonym", "TRP53"), ("full protein name", "tumor protein p53"),
    }  # fmt: skip
    references = {str(row): row.url for row in CrossReference.objects.all()}
    assert references == {
        "Ensembl ENSG00000141510": "https://www.ensembl.org/id/ENSG00000141510",
        "HGNC HGNC:11998": (
            "https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/HGNC:11998"
        ),
    }
    assert undo_import(report.run_id).deleted["names"] == 6
    assert not CrossReference.objects.exists()
    assert sound()


def test_the_version_is_asked_for_once(human: list[Protein], uniprot: Path) -> None:
    report = load(uniprot, UNIPROT, TP53, version="")
    assert "--of-version" in report.problems[0].reason
    assert not ProteinName.objects.filter(source__isnull=False).exists()
    load(uniprot, UNIPROT, TP53)
    report = load(uniprot, UNIPROT, TP53, POU5F1, version="")
    assert report.clean
    assert set(NameSource.objects.values_list("name", "version")) == {("UniProt", "2026_04")}


def test_a_version_is_of_one_source(human: list[Protein], tmp_path: Path) -> None:
    files = [
        write(tmp_path / "a.tsv", UNIPROT, TP53),
        write(tmp_path / "gene_info", GENE_INFO, TP53_GENE),
    ]
    report = import_names(files, NameOptions("2026_04"))
    assert report.pages_refused == 2
    assert "apart" in report.problems[0].reason


def test_a_newer_version_withdraws_what_it_no_longer_states(
    human: list[Protein], uniprot: Path
) -> None:
    load(uniprot, UNIPROT, TP53, POU5F1)
    first = content_digest()
    changed = POU5F1.replace("OCT3 OCT4 OTF3", "OTF3 OCT4 OCT-3")
    report = load(uniprot, UNIPROT, changed, version="2026_05")
    texts = {(text, source) for kind, text, source in names_of("Q01860") if kind == "synonym"}
    assert texts == {(text, "UniProt 2026_05") for text in ("OTF3", "OCT4", "OCT-3")}
    assert ("synonym", "P53", "UniProt 2026_04") in names_of("P04637")
    revision = Revision.objects.filter(record_key="Q01860").latest("id")
    before, after = revision.changes["names"]
    assert set(before) ^ set(after) == {"synonym: OCT3", "synonym: OCT-3"}
    assert sound()
    undo_import(report.run_id)
    assert content_digest() == first
    assert sound()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_versions_are_undone_in_any_order(
    human: list[Protein], uniprot: Path, order: tuple[int, int]
) -> None:
    before = content_digest()
    runs = [
        load(uniprot, UNIPROT, TP53, POU5F1).run_id,
        load(uniprot, UNIPROT, TP53, POU5F1, version="2026_05").run_id,
    ]
    undo_import(runs[order[0]])
    assert ProteinName.objects.filter(text="OCT4").exists()
    assert sound()
    undo_import(runs[order[1]])
    assert content_digest() == before
    assert not NameSource.objects.exists()
    assert sound()


def test_columns_that_a_table_lacks_withdraw_nothing(human: list[Protein], uniprot: Path) -> None:
    load(uniprot, UNIPROT, TP53)
    load(uniprot, "Entry\tGene Names (primary)", "P04637\tTP53", version="2026_05")
    assert ("synonym", "P53", "UniProt 2026_04") in names_of("P04637")
    assert ("primary", "TP53", "UniProt 2026_05") in names_of("P04637")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("P04637\tTP53", "the row has 2 cells"),
        ("TP53\t\t\tTP53\t\t\t\t9606", "'TP53' is not a UniProt accession"),
        (TP53.replace("9606", "559292"), "P04637 is a protein of Homo sapiens"),
        (TP53.replace("TP53", "TP\x0153"), "the name 'TP\\x0153' holds the control"),
        (TP53.replace("\tP53\t", "\t" + "x" * 4_001 + "\t"), "has 4001 characters"),
        (POU5F1, "Q01860 is in line 2 already"),
    ],
)
def test_what_is_refused_is_named_by_file_and_line(
    human: list[Protein], uniprot: Path, line: str, reason: str
) -> None:
    report = load(uniprot, UNIPROT, POU5F1, line)
    [problem] = report.problems
    assert (problem.file, problem.line) == (str(uniprot), 3)
    assert problem.reason.startswith(reason) or reason in problem.reason
    assert ProteinName.objects.filter(text="OCT4").exists()


def test_a_dry_run_stores_nothing(human: list[Protein], uniprot: Path) -> None:
    before = content_digest()
    report = load(uniprot, UNIPROT, TP53, dry_run=True)
    assert report.counts()["names"]["created"] == 6
    assert content_digest() == before
    assert not ImportRun.objects.exists()


def test_import_files_takes_them_beside_others(human: list[Protein], tmp_path: Path) -> None:
    load(tmp_path / "uniprot.tsv", UNIPROT, TP53)
    write(tmp_path / "sec_ac.txt", SEC_AC, "Q15086   P04637")
    report = import_files([tmp_path])
    assert report.clean
    assert SecondaryAccession.objects.get().protein.accession == "P04637"


def test_names_of_proteins_that_come_later_come_with_the_same_file(
    human: list[Protein], uniprot: Path, tmp_path: Path
) -> None:
    yeast = "P04385\tGAL1_YEAST\tGalactokinase (EC 2.7.1.6)\tGAL1\t\tYBR020W\tYBR0302\t559292"
    load(uniprot, UNIPROT, TP53, yeast)
    take(tmp_path / "t.tsv", table_row("P04385", "P07244"))
    report = load(uniprot, UNIPROT, TP53, yeast)
    assert report.pages_skipped == 0
    assert ("ordered locus", "YBR020W", "UniProt 2026_04") in names_of("P04385")
    assert ("full protein name", "Galactokinase", "UniProt 2026_04") in names_of("P04385")


# What became of accessions


def test_a_former_accession_of_one_protein_leads_to_it(
    human: list[Protein], tmp_path: Path
) -> None:
    report = load(tmp_path / "sec_ac.txt", SEC_AC, "Q15086     P04637", "A0A0A0    Q99999", TERMS)
    assert report.clean
    assert list(SecondaryAccession.objects.values_list("accession", "protein__accession")) == [
        ("Q15086", "P04637")
    ]
    assert str(NameSource.objects.get()) == "UniProt 2026_04"
    assert not AccessionFate.objects.exists()
    assert sound()
    undo_import(report.run_id)
    assert not SecondaryAccession.objects.exists()
    assert sound()


@pytest.mark.parametrize("apply", [False, True])
def test_a_protein_whose_accession_was_merged(
    human: list[Protein], tmp_path: Path, apply: bool
) -> None:
    make_protein("Q15086", "P53X", in_table=True)
    path = tmp_path / "sec_ac.txt"
    report = load(path, SEC_AC, "Q15086     P04637", apply=apply)
    assert report.notes == [f"{path}: UniProt merged Q15086 into P04637."]
    if apply:
        assert not Protein.objects.filter(accession="Q15086").exists()
        assert SecondaryAccession.objects.get().protein.accession == "P04637"
        assert AccessionFate.objects.get().settled
    else:
        proposal = Proposal.objects.get()
        assert (proposal.record_key, proposal.changes) == ("Q15086", {})
        assert proposal.comment == "UniProt merged Q15086 into P04637."
        assert not SecondaryAccession.objects.exists()
        load(path, SEC_AC, "Q15086     P04637", force=True)
        assert Proposal.objects.count() == 1
    assert sound()


def test_a_divided_accession_is_never_resolved(human: list[Protein], tmp_path: Path) -> None:
    lines = ["Q15086     P04637", "P99998    P04637", "Q15086     Q01860", "P99998    Q99999"]
    make_protein("Q15086", "P53X", in_table=True)
    report = load(tmp_path / "sec_ac.txt", SEC_AC, *lines, apply=True)
    fates = AccessionFate.objects.values_list("accession", "successor", "fate")
    assert set(fates) == {
        ("Q15086", "P04637", 1), ("Q15086", "Q01860", 1),
        ("P99998", "P04637", 1), ("P99998", "Q99999", 1),
    }  # fmt: skip
    assert Protein.objects.filter(accession="Q15086").exists()
    assert not SecondaryAccession.objects.exists()
    assert "decide which of them it is" in Proposal.objects.get().comment
    undo_import(report.run_id)
    assert not AccessionFate.objects.exists()
    assert sound()


def test_a_deleted_accession_is_flagged_and_stays(human: list[Protein], tmp_path: Path) -> None:
    path = tmp_path / "delac_sp.txt.gz"
    report = load(path, DELAC, "A0A000", "P04637", TERMS)
    assert report.notes == [f"{path}: UniProt deleted P04637."]
    fate = AccessionFate.objects.get()
    assert (fate.accession, fate.successor, fate.fate) == ("P04637", "", 2)
    assert Protein.objects.filter(accession="P04637").exists()
    assert not Proposal.objects.exists()


def test_an_accession_that_led_to_one_protein_and_is_divided_later(
    human: list[Protein], tmp_path: Path
) -> None:
    path = tmp_path / "sec_ac.txt"
    load(path, SEC_AC, "Q15086 P04637")
    before = content_digest()
    report = load(path, SEC_AC, "Q15086 P04637", "Q15086 Q01860", version="2026_05")
    assert not SecondaryAccession.objects.exists()
    assert AccessionFate.objects.count() == 2
    assert sound()
    undo_import(report.run_id)
    assert content_digest() == before
    assert SecondaryAccession.objects.get().protein.accession == "P04637"
    assert sound()


@pytest.mark.parametrize("accession", ["Q15086", "P99998", "P04637"])
def test_a_page_that_comes_later(human: list[Protein], tmp_path: Path, accession: str) -> None:
    """Of a merged accession its protein's, of a divided one its own, of a deleted one the same."""
    load(tmp_path / "sec_ac.txt", SEC_AC, "Q15086 P04637", "P99998 P04637", "P99998 Q01860")
    load(tmp_path / "delac_sp.txt", DELAC, "P04637")
    load(tmp_path / "uniprot.tsv", UNIPROT, TP53)
    before = names_of("P04637")
    text = page(accession, "XYZ", targets=[row("POU5F1", "Q01860", publications=query(1))])
    assert import_pages([write_pages(tmp_path / "pages", **{accession.lower(): text})]).clean
    tf = {"Q15086": "P04637"}.get(accession, accession)
    assert Interaction.objects.get().key == f"{tf}-Q01860"
    assert before <= names_of("P04637") | {("primary", "TP53", "")}
    assert AccessionFate.objects.filter(accession="P04637", fate=2).exists()
    assert AccessionFate.objects.filter(accession="P99998", settled=False).count() == 2
    assert not SecondaryAccession.objects.filter(accession="P99998").exists()
    assert sound()


def test_an_import_that_was_killed_goes_on(
    human: list[Protein], uniprot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_of_files, "ROWS_IN_CHUNK", 1)
    write_names = NameLoader.write

    def killed(self: NameLoader, stated: Any, kinds: Any, **how: Any) -> None:
        if any(one.accession == "Q01860" for one in stated.values()):
            raise KeyboardInterrupt
        write_names(self, stated, kinds, **how)

    with monkeypatch.context() as patched:
        patched.setattr(NameLoader, "write", killed)
        with pytest.raises(KeyboardInterrupt):
            load(uniprot, UNIPROT, TP53, POU5F1)
    assert {name for _, name, source in names_of("P04637") if source}
    assert not ProteinName.objects.filter(text="OCT4").exists()
    assert sound()
    report = load(uniprot, UNIPROT, TP53, POU5F1)
    assert report.counts()["names"] == {"created": 7, "changed": 0, "unchanged": 6}
    assert sound()


# What became of gene IDs


@pytest.mark.parametrize("apply", [False, True])
def test_a_gene_id_that_was_replaced(human: list[Protein], tmp_path: Path, apply: bool) -> None:
    GeneID.objects.create(protein=human[0], ncbi_gene_id=999)
    before = content_digest()
    rows = ["9606\t7157\t999\tP53\t20200101", "9606\t-\t5460\tX\t20200101", "9606\t-\t1\tY\t1"]
    report = load(tmp_path / "gene_history", HISTORY, *rows, version="2026-11", apply=apply)
    fates = GeneIDFate.objects.values_list("ncbi_gene_id", "successor")
    assert set(fates) == {(999, 7157), (5460, None)}
    genes = set(GeneID.objects.values_list("ncbi_gene_id", flat=True))
    if apply:
        assert genes == {7157, 5460}
        assert not Proposal.objects.exists()
    else:
        assert genes == {7157, 5460, 999}
        assert Proposal.objects.get().changes == {"gene_ids": [[999, 7157], [7157]]}
    assert sound()
    undo_import(report.run_id)
    assert (content_digest(), GeneIDFate.objects.count()) == (before, 0)
    assert ImportRun.objects.get().state == RunState.UNDONE
    assert sound()
