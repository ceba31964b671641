"""Reads which proteins have names and accessions, in whole lists."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from curation.importing.planning.name_map import Named
from curation.shared.bulk import Bulk
from proteins.models import Protein, ProteinName, SecondaryAccession, Taxon


class StoredNames:
    """The names and accessions of the database (`NameLookup`)."""

    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk
        self._species: dict[int, str] = dict(Taxon.objects.values_list("id", "scientific_name"))

    def by_accession(self, accessions: Collection[str]) -> Mapping[str, Named]:
        columns = ("accession", "protein_id")
        former: dict[str, int] = dict(
            self._bulk.select(SecondaryAccession, columns, "accession", accessions)
        )
        proteins = self._proteins(former.values())
        named = {accession: proteins[key] for accession, key in former.items()}
        rows = self._bulk.select(Protein, ("accession", "taxon_id"), "accession", accessions)
        return named | {one: Named(one, self._species[taxon]) for one, taxon in rows}

    def by_key(self, keys: Collection[str]) -> Mapping[str, Sequence[Named]]:
        rows = self._bulk.select(ProteinName, ("folded", "text", "protein_id"), "folded", keys)
        proteins = self._proteins(row[2] for row in rows)
        named: dict[str, list[Named]] = {}
        for key, text, protein in rows:
            named.setdefault(key, []).append(proteins[protein]._replace(name=text))
        return named

    def _proteins(self, ids: Iterable[int]) -> dict[int, Named]:
        rows = self._bulk.select(Protein, ("id", "accession", "taxon_id"), "id", set(ids))
        return {key: Named(accession, self._species[taxon]) for key, accession, taxon in rows}
