"""Reference values of the yeast table: SciPy's, and of an independent implementation."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from numpy.typing import NDArray

from proteins.analysis.core import enrichment, poisson_binomial
from proteins.analysis.core.corrections import Correction, corrected
from proteins.analysis.core.counting import Matrix, matrix_of, within
from proteins.analysis.core.hits import hits
from proteins.analysis.core.units import Units
from tests.proteins.analysis import yeast
from tests.proteins.analysis.reference import reference

#: Draws of this many genes, so many times.
LISTS, GENES = 30, 100
#: As the reference calls them.
COLUMNS = (
    "expected", "fold", "p", "bh", "by", "bonferroni", "or_haldane", "ci_low", "ci_high",
)  # fmt: skip
DEGREE_COLUMNS = ("expected_degree", "p_degree_exact", "bh_degree")


def marked(units: Units, proteins: list[int]) -> NDArray[np.bool_]:
    marks = np.zeros(units.number, dtype=bool)
    marks[units.of[proteins]] = True
    return marks


def analysed(
    matrix: Matrix, query: NDArray[np.bool_], fitted: enrichment.Fitted | None = None
) -> enrichment.Statistics:
    background = matrix.regulators > 0
    counted = within(matrix, background)
    (hit,) = hits(matrix, np.flatnonzero(query & background))
    fitted = fitted or enrichment.fit(counted.targets, counted.regulators, background)
    every = np.arange(len(matrix.tfs))
    return enrichment.statistics(
        hit.numbers, counted.targets, every, query, background, fitted, Correction.BH
    )


@pytest.mark.parametrize("filter_name", ["all", "small_scale", "two_sources"])
def test_every_row_of_the_reference(filter_name: str) -> None:
    table = yeast.read()
    matrix = matrix_of(table.edges, table.proteins, table.keep(filter_name))
    by_degree = defaultdict(list)
    for row in reference("yeast_degree_adjusted"):
        if row["filter"] == filter_name:
            by_degree[row["set"]].append(row)
    for case in reference("yeast_enrichment")["cases"]:
        if case["filter"] != filter_name:
            continue
        query = marked(table.proteins, [table.names[n] for n in case["names"] if n in table.names])
        result = analysed(matrix, query & (matrix.regulators > 0))
        assert (result.query, result.background) == (case["n"], case["N"])
        assert len(matrix.tfs) == case["tests"]
        assert np.count_nonzero(result.overlap) == case["tests_with_overlap"]
        by = corrected(result.p, Correction.BY)
        bonferroni = corrected(result.p, Correction.BONFERRONI)
        for row in case["rows"]:
            at = int(np.searchsorted(matrix.tfs, table.keys[row["tf"]]))
            assert (result.overlap[at], result.targets[at]) == (row["x"], row["K"])
            got = [
                result.expected[at], result.fold[at], result.p[at], result.q[at], by[at],
                bonferroni[at], result.odds_ratio[at], result.ci_low[at], result.ci_high[at],
            ]  # fmt: skip
            assert got == pytest.approx([row[name] for name in COLUMNS], rel=1e-6, abs=0)
        for degree in by_degree[case["set"]]:
            at = int(np.searchsorted(matrix.tfs, table.keys[degree["tf"]]))
            got = [result.expected_degree[at], result.p_degree[at], result.q_degree[at]]
            right = [degree[name] for name in DEGREE_COLUMNS]
            assert got == pytest.approx(right, rel=1e-6, abs=0)


def test_the_saddlepoint_is_near_the_exact_tail() -> None:
    table = yeast.read()
    matrix = matrix_of(table.edges, table.proteins, table.keep("all"))
    background = matrix.regulators > 0
    fitted = enrichment.fit(matrix.targets, matrix.regulators, background)
    lots = np.random.default_rng(1)
    for genes in (10, 30, 100, 300):
        query = np.zeros(table.proteins.number, dtype=bool)
        query[lots.choice(np.flatnonzero(background), genes, replace=False)] = True
        classes, counts = np.unique(fitted.gene_class[query], return_counts=True)
        z = fitted.model.log_odds(fitted.tf_class, classes)
        overlap = hits(matrix, np.flatnonzero(query))[0].numbers
        for more in (0, 1, 3, 10, 20):
            x = np.minimum(np.maximum(overlap, 1) + more, genes)
            exact = poisson_binomial.exact(z, counts, x)
            near = poisson_binomial.saddlepoint(z, counts, x)
            assert np.abs(np.log10(near / exact)).max() < 0.04


def test_random_lists_have_no_regulators_by_the_degree_model() -> None:
    """30 lists of 100 genes; drawn by how often a gene is a target, the usual test calls dozens."""
    table = yeast.read()
    matrix = matrix_of(table.edges, table.genes, table.keep("all"))
    background = matrix.regulators > 0
    fitted = enrichment.fit(matrix.targets, matrix.regulators, background)
    lots = np.random.default_rng(20_261_130)
    calls = {}
    for name, weights in (("degree", matrix.regulators), ("uniform", background)):
        chances = weights / weights.sum()
        by_draw = by_degree = 0
        for _ in range(LISTS):
            query = np.zeros(table.genes.number, dtype=bool)
            query[lots.choice(table.genes.number, GENES, replace=False, p=chances)] = True
            result = analysed(matrix, query, fitted)
            by_draw += int(np.count_nonzero(result.q <= 0.05))
            by_degree += int(np.count_nonzero(result.q_degree <= 0.05))
        calls[name] = by_draw / LISTS, by_degree / LISTS
    assert calls["degree"][1] <= 1
    assert calls["uniform"][1] <= 1
    assert calls["degree"][0] > 30
