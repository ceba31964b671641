"""Text from outside is read in linear time: a megabyte for which a quadratic pattern would take
hours. No clock decides: where a pattern is quadratic, the test does not end."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from curation.importing.source.records import Problem
from curation.importing.source.refusals import Refusals
from curation.literature.medline import read_medline
from proteins.domain.identifiers import IdentifierError
from proteins.domain.regions import parse_region
from proteins.domain.species import SpeciesNames
from proteins.domain.written_forms import Form, pairs, readings, split_identifiers
from proteins.exports.cells import harmless

MEGABYTE = 1_000_000
NBIB = "PMID- 12\nTI  - A title\nAID - {}\n"


def test_the_dois_of_a_publication() -> None:
    (long,) = read_medline(NBIB.format("x" * MEGABYTE).splitlines())
    assert long.doi == ""
    text = "S1 [pii] 10.1093/a1 [doi] " + "y" * MEGABYTE + " [pii]"
    (labelled,) = read_medline(NBIB.format(text).splitlines())
    assert labelled.doi == "10.1093/a1"


def test_like_refusals() -> None:
    refusals = Refusals()
    for number, place in ((1, "x1"), (2, "y2")):
        reason = f"'{number} a' is " + "w" * MEGABYTE + f" at {place}"
        refusals.add(Problem("a.tsv", "table", number, reason))
    (group,) = refusals
    assert (group.count, group.lines) == (2, [1, 2])


def test_a_number_that_is_searched_for() -> None:
    for text in ("gene" + " " * 400 + "x", "gene" + " " * 200 + ":" + " " * 200 + "x"):
        assert [one.form for one in readings(text)] == [Form.NAME]
    number, *_ = readings("Gene ID : 7157")
    assert (number.form, number.value) == (Form.GENE_ID, "7157")


def test_the_species_of_a_file() -> None:
    assert SpeciesNames().of_table("/TFLink_a" * (MEGABYTE // 9)) is None


def test_a_region() -> None:
    with pytest.raises(IdentifierError):
        parse_region("chr1:" + "1" * MEGABYTE + " " * MEGABYTE + "x")


def test_the_start_of_a_formula() -> None:
    assert harmless(" " * MEGABYTE + "x")[0] == " "


def _no_names(_: Collection[str]) -> Collection[str]:
    return ()


def test_an_identifier_and_a_pasted_list() -> None:
    for text in ("gene" + " " * MEGABYTE + "x", "10.1234/" + ")" * MEGABYTE, "-" * MEGABYTE):
        assert [one.form for one in readings("x" + text)] == [Form.NAME]
        assert pairs(text) == ()
    url = "https://www.uniprot.org/" + "uniprot/" * 50
    assert [one.form for one in readings(url)] == [Form.NAME]
    listed = split_identifiers(", ," * (MEGABYTE // 3) + "a", _no_names)
    assert listed[-1] == "a"
