"""How many partners several proteins have in common: k of n, with the number that the degree model
expects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from proteins.analysis.core import poisson_binomial
from proteins.analysis.core.counting import Matrix
from proteins.analysis.core.enrichment import Fitted


def regulated_by(matrix: Matrix, tfs: Sequence[int]) -> Counter[int]:
    """Return of each unit how many of some TFs regulate it."""
    counts: Counter[int] = Counter()
    for tf in tfs:
        counts.update(np.unique(matrix.units_of(*matrix.edges.of_tf(tf))).tolist())
    return counts


def expected_targets(matrix: Matrix, fitted: Fitted, tfs: Sequence[int], at_least: int) -> float:
    """Return how many units so many of some TFs would regulate by their degrees alone."""
    places = [place for tf in tfs if (place := _place(matrix, tf)) >= 0]
    if not places or at_least > len(places):
        return 0.0
    classes, counts = np.unique(fitted.gene_class[fitted.gene_class >= 0], return_counts=True)
    z = fitted.model.log_odds(fitted.tf_class[places], classes).T
    x = np.full(len(classes), at_least, dtype=np.int64)
    tails = poisson_binomial.tail(z, np.ones(len(places), dtype=np.int64), x)
    return float(tails @ counts)


def expected_regulators(fitted: Fitted, units: Sequence[int], at_least: int) -> float:
    """Return how many TFs would regulate so many of some units by their degrees alone."""
    genes = fitted.gene_class[np.array(units, dtype=np.int64)]
    genes = genes[genes >= 0]
    if not len(genes) or at_least > len(genes):
        return 0.0
    own, counts = np.unique(genes, return_counts=True)
    classes, number = np.unique(fitted.tf_class[fitted.tf_class >= 0], return_counts=True)
    z = fitted.model.log_odds(classes, own)
    x = np.full(len(classes), at_least, dtype=np.int64)
    return float(poisson_binomial.tail(z, counts, x) @ number)


def _place(matrix: Matrix, tf: int) -> int:
    place = int(np.searchsorted(matrix.tfs, tf))
    return place if place < len(matrix.tfs) and matrix.tfs[place] == tf else -1
