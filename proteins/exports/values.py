"""Proteins as plain values, read many at once, each with all that files say of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from proteins.models import Ortholog, Protein, ProteinName


class TaxonFacts(NamedTuple):
    ncbi_taxon_id: int
    scientific_name: str
    code: str


class OrthologFacts(NamedTuple):
    code: str
    identifier: str
    in_tflink: bool


@dataclass(frozen=True, slots=True)
class ProteinFacts:
    """A protein as files name it; gene IDs and orthologs in order."""

    accession: str
    name: str
    taxon: TaxonFacts
    gene_ids: tuple[int, ...]
    orthologs: tuple[OrthologFacts, ...]
    #: What sources call it, where that was requested.
    names: tuple[NameFacts, ...] = ()


class NameFacts(NamedTuple):
    """A name by a source, in the order in which names are shown."""

    kind: int
    source: str
    position: int
    text: str


def read_proteins(
    ids: Iterable[int], *, with_orthologs: bool = True, with_names: bool = False
) -> dict[int, ProteinFacts]:
    """Return proteins by primary key, in one query; in one more each with their orthologs and
    with their names."""
    keys = list(ids)
    orthologs = _orthologs(keys) if with_orthologs else {}
    names = _names(keys) if with_names else {}
    genes: defaultdict[int, list[int]] = defaultdict(list)
    described: dict[int, list[Any]] = {}
    rows = Protein.objects.filter(pk__in=keys).order_by().values_list(
        "pk", "gene_ids__ncbi_gene_id", "accession", "name",
        "taxon__ncbi_taxon_id", "taxon__scientific_name", "taxon__code",
    )  # fmt: skip
    for key, gene, *values in rows:
        described[key] = values
        if gene is not None:
            genes[key].append(gene)
    return {
        key: ProteinFacts(
            accession,
            name,
            TaxonFacts._make(taxon),
            tuple(sorted(genes.get(key, ()))),
            tuple(sorted(orthologs.get(key, ()))),
            tuple(sorted(names.get(key, ()))),
        )
        for key, (accession, name, *taxon) in described.items()
    }


def _names(keys: list[int]) -> dict[int, list[NameFacts]]:
    names: defaultdict[int, list[NameFacts]] = defaultdict(list)
    rows = ProteinName.objects.filter(protein__in=keys, source__isnull=False).order_by()
    columns = ("protein_id", "kind", "source__name", "position", "text")
    for key, *values in rows.values_list(*columns):
        names[key].append(NameFacts._make(values))
    return names


def _orthologs(keys: list[int]) -> dict[int, list[OrthologFacts]]:
    orthologs: defaultdict[int, list[OrthologFacts]] = defaultdict(list)
    rows = Ortholog.objects.filter(protein__in=keys).order_by()
    for key, *values in rows.values_list("protein_id", "taxon__code", "identifier", "in_tflink"):
        orthologs[key].append(OrthologFacts._make(values))
    return orthologs
