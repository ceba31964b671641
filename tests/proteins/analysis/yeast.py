"""The published yeast table as arrays, without a database."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from proteins.analysis.core.edges import Edges, Kind, Row, edges_of
from proteins.analysis.core.units import Units, genes_as_units, proteins_as_units
from tests.places import SHARED

TABLE: Final = (
    SHARED / "data" / "TFLink_Saccharomyces_cerevisiae_interactions_All_simpleFormat_v1.0.tsv.gz"
)
needs_yeast = pytest.mark.skipif(
    not TABLE.exists(), reason="the published yeast table is not beside the project"
)


class Support(NamedTuple):
    sources: tuple[str, ...]
    is_small_scale: bool


@dataclass(frozen=True)
class Yeast:
    edges: Edges
    proteins: Units
    genes: Units
    #: Primary keys by accession and, of the first of each, by name.
    keys: dict[str, int]
    names: dict[str, int]
    #: What the kinds' evidence is, by number.
    support: list[Support]

    def keep(self, name: str) -> NDArray[np.bool_]:
        """The kinds that a filter of the reference values lets through."""
        support = [self.support[kind[0]] for kind in self.edges.kinds.tolist()]
        chosen = {
            "all": [True] * len(support),
            "small_scale": [each.is_small_scale for each in support],
            "two_sources": [len(each.sources) > 1 for each in support],
        }
        return np.array(chosen[name])


@cache
def read() -> Yeast:
    keys: dict[str, int] = {}
    names: dict[str, int] = {}
    genes: list[tuple[int, int]] = []
    support: dict[Support, int] = {}
    rows: list[Row] = []
    with gzip.open(TABLE, "rt", encoding="utf-8") as table:
        next(table)
        for line in table:
            cells = line.rstrip("\n").split("\t")
            for accession, gene_ids, name in (cells[0:5:2], cells[1:6:2]):
                if accession not in keys:
                    keys[accession] = len(keys) + 1
                    names.setdefault(name, keys[accession])
                    ids = [each for each in gene_ids.split(";") if each != "-"]
                    genes += [(keys[accession], int(float(each))) for each in ids]
            each = Support(tuple(cells[9].split(";")), cells[10] == "Yes")
            number = support.setdefault(each, len(support))
            rows.append(Row(keys[cells[0]], keys[cells[1]], Kind(number, 0, 0, 0)))
    proteins = np.array(sorted(keys.values()), dtype=np.int64)
    return Yeast(
        edges_of(rows),
        proteins_as_units(proteins),
        genes_as_units(proteins, genes),
        keys,
        names,
        list(support),
    )
