"""The degree model: how often a TF would regulate a gene if only their numbers of partners counted.

A bipartite configuration model: P(t regulates g) = a_t b_g / (1 + a_t b_g), with the sum over
each TF and over each gene as in the data. It is the distribution of maximal entropy under these
sums. TFs of one number of targets have one `a`, genes of one number of TFs one `b`, so it is
solved on classes of equal degree (yeast: 261 and 126), by Newton's method on log a and log b.

Rows and columns that are full or empty have no finite solution: they are taken out one after the
other, with what they fix (`_Peeled`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

#: Sums that differ by less, as shares of themselves, are equal.
_TOLERANCE: Final = 1e-11
_MAX_STEPS: Final = 100
#: No class moves further in one step, in log odds.
_MAX_STRIDE: Final = 3.0
#: Log odds of what is certain: its chance differs from 1 by 4e-18.
CERTAIN: Final = 40.0
_NEVER: Final = np.iinfo(np.int64).max


@dataclass(frozen=True)
class _Side:
    """The classes of TFs, or of genes: their degree and how many there are of each."""

    degree: Ints
    number: Ints
    #: The log of a or b.
    log: Floats
    #: When a class was taken out (`_NEVER` where it was not), and as full or empty.
    step: Ints
    is_full: NDArray[np.bool_]


@dataclass(frozen=True)
class DegreeModel:
    tfs: _Side
    genes: _Side
    #: The class of each TF and of each gene.
    tf_class: Ints
    gene_class: Ints

    def log_odds(self, tf_classes: Ints, gene_classes: Ints) -> Floats:
        """Return log(P / (1 - P)) of classes of TFs (rows) and of genes (columns)."""
        rows, columns = self.tfs, self.genes
        log = rows.log[tf_classes][:, None] + columns.log[gene_classes][None, :]
        row_step, column_step = rows.step[tf_classes][:, None], columns.step[gene_classes][None, :]
        row_first = (row_step < column_step) & (row_step != _NEVER)
        column_first = (column_step < row_step) & (column_step != _NEVER)
        full_row, full_column = rows.is_full[tf_classes], columns.is_full[gene_classes]
        log = np.where(row_first, np.where(full_row, CERTAIN, -CERTAIN)[:, None], log)
        log = np.where(column_first, np.where(full_column, CERTAIN, -CERTAIN)[None, :], log)
        return np.clip(log, -CERTAIN, CERTAIN)

    def expected(self, tf_classes: Ints, gene_classes: Ints, counts: Ints) -> Floats:
        """Return how many of so many genes of each class a TF of each class regulates."""
        means: Floats = sigmoid(self.log_odds(tf_classes, gene_classes)) @ counts.astype(float)
        return means


def sigmoid(z: Floats) -> Floats:
    result: Floats = 1.0 / (1.0 + np.exp(-z))
    return result


def fit(targets: Ints, regulators: Ints) -> DegreeModel:
    """Fit the model to the numbers of targets of TFs and of regulators of genes."""
    tf_degree, tf_class, tf_number = _classes(targets)
    gene_degree, gene_class, gene_number = _classes(regulators)
    peeled = _Peeled(tf_degree, tf_number, gene_degree, gene_number)
    rows, columns = np.flatnonzero(peeled.rows_left), np.flatnonzero(peeled.columns_left)
    log_a, log_b = np.zeros(len(tf_degree)), np.zeros(len(gene_degree))
    if len(rows) and len(columns):
        log_a[rows], log_b[columns] = _solve(
            peeled.row_degree[rows].astype(float),
            tf_number[rows].astype(float),
            peeled.column_degree[columns].astype(float),
            gene_number[columns].astype(float),
        )
    return DegreeModel(
        _Side(tf_degree, tf_number, log_a, peeled.row_step, peeled.row_full),
        _Side(gene_degree, gene_number, log_b, peeled.column_step, peeled.column_full),
        tf_class,
        gene_class,
    )


def _classes(degrees: Ints) -> tuple[Ints, Ints, Ints]:
    degree, place, number = np.unique(degrees, return_inverse=True, return_counts=True)
    return degree.astype(np.int64), place.astype(np.int64), number.astype(np.int64)


class _Peeled:
    """What is left of both sides once full and empty classes are taken out."""

    def __init__(
        self, row_degree: Ints, row_number: Ints, column_degree: Ints, column_number: Ints
    ) -> None:
        self.row_degree, self.column_degree = row_degree.copy(), column_degree.copy()
        self._row_number, self._column_number = row_number, column_number
        self.row_step = np.full(len(row_degree), _NEVER)
        self.column_step = np.full(len(column_degree), _NEVER)
        self.row_full = np.zeros(len(row_degree), dtype=bool)
        self.column_full = np.zeros(len(column_degree), dtype=bool)
        step = 0
        # Rows and columns in turn, each at a step of its own: which was first decides.
        while self._take_rows(2 * step) | self._take_columns(2 * step + 1):
            step += 1

    @property
    def rows_left(self) -> NDArray[np.bool_]:
        left: NDArray[np.bool_] = self.row_step == _NEVER
        return left

    @property
    def columns_left(self) -> NDArray[np.bool_]:
        left: NDArray[np.bool_] = self.column_step == _NEVER
        return left

    def _take_rows(self, step: int) -> bool:
        partners = int(self._column_number[self.columns_left].sum())
        empty = self.rows_left & (self.row_degree == 0)
        full = self.rows_left & (self.row_degree == partners) & ~empty
        self.row_step[empty | full] = step
        self.row_full |= full
        self.column_degree[self.columns_left] -= int(self._row_number[full].sum())
        return bool((empty | full).any())

    def _take_columns(self, step: int) -> bool:
        partners = int(self._row_number[self.rows_left].sum())
        empty = self.columns_left & (self.column_degree == 0)
        full = self.columns_left & (self.column_degree == partners) & ~empty
        self.column_step[empty | full] = step
        self.column_full |= full
        self.row_degree[self.rows_left] -= int(self._column_number[full].sum())
        return bool((empty | full).any())


def _solve(
    row_sum: Floats, row_number: Floats, column_sum: Floats, column_number: Floats
) -> tuple[Floats, Floats]:
    """Solve for log a and log b, on the smaller side: the other follows from it."""
    if len(row_sum) < len(column_sum):
        log_b, log_a = _solve(column_sum, column_number, row_sum, row_number)
        return log_a, log_b
    every = float(row_sum @ row_number)
    x, y = np.log(row_sum / np.sqrt(every)), np.log(column_sum / np.sqrt(every))
    likelihood = -np.inf
    step_x, step_y, stride = np.zeros_like(x), np.zeros_like(y), 1.0
    for _ in range(_MAX_STEPS):
        z = x[:, None] + y[None, :]
        logs = row_number @ np.logaddexp(0.0, z) @ column_number
        now = (row_number * row_sum) @ x + (column_number * column_sum) @ y - logs
        if now < likelihood - 1e-9 * abs(likelihood) and stride > 1e-3:
            # Too far: half of the way back.
            stride /= 2
            x, y = x - stride * step_x, y - stride * step_y
            continue
        likelihood, stride = now, 1.0
        p = sigmoid(z)
        miss_x, miss_y = row_sum - p @ column_number, column_sum - row_number @ p
        if max(np.abs(miss_x / row_sum).max(), np.abs(miss_y / column_sum).max()) < _TOLERANCE:
            break
        step_x, step_y = _newton(p, miss_x, miss_y, row_number, column_number)
        x, y = x + step_x, y + step_y
    return x, y


def _newton(
    p: Floats, miss_x: Floats, miss_y: Floats, row_number: Floats, column_number: Floats
) -> tuple[Floats, Floats]:
    """One step. The likelihood is the same if a constant goes from x to y: the first y stays."""
    weight = p * (1.0 - p) * row_number[:, None] * column_number[None, :]
    own_x, own_y = weight.sum(axis=1) + 1e-12, weight.sum(axis=0) + 1e-12
    gradient_x, gradient_y = row_number * miss_x, column_number * miss_y
    scaled = weight / own_x[:, None]
    system = np.diag(own_y) - weight.T @ scaled
    right = gradient_y - scaled.T @ gradient_x
    step_y = np.zeros_like(miss_y)
    if len(step_y) > 1:
        step_y[1:] = _solved(system[1:, 1:], right[1:])
    step_x = (gradient_x - weight @ step_y) / own_x
    largest = max(float(np.abs(step_x).max()), float(np.abs(step_y).max()))
    shorten = min(1.0, _MAX_STRIDE / largest) if largest else 1.0
    return step_x * shorten, step_y * shorten


def _solved(system: Floats, right: Floats) -> Floats:
    try:
        solution = np.linalg.solve(system, right).astype(float)
    except np.linalg.LinAlgError:
        solution = np.full_like(right, np.nan)
    if not np.isfinite(solution).all():
        # Nearly nothing is left to find: the smallest step of those that are as good.
        solution = np.linalg.lstsq(system, right, rcond=None)[0].astype(float)
    return solution
