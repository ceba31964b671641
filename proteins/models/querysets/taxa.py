"""Named reads of species.

`proteins.models.querysets` has the others, and is where all of them are taken from.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q

from proteins.domain.fold import fold
from proteins.domain.species import Species, SpeciesNames
from proteins.models.querysets.evidence import model

if TYPE_CHECKING:
    from proteins.models import Taxon


class TaxonQuerySet(models.QuerySet["Taxon"]):
    def by_fold(self, *names: str) -> Self:
        """Those of these scientific or other names, in whatever spelling."""
        folds = list(map(fold, names))
        aliases = model("TaxonName")._default_manager.filter(fold__in=folds)
        return self.filter(Q(fold__in=folds) | Q(pk__in=aliases.values("taxon")))

    def with_aliases(self) -> dict[Taxon, tuple[str, ...]]:
        """Return the species, each with its other names, in one query."""
        names: dict[Any, tuple[str, ...]] = {}
        rows: Any = self.annotate(alias=F("names__name")).order_by("scientific_name", "names__pk")
        for taxon in rows:
            names[taxon] = names.get(taxon, ()) + ((taxon.alias,) if taxon.alias else ())
        return names

    def with_names(self) -> Iterator[tuple[Taxon, tuple[str, ...]]]:
        """Yield the species, each with all that one may call it, folded: `human`, `hs`,
        `homo sapiens`, `h. sapiens`, `sapiens`."""
        for taxon, aliases in self.with_aliases().items():
            genus, _, epithet = taxon.fold.partition(" ")
            short = (f"{genus[:1]}. {epithet}", epithet) if epithet else ()
            yield taxon, (fold(taxon.code), taxon.fold, *short, *map(fold, aliases))

    def species_names(self) -> SpeciesNames:
        """Return the species as a value."""
        return SpeciesNames.of(
            Species(taxon.code, taxon.scientific_name, taxon.ncbi_taxon_id, aliases)
            for taxon, aliases in self.with_aliases().items()
        )
