"""Corrections of p values for how many were computed: over all of them, hit or not."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Correction(StrEnum):
    BH = "bh"
    BY = "by"
    BONFERRONI = "bonferroni"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Correction.BH: "Benjamini-Hochberg",
    Correction.BY: "Benjamini-Yekutieli",
    Correction.BONFERRONI: "Bonferroni",
}


def corrected(p: Floats, correction: Correction) -> Floats:
    """Return the q value of each p."""
    if correction is Correction.BONFERRONI:
        return np.minimum(p * len(p), 1.0)
    m = len(p)
    factor = float(np.sum(1.0 / np.arange(1, m + 1))) if correction is Correction.BY else 1.0
    order = np.argsort(p, kind="stable")
    steps = p[order] * m * factor / np.arange(1, m + 1)
    q = np.empty(m)
    q[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return q
