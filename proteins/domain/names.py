"""Names of proteins: how they are compared, sorted and shown (standard library only).

A name is one text, as its source writes it, and may be a list of genes (`TEF1;TEF2`), each of
which is a name of its own (`proteins.domain.identifiers.split_names`). Commas, slashes and
parentheses are part of a name (`ADE5,7`, `eri-6/7`, `E(spl)m3-HLH`).

Names are longer than what an index of PostgreSQL takes (2,704 bytes), so that they are sorted
and looked up by their first `KEY_LENGTH` characters.
"""

from __future__ import annotations

from typing import Final

from proteins.domain.fold import fold
from proteins.domain.identifiers import split_names

#: The characters of a name that are in an index; at most four bytes each.
KEY_LENGTH: Final = 100
#: What tables, lists and labels show of a name.
SHOWN_LENGTH: Final = 40


def lower_key(name: str) -> str:
    """Return what the whole name is compared by, as the database makes it (`name_key`)."""
    return name.lower()[:KEY_LENGTH]


def part_key(name: str) -> str:
    """Return what one name of a list is compared by."""
    return fold(name)[:KEY_LENGTH]


def names_of(name: str) -> tuple[str, ...]:
    """Return the names that a protein's name is: its parts, or the whole where it has none."""
    return split_names(name) or ((name,) if name else ())


def is_called(name: str, text: str) -> bool:
    """Whether `text` is the whole of `name` or one of its parts, in whatever capitals."""
    if not name or name.lower() == text.lower():
        return bool(name)
    folded = fold(text)
    return any(fold(part) == folded for part in names_of(name))


def short_name(name: str, limit: int = SHOWN_LENGTH) -> str:
    """Return a name for a line of a list: `his-2 and 13 more` where it is long."""
    if len(name) <= limit:
        return name
    first, *others = names_of(name)
    cut = first if len(first) <= limit else f"{first[: limit - 1]}…"
    return f"{cut} and {len(others)} more" if others else cut
