"""How many interactions of each TF filters by evidence, effect, review status and reporting let
through, counted in the arrays of species.

A list of millions then knows its exact number, and between which TFs a page of it is. TFs whose
rows have changed since the arrays were written are not counted here: whoever asks counts those in
the tables. They are few: much that has changed has the arrays written again.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Final

import numpy as np
from django.db.models import F
from numpy.typing import NDArray

from proteins.analysis import jobs, store
from proteins.analysis.core.edges import Edges, Kind
from proteins.analysis.places import folder
from proteins.caching.shared import shared
from proteins.hooks import Tallies
from proteins.models import Interaction, Protein

#: Evidence that is named at most: curated statements have one each.
_EVIDENCE: Final = 50_000


class _Part:
    """The arrays of one species, and at which place in them each TF is."""

    def __init__(self, edges: Edges, change_number: int) -> None:
        self.change_number = change_number
        self.kinds = edges.kinds
        self.kind = edges.kind
        starts = edges.starts.tolist()
        self.rows = dict(zip(edges.tfs.tolist(), pairwise(starts), strict=True))


@dataclass(frozen=True)
class _Laid:
    """The arrays of all species as far as they are what the tables hold now."""

    parts: Sequence[_Part]
    #: Of which part each TF is whose rows have not changed since.
    part_of: Mapping[int, _Part]
    uncounted: frozenset[int]


def read(
    evidence: Iterable[int] | None,
    verdicts: Mapping[str, Collection[int]],
    tfs: Sequence[int] | None = None,
) -> Tallies | None:
    """Count by TF, of `tfs` if they are given; None while arrays are missing, or where so much
    evidence is named that to read it takes longer than to read the tables.

    `evidence` are primary keys, None for any; `verdicts` the values of other columns of a kind.
    """
    laid = _laid()
    if laid is None:
        return None
    chosen = None if evidence is None else np.fromiter(islice(evidence, _EVIDENCE + 1), np.int64)
    if chosen is not None and len(chosen) > _EVIDENCE:
        return None
    kept = {id(part): _kept(part, chosen, verdicts) for part in laid.parts}
    ordered = sorted(laid.part_of if tfs is None else laid.part_of.keys() & set(tfs))
    keys, numbers = array("i"), array("i")
    for tf in ordered:
        part = laid.part_of[tf]
        keep = kept[id(part)]
        if keep is None:
            continue
        first, last = part.rows[tf]
        if number := int(np.count_nonzero(keep[part.kind[first:last]])):
            keys.append(tf)
            numbers.append(number)
    uncounted = laid.uncounted if tfs is None else laid.uncounted & set(tfs)
    return Tallies(keys, numbers, uncounted)


def _kept(
    part: _Part, evidence: NDArray[np.int64] | None, verdicts: Mapping[str, Collection[int]]
) -> NDArray[np.bool_] | None:
    """Which kinds are let through; None where none is."""
    keep = np.ones(len(part.kinds), dtype=bool)
    if evidence is not None:
        keep = np.isin(part.kinds[:, 0], evidence)
    for name, values in verdicts.items():
        keep &= np.isin(part.kinds[:, Kind._fields.index(name)], [int(value) for value in values])
    return keep if keep.any() else None


@shared
def _laid() -> _Laid | None:
    if not folder().is_dir():
        return None
    stored = store.newest_of_all().values()
    return _compared([_Part(edges, one.change_number) for one, edges in stored]) if stored else None


def _compared(parts: Sequence[_Part]) -> _Laid | None:
    """Compare arrays with the numbers of targets that the tables hold, and with what changed."""
    counts = dict(
        Protein.objects.filter(target_count__gt=0).order_by().values_list("pk", "target_count")
    )
    part_of = {
        tf: part
        for part in parts
        for tf, (first, last) in part.rows.items()
        if counts.get(tf) == last - first
    }
    oldest = min(part.change_number for part in parts)
    later = Interaction.objects.filter(change__gt=oldest).order_by("change", "pk")
    changed = list(later.values_list("tf_id", F("change_id"))[: jobs.CHANGED + 1])
    for tf, change in changed:
        if tf in part_of and part_of[tf].change_number < change:
            del part_of[tf]
    uncounted = frozenset(counts.keys() - part_of.keys())
    if len(changed) > jobs.CHANGED or sum(counts[tf] for tf in uncounted) > jobs.OF_CHANGED_TFS:
        jobs.start()
        return None
    return _Laid(parts, part_of, uncounted)
