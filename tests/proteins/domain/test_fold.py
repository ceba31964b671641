"""Names are one where only capitals, invisible characters or repeated spaces differ."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proteins.domain.fold import MAX_FOLD_LENGTH, fold, tidy


@pytest.mark.parametrize(
    "spelling",
    [
        "gtrd",
        "GTRD",
        " Gtrd ",
        "GT\u200bRD",
        "\ufeffGTRD",
        "GT\u00adRD",
        "GT\u2060RD\u200d",
        "GTRD\ufe0f",
    ],
)
def test_spellings_of_one_name(spelling: str) -> None:
    assert fold(spelling) == "gtrd"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("one  hybrid", "One\u00a0Hybrid"),
        ("one\thybrid", "one \u200b hybrid"),
        ("Straße", "STRASSE"),
        ("\u00c5ngström", "A\u030angstro\u0308m"),
        ("ΑΣ", "ας"),
    ],
)
def test_names_that_look_alike_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("χ²", "χ2"), ("GTRD", "GTRD2"), ("one hybrid", "onehybrid"), ("IRF-1", "IRF1")],
)
def test_names_that_look_different_are_two(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_a_stored_name_keeps_its_capitals_only() -> None:
    assert tidy("\ufeffChIP\u200b  of  Soft\u00adware ") == "ChIP of Software"


@given(st.text())
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)
    assert fold(tidy(name)) == fold(name)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_equivalent_texts_are_one(name: str) -> None:
    assert fold(unicodedata.normalize("NFD", name)) == fold(unicodedata.normalize("NFC", name))


@given(st.text(min_size=MAX_FOLD_LENGTH), st.text(min_size=1, max_size=5))
def test_long_names_are_bounded_and_distinguished(name: str, more: str) -> None:
    assert len(fold(name)) <= MAX_FOLD_LENGTH
    long = "x" * 1000
    assert fold(long + name) == fold(long.upper() + name)
    assert fold(f"{long}a{more}") != fold(f"{long}b{more}")
