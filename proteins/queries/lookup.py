"""Which proteins each of many identifiers means, in a number of queries that is bounded.

An identifier is looked up as all that it can be: an accession, present or former, an NCBI gene
ID, and a name, in capitals or not. Several proteins may share a name or a gene ID.
"""

from __future__ import annotations

import contextlib
import string
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any, Final, NamedTuple, TypeVar

from django.db.models import Q

from proteins.domain import identifiers
from proteins.domain.fold import fold
from proteins.domain.names import MAX_NAME_LENGTH, folded_name, lower_key, names_of
from proteins.models import GeneID, Protein, ProteinName, SecondaryAccession

#: Proteins that are given for one identifier. Of TFLink's own, at most a dozen share a name.
MAX_MATCHES: Final = 25
#: Values that one query compares with.
CHUNK: Final = 5_000
#: As SQLite does it, which leaves all other letters as they are.
_ASCII_LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)

Item = TypeVar("Item")


class Kind(StrEnum):
    """What an identifier may be taken for."""

    ACCESSION = "accession"
    GENE_ID = "gene_id"
    NAME = "name"


class By(StrEnum):
    """What of a protein matched; the more certain match comes first."""

    ACCESSION = "accession"
    SECONDARY_ACCESSION = "secondary accession"
    GENE_ID = "gene ID"
    NAME = "name"


class _Protein(NamedTuple):
    accession: str
    name: str
    taxon: int


@dataclass(frozen=True)
class Match:
    """A protein that is meant; `taxon` by primary key."""

    by: By
    accession: str
    name: str
    taxon: int
    gene_ids: tuple[int, ...]


@dataclass(frozen=True)
class Meant:
    """The proteins that one identifier means, and whether there are more than these."""

    matches: tuple[Match, ...] = ()
    has_more: bool = False


def look_up(
    texts: Iterable[str], kinds: Collection[Kind] = tuple(Kind), taxa: Collection[int] | None = None
) -> dict[str, Meant]:
    """Return what each text means; `taxa` are the primary keys of the requested species.

    Texts must hold no NUL and no half of a surrogate pair.
    """
    return _Lookup(frozenset(kinds), taxa).of({text.strip() for text in texts})


@dataclass
class _Lookup:
    kinds: frozenset[Kind]
    taxa: Collection[int] | None
    #: By primary key.
    proteins: dict[int, _Protein] = field(default_factory=dict)
    #: Primary keys, by what matched and by its value.
    keys: dict[By, dict[str | int, list[int]]] = field(
        default_factory=lambda: {by: defaultdict(list) for by in By}
    )

    def of(self, texts: set[str]) -> dict[str, Meant]:
        values: dict[By, set[Any]] = {by: set() for by in By}
        for text in texts:
            for by, value in self._keys(text):
                values[by].add(value)
        self._read(texts, values)
        meant = {text: self._meant(text) for text in texts}
        shown = {pk for pairs, _ in meant.values() for _, pk in pairs}
        genes = _gene_ids(shown)
        return {
            text: Meant(
                tuple(Match(by, *self.proteins[pk], genes.get(pk, ())) for by, pk in pairs),
                has_more,
            )
            for text, (pairs, has_more) in meant.items()
        }

    def _keys(self, text: str) -> Iterator[tuple[By, str | int]]:
        if Kind.ACCESSION in self.kinds and identifiers.is_accession(text.upper()):
            yield By.ACCESSION, text.upper()
            yield By.SECONDARY_ACCESSION, text.upper()
        if Kind.GENE_ID in self.kinds and text[:1].isdigit():
            with contextlib.suppress(identifiers.IdentifierError):
                yield By.GENE_ID, identifiers.parse_gene_id(text)
        if Kind.NAME in self.kinds and 0 < len(text) <= MAX_NAME_LENGTH:
            yield By.NAME, fold(text)

    def _read(self, texts: set[str], values: dict[By, set[Any]]) -> None:
        for chunk in _chunks(values[By.ACCESSION]):
            for protein in self._read_proteins(Q(accession__in=chunk)):
                self.keys[By.ACCESSION][self.proteins[protein].accession].append(protein)
        for chunk in _chunks(texts if values[By.NAME] else ()):
            self._read_names(chunk)
        links: Sequence[tuple[By, Any, str]] = (
            (By.SECONDARY_ACCESSION, SecondaryAccession, "accession"),
            (By.GENE_ID, GeneID, "ncbi_gene_id"),
        )
        facts_of = [f"protein__{name}" for name in _Protein._fields]
        for by, model, column in links:
            for chunk in _chunks(values[by]):
                selected = model._default_manager.filter(**{f"{column}__in": chunk}).order_by()
                for value, key, *facts in selected.values_list(column, "protein_id", *facts_of):
                    self.proteins[key] = _Protein(*facts)
                    self.keys[by][value].append(key)

    def _read_proteins(self, condition: Q) -> Iterator[int]:
        selected = Protein.objects.filter(condition).order_by()
        for key, *facts in selected.values_list("pk", *_Protein._fields):
            self.proteins[key] = _Protein(*facts)
            yield key

    def _read_names(self, texts: Collection[str]) -> None:
        """Read the proteins of which some text is the whole name, or one name of a list."""
        whole = {lower_key(text) for text in texts}
        # Databases differ in what they take for a capital letter.
        whole.update(lower_key(text.translate(_ASCII_LOWER)) for text in texts)
        folded = {folded_name(text) for text in texts}
        parts = ProteinName.objects.of_pages().filter(folded__in=folded)
        called = Q(name_key__in=whole) | Q(pk__among=parts.order_by().values("protein"))
        for protein in self._read_proteins(called):
            name = self.proteins[protein].name
            for part in {fold(name), *map(fold, names_of(name))}:
                self.keys[By.NAME][part].append(protein)

    def _meant(self, text: str) -> tuple[list[tuple[By, int]], bool]:
        """Each protein once, by what is most certain; then in the order of accessions."""
        meant: dict[int, By] = {}
        for by, value in self._keys(text):
            keys = [pk for pk in self.keys[by].get(value, ()) if self._is_of_requested_species(pk)]
            for pk in sorted(keys, key=lambda pk: self.proteins[pk].accession):
                meant.setdefault(pk, by)
        pairs = [(by, pk) for pk, by in islice(meant.items(), MAX_MATCHES)]
        return pairs, len(meant) > MAX_MATCHES

    def _is_of_requested_species(self, pk: int) -> bool:
        return self.taxa is None or self.proteins[pk].taxon in self.taxa


def _gene_ids(proteins: set[int]) -> dict[int, tuple[int, ...]]:
    gene_ids: defaultdict[int, list[int]] = defaultdict(list)
    for chunk in _chunks(proteins):
        rows = GeneID.objects.filter(protein__in=chunk).order_by()
        for key, gene in rows.values_list("protein_id", "ncbi_gene_id"):
            gene_ids[key].append(gene)
    return {key: tuple(sorted(genes)) for key, genes in gene_ids.items()}


def _chunks(values: Collection[Item]) -> Iterator[list[Item]]:
    listed = list(values)
    for start in range(0, len(listed), CHUNK):
        yield listed[start : start + CHUNK]
