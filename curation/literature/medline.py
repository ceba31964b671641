"""The MEDLINE format (`.nbib`, `.txt`), as PubMed's pages save it: `PMID- 36124642`.

Biopython reads the lines; here they become publications. Source of the names: NLM,
"MEDLINE/PubMed Data Element (Field) Descriptions".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from Bio import Medline

from curation.literature.publication import RETRACTED, Publication, PublicationError

#: Lines of one publication; those with thousands of authors have some ten thousand.
MAX_LINES: Final = 200_000
#: What follows a DOI in LID and AID.
_DOI_LABEL: Final = "[doi]"
#: What begins a field, and what goes on with it.
_FIELD = re.compile(r"[A-Z][A-Z0-9]{1,3} *- |      |\s*$")


def read_medline(lines: Iterable[str]) -> Iterator[Publication]:
    """Yield the publications of a file; raises `PublicationError` where it is no such file."""
    for record in Medline.parse(_checked(lines)):  # type: ignore[no-untyped-call]
        yield _publication(record)


def _checked(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines that are MEDLINE's; Biopython takes any."""
    first, within = True, 0
    for number, raw in enumerate(lines, start=1):
        line = raw.rstrip() + "\n"
        within = within + 1 if line.strip() else 0
        if not _FIELD.match(line) or (first and line.startswith(" ")):
            raise PublicationError(f"line {number} is not a line of the MEDLINE format")
        if within > MAX_LINES:
            raise PublicationError(f"line {number}: one publication has more than {MAX_LINES:,}")
        first = first and not line.strip()
        yield line


def _publication(record: dict[str, Any]) -> Publication:
    identifiers = [record.get("LID", ""), *record.get("AID", ())]
    return Publication.of(
        pmid=record.get("PMID", ""),
        title=record.get("TI", "") or record.get("TT", ""),
        authors=[*record.get("AU", ()), *record.get("CN", ())],
        journal=record.get("JT", "") or record.get("TA", ""),
        date=record.get("DP", ""),
        dois=[doi for text in identifiers for doi in _dois(text)],
        is_retracted=bool(RETRACTED & set(record.get("PT", ()))) or "RIN" in record,
    )


def _dois(text: str) -> Iterator[str]:
    """Yield the word before each `[doi]`; each character is read once, however long the text."""
    *labelled, _ = text.split(_DOI_LABEL)
    for part in labelled:
        yield from part.split()[-1:]
