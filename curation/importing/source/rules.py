"""The version of the rules by which documents are read."""

from __future__ import annotations

import zlib
from typing import Final

from proteins.domain.species import SpeciesNames

#: Raised whenever a rule changes so that a document says more, or less, than before: a file
#: that was read by other rules is read again, even if it is the same.
RULES: Final = 2


def rules_with(species: SpeciesNames) -> int:
    """Return the version of the rules together with the species that documents may name.

    A file of which something was refused is recorded with it, and so is read again once a
    species is added. It is larger than `RULES`.
    """
    names = repr([(one.code, one.name, one.aliases) for one in species.species])
    return max(zlib.crc32(f"{RULES} {names}".encode()) & 0x7FFF_FFFF, RULES + 1)
