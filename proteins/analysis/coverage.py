"""What the interactions that cite a publication add up to, however many they are.

Of more than a thousand nothing is read from their table: they are counted in the arrays of
species. A database's own paper, which millions cite, takes a scan of 4 bytes for each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from proteins.analysis import jobs
from proteins.analysis.core.edges import Edges
from proteins.analysis.species import NotReadyError, read_all_edges
from proteins.queries.coverage import Citing, Counts, Coverage, read_citing, read_few
from proteins.queries.snapshot import consistent_read

#: The column of `Kind` that is the evidence.
_EVIDENCE: Final = 0
#: TFs after which it is looked whether all targets have been met.
_LOOKED_AT: Final = 16


def read_coverage(pmid: int) -> Coverage | None:
    """Return what cites a publication; None while the arrays of a large species are missing."""
    citing = read_citing(pmid)
    counts = read_few(pmid, citing)
    if counts is None:
        counts = _from_arrays(citing)
    return None if counts is None else Coverage.of(counts, citing)


def _from_arrays(citing: Mapping[int, Citing]) -> Counts | None:
    keys = np.fromiter(citing, np.int64, len(citing))
    counts = Counts(Counter(), Counter(), 0)
    with consistent_read():
        try:
            for edges in read_all_edges():
                own = count(edges, keys)
                counts.tfs.update(own.tfs)
                counts.evidence.update(own.evidence)
                counts = replace(counts, targets=counts.targets + own.targets)
        except NotReadyError:
            jobs.start()
            return None
    return counts


def count(edges: Edges, evidence: NDArray[np.int64]) -> Counts:
    """Count the interactions of one species that some evidence supports."""
    kinds = edges.kinds[:, _EVIDENCE]
    keep = np.isin(kinds, evidence)
    tfs: Counter[int] = Counter()
    targets = _Targets(edges)
    for tf, target, kind in edges.segments() if keep.any() else ():
        hits = keep[kind]
        if number := int(np.count_nonzero(hits)):
            tfs[tf] = number
            targets.add(target, hits)
    numbers: Counter[int] = Counter()
    rows = edges.rows_of_kinds() if tfs else np.zeros(0, np.int64)
    for place in np.flatnonzero(keep & (rows > 0)).tolist() if tfs else ():
        numbers[int(kinds[place])] += int(rows[place])
    return Counts(tfs, numbers, targets.number())


class _Targets:
    """Distinct targets. Once they are all of a species, which a few hubs of a database have
    together, no more are looked at."""

    def __init__(self, edges: Edges) -> None:
        self._stored = edges.stored_targets()
        later = [int(target[-1]) for target, _ in edges.later.values() if len(target)]
        stored = [int(self._stored[-1])] if len(self._stored) else []
        self._seen = np.zeros(max([*later, *stored], default=0) + 1, dtype=bool)
        self._has_later = bool(edges.later)
        self._added = 0
        self._are_all = False

    def add(self, target: NDArray[np.int32], hits: NDArray[np.bool_]) -> None:
        if self._are_all:
            return
        self._seen[target[hits]] = True
        self._added += 1
        if self._added % _LOOKED_AT == 0 and not self._has_later:
            self._are_all = self.number() == len(self._stored)

    def number(self) -> int:
        return int(np.count_nonzero(self._seen))
