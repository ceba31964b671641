"""Statistics and counts on small numbers, against their definitions written out."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proteins.analysis.core import degree_model, enrichment, hypergeometric, poisson_binomial
from proteins.analysis.core.corrections import Correction, corrected
from proteins.analysis.core.counting import matrix_of, within
from proteins.analysis.core.edges import Kind, Row, edges_of, with_changes
from proteins.analysis.core.hits import hits
from proteins.analysis.core.similar import Pair, similar_pairs
from proteins.analysis.core.units import genes_as_units, proteins_as_units
from tests.proteins.analysis import cuts

SMALL, LARGE = Kind(1, 0, 0, 0), Kind(2, 0, 0, 0)


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


@given(st.data())
def test_the_hypergeometric_tail(data: st.DataObject) -> None:
    N = data.draw(st.integers(1, 60))  # noqa: N806
    n, K = data.draw(st.integers(0, N)), data.draw(st.integers(0, N))  # noqa: N806
    x = data.draw(st.integers(max(0, n + K - N), min(n, K)))
    ways = [math.comb(K, k) * math.comb(N - K, n - k) for k in range(x, min(n, K) + 1)]
    got = hypergeometric.tail(ints(x), ints(K), n, N)[0]
    assert got == pytest.approx(sum(ways) / math.comb(N, n), rel=1e-9)


def test_a_tail_that_is_far_out() -> None:
    got = hypergeometric.tail(ints(50), ints(60), 100, 20_000)[0]
    ways = sum(math.comb(60, k) * math.comb(19_940, 100 - k) for k in range(50, 61))
    assert got == pytest.approx(ways / math.comb(20_000, 100), rel=1e-9)


def test_corrections_are_over_all_tests() -> None:
    p = np.array([0.01, 0.04, 0.03, 0.5])
    assert corrected(p, Correction.BH) == pytest.approx([0.04, 0.04 * 4 / 3, 0.04 * 4 / 3, 0.5])
    assert corrected(p, Correction.BY) == pytest.approx(
        [0.04 * 25 / 12, *[4 / 75 * 25 / 12] * 2, 1]
    )
    assert corrected(p, Correction.BONFERRONI) == pytest.approx([0.04, 0.16, 0.12, 1])
    assert len(corrected(p[:0], Correction.BY)) == 0


@given(st.lists(st.floats(-30, 30), min_size=1, max_size=9), st.data())
def test_the_exact_tail_of_unequal_chances(z: list[float], data: st.DataObject) -> None:
    x = data.draw(st.integers(1, len(z)))
    chances = [1 / (1 + math.exp(-each)) for each in z]
    right = sum(
        math.prod(p if hit else 1 - p for p, hit in zip(chances, hits, strict=True))
        for hits in itertools.product([0, 1], repeat=len(z))
        if sum(hits) >= x
    )
    counts = np.ones(len(z), dtype=np.int64)
    got = poisson_binomial.exact(np.array([z]), counts, ints(x))[0]
    assert got == pytest.approx(right, rel=1e-6)


@given(
    st.lists(st.lists(st.booleans(), min_size=5, max_size=5), min_size=1, max_size=6),
)
def test_the_degree_model_has_the_sums_of_the_data(rows: list[list[bool]]) -> None:
    """Full, empty and nested rows among them, which have no finite solution."""
    data = np.array(rows)
    model = degree_model.fit(data.sum(axis=1), data.sum(axis=0))
    chance = degree_model.sigmoid(model.log_odds(model.tf_class, model.gene_class))
    assert chance.sum(axis=1) == pytest.approx(data.sum(axis=1), abs=1e-3)
    assert chance.sum(axis=0) == pytest.approx(data.sum(axis=0), abs=1e-3)


def test_proteins_of_one_gene_count_once() -> None:
    units = genes_as_units(ints(1, 2, 3, 4, 5), [(1, 10), (2, 10), (2, 11), (3, 11), (4, 12)])
    assert units.number == 3
    assert units.of[1] == units.of[2] == units.of[3] != units.of[4] != units.of[5]
    edges = edges_of([Row(5, 1, SMALL), Row(5, 2, LARGE), Row(5, 4, LARGE), Row(4, 3, LARGE)])
    matrix = matrix_of(edges, units, np.array([True, True]))
    assert dict(zip(matrix.tfs.tolist(), matrix.targets.tolist(), strict=True)) == {4: 1, 5: 2}
    assert sorted(matrix.regulators.tolist()) == [0, 1, 2]


def test_changes_are_laid_over() -> None:
    edges = edges_of([Row(1, 2, SMALL), Row(1, 3, SMALL), Row(2, 3, LARGE)])
    later = with_changes(edges, [Row(1, 3, LARGE), Row(7, 2, SMALL)], [(1, 2), (1, 3), (9, 9)])
    rows = {
        (tf, target): Kind(*later.kinds[kind])
        for tf, targets, kinds in later.segments()
        for target, kind in zip(targets.tolist(), kinds.tolist(), strict=True)
    }
    assert rows == {(1, 3): LARGE, (2, 3): LARGE, (7, 2): SMALL}
    assert with_changes(edges, [], []) is edges


def test_a_background_narrows_targets_and_regulators() -> None:
    units = proteins_as_units(ints(1, 2, 3, 4))
    edges = edges_of([Row(1, 2, SMALL), Row(1, 3, SMALL), Row(1, 4, SMALL), Row(2, 4, SMALL)])
    matrix = matrix_of(edges, units, np.array([True]))
    background, query = np.array([True, True, True, False]), np.array([False, True, False, True])
    counted = within(matrix, background)
    (hit,) = hits(matrix, np.flatnonzero(background & query))
    assert counted.targets.tolist() == [2, 0]
    assert hit.numbers.tolist() == [1, 0]
    assert counted.regulators.tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize("query", [[], [0], [0, 1, 2, 3]])
def test_lists_of_none_of_one_and_of_all(query: list[int]) -> None:
    units = proteins_as_units(ints(1, 2, 3, 4))
    edges = edges_of([Row(1, each, SMALL) for each in (1, 2, 3, 4)] + [Row(2, 1, SMALL)])
    matrix = matrix_of(edges, units, np.array([True]))
    background, marks = np.ones(4, dtype=bool), np.zeros(4, dtype=bool)
    marks[query] = True
    counted = within(matrix, background)
    (hit,) = hits(matrix, np.flatnonzero(marks))
    fitted = enrichment.fit(counted.targets, counted.regulators, background)
    result = enrichment.statistics(
        hit.numbers, counted.targets, np.arange(2), marks, background, fitted, Correction.BH
    )
    assert np.isfinite(result.odds_ratio).all()
    assert ((result.p >= 0) & (result.p <= 1) & (result.p_degree <= 1)).all()
    if len(query) in (0, 4):
        assert result.p.tolist() == [1, 1]


@pytest.mark.parametrize(("name", "interactions"), [("rat", 81_229), ("zebrafish", 25_960)])
def test_rat_and_zebrafish_have_no_twins(name: str, interactions: int) -> None:
    """Of yeast, which has some, `test_reference_values.py` counts them."""
    pairs = list(cuts.read_sharing(name).pairs())
    assert len(pairs) == len(set(pairs)) == interactions
    assert list(similar_of(pairs)) == []
    # With the last TF once more, without one target of each twenty.
    last = max(pairs)[0]
    its = [target for tf, target in pairs if tf == last]
    twin = [(last + 1, target) for target in its[len(its) // 20 :]]
    (pair,) = similar_of([*pairs, *twin])
    assert (pair.common, pair.union) == (len(twin), len(its))


def similar_of(pairs: list[tuple[int, int]]) -> Iterator[Pair]:
    """The similar TFs of pairs of a TF and a target, both numbered from 0."""
    tfs = 1 + max(tf for tf, _ in pairs)
    rows = [Row(1 + tf, 1 + tfs + target, SMALL) for tf, target in pairs]
    units = proteins_as_units(np.arange(1, 2 + max(row.target for row in rows)))
    return similar_pairs(matrix_of(edges_of(rows), units, np.array([True])))
