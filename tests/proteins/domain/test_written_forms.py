"""The forms that people write identifiers in, and pasted lists of them."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from proteins.domain.written_forms import Form, pairs, readings, split_identifiers

SPECIES = {"human": 9606, "homo sapiens": 9606, "mouse": 10090, "hs": 9606}


@pytest.mark.parametrize(
    ("text", "form", "value"),
    [
        ("P04637", Form.ACCESSION, "P04637"),
        ("p04637", Form.ACCESSION, "P04637"),
        (" “P04637” ", Form.ACCESSION, "P04637"),
        ("P04637-2", Form.ACCESSION, "P04637"),
        ("P04637.4", Form.ACCESSION, "P04637"),
        ("A0A1B0GVJ0-12", Form.ACCESSION, "A0A1B0GVJ0"),
        ("P04637-PRO_0000185703", Form.ACCESSION, "P04637"),
        ("UniProtKB:P04637", Form.ACCESSION, "P04637"),
        ("uniprot:P04637", Form.ACCESSION, "P04637"),
        ("UniProtKB/Swiss-Prot: P04637-2", Form.ACCESSION, "P04637"),
        ("sp|P04637|P53_HUMAN", Form.ACCESSION, "P04637"),
        (">sp|P04637-2|P53_HUMAN Isoform 2 of Cellular tumor antigen", Form.ACCESSION, "P04637"),
        ("tr|A0A1B0GVJ0|A0A1B0GVJ0_HUMAN", Form.ACCESSION, "A0A1B0GVJ0"),
        ("A0A1B0GVJ0_HUMAN", Form.ACCESSION, "A0A1B0GVJ0"),
        ("P53_HUMAN", Form.ENTRY_NAME, "P53_HUMAN"),
        ("UniProt:p53_human", Form.ENTRY_NAME, "P53_HUMAN"),
        ("https://www.uniprot.org/uniprotkb/P04637/entry", Form.ACCESSION, "P04637"),
        ("https://www.uniprot.org/uniprot/P04637.fasta", Form.ACCESSION, "P04637"),
        ("www.uniprot.org/uniprot/p04637#section", Form.ACCESSION, "P04637"),
        ("https://rest.uniprot.org/uniprotkb/P04637.json?fields=id", Form.ACCESSION, "P04637"),
        ("https://www.uniprot.org/uniprotkb/P53_HUMAN/entry", Form.ENTRY_NAME, "P53_HUMAN"),
        ("https://identifiers.org/uniprot:P04637", Form.ACCESSION, "P04637"),
        ("https://tflink.net/protein/p04637/", Form.ACCESSION, "P04637"),
        ("https://alphafold.ebi.ac.uk/entry/P04637", Form.ACCESSION, "P04637"),
        ("7157", Form.GENE_ID, "7157"),
        ("853974.0", Form.GENE_ID, "853974"),
        ("GeneID:7157", Form.GENE_ID, "7157"),
        ("gene ID 7157", Form.GENE_ID, "7157"),
        ("NCBI Gene: 7157", Form.GENE_ID, "7157"),
        ("https://www.ncbi.nlm.nih.gov/gene/7157", Form.GENE_ID, "7157"),
        ("https://www.ncbi.nlm.nih.gov/gene/7157?report=full", Form.GENE_ID, "7157"),
        ("ENSG00000141510", Form.CROSS_REFERENCE, "ENSG00000141510"),
        ("ENSG00000141510.18", Form.CROSS_REFERENCE, "ENSG00000141510"),
        ("fbgn0039044", Form.CROSS_REFERENCE, "FBgn0039044"),
        ("MGI:MGI:98834", Form.CROSS_REFERENCE, "MGI:98834"),
        (
            "https://www.ensembl.org/Homo_sapiens/Gene/Summary?db=core;g=ENSG00000141510",
            Form.CROSS_REFERENCE,
            "ENSG00000141510",
        ),
        ("PMID:27924024", Form.PMID, "27924024"),
        ("PMID 27924024", Form.PMID, "27924024"),
        ("https://pubmed.ncbi.nlm.nih.gov/27924024/", Form.PMID, "27924024"),
        ("http://www.ncbi.nlm.nih.gov/pubmed/27924024", Form.PMID, "27924024"),
        ("https://pubmed.ncbi.nlm.nih.gov/?term=27924024%5Buid%5D", Form.PMID, "27924024"),
        ("https://europepmc.org/article/MED/27924024", Form.PMID, "27924024"),
        ("PMC5210593", Form.PMCID, "PMC5210593"),
        ("pmcid: pmc5210593", Form.PMCID, "PMC5210593"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC5210593/", Form.PMCID, "PMC5210593"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC5210593/", Form.PMCID, "PMC5210593"),
        ("10.1093/database/baac083", Form.DOI, "10.1093/database/baac083"),
        ("doi: 10.1093/database/baac083.", Form.DOI, "10.1093/database/baac083"),
        ("https://doi.org/10.1093/database/baac083", Form.DOI, "10.1093/database/baac083"),
        ("MA0106.1", Form.JASPAR, "MA0106.1"),
        ("ma0106", Form.JASPAR, "MA0106"),
        ("https://jaspar.elixir.no/matrix/MA0106.1/", Form.JASPAR, "MA0106.1"),
        ("TFLinkLS08541019", Form.SITE, "TFLinkLS08541019"),
        ("tflinkls08541019", Form.SITE, "TFLinkLS08541019"),
        ("NF-kB", Form.NAME, "NF-kB"),
        ("ARG5,6", Form.NAME, "ARG5,6"),
        ("IMP2'", Form.NAME, "IMP2'"),
        ("eri-6/7", Form.NAME, "eri-6/7"),
        ("E(spl)m3-HLH", Form.NAME, "E(spl)m3-HLH"),
        ("a" * 4_000, Form.NAME, "a" * 4_000),
    ],
)
def test_the_first_reading(text: str, form: Form, value: str) -> None:
    first, *_ = readings(text, SPECIES)
    assert (first.form, first.value) == (form, value)


@pytest.mark.parametrize(
    ("text", "taken_off"),
    [
        ("P04637", ""),
        ("P04637-2", "-2"),
        ("P04637.4", ".4"),
        ("sp|P04637|P53_HUMAN", "sp| … |P53_HUMAN"),
        ("UniProtKB:P04637", "UniProtKB:"),
        ("853974.0", ".0"),
        ("https://www.uniprot.org/uniprotkb/P04637/entry", "the URL"),
    ],
)
def test_what_is_taken_off_is_reported(text: str, taken_off: str) -> None:
    assert readings(text)[0].taken_off == taken_off


def test_what_may_be_several_things_has_several_readings() -> None:
    assert [one.form for one in readings("7157")] == [Form.GENE_ID, Form.PMID, Form.NAME]
    assert [one.form for one in readings("PMID:7157")] == [Form.PMID, Form.NAME]
    # A gene that looks like an accession.
    assert [one.form for one in readings("B3GNT7")] == [Form.ACCESSION, Form.NAME]
    guessed = next(one for one in readings("P53_HUMAN") if one.form is Form.NAME)
    assert (guessed.value, guessed.taxon, guessed.inferred) == ("P53", 9606, True)


@pytest.mark.parametrize(
    "text", ["TP53 human", "human TP53", "TP53 (Homo sapiens)", "TP53, human", "TP53 Hs"]
)
def test_a_name_with_a_species(text: str) -> None:
    assert ("TP53", 9606) in {(one.value, one.taxon) for one in readings(text, SPECIES)}


@pytest.mark.parametrize("text", ["", " ", "\u200b", "a\x00", "a\ud800"])
def test_what_has_no_reading(text: str) -> None:
    assert readings(text) == ()


@pytest.mark.parametrize(
    "text", ["ING1-BAX", "ING1 BAX", "ING1->BAX", "ING1 -> BAX", "ING1 → BAX", "ING1 – BAX"]
)
def test_a_pair(text: str) -> None:
    assert pairs(text) == (("ING1", "BAX"),)


def test_a_pair_with_names_that_hold_the_joint() -> None:
    assert ("NKX2-5", "BAX") in pairs("NKX2-5-BAX")
    assert pairs("daf-16->sod-3") == (("daf-16", "sod-3"),)
    assert pairs("TP53") == pairs("-") == pairs("a-" * 20) == ()


class _Names:
    """The names of a test, and what of a list was looked up."""

    def __init__(self, *names: str) -> None:
        self.names = set(names)
        self.requests: list[set[str]] = []

    def __call__(self, texts: Collection[str]) -> Collection[str]:
        self.requests.append(set(texts))
        return self.names.intersection(texts)


@pytest.mark.parametrize("separator", ["\n", "\r\n", "\t", ";", "; ", ", ", ",\n", "\n\n", ";;"])
def test_a_list_is_split_where_it_certainly_ends(separator: str) -> None:
    names = _Names("ARG5,6", "cDNA A")
    listed = ["GAL1", " GAL10 ", "ARG5,6", "IMP2'", "cDNA A", "GAL1"]
    split = split_identifiers(separator.join(listed), names)
    assert split == ["GAL1", "GAL10", "ARG5,6", "IMP2'", "cDNA A", "GAL1"]
    assert names.requests == [{"ARG5,6"}]


def test_a_bare_comma_parts_what_is_nobodys_name() -> None:
    names = _Names("ARG5,6", "ADE5,7")
    text = 'TP53,BAX\nARG5,6;ADE5,7,\n"MDM2","ING1"'
    assert split_identifiers(text, names) == ["TP53", "BAX", "ARG5,6", "ADE5,7", "MDM2", "ING1"]
    assert len(names.requests) == 1


def test_a_blank_parts_only_where_it_may() -> None:
    names = _Names("cDNA A", "TP53 human")
    text = "BAX TP53 MDM2\ncDNA A\nTP53 human"
    assert split_identifiers(text, names) == ["BAX TP53 MDM2", "cDNA A", "TP53 human"]
    expected = ["BAX", "TP53", "MDM2", "cDNA A", "TP53 human"]
    assert split_identifiers(text, names, at_blanks=True) == expected


def test_an_empty_list_is_not_looked_up() -> None:
    names = _Names()
    assert split_identifiers(" \n;,\t ", names) == []
    assert names.requests == []
