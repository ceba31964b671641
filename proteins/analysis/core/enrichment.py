"""The statistics of one list: by draws without return, and by the degree model.

All TFs that are tested count in the corrections, those without any overlap too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proteins.analysis.core import degree_model, hypergeometric, poisson_binomial
from proteins.analysis.core.corrections import Correction, corrected
from proteins.analysis.core.degree_model import DegreeModel

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Statistics:
    """One element a TF that is tested."""

    overlap: Ints
    targets: Ints
    query: int
    background: int
    expected: Floats
    fold: Floats
    odds_ratio: Floats
    ci_low: Floats
    ci_high: Floats
    p: Floats
    q: Floats
    expected_degree: Floats
    p_degree: Floats
    q_degree: Floats


@dataclass(frozen=True)
class Fitted:
    """A degree model with the TFs that it was fitted to: those with a target in the background."""

    model: DegreeModel
    #: The class of each TF of the matrix, -1 of those without a target there.
    tf_class: Ints
    #: The class of each unit, -1 outside the background.
    gene_class: Ints


def fit(targets: Ints, regulators: Ints, background: Bools) -> Fitted:
    """Fit the degree model within a background."""
    tfs, genes = np.flatnonzero(targets > 0), np.flatnonzero(background)
    model = degree_model.fit(targets[tfs], regulators[genes])
    tf_class, gene_class = np.full(len(targets), -1), np.full(len(background), -1)
    tf_class[tfs], gene_class[genes] = model.tf_class, model.gene_class
    return Fitted(model, tf_class, gene_class)


def statistics(
    overlap: Ints,
    targets: Ints,
    tested: Ints,
    query: Bools,
    background: Bools,
    fitted: Fitted,
    correction: Correction,
) -> Statistics:
    """Compute everything of the TFs at the places `tested`, whose order is that of the result."""
    n, N = int(np.count_nonzero(query & background)), int(np.count_nonzero(background))  # noqa: N806
    x, K = overlap[tested], targets[tested]  # noqa: N806
    expected = n * K / N if N else np.zeros(len(K))
    fold = np.divide(x, expected, out=np.zeros(len(K)), where=expected > 0)
    odds = hypergeometric.odds_ratio(x, K, n, N)
    p = hypergeometric.tail(x, K, n, N)
    expected_degree, p_degree = _by_degree(x, fitted, fitted.tf_class[tested], query & background)
    return Statistics(
        x, K, n, N, expected, fold, odds.value, odds.low, odds.high,
        p, corrected(p, correction),
        expected_degree, p_degree, corrected(p_degree, correction),
    )  # fmt: skip


def _by_degree(x: Ints, fitted: Fitted, tf_class: Ints, query: Bools) -> tuple[Floats, Floats]:
    """The mean and the tail of each TF; TFs of one degree and overlap have the same."""
    genes, counts = np.unique(fitted.gene_class[query], return_counts=True)
    classes, class_place = np.unique(tf_class, return_inverse=True)
    z = fitted.model.log_odds(classes, genes)
    means = degree_model.sigmoid(z) @ counts.astype(float)
    pairs, place = np.unique(np.stack([class_place, x], axis=1), axis=0, return_inverse=True)
    tails = poisson_binomial.tail(z[pairs[:, 0]], counts, pairs[:, 1])
    return means[class_place], tails[place.reshape(-1)]
