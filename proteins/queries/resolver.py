"""Which proteins identifiers mean, of any kind and in any written form: the one resolver.

Search, suggestions, look-up, filters that take proteins, lists of genes, imports of statements
and edited URLs read identifiers here and nowhere else. A text is read in the forms of
`proteins.domain.written_forms`; then looked up in the order of `By`, in a number of queries that
does not grow with the number of texts, but for one more each `CHUNK`.

Nothing is guessed. A meaning is `certain` only where exactly one protein of the requested species
bears the text, as whatever: a name that is the primary one of a protein and a synonym of another
is not. `leading` are those that the order of meaning leads to; whoever takes them reports the
others.
"""

from __future__ import annotations

import string
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Final, NamedTuple, TypeVar

from django.db.models import Q

from proteins.domain import identifiers
from proteins.domain.cross_references import Database, label_of
from proteins.domain.fold import fold
from proteins.domain.names import KEY_LENGTH, MAX_NAME_LENGTH, NameKind, folded_name, lower_key
from proteins.domain.species import order_of
from proteins.domain.written_forms import Form, Reading, readings
from proteins.models import (
    AccessionFate,
    CrossReference,
    GeneID,
    GeneIDFate,
    NameSource,
    Protein,
    ProteinName,
    SecondaryAccession,
    Taxon,
)

#: Proteins that are given for one identifier. Of TFLink's own, at most a dozen share a name.
MAX_MATCHES: Final = 25
#: Values that one query compares with.
CHUNK: Final = 5_000
#: As SQLite does it, which leaves all other letters as they are.
_ASCII_LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)

Item = TypeVar("Item")
#: A species with its names, folded.
Named = tuple[Taxon, tuple[str, ...]]


class Kind(StrEnum):
    """What identifiers may be requested to be taken for."""

    ACCESSION = "accession"
    GENE_ID = "gene_id"
    NAME = "name"


_FORMS: Final[Mapping[Kind, frozenset[Form]]] = {
    Kind.ACCESSION: frozenset({Form.ACCESSION}),
    Kind.GENE_ID: frozenset({Form.GENE_ID, Form.CROSS_REFERENCE}),
    Kind.NAME: frozenset({Form.NAME, Form.ENTRY_NAME}),
}


class By(StrEnum):
    """What of a protein matched, in the order of meaning."""

    ACCESSION = "accession"
    SECONDARY_ACCESSION = "secondary accession"
    SUCCESSOR = "one of several successors"
    GENE_ID = "gene ID"
    FORMER_GENE_ID = "former gene ID"
    CROSS_REFERENCE = "cross-reference"
    NAME = "name"
    FOLDED_NAME = "name in another spelling"
    SYNONYM = "synonym"


#: Those that are names.
NAMES: Final = frozenset({By.NAME, By.FOLDED_NAME, By.SYNONYM})
_RANKS: Final = {by: rank for rank, by in enumerate(By)}
#: What a name is that is not primary, in a sentence.
KIND_WORDS: Final[Mapping[NameKind, str]] = {
    NameKind.PRIMARY: "a name",
    NameKind.SYNONYM: "a synonym",
    NameKind.ORDERED_LOCUS: "the ordered locus name",
    NameKind.ORF: "an ORF name",
    NameKind.FULL_NAME: "a full name",
    NameKind.MNEMONIC: "the entry name",
}


class _Protein(NamedTuple):
    accession: str
    name: str
    taxon: int
    interactions: int


class _Hit(NamedTuple):
    """What of a protein matched: how, as stored, of which kind, and who says so."""

    by: By
    protein: int
    stored: str = ""
    kind: NameKind = NameKind.PRIMARY
    source: str = ""


@dataclass(frozen=True)
class Match:
    """A protein that a text may mean; `pk` and `taxon` are primary keys."""

    text: str
    reading: Reading
    by: By
    pk: int
    accession: str
    name: str
    taxon: int
    interactions: int
    #: The name or identifier that matched, as stored, and who says so.
    stored: str = ""
    kind: NameKind = NameKind.PRIMARY
    source: str = ""
    gene_ids: tuple[int, ...] = ()

    @property
    def rank(self) -> int:
        """Where it comes in the order of meaning."""
        return _RANKS[self.by]

    @property
    def label(self) -> str:
        """What a sentence calls it."""
        return self.name or self.accession

    @property
    def is_as_typed(self) -> bool:
        """Whether the text is its accession or its name, in just this spelling."""
        return self.by in (By.ACCESSION, By.NAME) and self.text.strip() in (
            self.accession,
            self.stored,
        )

    @property
    def how(self) -> str:
        """How the text was read, as a sentence: `OCT4, a synonym of POU5F1: UniProt 2026_04`."""
        typed, value = identifiers.shown(self.text.strip())[1:-1], self.reading.value
        by = f": {self.source}" if self.source else ""
        match self.by:
            case By.ACCESSION:
                return "" if typed.upper() == value else f"{typed} read as {value}"
            case By.SECONDARY_ACCESSION:
                return f"{value}, a former accession of {self.accession}{by}"
            case By.SUCCESSOR:
                return f"{value} was divided; {self.accession} took its place, or a part of it{by}"
            case By.GENE_ID:
                return f"{typed} read as gene ID {value}" if typed != value else f"gene ID {value}"
            case By.FORMER_GENE_ID:
                return f"gene ID {value}, replaced by {self.stored}{by}"
            case By.CROSS_REFERENCE:
                return f"{value}, {self.stored}{by}"
            case _:
                return self._of_name(typed, by)

    def _of_name(self, typed: str, by: str) -> str:
        may = "may be" if self.reading.inferred else "read as"
        read = "" if typed == self.stored else f" {may} {self.stored}"
        if self.by is By.SYNONYM:
            return f"{typed}{read}, {KIND_WORDS[self.kind]} of {self.label}{by}"
        return f"{typed}{read}" if read else ""


@dataclass(frozen=True)
class Meaning:
    """What one text means in the requested species; `elsewhere` is what it means in others."""

    text: str
    readings: tuple[Reading, ...] = ()
    matches: tuple[Match, ...] = ()
    has_more: bool = False
    certain: Match | None = None
    elsewhere: tuple[Match, ...] = ()

    @cached_property
    def leading(self) -> tuple[Match, ...]:
        """Those that the order of meaning leads to: the present accession before a name, the
        exact name before another spelling, and a synonym where it is nobody's name."""
        return tuple(match for match in self.matches if match.by is self.matches[0].by)

    @property
    def is_ambiguous(self) -> bool:
        """Whether it means something, and not one thing."""
        return bool(self.matches) and self.certain is None


def resolve(
    texts: Iterable[str],
    taxa: Collection[int] | None = None,
    kinds: Collection[Kind] = tuple(Kind),
    species: Collection[Named] | None = None,
) -> dict[str, Meaning]:
    """Return what each text means; `taxa` are the primary keys of the requested species.

    `species` are all of them with their names (`with_names`), where they have been read already.
    """
    forms = frozenset().union(*(_FORMS[kind] for kind in kinds))
    return _Resolver(taxa, forms).of(dict.fromkeys(texts), species)


def resolve_one(text: str, taxa: Collection[int] | None = None) -> Meaning:
    """Return what one text means."""
    return resolve([text], taxa)[text]


def uncertain(meaning: Meaning, listed: int = 5) -> str:
    """Return why a text does not mean one protein, with the candidates, for a person."""
    text = identifiers.shown(meaning.text)
    if meaning.matches:
        several = len({match.pk for match in meaning.matches}) > 1
        reason = "may be several proteins" if several else "is not certain to be"
        return f"{text} {reason}: {_listed(meaning.matches, listed, more=meaning.has_more)}"
    if meaning.elsewhere:
        return f"{text} is of another species: {_listed(meaning.elsewhere, listed)}"
    return f"no protein has the accession, gene ID or name {text}"


def _listed(matches: Sequence[Match], limit: int, *, more: bool = False) -> str:
    names = [f"{match.accession} ({match.how or match.label})" for match in matches[:limit]]
    return ", ".join(names) + (", ..." if more or len(matches) > limit else "")


@dataclass
class _Resolver:
    taxa: Collection[int] | None
    forms: frozenset[Form]
    #: By primary key.
    proteins: dict[int, _Protein] = field(default_factory=dict)
    #: By form and by the value that was looked up.
    hits: dict[tuple[Form, str], list[_Hit]] = field(default_factory=lambda: defaultdict(list))

    def of(self, texts: Collection[str], species: Collection[Named] | None) -> dict[str, Meaning]:
        species = list(Taxon.objects.with_names()) if species is None else species
        self.taxon_keys = {taxon.ncbi_taxon_id: taxon.pk for taxon, _ in species}
        self.order = {taxon.pk: order_of(taxon.code) for taxon, _ in species}
        names = {name: taxon.ncbi_taxon_id for taxon, listed in species for name in listed}
        read = {text: readings(text, names) for text in texts}
        self._look_up({one for listed in read.values() for one in listed})
        self.gene_ids = _gene_ids({hit.protein for hits in self.hits.values() for hit in hits})
        return {text: self._meaning(text, listed) for text, listed in read.items()}

    def _look_up(self, read: Collection[Reading]) -> None:
        values: dict[Form, set[str]] = defaultdict(set)
        for one in read:
            if one.form in self.forms:
                values[one.form].add(one.value)
        self._read_accessions(values[Form.ACCESSION])
        self._read_gene_ids(values[Form.GENE_ID])
        self._read_cross_references(values[Form.CROSS_REFERENCE])
        self._read_names(
            {(form, text) for form in (Form.NAME, Form.ENTRY_NAME) for text in values[form]}
        )
        wanted = {hit.protein for hits in self.hits.values() for hit in hits}
        for chunk in _chunks(wanted - self.proteins.keys()):
            self._read_proteins(Q(pk__in=chunk))

    def _read_proteins(self, condition: Q) -> list[int]:
        rows = Protein.objects.filter(condition).order_by()
        facts = rows.values_list("pk", "accession", "name", "taxon", "interaction_count")
        read = {pk: _Protein(*others) for pk, *others in facts}
        self.proteins |= read
        return list(read)

    def _add(self, form: Form, value: str, hit: _Hit) -> None:
        self.hits[form, value].append(hit)

    def _read_accessions(self, accessions: set[str]) -> None:
        for chunk in _chunks(accessions):
            for pk in self._read_proteins(Q(accession__in=chunk)):
                accession = self.proteins[pk].accession
                self._add(Form.ACCESSION, accession, _Hit(By.ACCESSION, pk, accession))
        former = {one for one in accessions if (Form.ACCESSION, one) not in self.hits}
        for chunk in _chunks(former):
            rows = SecondaryAccession.objects.filter(accession__in=chunk).order_by()
            for accession, pk, source in rows.values_list("accession", "protein", "source"):
                hit = _Hit(By.SECONDARY_ACCESSION, pk, accession, source=self._source(source))
                self._add(Form.ACCESSION, accession, hit)
        self._read_successors({one for one in former if (Form.ACCESSION, one) not in self.hits})

    def _read_successors(self, accessions: set[str]) -> None:
        """Proteins that an accession was divided into, which none of them is by itself."""
        fates: dict[str, list[tuple[str, int | None]]] = defaultdict(list)
        for chunk in _chunks(accessions):
            rows = AccessionFate.objects.filter(accession__in=chunk).exclude(successor="")
            for former, successor, source in rows.order_by().values_list(
                "accession", "successor", "source"
            ):
                fates[successor].append((former, source))
        for chunk in _chunks(fates):
            for pk in self._read_proteins(Q(accession__in=chunk)):
                for former, stated_by in fates[self.proteins[pk].accession]:
                    hit = _Hit(By.SUCCESSOR, pk, former, source=self._source(stated_by))
                    self._add(Form.ACCESSION, former, hit)

    def _read_gene_ids(self, values: set[str]) -> None:
        for gene, pk in self._genes(map(int, values)):
            self._add(Form.GENE_ID, str(gene), _Hit(By.GENE_ID, pk, str(gene)))
        former = {int(one) for one in values if (Form.GENE_ID, one) not in self.hits}
        fates: dict[int, list[tuple[int, int | None]]] = defaultdict(list)
        for chunk in _chunks(former):
            rows = GeneIDFate.objects.filter(ncbi_gene_id__in=chunk, successor__isnull=False)
            for former_id, heir, source in rows.order_by().values_list(
                "ncbi_gene_id", "successor", "source"
            ):
                fates[heir or 0].append((former_id, source))
        for gene, pk in self._genes(fates):
            for former_id, stated_by in fates[gene]:
                hit = _Hit(By.FORMER_GENE_ID, pk, str(gene), source=self._source(stated_by))
                self._add(Form.GENE_ID, str(former_id), hit)

    def _genes(self, values: Iterable[int]) -> Iterator[tuple[int, int]]:
        for chunk in _chunks(set(values)):
            rows = GeneID.objects.filter(ncbi_gene_id__in=chunk).order_by()
            yield from rows.values_list("ncbi_gene_id", "protein_id")

    def _read_cross_references(self, values: set[str]) -> None:
        # Stored as each database writes it, RGD's as digits alone.
        stored = {one.removeprefix("RGD:"): one for one in values}
        for chunk in _chunks(stored):
            rows = CrossReference.objects.filter(identifier__in=chunk).order_by()
            for identifier, database, pk, source in rows.values_list(
                "identifier", "database", "protein", "source"
            ):
                label = label_of(Database(database))
                value = stored[identifier]
                if value.startswith("RGD:") == (database == Database.RGD):
                    hit = _Hit(By.CROSS_REFERENCE, pk, label, source=self._source(source))
                    self._add(Form.CROSS_REFERENCE, value, hit)

    def _read_names(self, values: Collection[tuple[Form, str]]) -> None:
        by_fold: dict[str, list[tuple[Form, str]]] = defaultdict(list)
        for form, text in values:
            if len(text) <= MAX_NAME_LENGTH and (folded := folded_name(text)):
                by_fold[folded].append((form, text))
        for chunk in _chunks(by_fold):
            rows = ProteinName.objects.filter(folded__in=chunk).order_by()
            columns = ("folded", "text", "kind", "source", "protein")
            for folded, stored, kind, source, protein in rows.values_list(*columns):
                for form, text in by_fold[folded]:
                    # Longer names are not in the index as a whole.
                    if len(folded) < KEY_LENGTH or fold(stored) == fold(text):
                        self._add_name(form, text, stored, kind, source, protein)
        self._read_whole_names({text for _, text in values if ";" in text})

    def _add_name(
        self, form: Form, text: str, stored: str, kind: int, source: int | None, protein: int
    ) -> None:
        by = By.SYNONYM
        if kind == NameKind.PRIMARY:
            by = By.NAME if stored == text else By.FOLDED_NAME
        self._add(form, text, _Hit(by, protein, stored, NameKind(kind), self._source(source)))

    def _read_whole_names(self, texts: set[str]) -> None:
        """Proteins of which a text is the whole list of names: `TEF1;TEF2`."""
        keys: dict[str, list[str]] = defaultdict(list)
        for text in texts:
            # Databases differ in what they take for a capital letter.
            for key in {lower_key(text), lower_key(text.translate(_ASCII_LOWER))}:
                keys[key].append(text)
        for chunk in _chunks(keys):
            for pk in self._read_proteins(Q(name_key__in=chunk)):
                name = self.proteins[pk].name
                for text in keys.get(lower_key(name), keys.get(lower_key(name.lower()), ())):
                    if name.lower() == text.lower():
                        by = By.NAME if name == text else By.FOLDED_NAME
                        self._add(Form.NAME, text, _Hit(by, pk, name))

    @cached_property
    def _sources(self) -> dict[int, str]:
        return {source.pk: str(source) for source in NameSource.objects.all()}

    def _source(self, key: int | None) -> str:
        return "" if key is None else self._sources.get(key, "")

    def _meaning(self, text: str, read: tuple[Reading, ...]) -> Meaning:
        matches = sorted(self._matches(text, read).values(), key=self._sort_key)
        here = [match for match in matches if self.taxa is None or match.taxon in self.taxa]
        elsewhere = () if here else tuple(matches[:MAX_MATCHES])
        return Meaning(
            text,
            read,
            tuple(here[:MAX_MATCHES]),
            len(here) > MAX_MATCHES,
            _certain(here),
            elsewhere,
        )

    def _matches(self, text: str, read: tuple[Reading, ...]) -> dict[int, Match]:
        """Each protein once, by what comes first in the order of meaning."""
        matches: dict[int, Match] = {}
        for reading in read:
            if reading.inferred and any(not match.reading.inferred for match in matches.values()):
                continue
            for hit in self.hits.get((reading.form, reading.value), ()):
                protein = self.proteins[hit.protein]
                if reading.taxon and self.taxon_keys.get(reading.taxon) != protein.taxon:
                    continue
                match = Match(
                    text, reading, hit.by, hit.protein, *protein, hit.stored, hit.kind, hit.source,
                    self.gene_ids.get(hit.protein, ()),
                )  # fmt: skip
                other = matches.get(hit.protein)
                if other is None or _precedence(match) < _precedence(other):
                    matches[hit.protein] = match
        return matches

    def _sort_key(self, match: Match) -> tuple[Any, ...]:
        return (
            match.reading.inferred,
            _RANKS[match.by],
            self.order[match.taxon],
            -match.interactions,
            match.accession,
        )


def _precedence(match: Match) -> tuple[Any, ...]:
    """Of several ways to mean one protein, the first is reported: of pages before of sources."""
    spelled = match.stored != match.reading.value
    return (match.reading.inferred, _RANKS[match.by], spelled, match.kind, match.source)


def _certain(matches: Sequence[Match]) -> Match | None:
    """The one protein that bears the text, where exactly one does."""
    if len(matches) != 1:
        return None
    (match,) = matches
    return None if match.reading.inferred or match.by is By.SUCCESSOR else match


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


#: What `split_identifiers` takes: the texts that mean something, in whatever species.
def meaningful(taxa: Collection[int] | None = None) -> Callable[[Collection[str]], set[str]]:
    """Return what says which texts mean a protein, of these species or others."""

    def are_names(texts: Collection[str]) -> set[str]:
        meanings = resolve(texts, taxa)
        return {text for text, one in meanings.items() if one.matches or one.elsewhere}

    return are_names
