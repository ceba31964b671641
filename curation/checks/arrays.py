"""Whether the arrays of species, with later changes laid over, hold what the tables hold."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from proteins.analysis import store
from proteins.analysis.species import NotReadyError, Species, read_species
from proteins.models import Taxon


def wrong_arrays() -> Iterator[tuple[str, str]]:
    """Yield the species whose arrays differ from the tables, with the first difference of each;
    one TF at a time. Species without arrays are not compared: their rows are read from there."""
    for taxon in Taxon.objects.order_by("pk"):
        if store.newest(taxon.pk) is None:
            continue
        try:
            species = read_species(taxon)
        except NotReadyError:
            continue
        if difference := _difference(species):
            yield str(taxon), difference


def _difference(species: Species) -> str:
    """Rows of proteins that are no more, which nothing counts, may still be in arrays."""
    edges, own = species.edges, set(species.keys.tolist())
    left = {tf for tf, target, _ in edges.segments() if tf in own and _has_any(target, own)}
    for tf, rows in groupby(store.public_rows(species.taxon.pk), key=lambda row: row.tf):
        stored = {row.target: tuple(row.kind) for row in rows}
        left.discard(tf)
        target, kind = edges.of_tf(tf)
        kinds = edges.kinds[np.asarray(kind)].tolist()
        laid_out = zip(target.tolist(), map(tuple, kinds), strict=True)
        if {key: one for key, one in laid_out if key in own} != stored:
            return f"its arrays differ from the tables in the targets of protein {tf}"
    return f"its arrays have targets of protein {min(left)}, which the tables lack" if left else ""


def _has_any(target: NDArray[np.int32], own: set[int]) -> bool:
    return not own.isdisjoint(target.tolist())
