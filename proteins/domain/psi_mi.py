"""The methods of the PSI-MI controlled vocabulary, by their ID.

`psi_mi.tsv` beside it holds, of the Molecular Interactions vocabulary of the HUPO Proteomics
Standards Initiative, all terms below "interaction detection method" (MI:0001) and below
"participant identification method" (MI:0002), and those that are obsolete.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

_FILE: Final = Path(__file__).with_suffix(".tsv")


class TermKind(enum.Enum):
    """What a term is a method of."""

    DETECTION = "detection"
    IDENTIFICATION = "identification"
    BOTH = "both"
    OBSOLETE = "obsolete"

    @property
    def detects(self) -> bool:
        return self in (TermKind.DETECTION, TermKind.BOTH)

    @property
    def identifies(self) -> bool:
        return self in (TermKind.IDENTIFICATION, TermKind.BOTH)


class Term(NamedTuple):
    """A method of PSI-MI: `MI:0402`, chromatin immunoprecipitation assay."""

    id: str
    kind: TermKind
    name: str


@cache
def terms() -> Mapping[str, Term]:
    """Return all methods by their ID."""
    return {term.id: term for term in _read()}


def _read() -> Iterator[Term]:
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            key, kind, name = line.split("\t")
            yield Term(key, TermKind(kind), name)
