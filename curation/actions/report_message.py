"""The text of a report: any characters, stored as they are, and shown so that none works."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from django.core.exceptions import ValidationError

from curation.models import MAX_MESSAGE, MAX_PMIDS, MIN_MESSAGE, RecordKind, ReportCategory
from proteins.domain import identifiers

_BOTH: Final = (
    ReportCategory.EVIDENCE,
    ReportCategory.RETRACTED,
    ReportCategory.MISSING,
    ReportCategory.OTHER,
)
#: What can be wrong with a record of each kind that readers may report.
CATEGORIES: Final[dict[RecordKind, tuple[ReportCategory, ...]]] = {
    RecordKind.PROTEIN: (
        ReportCategory.NAME,
        ReportCategory.SPECIES,
        ReportCategory.GENE,
        ReportCategory.FUNCTION,
        ReportCategory.SITE,
        *_BOTH,
    ),
    RecordKind.INTERACTION: (
        ReportCategory.ABSENT,
        ReportCategory.DIRECTION,
        ReportCategory.EFFECT,
        ReportCategory.NAME,
        ReportCategory.GENE,
        *_BOTH,
    ),
}
#: Characters that are not seen, or turn the direction of those around them.
_UNSEEN: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    r"\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_BETWEEN_PMIDS: Final = re.compile(r"[\s,;]+")
_PMID_LABEL: Final = re.compile(r"\bPMIDs?\s*:?", re.IGNORECASE)


def shown(text: str) -> str:
    """Return a text in which what cannot be seen is written out: `[U+202E]`."""
    text = _with_plain_line_breaks(text)
    return _UNSEEN.sub(lambda match: f"[U+{ord(match[0]):04X}]", text)


def _with_plain_line_breaks(text: str) -> str:
    """Browsers send each line break as two characters, and count it as one."""
    return text.replace("\r\n", "\n")


def clean_message(text: str) -> str:
    """Return what is reported, trimmed; raises `ValidationError`, whose text is for people."""
    message = _with_plain_line_breaks(text).strip()
    if "\x00" in message:
        raise ValidationError("This holds a NUL character, which cannot be stored.")
    if len(message) < MIN_MESSAGE or not any(map(str.isalnum, message)):
        raise ValidationError(
            f"Say in a few words what is wrong: {MIN_MESSAGE} characters are the least."
        )
    if len(message) > MAX_MESSAGE:
        raise ValidationError(
            f"This has {len(message):,} characters; {MAX_MESSAGE:,} are the most. Please "
            "shorten it."
        )
    return message


def clean_category(kind: RecordKind, category: str) -> ReportCategory:
    """Return what is wrong with a record; raises `ValidationError` for what cannot be."""
    for possible in CATEGORIES.get(kind, ()):
        if possible.value == category:
            return possible
    raise ValidationError("Choose what is wrong.")


def clean_pmids(given: Iterable[int | str]) -> list[int]:
    """Return PubMed IDs, each once, in the order given; raises `ValidationError`."""
    pmids: list[int] = []
    for one in given:
        try:
            pmid = identifiers.parse_pmid(str(one))
        except identifiers.IdentifierError as error:
            raise ValidationError(f"{shown(str(error))}. It is a number such as 9186514.") from None
        if pmid not in pmids:
            pmids.append(pmid)
    if len(pmids) > MAX_PMIDS:
        raise ValidationError(f"These are {len(pmids):,}; {MAX_PMIDS} PubMed IDs are the most.")
    return pmids


def read_pmids(text: str) -> list[int]:
    """Return the PubMed IDs of a text: `9186514, PMID: 7777`; raises `ValidationError`."""
    parts = _BETWEEN_PMIDS.split(_PMID_LABEL.sub(" ", text))
    return clean_pmids(part for part in parts if part)
