"""What the interactions that cite a publication add up to, however many they are.

Of more than a thousand nothing is read from their table: they are counted in the arrays of
species. A database's own paper, which millions cite, takes a scan of 4 bytes for each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

import numpy as np
from django.db.models import Sum
from numpy.typing import NDArray

from proteins.analysis import jobs, store
from proteins.analysis.core.edges import Edges
from proteins.analysis.species import NotReadyError, read_species
from proteins.models import Protein, Taxon
from proteins.queries.coverage import Citing, Counts, Coverage, read_citing, read_few
from proteins.queries.snapshot import consistent_read

#: The column of `Kind` that is the evidence.
_EVIDENCE: Final = 0


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
        for taxon in Taxon.objects.order_by("pk"):
            if not _is_ready(taxon):
                jobs.start()
                return None
            try:
                own = count(read_species(taxon).edges, keys)
            except NotReadyError:
                return None
            counts = Counts(
                counts.tfs + own.tfs, counts.evidence + own.evidence, counts.targets + own.targets
            )
    return counts


def _is_ready(taxon: Taxon) -> bool:
    """Whether a species has arrays, or so few interactions that it needs none."""
    if store.newest(taxon.pk) is not None:
        return True
    rows = Protein.objects.filter(taxon=taxon).aggregate(rows=Sum("target_count"))["rows"]
    return (rows or 0) < jobs.WORTH_IT


def count(edges: Edges, evidence: NDArray[np.int64]) -> Counts:
    """Count the interactions of one species that some evidence supports."""
    kinds = edges.kinds[:, _EVIDENCE]
    keep = np.isin(kinds, evidence)
    by_kind = np.zeros(len(kinds), np.int64)
    tfs: Counter[int] = Counter()
    targets: list[NDArray[np.int32]] = []
    for tf, target, kind in edges.segments() if keep.any() else ():
        hits = keep[kind]
        own = kind[hits]
        if len(own):
            tfs[tf] = len(own)
            by_kind += np.bincount(own, minlength=len(kinds))
            targets.append(target[hits])
    numbers: Counter[int] = Counter()
    for place in np.flatnonzero(by_kind).tolist():
        numbers[int(kinds[place])] += int(by_kind[place])
    return Counts(tfs, numbers, len(np.unique(np.concatenate(targets))) if targets else 0)
