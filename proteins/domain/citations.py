"""How a publication is called in a few words (standard library only)."""

from __future__ import annotations

import re
from typing import Final

#: Initials at the end of an author's name, as PubMed writes them: `Harbison CT`, `Young RA Jr`.
_INITIALS: Final = re.compile(
    r"\s+[^\W\d_a-zà-öø-ÿ]{1,4}(?:\s+(?:Jr|Sr|2nd|3rd|\d(?:st|nd|rd|th)))?\Z"
)
#: What a name is cut to: that of a consortium may be a sentence.
_LONGEST: Final = 30


def first_author(authors: str) -> str:
    """The family name of the first of some authors, who are joined by commas."""
    name = authors.partition(",")[0].strip()
    family = _INITIALS.sub("", name)
    return family if len(family) <= _LONGEST else f"{family[: _LONGEST - 1].rstrip()}…"


def short_citation(pmid: int, authors: str, year: int | None) -> str:
    """`Harbison 2004`, or as much of it as was retrieved; the PubMed ID where no author was."""
    author = first_author(authors)
    if not author:
        return str(pmid)
    return f"{author} {year}" if year else author
