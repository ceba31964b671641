"""The species and their names, as a value that needs no database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from proteins.domain.fold import fold

#: By code: the order in which readers look for what is in several species.
_READING_ORDER = ("Hs", "Mm", "Rn", "Dr", "Dm", "Ce", "Sc")
#: How TFLink names the tables of a species:
#: `TFLink_Homo_sapiens_interactions_All_simpleFormat_v1.0.tsv.gz`.
_TABLE = re.compile(
    r"(?:.*[/\\])?TFLink_(?P<species>[^/\\]+?)_(?:interactions|bindingSites)_", re.I
)


def order_of(code: str) -> tuple[int, str]:
    """Return where a species comes among others: human, mouse, rat ..., then by code."""
    place = _READING_ORDER.index(code) if code in _READING_ORDER else len(_READING_ORDER)
    return place, code


@dataclass(frozen=True)
class Species:
    """A species: its code (`Hs`), scientific name, NCBI taxon ID, and other names."""

    code: str
    name: str
    ncbi_taxon_id: int
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class SpeciesNames:
    """Species by whatever name; compared, and hashed, by identity."""

    species: tuple[Species, ...] = ()
    _memo: dict[str, str | None] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, species: Iterable[Species]) -> SpeciesNames:
        return cls(tuple(species))

    @cached_property
    def by_code(self) -> Mapping[str, str]:
        """Codes, each with the scientific name."""
        return {one.code: one.name for one in self.species}

    @cached_property
    def _by_fold(self) -> Mapping[str, str]:
        aliases = {fold(alias): one.name for one in self.species for alias in one.aliases}
        ids = {str(one.ncbi_taxon_id): one.name for one in self.species}
        return aliases | ids | {fold(one.name): one.name for one in self.species}

    def scientific(self, name: str) -> str | None:
        """Return the scientific name of the species that `name` means in whatever spelling,
        None where there is none: a scientific name, an alias, or an NCBI taxon ID."""
        if name not in self._memo:
            if len(self._memo) > _MEMO:
                self._memo.clear()
            self._memo[name] = self._by_fold.get(fold(name))
        return self._memo[name]

    def of_table(self, file: str) -> str | None:
        """Return the species that a table's file name means, None where it means none."""
        match = _TABLE.match(file)
        return self.scientific(match["species"].replace("_", " ")) if match else None


#: Spellings whose species are cached; documents use a handful.
_MEMO = 1_000
