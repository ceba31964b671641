"""How a publication is called in a few words."""

from __future__ import annotations

import pytest

from proteins.domain.citations import short_citation


@pytest.mark.parametrize(
    ("authors", "year", "expected"),
    [
        ("Harbison CT, Gordon DB, Lee TI", 2004, "Harbison 2004"),
        ("Harbison CT", None, "Harbison"),
        ("Smith J Jr, Doe A", 2009, "Smith 2009"),
        ("van der Berg ÅB", 2011, "van der Berg 2011"),
        ("ENCODE Project Consortium", 2012, "ENCODE Project Consortium 2012"),
        ("Ng", 1999, "Ng 1999"),
        (
            "The consortium of all who studied some factors",
            2012,
            "The consortium of all who stu… 2012",
        ),
        ("", 2004, "15343339"),
        ("", None, "15343339"),
    ],
)
def test_author_and_year_or_the_pubmed_id(authors: str, year: int | None, expected: str) -> None:
    assert short_citation(15343339, authors, year) == expected
