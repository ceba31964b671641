"""Names of proteins: how they are compared, sorted and shown (standard library only).

A name is one text, as its source writes it, and may be a list of genes (`TEF1;TEF2`), each of
which is a name of its own (`split_names`). Commas, slashes and
parentheses are part of a name (`ADE5,7`, `eri-6/7`, `E(spl)m3-HLH`).

Names are longer than what an index of PostgreSQL takes (2,704 bytes), so that they are sorted
and looked up by their first `KEY_LENGTH` characters.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Final

from proteins.domain.fold import fold
from proteins.domain.identifiers import parse_text

#: A protein's name may be a list of genes: those of histones reach 350 characters. The limit
#: is against hostile input only.
MAX_NAME_LENGTH: Final = 4_000
#: UniProt's entry names: a mnemonic or an accession, then the organism's mnemonic, here
#: those of TFLink's species (yeast has genes called AI5_BETA and AI5_ALPHA).
_ENTRY_NAME = re.compile(r"^[A-Z0-9]{1,10}_(CAEEL|DANRE|DROME|HUMAN|MOUSE|RAT|YEAST)\Z")
#: What spreadsheets make of MARCH1, SEPT2 or DEC1: `1-Mar`, `Mar-01`, `1-Mar-2001`.
_MONTHS: Final = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec"
_SPREADSHEET_DATE = re.compile(
    rf"^([0-9]{{1,2}}-({_MONTHS})(-[0-9]{{2,4}})?|({_MONTHS})-[0-9]{{2}})\Z"
)
#: The characters of a name that are in an index; at most four bytes each.
KEY_LENGTH: Final = 100
#: Letters that names of genes write in Greek or in Latin: `NF-κB`, `TGFβ`, `PPARγ`.
_GREEK: Final = dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", "abgdezhqiklmnxoprsstufxyw", strict=True))
#: What writers put between the parts of a name, or leave out: spaces, dots, hyphens, dashes.
_JOINTS: Final = " .-\u00b7\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_FOLDED: Final = str.maketrans({**_GREEK, **dict.fromkeys(_JOINTS, "")})
#: What tables, lists and labels show of a name.
SHOWN_LENGTH: Final = 40


class NameKind(IntEnum):
    """What a name is of; its value is how it is stored, and in which order names are shown."""

    PRIMARY = 0
    SYNONYM = 1
    ORDERED_LOCUS = 2
    ORF = 3
    FULL_NAME = 4
    MNEMONIC = 5


def is_mnemonic(name: str) -> bool:
    """Whether a name is a UniProt entry name (`YD57W_YEAST`), which says that there is none."""
    return _ENTRY_NAME.match(name) is not None


def is_spreadsheet_date(name: str) -> bool:
    """Whether a spreadsheet seems to have made a date of a gene's name (`1-Mar`, `2-Sep`)."""
    return "-" in name and _SPREADSHEET_DATE.match(name) is not None


def split_names(text: str) -> tuple[str, ...]:
    """Return the names of a list of genes, each once: `TEF1;TEF2` and `TEF1; TEF2` are two."""
    parts = (part.strip() for part in text.split(";"))
    return tuple(dict.fromkeys(part for part in parts if part not in ("", "-")))


def parse_name(text: str) -> str:
    """Return a protein's name as `parse_text` does; it may be a list of genes, and long."""
    return parse_text(text, "name", MAX_NAME_LENGTH)


def lower_key(name: str) -> str:
    """Return what the whole name is compared by, as the database makes it (`name_key`)."""
    return name.lower()[:KEY_LENGTH]


def folded_name(text: str) -> str:
    """Return what one name is looked up by: `NF-kB`, `NFKB` and `nf κ b` are one.

    Capitals, hyphens, spaces and dots do not count, and Greek letters are as Latin ones. All
    else does: IMP2 and IMP2' are two genes of yeast. A text of joints alone is itself.
    """
    folded = fold(text)
    return (folded.translate(_FOLDED) or folded)[:KEY_LENGTH]


def names_of(name: str) -> tuple[str, ...]:
    """Return the names that a protein's name is: its parts, or the whole where it has none."""
    return split_names(name) or ((name,) if name else ())


def is_called(name: str, text: str) -> bool:
    """Whether `text` is the whole of `name` or one of its parts, in whatever capitals."""
    if not name or name.lower() == text.lower():
        return bool(name)
    folded = fold(text)
    return any(fold(part) == folded for part in names_of(name))


def title_of(name: str, full_name: str) -> str:
    """Return what a pointer over a name shows: the whole of one that is shortened, and the full
    name of the protein."""
    whole = name if short_name(name) != name else ""
    return ": ".join(filter(None, (whole, full_name)))


def short_name(name: str, limit: int = SHOWN_LENGTH) -> str:
    """Return a name for a line of a list: `his-2 and 13 more` where it is long."""
    if len(name) <= limit:
        return name
    first, *others = names_of(name)
    cut = first if len(first) <= limit else f"{first[: limit - 1]}…"
    return f"{cut} and {len(others)} more" if others else cut
