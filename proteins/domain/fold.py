"""The fold of a name: what names of a vocabulary are compared, looked up and unique by.

Two names are one where a reader cannot distinguish them, or only by capitals: `GTRD`, `gtrd`,
`GTRD` with a zero-width space in it, `one  hybrid` with two spaces. Databases store the fold
in a column of its own, which `fold` alone fills, under a plain unique constraint.

Canonically equivalent texts are one (a composed or decomposed accent). Compatibility
equivalents are not (NFKC would make one of `χ²` and `χ2`): these look different, so that they
may be two names, and a merge cannot be taken back.
"""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Final

#: The longest fold in characters, whatever the limit of a name: an index of PostgreSQL takes
#: 2,704 bytes. Longer ones are cut, and end in their SHA-256.
MAX_FOLD_LENGTH: Final = 300
#: Characters that show nothing and are not of Unicode's category Cf: combining grapheme
#: joiner, fillers of Hangul, Khmer inherent vowels, variation selectors.
_BLANK: Final = frozenset(
    map(
        chr,
        (
            *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),
            *range(0x180B, 0x1810),
            *range(0xFE00, 0xFE10),
            *range(0xE0100, 0xE01F0),
        ),
    )
)


def tidy(name: str) -> str:
    """Return `name` as it is stored: without invisible characters and repeated spaces."""
    if name.isascii():
        return " ".join(name.split())
    visible = "".join(character for character in name if not is_invisible(character))
    return " ".join(unicodedata.normalize("NFC", visible).split())


def fold(name: str) -> str:
    """Return what `name` is compared by; `fold(fold(name))` is the same again."""
    tidied = tidy(name)
    if tidied.isascii():
        folded = tidied.lower()
    else:
        # Unicode's canonical caseless matching: normalised before and after.
        decomposed = unicodedata.normalize("NFD", tidied).casefold()
        folded = tidy(unicodedata.normalize("NFD", decomposed).casefold())
    if len(folded) <= MAX_FOLD_LENGTH:
        return folded
    digest = hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{folded[: MAX_FOLD_LENGTH - len(digest) - 1]}#{digest}"


def is_invisible(character: str) -> bool:
    """Whether a character shows nothing and takes no room (a zero-width space, a joiner)."""
    return character in _BLANK or unicodedata.category(character) == "Cf"
