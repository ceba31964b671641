"""Names and accessions as a source writes them -> proteins, only where that is certain.

An accession, current or secondary, means its protein whatever the species. Anything else is a
name, which maps where exactly one protein of the stated species has it in exactly this spelling:
`h` and `H` are two genes of the fly, and a gene such as BBC3 may have two accessions. A text that
may be either (B3GNT7 is a gene, and looks like an accession) is a name where no protein has it as
an accession.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from proteins.domain.identifiers import is_accession, shown
from proteins.domain.names import folded_name

#: Of several proteins with one name, how many a refusal lists.
_LISTED: Final = 5


class Named(NamedTuple):
    """A protein, and one of its names as stored."""

    accession: str
    species: str
    name: str = ""


class NameLookup(Protocol):
    """What is stored of accessions and names, read in whole lists."""

    def by_accession(self, accessions: Collection[str]) -> Mapping[str, Named]:
        """Return the proteins that have, or had, one of these accessions."""

    def by_key(self, keys: Collection[str]) -> Mapping[str, Sequence[Named]]:
        """Return the proteins of which a name has one of these keys (`folded_name`)."""


class UnmappedError(ValueError):
    """A text that means no one protein; says why, for a person."""


class NameMap:
    """Proteins by the texts of a run; what was looked up once is cached.

    `species` is the one in which names are looked up where a line states none.
    """

    def __init__(self, lookup: NameLookup, species: str = "") -> None:
        self._lookup = lookup
        self._species = species
        self._by_accession: dict[str, Named | None] = {}
        self._by_key: dict[str, Sequence[Named]] = {}
        self._outcomes: dict[tuple[str, str], Named | str] = {}

    def read(self, texts: Collection[str]) -> None:
        """Look up the texts that have not been met before."""
        upper = {text.upper() for text in texts}
        accessions = {text for text in upper if is_accession(text)} - self._by_accession.keys()
        if accessions:
            stored = self._lookup.by_accession(accessions)
            self._by_accession.update({one: stored.get(one) for one in accessions})
        keys = {folded_name(text) for text in texts} - self._by_key.keys()
        if keys:
            named = self._lookup.by_key(keys)
            self._by_key.update({key: named.get(key, ()) for key in keys})

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
        protein = self._by_accession.get(text.upper())
        if protein is None:
            return self._named(text, species)
        if species and protein.species != species:
            return f"{shown(text)} is a protein of {protein.species}, not of {species}"
        return protein

    def _named(self, text: str, species: str) -> Named | str:
        if is_accession(text) and not self._by_key[folded_name(text)]:
            return f"no protein has the accession {shown(text)}"
        if not species:
            return f"the species of the name {shown(text)} is not stated"
        alike = self._by_key[folded_name(text)]
        exact = [one for one in alike if one.name == text]
        here = {one.accession: one for one in exact if one.species == species}
        if len(here) == 1:
            return next(iter(here.values()))
        if here:
            return (
                f"the name {shown(text)} is of {len(here)} proteins of {species}: "
                f"{_listed(sorted(here))}"
            )
        return _unmapped(text, species, alike, exact)


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
