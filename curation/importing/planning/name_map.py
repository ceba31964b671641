"""Names and accessions as a source writes them -> proteins, only where that is certain.

An identifier means its protein whatever the species, in any form that the resolver of the site
reads: an accession, current or secondary, a gene ID. Anything else is a name, which maps where
exactly one protein of the stated species has it in exactly this spelling, as a name or a synonym:
`h` and `H` are two genes of the fly, and a gene such as BBC3 may have two accessions. A text that
may be either (B3GNT7 is a gene, and looks like an accession) is a name where no protein has it as
an accession.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from proteins.domain.identifiers import is_accession, shown

#: Of several proteins with one name, how many a refusal lists.
_LISTED: Final = 5


class Named(NamedTuple):
    """A protein that a text may mean, and its name as stored that the text is like; no name
    where the text is an identifier of it."""

    accession: str
    species: str
    name: str = ""
    is_identifier: bool = False


class NameLookup(Protocol):
    """What is stored of identifiers and names, read in whole lists."""

    def meant(self, texts: Collection[str]) -> Mapping[str, Sequence[Named]]:
        """Return the proteins of any species that each text may mean."""


class UnmappedError(ValueError):
    """A text that means no one protein; says why, for a person."""


class NameMap:
    """Proteins by the texts of a run; what was looked up once is cached.

    `species` is the one in which names are looked up where a line states none.
    """

    def __init__(self, lookup: NameLookup, species: str = "") -> None:
        self._lookup = lookup
        self._species = species
        self._meant: dict[str, Sequence[Named]] = {}
        self._outcomes: dict[tuple[str, str], Named | str] = {}

    def read(self, texts: Collection[str]) -> None:
        """Look up the texts that have not been met before."""
        if unmet := set(texts) - self._meant.keys():
            meant = self._lookup.meant(unmet)
            self._meant.update({text: meant.get(text, ()) for text in unmet})

    def protein(self, text: str, species: str = "") -> Named:
        """Return the protein that a text means, which `read` has looked up.

        Raises `UnmappedError` where that is none, more than one, or one of another species.
        """
        species = species or self._species
        outcome = self._outcomes.get((text, species))
        if outcome is None:
            outcome = self._outcomes[text, species] = self._outcome(text, species)
        if isinstance(outcome, str):
            raise UnmappedError(outcome)
        return outcome

    def _outcome(self, text: str, species: str) -> Named | str:
        identified = [one for one in self._meant[text] if one.is_identifier]
        here = [one for one in identified if not species or one.species == species]
        if len(here) == 1:
            return here[0]
        if here:
            return f"{shown(text)} is of {len(here)} proteins: {_accessions(here)}"
        if identified:
            other = identified[0].species
            return f"{shown(text)} is a protein of {other}, not of {species}"
        return self._named(text, species)

    def _named(self, text: str, species: str) -> Named | str:
        alike = [one for one in self._meant[text] if one.name]
        if is_accession(text) and not alike:
            return f"no protein has the accession {shown(text)}"
        if not species:
            return f"the species of the name {shown(text)} is not stated"
        exact = [one for one in alike if one.name == text]
        here = [one for one in exact if one.species == species]
        if len(here) == 1:
            return here[0]
        if here:
            return (
                f"the name {shown(text)} is of {len(here)} proteins of {species}: "
                f"{_accessions(here)}"
            )
        return _unmapped(text, species, alike, exact)


def _accessions(named: Sequence[Named]) -> str:
    return _listed(sorted(one.accession for one in named))


def _unmapped(text: str, species: str, alike: Sequence[Named], exact: Sequence[Named]) -> str:
    """Return why a name has no protein of a species, and what may be meant."""
    spelled = sorted({f"'{one.name}' ({one.accession})" for one in alike if one.species == species})
    if spelled:
        return f"no protein of {species} is named {shown(text)}, but {_listed(spelled)} is alike"
    others = sorted({one.species for one in exact})
    if others:
        return f"no protein of {species} is named {shown(text)}, but one of {_listed(others)} is"
    return f"no protein of {species} is named {shown(text)}"


def _listed(items: Sequence[str]) -> str:
    return ", ".join(items[:_LISTED]) + (" ..." if len(items) > _LISTED else "")
