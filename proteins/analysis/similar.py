"""TFs that have (nearly) the same targets, for curators: one of two mostly is no TF but bears the
other's name as an alias."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from proteins.analysis.core.counting import matrix_of
from proteins.analysis.core.similar import groups, similar_pairs
from proteins.analysis.species import read_species
from proteins.models import Protein, Taxon


@dataclass(frozen=True)
class SimilarTFs:
    """A group of TFs that cannot be distinguished by their targets, or hardly."""

    taxon: Taxon
    proteins: tuple[Protein, ...]
    #: Pairs within it: both labels, and the share of their targets that is common.
    pairs: tuple[tuple[str, str, float], ...]

    def __str__(self) -> str:
        pairs = "; ".join(f"{one} and {other}: {share:.3f}" for one, other, share in self.pairs)
        names = ", ".join(map(str, self.proteins))
        return f"{self.taxon}: {names} have nearly the same targets (Jaccard: {pairs})"


def similar_tfs(taxon: Taxon) -> Iterator[SimilarTFs]:
    """Yield the groups of a species, over all evidence, targets by accession."""
    species = read_species(taxon)
    keep = np.ones(len(species.edges.kinds), dtype=bool)
    matrix = matrix_of(species.edges, species.proteins, keep)
    pairs = list(similar_pairs(matrix))
    proteins = Protein.objects.in_bulk({tf for pair in pairs for tf in (pair.one, pair.other)})
    for group in groups(pairs):
        own = [pair for pair in pairs if pair.one in group]
        yield SimilarTFs(
            taxon,
            tuple(proteins[tf] for tf in group),
            tuple(
                (proteins[pair.one].label, proteins[pair.other].label, pair.jaccard) for pair in own
            ),
        )
