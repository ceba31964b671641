"""A publication as PubMed describes it, in the form in which it is stored (no Django)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from proteins.domain import identifiers

#: Characters; the longest titles that PubMed holds have some hundreds.
MAX_TITLE: Final = 2_000
#: Characters; a collaboration of physicists may name three thousand authors.
MAX_AUTHORS: Final = 10_000
#: The width of its column.
MAX_JOURNAL: Final = 300
MAX_DOI: Final = 200
YEARS: Final = range(1600, 2201)
#: The publication type by which NLM marks a retracted paper, and its MeSH number.
RETRACTED: Final = frozenset({"Retracted Publication", "D016441"})
AND_OTHERS: Final = "et al."

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_YEAR = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])", re.ASCII)


class PublicationError(ValueError):
    """What should describe publications does not; its text says why, for a person."""


@dataclass(frozen=True)
class Publication:
    """What PubMed says; an empty text, or no year, where it says nothing of it."""

    pmid: int
    title: str = ""
    authors: str = ""
    journal: str = ""
    year: int | None = None
    doi: str = ""
    is_retracted: bool = False

    @classmethod
    def of(
        cls,
        *,
        pmid: str,
        title: str = "",
        authors: Iterable[str] = (),
        journal: str = "",
        date: str = "",
        dois: Iterable[str] = (),
        is_retracted: bool = False,
    ) -> Publication:
        """Clean what a document says; raises `PublicationError` for what is no PubMed ID.

        Of a date the first year counts ("1998 Dec-1999 Jan"), of several DOIs the first that
        is one.
        """
        try:
            number = identifiers.parse_pmid(pmid)
        except identifiers.IdentifierError as error:
            raise PublicationError(str(error)) from error
        return cls(
            number,
            _cut(clean_text(title), MAX_TITLE),
            _joined(filter(None, map(clean_text, authors))),
            _cut(clean_text(journal), MAX_JOURNAL),
            _year(date),
            _doi(dois),
            is_retracted,
        )


def clean_text(text: str) -> str:
    """Return text on one line: composed, without control characters or double spaces."""
    return " ".join(unicodedata.normalize("NFC", _CONTROL.sub(" ", text)).split())


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _joined(authors: Iterable[str]) -> str:
    """Return whole names joined by commas, as many as there is room for."""
    shown: list[str] = []
    room = MAX_AUTHORS - len(AND_OTHERS)
    for author in authors:
        room -= len(author) + 2
        if room < 0:
            return ", ".join([*shown, AND_OTHERS])
        shown.append(author)
    return ", ".join(shown)


def _year(date: str) -> int | None:
    years = (int(year) for year in _YEAR.findall(date))
    return next((year for year in years if year in YEARS), None)


def _doi(candidates: Iterable[str]) -> str:
    for candidate in candidates:
        try:
            doi = identifiers.parse_doi(candidate)
        except identifiers.IdentifierError:
            continue
        if len(doi) <= MAX_DOI and not _CONTROL.search(doi):
            return doi
    return ""
