"""Reads what names and identifiers mean, in whole lists, by the resolver of the site."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from curation.importing.planning.name_map import Named
from proteins.models import Taxon
from proteins.queries.resolver import NAMES, Match, resolve


class StoredNames:
    """The names and identifiers of the database (`NameLookup`)."""

    def __init__(self) -> None:
        self._species: dict[int, str] = dict(Taxon.objects.values_list("id", "scientific_name"))

    def meant(self, texts: Collection[str]) -> Mapping[str, Sequence[Named]]:
        meanings = resolve(texts)
        return {text: list(map(self._named, one.matches)) for text, one in meanings.items()}

    def _named(self, match: Match) -> Named:
        name = match.stored if match.by in NAMES and not match.reading.inferred else ""
        is_identifier = match.by not in NAMES
        return Named(match.accession, self._species[match.taxon], name, is_identifier)
