"""Classes of detection methods: what kind of observation a method makes.

A class cuts across databases: binding in vivo, binding outside the cell or in a heterologous
system, expression, a reporter, a curator's inference. A method's class is a column of the
vocabulary, which curators may change; here is the class that it has at first, by its name.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Final

from proteins.domain.fold import fold


class MethodClass(enum.IntEnum):
    """The class of a detection method; its value is the place of its bit in a bit mask."""

    OTHER = 0
    BINDING_IN_VIVO = 1
    BINDING_IN_VITRO = 2
    EXPRESSION = 3
    REPORTER = 4
    CURATED = 5

    @property
    def label(self) -> str:
        return self.name.lower().replace("_", " ")

    @property
    def meaning(self) -> str:
        """What a method of the class observes, in a few words."""
        return _MEANINGS[self]

    @property
    def bit(self) -> int:
        return 1 << self.value


#: The classes that marks show, in their order; "other" has no place among them.
MARKED: Final = (
    MethodClass.BINDING_IN_VIVO,
    MethodClass.BINDING_IN_VITRO,
    MethodClass.EXPRESSION,
    MethodClass.REPORTER,
    MethodClass.CURATED,
)
_MEANINGS: Final = {
    MethodClass.OTHER: "something else, or not classified yet",
    MethodClass.BINDING_IN_VIVO: "the TF binds the DNA in the cell",
    MethodClass.BINDING_IN_VITRO: "the TF binds the DNA in vitro or in a heterologous system",
    MethodClass.EXPRESSION: "the expression of the target changes with the TF",
    MethodClass.REPORTER: "a reporter gene with the target’s regulatory DNA responds to the TF",
    MethodClass.CURATED: "a curator inferred it",
}

_INITIAL: Final[dict[MethodClass, tuple[str, ...]]] = {
    MethodClass.BINDING_IN_VIVO: (
        "chromatin immunoprecipitation assay",
        "chromatin immunoprecipitation array",
        "dna adenine methyltransferase identification",
        "proximity labelling technology",
    ),
    MethodClass.BINDING_IN_VITRO: (
        "electrophoretic mobility shift assay",
        "electrophoretic mobility-based method",
        "mobility shift",
        "footprinting",
        "DNase I footprinting",
        "ultraviolet (uv) footprinting",
        "selex",
        "one hybrid",
        "surface plasmon resonance",
        "filter trap assay",
        "affinity technology",
        "affinity chromatography technology",
    ),
    MethodClass.EXPRESSION: (
        "array technology",
        "array technology/partial DNA sequence identification by hybridization",
        "partial DNA sequence identification by hybridization",
        "partial RNA sequence identification",
        "full identification by RNA sequencing",
        "northern blot",
        "western blot",
        "anti tag western blot",
        "reverse transcription pcr",
        "quantitative reverse transcription pcr",
        "quantitative pcr",
        "primer specific pcr",
        "primer extension assay",
        "nuclease assay",
        "ribonuclease assay",
        "genetic interference",
    ),
    MethodClass.REPORTER: (
        "tag visualisation",
        "tag visualisation by luciferase assay",
        "tag visualisation by enzyme assay",
        "tag visualisation by fluorescence",
    ),
    MethodClass.CURATED: ("inferred by curator",),
}
_BY_FOLD: Final = {fold(name): each for each, names in _INITIAL.items() for name in names}


def initial_class(name: str) -> MethodClass:
    """Return the class of a method by its name, in whatever spelling; a new one is *other*."""
    return _BY_FOLD.get(fold(name), MethodClass.OTHER)


def mask_of(classes: Iterable[MethodClass]) -> int:
    """Return classes as a bit mask."""
    mask = 0
    for each in classes:
        mask |= each.bit
    return mask


def classes_in(mask: int) -> tuple[MethodClass, ...]:
    """Return the classes of a bit mask, *other* last."""
    return tuple(each for each in _IN_ORDER if each.bit & mask)


_IN_ORDER: Final = (*(each for each in MethodClass if each), MethodClass.OTHER)
