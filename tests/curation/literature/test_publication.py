"""What PubMed says is made fit to store, and never more than the columns take."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.literature.publication import (
    AND_OTHERS,
    MAX_AUTHORS,
    MAX_JOURNAL,
    MAX_TITLE,
    Publication,
    PublicationError,
)
from curation.records import records_of
from proteins.models import Citation


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021", 2021),
        ("1998 Dec-1999 Jan", 1998),
        ("Winter 1976", 1976),
        ("12345", None),
        ("0000", None),
        ("٢٠٢١", None),
        ("", None),
    ],
)
def test_the_year_of_a_date(text: str, expected: int | None) -> None:
    assert Publication.of(pmid="1", date=text).year == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["10.1093/database/baac083"], "10.1093/database/baac083"),
        (["https://doi.org/10.1/x", "10.1093/y"], "10.1093/y"),
        (["doi:10.1093/y"], "10.1093/y"),
        (["10.1093/with space", ""], ""),
        (["10.1093/" + "y" * 200], ""),
        (["10.1093/<script>"], "10.1093/<script>"),
        (["10.1093/a\u2028b"], ""),
    ],
)
def test_the_doi_is_canonical_or_left_out(texts: list[str], expected: str) -> None:
    assert Publication.of(pmid="1", dois=texts).doi == expected


def test_texts_stand_on_one_line_and_are_composed() -> None:
    publication = Publication.of(
        pmid="1", title=" Boha\u0301r\n  and\tothers\x00\x1b ", authors=["A\nB"]
    )
    assert publication.title == "Bohár and others"
    assert publication.authors == "A B"


def test_thousands_of_authors_are_cut_at_a_whole_name() -> None:
    publication = Publication.of(pmid="1", authors=[f"Author{number} X" for number in range(3000)])
    assert len(publication.authors) <= MAX_AUTHORS
    names = publication.authors.split(", ")
    assert names[-1] == AND_OTHERS
    assert names[:-1] == [f"Author{number} X" for number in range(len(names) - 1)]


@pytest.mark.parametrize("pmid", ["", "0", "-1", "abc", "100000000", "1;2"])
def test_what_is_no_pubmed_id_is_refused(pmid: str) -> None:
    with pytest.raises(PublicationError, match="PubMed ID"):
        Publication.of(pmid=pmid)


@given(
    title=st.text(max_size=2500),
    authors=st.lists(st.text(max_size=50), max_size=300),
    journal=st.text(max_size=400),
    date=st.text(max_size=30),
    dois=st.lists(st.text(max_size=250), max_size=3),
)
def test_whatever_is_said_keeps_the_rules_of_the_record(
    title: str, authors: list[str], journal: str, date: str, dois: list[str]
) -> None:
    publication = Publication.of(
        pmid="7", title=title, authors=authors, journal=journal, date=date, dois=dois
    )
    assert len(publication.title) <= MAX_TITLE
    assert len(publication.journal) <= MAX_JOURNAL
    values = {name: value for name, value in vars(publication).items() if name != "pmid"}
    assert records_of("citation").clean(Citation(pmid=7), values) == values
