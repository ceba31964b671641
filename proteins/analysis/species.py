"""One species as arrays, as the database is now: its files, and what has changed since over them.

A change counts at the next request of every worker: each request reads the number of the last
change first, and what is in memory is for that number. Where a species has no files, its rows are
read from the tables if they are few; otherwise the answer is to come again (`NotReadyError`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import islice
from typing import Any, Final

import numpy as np
from django.conf import settings
from django.db.models import Max, QuerySet, Sum
from numpy.typing import NDArray

from proteins.analysis import jobs, store
from proteins.analysis.core.counting import Matrix, matrix_of
from proteins.analysis.core.edges import Edges, edges_of, with_changes
from proteins.analysis.core.enrichment import Fitted, fit
from proteins.analysis.core.motifs import Motifs, motifs_of
from proteins.analysis.core.units import Units, genes_as_units, proteins_as_units
from proteins.caching.bounded import BoundedCache
from proteins.models import (
    ChangeSet,
    GeneID,
    Gone,
    Interaction,
    Protein,
    ReviewStatus,
    Taxon,
    read_connection,
)

#: Interactions that are read from the tables where there are no files, and those changed since
#: that are laid over files: a second's work.
READ_AT_ONCE: Final = 300_000
#: Seconds after which to come again while files are written.
RETRY_AFTER: Final = 30
#: Species, and filters of each, whose counts stay in memory.
_SPECIES: Final = 4
_COUNTED: Final = 8
_CHUNK: Final = 5_000


class Unit(StrEnum):
    """What is counted: genes, or the accessions that they have."""

    GENE = "gene"
    PROTEIN = "protein"


class NotReadyError(Exception):
    """The arrays of a species are being written, or are yet to be."""

    def __init__(self) -> None:
        super().__init__(
            "The interactions of this species are being prepared for analysis. "
            f"Try again in {RETRY_AFTER} seconds."
        )


@dataclass
class Counted:
    """Who regulates whom under a filter, with the degree models of its two usual backgrounds."""

    matrix: Matrix
    _fitted: dict[bool, Fitted] = field(default_factory=dict, repr=False)

    def fitted(self, *, every: bool) -> Fitted:
        """The degree model of all units that have a regulator, or of `every` one that there is."""
        if every not in self._fitted:
            background = (self.matrix.regulators > 0) | every
            self._fitted[every] = fit(self.matrix.targets, self.matrix.regulators, background)
        return self._fitted[every]

    @cached_property
    def motifs(self) -> Motifs:
        """The feed-forward loops of the whole species, where units are proteins."""
        return motifs_of(self.matrix)


@dataclass
class Species:
    """The interactions and proteins of one species at one change number."""

    taxon: Taxon
    change_number: int
    edges: Edges
    #: All its proteins by primary key.
    keys: NDArray[np.int64]
    _counted: BoundedCache[bytes, Counted] = field(
        default_factory=lambda: BoundedCache(_COUNTED), repr=False
    )

    @cached_property
    def tfs(self) -> Mapping[int, tuple[str, str]]:
        """Accession and name of each TF by primary key."""
        named: dict[int, tuple[str, str]] = {}
        keys = self.edges.sizes[0].tolist()
        for start in range(0, len(keys), _CHUNK):
            tfs = Protein.objects.filter(pk__in=keys[start : start + _CHUNK]).order_by()
            for pk, accession, name in tfs.values_list("pk", "accession", "name"):
                named[pk] = accession, name
        return named

    @cached_property
    def proteins(self) -> Units:
        return proteins_as_units(self.keys)

    @cached_property
    def genes(self) -> Units:
        rows = GeneID.objects.filter(protein__taxon=self.taxon).order_by()
        pairs = rows.values_list("protein_id", "ncbi_gene_id").iterator(chunk_size=_CHUNK)
        return genes_as_units(self.keys, pairs)

    def units(self, unit: Unit) -> Units:
        return self.genes if unit is Unit.GENE else self.proteins

    def counted(self, unit: Unit, edges: Edges, keep: NDArray[np.bool_]) -> Counted:
        """Count under a filter, once for all requests of that filter; edges that are not the
        species' own are read for one request."""
        key = unit.encode() + np.packbits(keep).tobytes()
        counted = self._counted.get(key) if edges is self.edges else None
        if counted is None:
            counted = Counted(matrix_of(edges, self.units(unit), keep))
            if edges is self.edges:
                self._counted.put(key, counted)
        return counted


_species: Final[BoundedCache[tuple[Any, ...], Species]] = BoundedCache(_SPECIES)


def read_species(taxon: Taxon) -> Species:
    """Return a species as it is now; within a read snapshot of the caller.

    Raises `NotReadyError` where it has too many interactions to be read without files.
    """
    number = ChangeSet.objects.aggregate(last=Max("pk"))["last"] or 0
    connection = read_connection()
    key = (connection.alias, connection.settings_dict["NAME"], taxon.pk, number)
    species = _species.get(key) if settings.PAGE_CACHE_BYTES else None
    if species is None:
        keys = _keys(taxon.pk)
        species = Species(taxon, number, read_edges(taxon.pk, keys), keys)
        if settings.PAGE_CACHE_BYTES:
            _species.put(key, species)
    return species


def _keys(taxon: int) -> NDArray[np.int64]:
    keys = Protein.objects.filter(taxon=taxon).order_by("pk").values_list("pk", flat=True)
    return np.fromiter(keys.iterator(chunk_size=_CHUNK), np.int64)


def read_edges(taxon: int, keys: NDArray[np.int64] | None = None) -> Edges:
    """Return the interactions of a species as they are now; `keys` are its proteins, where they
    have been read."""
    if (stored := store.newest(taxon)) is None:
        return _from_tables(taxon)
    arrays, edges = stored
    rows = list(_later(arrays.change_number).values_list(*store.COLUMNS)[: READ_AT_ONCE + 1])
    if len(rows) > READ_AT_ONCE:
        return _from_tables(taxon)
    own = set((_keys(taxon) if keys is None else keys).tolist()) if rows else set()
    changed = [row for row in store.rows_of(rows) if row.tf in own]
    public = [row for row in changed if row.kind.status != ReviewStatus.REJECTED]
    gone = {(row.tf, row.target) for row in changed} | set(_gone(arrays.change_number))
    return with_changes(edges, public, gone)


def read_all_edges() -> Iterator[Edges]:
    """Return the interactions of every species that has any, as they are now.

    Raises `NotReadyError` where one is to have arrays, or has too many, and there are none.
    """
    stored = store.newest_of_all()
    oldest = min((arrays.change_number for arrays, _ in stored.values()), default=0)
    is_changed = bool(stored) and _later(oldest).exists()
    for taxon, rows in rows_by_species().items():
        if taxon in stored:
            yield read_edges(taxon) if is_changed else stored[taxon][1]
        elif rows < jobs.WORTH_IT:
            yield read_edges(taxon)
        else:
            raise NotReadyError


def rows_by_species() -> dict[int, int]:
    """Return how many interactions each species has that has any, by primary key."""
    tfs = Protein.objects.filter(target_count__gt=0).order_by()
    rows = tfs.values("taxon").annotate(rows=Sum("target_count"))
    return dict(rows.values_list("taxon", "rows"))


def _later(number: int) -> QuerySet[Interaction]:
    """Interactions of any species that changed under a later number. A condition on the species
    would let a database begin at its proteins, and read all that they have."""
    return Interaction.objects.filter(change__gt=number).order_by("change", "pk")


def _from_tables(taxon: int) -> Edges:
    rows = list(islice(store.public_rows(taxon), READ_AT_ONCE + 1))
    if len(rows) > READ_AT_ONCE:
        raise NotReadyError
    return edges_of(rows)


def _gone(number: int) -> Iterator[tuple[int, int]]:
    """Pairs of proteins whose interaction left public view under a later number."""
    rows = Gone.objects.filter(change__gt=number, kind="interaction").order_by()
    texts = {tuple(key.split("-", 1)) for key in rows.values_list("record_key", flat=True)}
    accessions = sorted({each for pair in texts for each in pair})
    keys: dict[str, int] = {}
    for start in range(0, len(accessions), _CHUNK):
        named = Protein.objects.filter(accession__in=accessions[start : start + _CHUNK])
        keys.update(named.values_list("accession", "pk"))
    for tf, target in texts:
        if tf in keys and target in keys:
            yield keys[tf], keys[target]
