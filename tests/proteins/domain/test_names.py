"""Names as sources write them: lists, mnemonics, dates, invisible and forbidden characters."""

from __future__ import annotations

import pytest

from proteins.domain.identifiers import (
    IdentifierError,
    parse_accession,
    parse_gene_ids,
    parse_text,
    shown,
)
from proteins.domain.names import is_mnemonic, is_spreadsheet_date, split_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("TEF1;TEF2", ("TEF1", "TEF2")),
        ("His4; His4r; His4:CG31611", ("His4", "His4r", "His4:CG31611")),
        ("ADE5,7", ("ADE5,7",)),
        ("A;;A; -;", ("A",)),
        ("-", ()),
        ("", ()),
    ],
)
def test_names_are_lists(text: str, names: tuple[str, ...]) -> None:
    assert split_names(text) == names


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("YD57W_YEAST", True),
        ("A0A2C9C306_CAEEL", True),
        ("P53_HUMAN", True),
        ("AI5_BETA", False),
        ("AI5_ALPHA", False),
        ("unm_hu7910", False),
        ("ADE5_7", False),
        ("yd57w_yeast", False),
        ("", False),
    ],
)
def test_mnemonics_say_that_there_is_no_name(name: str, *, expected: bool) -> None:
    assert is_mnemonic(name) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *((name, True) for name in ("1-Mar", "2-Sep", "10-Dec", "Mar-01", "1-Mar-2001")),
        *((name, False) for name in ("sep-1", "mars-1", "apr-1", "MARCH1", "SEPT2", "1-Mars", "-")),
    ],
)
def test_names_that_spreadsheets_made_dates(name: str, *, expected: bool) -> None:
    assert is_spreadsheet_date(name) is expected


def test_invisible_characters_are_folded_in_values_and_shown_in_messages() -> None:
    assert parse_text("\ufeff MY\u200bC\u00ad ", "name") == "MYC"
    assert parse_accession("P04637\u200b") == "P04637"
    assert parse_gene_ids("71\u200b57; 9\u2060") == (9, 7157)
    with pytest.raises(IdentifierError, match=r"'X<U\+200B>Y' is not a UniProt accession"):
        parse_accession("X\u200bY")
    assert shown("a\u202eb\x07é") == r"'a<U+202E>b\x07é'"


@pytest.mark.parametrize(
    ("character", "words"),
    [
        ("\x00", "the control character U+0000"),
        ("\u2028", "the control character U+2028"),
        ("\uffff", "the character U+FFFF, which XML forbids"),
        ("\ud800", "the character U+D800, which XML forbids"),
        ("\udce9", "the byte 0xe9, which is not UTF-8"),
    ],
)
def test_forbidden_characters_are_refused_with_their_code(character: str, words: str) -> None:
    with pytest.raises(IdentifierError) as caught:
        parse_text(f"a{character}b", "name")
    assert words in str(caught.value)
    assert not {*str(caught.value)} & {character}
