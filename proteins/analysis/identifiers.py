"""A list of identifiers as proteins of one species, and what became of each of them.

An identifier is read by what is most certain of it: an accession, present or former, a gene ID, a
name in just this spelling, a name without regard to case. Where that leads to one gene it is
used; where it leads to several, they are given to choose from. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from proteins.analysis.core.counting import units_at
from proteins.analysis.species import Species
from proteins.domain.names import names_of
from proteins.domain.written_forms import split_identifiers
from proteins.models import Protein, Taxon
from proteins.queries.lookup import By, Match, Meant, look_up

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
    """An identifier that is one gene: what it was read as, `read` where it differs."""

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
        taxa = None if taxon is None else [taxon.pk]
        return {one for one, meant in look_up(texts, taxa=taxa).items() if meant.matches}

    return split_identifiers(text, names)


def resolved(identifiers: Sequence[str], species: Species) -> Outcome:
    """Look a list up. Genes count once, whichever unit is counted later."""
    outcome = Outcome(given=len(identifiers))
    texts = [identifier.strip() for identifier in identifiers]
    meant = look_up({text for text in texts if text})
    candidates = _candidates(meant)
    first: dict[int, str] = {}
    for text in texts:
        if not text:
            continue
        every = candidates[text]
        own = [one for one in every if one.taxon == species.taxon.ncbi_taxon_id]
        leading = _leading(text, own)
        genes = set(units_at(species.genes, _keys(leading)).tolist())
        if not own:
            _elsewhere(outcome, text, every)
        elif len(genes) > 1 or meant[text].has_more:
            outcome.ambiguous.append(Unclear(text, tuple(leading[:_CANDIDATES])))
        elif (gene := genes.pop()) in first:
            outcome.duplicates.append((text, first[gene]))
        else:
            first[gene] = text
            outcome.used.append(Used(text, tuple(leading), _read(text, leading)))
    return outcome


def _elsewhere(outcome: Outcome, text: str, candidates: Sequence[Candidate]) -> None:
    if candidates:
        outcome.other_species.append(Unclear(text, tuple(candidates[:_CANDIDATES])))
    else:
        outcome.not_found.append(text)


def _keys(candidates: Iterable[Candidate]) -> NDArray[np.int64]:
    return np.array([one.pk for one in candidates], dtype=np.int64)


def _leading(text: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those that the order of meaning leads to; of names those in just this spelling, if any."""
    leading = [one for one in candidates if one.by == candidates[0].by]
    exact = [one for one in leading if text in (one.name, *names_of(one.name))]
    return exact if exact and leading[0].by == By.NAME else leading


def _read(text: str, leading: Sequence[Candidate]) -> str:
    """How it was read, where that is not just what was typed."""
    one = leading[0]
    match one.by:
        case By.SECONDARY_ACCESSION:
            return f"former accession of {one.accession}"
        case By.GENE_ID:
            digits = text.partition(".")[0]
            return f"gene ID {digits}, {one.label}"
        case By.NAME if text not in (one.name, *names_of(one.name)):
            return one.name
    return ""


def _candidates(meant: dict[str, Meant]) -> dict[str, list[Candidate]]:
    taxa = dict(Taxon.objects.values_list("pk", "ncbi_taxon_id"))
    keys = _primary_keys({one.accession for each in meant.values() for one in each.matches})

    def candidate(match: Match) -> Candidate:
        taxon = taxa[match.taxon]
        return Candidate(keys[match.accession], match.accession, match.name, taxon, match.by)

    return {text: [candidate(one) for one in each.matches] for text, each in meant.items()}


def _primary_keys(accessions: Collection[str]) -> dict[str, int]:
    listed = sorted(accessions)
    keys: dict[str, int] = {}
    for start in range(0, len(listed), MAX_IDENTIFIERS):
        named = Protein.objects.filter(accession__in=listed[start : start + MAX_IDENTIFIERS])
        keys.update(named.values_list("accession", "pk"))
    return keys
