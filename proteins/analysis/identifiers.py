"""A list of identifiers as proteins of one species, and what became of each of them.

An identifier is read by what is most certain of it: an accession, present or former, a gene ID, a
name in just this spelling, a name without regard to case. Where that leads to one gene it is
used; where it leads to several, they are given to choose from. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from proteins.analysis.core.counting import units_at
from proteins.analysis.core.units import Units
from proteins.analysis.species import Species, Unit
from proteins.domain.written_forms import split_identifiers
from proteins.models import Taxon
from proteins.queries.resolver import By, Match, Meaning, resolve

MAX_IDENTIFIERS: Final = 5_000
MAX_BACKGROUND: Final = 30_000
#: Candidates that are given of one identifier.
_CANDIDATES: Final = 10


@dataclass(frozen=True)
class Candidate:
    """A protein that an identifier means, or may mean."""

    pk: int
    accession: str
    name: str
    #: NCBI taxon ID.
    taxon: int
    by: str

    @property
    def label(self) -> str:
        return self.name or self.accession


@dataclass(frozen=True)
class Used:
    """An identifier that is one gene, or a part of one: `read` is how it was read, where that
    differs from it."""

    identifier: str
    proteins: tuple[Candidate, ...]
    read: str = ""


@dataclass(frozen=True)
class Unclear:
    """An identifier with several candidates, or with those of other species."""

    identifier: str
    candidates: tuple[Candidate, ...]


@dataclass
class Outcome:
    """What became of each identifier of a list."""

    given: int = 0
    used: list[Used] = field(default_factory=list)
    #: With the identifier that came first of the same gene.
    duplicates: list[tuple[str, str]] = field(default_factory=list)
    ambiguous: list[Unclear] = field(default_factory=list)
    other_species: list[Unclear] = field(default_factory=list)
    not_found: list[str] = field(default_factory=list)
    not_in_background: list[Used] = field(default_factory=list)

    @property
    def proteins(self) -> list[int]:
        return [protein.pk for one in self.used for protein in one.proteins]


def split(text: str, taxon: Taxon | None = None) -> list[str]:
    """Return the identifiers of a pasted list or a file."""

    def names(texts: Collection[str]) -> set[str]:
        meanings = resolve(texts, None if taxon is None else [taxon.pk])
        return {one for one, meaning in meanings.items() if meaning.matches}

    return split_identifiers(text, names)


def resolved(identifiers: Sequence[str], species: Species, unit: Unit) -> Outcome:
    """Look a list up. What means nothing but units that came before is a duplicate: of genes the
    other accessions, too."""
    outcome = Outcome(given=len(identifiers))
    texts = [text for identifier in identifiers if (text := identifier.strip())]
    meanings = resolve(texts, [species.taxon.pk])
    taxa = dict(Taxon.objects.values_list("pk", "ncbi_taxon_id"))
    leading = {text: meaning.leading for text, meaning in meanings.items()}
    gene_of = _units_of(species.genes, leading.values())
    unit_of = gene_of if unit is Unit.GENE else _units_of(species.proteins, leading.values())
    #: The text that came first of each unit.
    first: dict[int, str] = {}
    for text in texts:
        meaning, matches = meanings[text], leading[text]
        if not matches:
            _elsewhere(outcome, text, [_candidate(match, taxa) for match in meaning.elsewhere])
        elif _is_ambiguous(meaning, matches, gene_of):
            candidates = [_candidate(match, taxa) for match in matches[:_CANDIDATES]]
            outcome.ambiguous.append(Unclear(text, tuple(candidates)))
        elif first.keys() >= (own := {unit_of[match.pk] for match in matches}):
            outcome.duplicates.append((text, first[min(own)]))
        else:
            for one in own:
                first.setdefault(one, text)
            candidates = [_candidate(match, taxa) for match in matches]
            outcome.used.append(Used(text, tuple(candidates), _read(matches[0])))
    return outcome


def _units_of(units: Units, matches: Iterable[Sequence[Match]]) -> dict[int, int]:
    """The unit of each protein that is meant."""
    keys = np.array(sorted({match.pk for each in matches for match in each}), dtype=np.int64)
    return dict(zip(keys.tolist(), units_at(units, keys).tolist(), strict=True))


def _is_ambiguous(
    meaning: Meaning, matches: Sequence[Match], gene_of: Mapping[int, int]
) -> bool:
    several = len(matches) > 1 and len({gene_of[match.pk] for match in matches}) > 1
    return several or meaning.has_more or not _is_certain(matches[0])


def _elsewhere(outcome: Outcome, text: str, candidates: Sequence[Candidate]) -> None:
    if candidates:
        outcome.other_species.append(Unclear(text, tuple(candidates[:_CANDIDATES])))
    else:
        outcome.not_found.append(text)


def _is_certain(match: Match) -> bool:
    """Whether it was meant, and not only may be: `Sep-1` for a date, one part of a former entry."""
    return not match.reading.inferred and match.by is not By.SUCCESSOR


def _candidate(match: Match, taxa: Mapping[int, int]) -> Candidate:
    return Candidate(match.pk, match.accession, match.name, taxa[match.taxon], match.by)


def _read(match: Match) -> str:
    """How it was read, where that is not just its name or accession."""
    if match.by is By.GENE_ID:
        return f"{match.how}: {match.label}"
    return match.how
