"""Whether the arrays of species, with later changes laid over, hold what the tables hold."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import numpy as np

from proteins.analysis import store
from proteins.analysis.core.edges import Edges
from proteins.analysis.species import NotReadyError, read_species
from proteins.models import Taxon


def wrong_arrays() -> Iterator[tuple[str, str]]:
    """Yield the species whose arrays differ from the tables, with the first difference of each;
    one TF at a time. Species without arrays are not compared: their rows are read from there."""
    for taxon in Taxon.objects.order_by("pk"):
        if store.newest(taxon.pk) is None:
            continue
        try:
            edges = read_species(taxon).edges
        except NotReadyError:
            continue
        if difference := _difference(taxon, edges):
            yield str(taxon), difference


def _difference(taxon: Taxon, edges: Edges) -> str:
    left = {tf for tf, target, _ in edges.segments() if len(target)}
    for tf, rows in groupby(store.public_rows(taxon.pk), key=lambda row: row.tf):
        stored = {row.target: tuple(row.kind) for row in rows}
        left.discard(tf)
        target, kind = edges.of_tf(tf)
        kinds = edges.kinds[np.asarray(kind)].tolist()
        laid_out = dict(zip(target.tolist(), map(tuple, kinds), strict=True))
        if laid_out != stored:
            return f"its arrays differ from the tables in the targets of protein {tf}"
    return f"its arrays have targets of protein {min(left)}, which the tables lack" if left else ""
