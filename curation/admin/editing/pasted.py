"""Identifiers as people paste them: many at once, out of anything."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from proteins.domain import identifiers

#: No record cites more publications; a slip of the clipboard does.
MOST_PMIDS: Final = 2_000
#: Wrong pieces that are named one by one.
_NAMED: Final = 8
_LINK = re.compile(
    r"(?:https?://)?(?:www\.)?"
    r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/(?:m/)?pubmed|europepmc\.org/\w+/med)"
    r"/([0-9]+)(?![0-9])[^\s,;<>()\[\]\"']*",
    re.IGNORECASE,
)
#: "PMID: 123", "PMIDs 1, 2", "PubMed ID 123", "PubMed: 123".
_NAME = re.compile(r"\b(?:pmids?|pubmed(?:[\s_-]*ids?)?)(?=[\s:=#._-]*[0-9])[\s:=#._-]*", re.I)
_BETWEEN = re.compile(r"[\s,;|<>()\[\]{}\"'`*•·\u200b-\u200f\u2060\ufeff]+")
_JOINED = re.compile(r"[0-9]+(?:[/+&_][0-9]+)+")
_WORDS: Final = frozenset({"and", "or", "pmid", "pmids", "pubmed", "id", "ids", "&", "+", "/", "-"})


class PastedError(ValueError):
    """Pieces of a text that are not what they should be; `problems` names them."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))


def parse_pmids(text: str) -> list[int]:
    """Return the PubMed IDs of a text, ascending, each once.

    They may be separated by anything, with `PMID:` before them or as URLs of PubMed or
    Europe PMC. Raises `PastedError` where a piece is none: all but a bare "and" could be an
    identifier that was mistyped.
    """
    # Digits and spaces as a person sees them: of full width, not breaking.
    plain = unicodedata.normalize("NFKC", text)
    plain = _NAME.sub(" ", _LINK.sub(r" \1 ", plain))
    pmids: set[int] = set()
    wrong: dict[str, None] = {}
    for piece in _pieces(plain):
        try:
            pmids.add(identifiers.parse_pmid(piece))
        except identifiers.IdentifierError:
            wrong[piece] = None
    if wrong:
        raise PastedError(_named(list(wrong)))
    if len(pmids) > MOST_PMIDS:
        raise PastedError([f"Those are {len(pmids):,} publications; {MOST_PMIDS:,} are the most."])
    return sorted(pmids)


def _pieces(text: str) -> list[str]:
    pieces = []
    for piece in _BETWEEN.split(text):
        word = piece.strip(".:")
        if _JOINED.fullmatch(word):
            pieces += re.split(r"[/+&_]", word)
        elif word and word.lower() not in _WORDS:
            pieces.append(word)
    return pieces


def _named(wrong: list[str]) -> list[str]:
    problems = [_problem(piece) for piece in wrong[:_NAMED]]
    if len(wrong) > _NAMED:
        problems.append(f"And {len(wrong) - _NAMED:,} more are not PubMed IDs.")
    return problems


def _problem(piece: str) -> str:
    shown = identifiers.shown(piece)
    if re.fullmatch(r"PMC[0-9]+", piece, re.IGNORECASE):
        return f"{shown} is an identifier of PubMed Central; PubMed has another for the paper."
    if re.search(r"10\.[0-9]{4,9}/", piece):
        return f"{shown} is a DOI; look its PubMed ID up at PubMed."
    return f"{shown} is not a PubMed ID (a whole number up to {identifiers.MAX_PMID:,})."
