"""The tail of a sum of independent events of unequal chances (Poisson-binomial).

Exact where the list is small, by adding one gene after the other; otherwise by the
Lugannani-Rice saddlepoint with the correction for whole numbers (Daniels 1987), which is within
0.035 of exact in log10. All terms of the exact sum are positive, so that small tails are as exact
as large ones.

Chances come as log odds by classes: `z` has one row a query, one column a class of genes, and
`counts` says how many genes there are of each class. `x` is what each row's tail begins at.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from proteins.analysis.core.degree_model import CERTAIN, sigmoid

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

#: Lists of more genes, and tails that take more steps, are by saddlepoint.
EXACT_GENES: Final = 400
EXACT_STEPS: Final = 40_000
#: Rows that are computed at once, at most, and cells of the table of an exact sum: a processor's
#: own memory.
_ROWS: Final = 512
_CELLS: Final = 16_384
_NEWTON_STEPS: Final = 60
#: Nearer to the mean, in standard deviations, the formula is 0/0: its limit is used.
_NEAR: Final = 1e-4


def tail(z: Floats, counts: Ints, x: Ints) -> Floats:
    """Return P(X >= x) of each row."""
    genes = int(counts.sum())
    p = np.ones(len(x))
    is_exact = (genes <= EXACT_GENES) & (genes * x <= EXACT_STEPS)
    for choice, compute in ((is_exact, exact), (~is_exact, saddlepoint)):
        rows = np.flatnonzero(choice & (x > 0))
        # Rows of similar tails together: each takes as long as the longest.
        rows = rows[np.argsort(x[rows], kind="stable")]
        while len(rows):
            rows, part = np.split(rows, [-max(min(_ROWS, _CELLS // int(x[rows[-1]])), 1)])
            p[part] = compute(z[part], counts, x[part])
    return np.clip(p, 0.0, 1.0)


def exact(z: Floats, counts: Ints, x: Ints) -> Floats:
    """Add one gene after the other; what reaches `x` stays there."""
    chance, other = sigmoid(z.T), sigmoid(-z.T)
    most, genes = int(x.max()), int(counts.sum())
    # One column a row of `z`; each begins so far on that all end at the same line.
    state = np.zeros((most, len(x)))
    state[most - x, np.arange(len(x))] = 1.0
    moved = np.empty_like(state)
    reached = np.zeros(len(x))
    top = most - int(x.min()) + 1
    for p, q, added in zip(
        np.repeat(chance, counts, axis=0), np.repeat(other, counts, axis=0), range(genes), strict=True
    ):
        # Lines above have nothing yet, and those below cannot end there any more.
        low, high = max(most - (genes - added), 0), min(top + added, most)
        reached += state[-1] * p
        np.multiply(state[low:high], p, out=moved[low:high])
        state[low:high] *= q
        state[low + 1 : high + 1] += moved[low : min(high, most - 1)]
    return reached


def saddlepoint(z: Floats, counts: Ints, x: Ints) -> Floats:
    """The lattice-corrected Lugannani-Rice formula; certain genes are taken out first."""
    number = counts.astype(float)
    certain = (z >= CERTAIN) @ number
    open_ = ((z < CERTAIN) & (z > -CERTAIN)) @ number
    beyond = x - certain
    p = np.ones(len(x))
    p[beyond > open_] = 0.0
    every = (beyond == open_) & (beyond > 0)
    p[every] = _of_all(z[every], number)
    rest = np.flatnonzero((beyond > 0) & (beyond < open_))
    p[rest] = _between(z[rest], number, x[rest])
    return p


def _of_all(z: Floats, number: Floats) -> Floats:
    logs = np.where(z > -CERTAIN, -np.logaddexp(0.0, -z), 0.0)
    result: Floats = np.exp(logs @ number)
    return result


def _between(z: Floats, number: Floats, x: Ints) -> Floats:
    s = _tilt(z, number, x)
    p = sigmoid(z + s[:, None])
    variance = (p * (1.0 - p)) @ number
    generating = (np.logaddexp(0.0, z + s[:, None]) - np.logaddexp(0.0, z)) @ number
    deviance = np.maximum(2.0 * (s * x - generating), 0.0)
    w = np.sign(s) * np.sqrt(deviance)
    u = -np.expm1(-s) * np.sqrt(variance)
    with np.errstate(divide="ignore", invalid="ignore"):
        correction = 1.0 / u - 1.0 / w
    near = (np.abs(w) < _NEAR) | (np.abs(u) < _NEAR)
    skew = (p * (1.0 - p) * (1.0 - 2.0 * p)) @ number
    limit = 0.5 / np.sqrt(variance) - skew / (6.0 * variance**1.5)
    correction = np.where(near, limit, correction)
    density = np.exp(-0.5 * w * w) / math.sqrt(2.0 * math.pi)
    above = np.fromiter((0.5 * math.erfc(value / math.sqrt(2.0)) for value in w.tolist()), float)
    result: Floats = above + density * correction
    return result


def _tilt(z: Floats, number: Floats, x: Ints) -> Floats:
    """Return the s at which the tilted mean is x: Newton's method between two bounds."""
    mean = sigmoid(z) @ number
    genes = float(number.sum())
    s = np.log(x / np.maximum(mean, 1e-300))
    s += np.log(np.maximum(genes - mean, 1e-12) / np.maximum(genes - x, 1e-12))
    low, high = np.full(len(x), -2 * CERTAIN), np.full(len(x), 2 * CERTAIN)
    s = np.clip(s, low, high)
    for _ in range(_NEWTON_STEPS):
        p = sigmoid(z + s[:, None])
        miss = p @ number - x
        if (np.abs(miss) < 1e-10 * x).all():
            break
        high, low = np.where(miss > 0, s, high), np.where(miss > 0, low, s)
        step = s - miss / np.maximum((p * (1.0 - p)) @ number, 1e-300)
        s = np.where((step > low) & (step < high), step, (low + high) / 2.0)
    return s
