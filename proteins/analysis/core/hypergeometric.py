"""The hypergeometric tail, in logarithms, and the odds ratio of the same table.

A list of `n` genes is drawn from a background of `N`, of which a TF regulates `K`: how likely are
`x` or more among them? All arguments but N and n are arrays, one element a TF.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
#: Of the normal distribution, for intervals of 95 %.
Z_95: Final = 1.959963984540054
#: Terms below this share of their sum change no digit of it.
_NEGLIGIBLE: Final = 1e-18


def tail(x: Ints, K: Ints, n: int, N: int) -> Floats:  # noqa: N803  (the field's letters)
    """Return P(X >= x).

    The terms are summed from the one at the limit outwards, on the side where they fall: above
    the mean those of the tail itself, below it those of its complement.
    """
    p = np.ones(len(x))
    is_above = x * float(N) > n * K.astype(float)
    above, below = np.flatnonzero(is_above), np.flatnonzero(~is_above & (x > 0))
    p[above] = np.exp(_log_upper(x[above], K[above], n, N))
    lower = _log_lower(x[below] - 1, K[below], n, N)
    p[below] = -np.expm1(np.minimum(lower, 0.0))
    return np.clip(p, 0.0, 1.0)


def log_choose(n: Ints, k: Ints) -> Floats:
    return _log_factorial(n) - _log_factorial(k) - _log_factorial(n - k)


def _log_factorial(values: Ints) -> Floats:
    distinct, place = np.unique(values, return_inverse=True)
    logs = np.fromiter((math.lgamma(value + 1) for value in distinct.tolist()), float)
    return logs[place].reshape(values.shape)


def _log_pmf(x: Ints, K: Ints, n: int, N: int) -> Floats:  # noqa: N803
    """The logarithm of P(X = x), -inf where that cannot be."""
    possible = (x >= np.maximum(0, n + K - N)) & (x <= np.minimum(n, K))
    at = np.where(possible, x, np.maximum(0, n + K - N))
    every = log_choose(np.array([N]), np.array([n]))
    log = log_choose(K, at) + log_choose(N - K, n - at) - every
    return np.where(possible, log, -np.inf)


def _log_upper(x: Ints, K: Ints, n: int, N: int) -> Floats:  # noqa: N803
    total, term, k = np.ones(len(x)), np.ones(len(x)), x.astype(float)
    while len(x):
        term = term * ((K - k) * (n - k) / ((k + 1) * np.maximum(N - K - n + k + 1, 1)))
        total += term
        if (term <= total * _NEGLIGIBLE).all():
            break
        k += 1
    return _log_pmf(x, K, n, N) + np.log(total)


def _log_lower(x: Ints, K: Ints, n: int, N: int) -> Floats:  # noqa: N803
    total, term, k = np.ones(len(x)), np.ones(len(x)), x.astype(float)
    while len(x):
        step = k * (N - K - n + k) / ((K - k + 1) * (n - k + 1))
        term = term * np.maximum(step, 0.0)
        total += term
        if (term <= total * _NEGLIGIBLE).all():
            break
        k -= 1
    return _log_pmf(x, K, n, N) + np.log(total)


class OddsRatio(NamedTuple):
    value: Floats
    low: Floats
    high: Floats


def odds_ratio(x: Ints, K: Ints, n: int, N: int) -> OddsRatio:  # noqa: N803
    """Return the odds ratio with half a gene added to each cell, and Woolf's 95 % interval."""
    cells = [x + 0.5, K - x + 0.5, n - x + 0.5, N - n - K + x + 0.5]
    value = cells[0] * cells[3] / (cells[1] * cells[2])
    error = np.sqrt(sum(1.0 / cell for cell in cells))
    return OddsRatio(value, value * np.exp(-Z_95 * error), value * np.exp(Z_95 * error))
