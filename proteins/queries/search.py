"""What a reader means who types something: proteins, a publication, an interaction, a species,
a database or a method.

Everything is looked up by an index, or among the few dozen rows that species, databases and
methods have. Nothing is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from proteins.domain import identifiers
from proteins.domain.fold import fold
from proteins.domain.names import is_called
from proteins.models import (
    Citation,
    DetectionMethod,
    Interaction,
    Protein,
    SourceDatabase,
    Taxon,
)
from proteins.models.querysets import ProteinQuerySet
from proteins.queries.interaction_page import accessions_of, proteins_of
from proteins.queries.visibility import methods_called, public_citations, sources_called

#: From so many letters on, the beginning of a species, database or method is looked for.
MIN_BEGINNING: Final = 3

_NUMBER = re.compile(
    r"(?:(?P<kind>pmid|pubmed|gene ?id|gene)(?:\s*:)?\s*)?(?P<digits>[0-9]{1,10})", re.I | re.ASCII
)
_JOINT = re.compile(r"\s*(?:->|→|[-–])\s*|\s+")

Record = Protein | Citation | Interaction | Taxon | SourceDatabase | DetectionMethod


@dataclass(frozen=True)
class SearchResult:
    """What a text may mean; `exact` is what it is the whole name or identifier of."""

    exact: list[Record] = field(default_factory=list)
    proteins: list[Protein] = field(default_factory=list)
    publications: list[Citation] = field(default_factory=list)
    interactions: list[Interaction] = field(default_factory=list)
    species: list[Taxon] = field(default_factory=list)
    vocabulary: list[SourceDatabase | DetectionMethod] = field(default_factory=list)
    #: Whether there are more proteins.
    is_cut: bool = False

    @property
    def is_anything(self) -> bool:
        return any(self.others) or bool(self.proteins)

    @property
    def others(self) -> tuple[Sequence[Record], ...]:
        """All but proteins, in the groups of the page."""
        return self.publications, self.interactions, self.species, self.vocabulary

    @property
    def only(self) -> Record | None:
        """What is certainly meant, where that is one thing."""
        return self.exact[0] if len(self.exact) == 1 else None


class Number(NamedTuple):
    value: int
    is_gene: bool
    is_pmid: bool


def number_of(text: str) -> Number | None:
    """The number that a text is; `PMID 123` and `GeneID:123` say which kind."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    kind = (match["kind"] or "").lower()
    value = int(match["digits"])
    return Number(
        value,
        is_gene=not kind.startswith("p") and value <= identifiers.MAX_INTEGER,
        is_pmid=not kind.startswith("g") and value <= identifiers.MAX_PMID,
    )


def find(text: str, limit: int, proteins: ProteinQuerySet | None = None) -> SearchResult:
    """What `text` may mean, with `limit` proteins at most, taken from `proteins`."""
    text = text.strip()
    if not text or "\x00" in text:
        return SearchResult()
    if proteins is None:
        # Species apart: joined, SQLite may begin with the seven of them and read all proteins,
        # where its statistics are of before a migration.
        proteins = Protein.objects.prefetch_related("taxon", "gene_ids")
    if number := number_of(text):
        return _by_number(number, proteins, limit)
    if text.isdigit():
        return SearchResult()
    return _by_text(text, proteins, limit)


def _by_number(number: Number, searched: ProteinQuerySet, limit: int) -> SearchResult:
    proteins: list[Protein] = []
    if number.is_gene:
        # Put in order here: a database might scan all accessions for the few of a gene.
        of_gene = searched.with_gene(number.value).order_by()[: limit + 1]
        proteins = sorted(of_gene, key=lambda protein: protein.accession)
    publications: list[Citation] = []
    if number.is_pmid:
        publications = list(public_citations().with_pmids([number.value]))
    species = [
        taxon
        for taxon, aliases in Taxon.objects.with_aliases().items()
        if taxon.ncbi_taxon_id == number.value or str(number.value) in aliases
    ]
    return SearchResult(
        exact=[*proteins, *publications, *species],
        proteins=proteins[:limit],
        publications=publications,
        species=species,
        is_cut=len(proteins) > limit,
    )


def _by_text(text: str, searched: ProteinQuerySet, limit: int) -> SearchResult:
    key = text.lower()
    proteins = _proteins(text, searched, limit)
    interactions = _interactions(text)
    names = _names_of_species()
    folded = fold(text)
    species = [taxon for taxon in names if _is_meant(names[taxon], folded)]
    vocabulary = list(_vocabulary(text))
    exact: list[Record] = [
        *(one for one in proteins if _is_called(one, key)),
        *interactions,
        *(taxon for taxon in species if folded in names[taxon]),
        *(one for one in vocabulary if folded in _keys(one)),
    ]
    if not exact and identifiers.is_accession(text.upper()):
        # What was merged into another is meant by its former accession.
        proteins = list(searched.formerly(text.upper()).order_by()[:1]) + proteins
        exact += proteins[:1]
    return SearchResult(
        exact,
        proteins[:limit],
        interactions=interactions,
        species=species,
        vocabulary=vocabulary,
        is_cut=len(proteins) > limit,
    )


def _is_called(protein: Protein, key: str) -> bool:
    return protein.accession.lower() == key or is_called(protein.name, key)


def _proteins(text: str, searched: ProteinQuerySet, limit: int) -> list[Protein]:
    """One more than `limit`, so that it can be seen that there are more."""
    proteins: dict[int, Protein] = {}
    key = text.lower()
    ways = [
        searched.with_whole_name_beginning(text).order_by("name_key", "accession"),
        searched.with_name_of_list(text),
    ]
    if identifiers.begins_accession(text.upper()):
        # A stretch of the index in its order, for PostgreSQL's sake too.
        stretch = (text.upper(), text.upper() + "Z" * 10)
        ways.append(searched.filter(accession__range=stretch).order_by("accession"))
    for way in ways:
        proteins |= {protein.pk: protein for protein in way[: limit + 1]}
    # Whole names first, then what only begins so.
    return sorted(proteins.values(), key=lambda protein: not _is_called(protein, key))[: limit + 1]


def _interactions(text: str) -> list[Interaction]:
    pair = accessions_of("-".join(_JOINT.split(text))) if len(text) <= 30 else None
    if pair is None:
        return []
    tf, target = proteins_of(*pair)
    if tf is None or target is None:
        return []
    interactions = Interaction.objects.public().filter(tf=tf, target=target)
    return list(interactions.select_related("tf", "target"))


def _names_of_species() -> dict[Taxon, list[str]]:
    """Each species with its names, folded."""
    species = Taxon.objects.with_aliases().items()
    return {taxon: _names(taxon, aliases) for taxon, aliases in species}


def _names(taxon: Taxon, aliases: Sequence[str]) -> list[str]:
    name = taxon.fold
    genus, _, epithet = name.partition(" ")
    return [fold(taxon.code), name, epithet, f"{genus[:1]}. {epithet}", *map(fold, aliases)]


def _is_meant(names: Sequence[str], folded: str) -> bool:
    return folded in names or (len(folded) >= MIN_BEGINNING and _begins(names, folded))


def _vocabulary(text: str) -> Iterator[SourceDatabase | DetectionMethod]:
    """Databases and methods, of which there are a few dozen, that begin so."""
    if len(text) < MIN_BEGINNING:
        return
    yield from sources_called(text)
    yield from methods_called(text)


def _keys(one: SourceDatabase | DetectionMethod) -> tuple[str, ...]:
    if isinstance(one, SourceDatabase):
        return one.fold, fold(str(one))
    return one.fold, fold(one.psi_mi_id or "")


def _begins(names: Iterable[str], key: str) -> bool:
    return any(name.startswith(key) for name in names)
