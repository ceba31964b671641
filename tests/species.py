"""The species of `fixtures/vocabulary.yaml`, for tests of parsers, which have no database."""

from __future__ import annotations

from curation.vocabulary import read_vocabulary
from proteins.domain.species import Species, SpeciesNames

SPECIES = SpeciesNames.of(
    Species(
        taxon["code"],
        taxon["scientific_name"],
        taxon["ncbi_taxon_id"],
        tuple(taxon.get("names", ())),
    )
    for taxon in read_vocabulary()["taxa"]
)
