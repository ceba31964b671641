"""The published yeast table as arrays, without a database."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from proteins.analysis.core.edges import Edges, Kind, Row, edges_of
from proteins.analysis.core.units import Units, genes_as_units, proteins_as_units
from tests.proteins.analysis import cuts
from tests.proteins.analysis.cuts import CutKind


@dataclass(frozen=True)
class Yeast:
    edges: Edges
    proteins: Units
    genes: Units
    #: Primary keys by accession and, of the first of each, by name.
    keys: dict[str, int]
    names: dict[str, int]
    #: What the kinds' evidence is, by number.
    support: list[CutKind]

    def keep(self, name: str) -> NDArray[np.bool_]:
        """The kinds that a filter of the reference values lets through."""
        support = [self.support[kind[0]] for kind in self.edges.kinds.tolist()]
        chosen = {
            "all": [True] * len(support),
            "small_scale": [each.is_small_scale for each in support],
            "two_sources": [len(each.sources) > 1 for each in support],
        }
        return np.array(chosen[name])


@cache
def read() -> Yeast:
    cut = cuts.read("yeast")
    keys = {protein.accession: key for key, protein in enumerate(cut.proteins, 1)}
    names: dict[str, int] = {}
    for protein in cut.proteins:
        names.setdefault(protein.name, keys[protein.accession])
    genes = [
        (keys[protein.accession], gene) for protein in cut.proteins for gene in protein.gene_ids
    ]
    proteins = np.array(sorted(keys.values()), dtype=np.int64)
    return Yeast(
        edges_of(Row(tf + 1, target + 1, Kind(kind, 0, 0, 0)) for tf, target, kind in cut.pairs()),
        proteins_as_units(proteins),
        genes_as_units(proteins, genes),
        keys,
        names,
        cut.kinds,
    )
