"""Names that are lists, how they are compared and how they are shown."""

from __future__ import annotations

import pytest

from proteins.domain.identifiers import IdentifierError
from proteins.domain.names import (
    KEY_LENGTH,
    MAX_NAME_LENGTH,
    folded_name,
    is_called,
    lower_key,
    parse_name,
    short_name,
    split_names,
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("TEF1;TEF2", ("TEF1", "TEF2")),
        ("HHF1; HHF2", ("HHF1", "HHF2")),
        ("His4;His4r;His4:CG31611;His4", ("His4", "His4r", "His4:CG31611")),
        ("ADE5,7", ("ADE5,7",)),
        ("eri-6/7", ("eri-6/7",)),
        ("E(spl)m3-HLH", ("E(spl)m3-HLH",)),
        ("cDNA A", ("cDNA A",)),
        (";", ()),
    ],
)
def test_only_semicolons_part_names(text: str, names: tuple[str, ...]) -> None:
    assert split_names(text) == names


def test_names_far_longer_than_real_ones_are_read() -> None:
    long = "his-2;" * (MAX_NAME_LENGTH // 6)
    assert parse_name(long) == long
    with pytest.raises(IdentifierError, match="characters"):
        parse_name("x" * (MAX_NAME_LENGTH + 1))


def test_a_name_is_called_by_its_whole_and_by_each_part() -> None:
    name = "TEF1;TEF2"
    assert [is_called(name, text) for text in ("tef1;tef2", "TEF2", "tef1", "TEF", "EF1;T")] == [
        *(True, True, True),
        *(False, False),
    ]
    assert not is_called("", "")


def test_keys_are_bounded_in_characters() -> None:
    assert lower_key("A" * 150) == folded_name("A" * 150) == "a" * KEY_LENGTH


def test_long_names_are_shortened_for_lists() -> None:
    assert short_name("TEF1;TEF2") == "TEF1;TEF2"
    assert short_name(";".join(f"his-{number}" for number in range(14))) == "his-0 and 13 more"
    assert short_name("x" * 41) == "x" * 39 + "…"


@pytest.mark.parametrize(
    ("texts", "folded"),
    [
        (["NF-kB", "NFKB", "nf κ b", "NF‑κB", "nf.kb"], "nfkb"),
        (["GAL1", "gal1", "Gal-1", " GAL 1 "], "gal1"),
        (["TGFβ", "TGF-B", "tgfΒ"], "tgfb"),
        (["IMP2'"], "imp2'"),
        (["ADE5,7"], "ade5,7"),
        (["eri-6/7"], "eri6/7"),
        (["µ-opioid", "μ opioid"], "mopioid"),
        (["-.-"], "-.-"),
    ],
)
def test_written_forms_of_a_name_have_one_fold(texts: list[str], folded: str) -> None:
    assert {folded_name(text) for text in texts} == {folded}
