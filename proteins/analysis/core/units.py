"""Accessions as genes: those that share a gene ID, directly or by way of others, are one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Units:
    """What is counted: `of` has the unit of each protein by primary key, -1 where it is none of
    the species'."""

    of: NDArray[np.int32]
    number: int

    @cached_property
    def are_shared(self) -> bool:
        """Whether any has several proteins."""
        return int(np.count_nonzero(self.of >= 0)) > self.number


def proteins_as_units(proteins: Ints) -> Units:
    """Each protein by itself."""
    of = _nothing(proteins)
    of[proteins] = np.arange(len(proteins), dtype=np.int32)
    return Units(of, len(proteins))


def genes_as_units(proteins: Ints, gene_ids: Iterable[tuple[int, int]]) -> Units:
    """Proteins joined by shared gene IDs, of which pairs of (protein, gene ID) are given."""
    parent = {int(protein): int(protein) for protein in proteins.tolist()}

    def root(protein: int) -> int:
        while parent[protein] != protein:
            parent[protein] = parent[parent[protein]]
            protein = parent[protein]
        return protein

    first: dict[int, int] = {}
    for protein, gene in gene_ids:
        if protein in parent:
            other = first.setdefault(gene, protein)
            if other != protein:
                parent[root(protein)] = root(other)
    roots = np.fromiter((root(protein) for protein in parent), np.int64, len(parent))
    of = _nothing(proteins)
    distinct, place = np.unique(roots, return_inverse=True)
    of[proteins] = place
    return Units(of, len(distinct))


def _nothing(proteins: Ints) -> NDArray[np.int32]:
    return np.full(int(proteins.max(initial=0)) + 1, -1, dtype=np.int32)
