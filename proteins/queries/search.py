"""What a reader means who types something: proteins, pairs and lists of them, publications,
species, databases, methods, matrices and binding sites.

Proteins are those of the resolver (`proteins.queries.resolver`), and those whose name or accession
begins so. Everything is looked up by an index, or among the few dozen rows that species, databases
and methods have. Nothing is counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, NamedTuple

from django.db.models import Q
from django.db.models.functions import Lower

from proteins.domain import identifiers
from proteins.domain.fold import fold
from proteins.domain.names import NameKind, folded_name
from proteins.domain.species import order_of
from proteins.domain.written_forms import Form, Reading, clean, pairs, split_identifiers
from proteins.models import (
    BindingSite,
    Citation,
    DetectionMethod,
    FormerSiteID,
    Interaction,
    JasparMatrix,
    Protein,
    ProteinName,
    SourceDatabase,
    Taxon,
)
from proteins.models.querysets import ProteinQuerySet
from proteins.queries.resolver import KIND_WORDS, Match, Meaning, resolve
from proteins.queries.trigrams import Near, near_names, publications_holding
from proteins.queries.visibility import methods_called, public_citations, sources_called

#: From so many letters on, the beginning of a species, database or method is looked for.
MIN_BEGINNING: Final = 3
#: One letter begins tens of thousands of names.
MIN_NAME: Final = 2
#: Names that begin so and are put in order: more share two letters.
_BEGINNINGS: Final = 400
#: Identifiers of a list that are looked up; the look-up of the API takes longer lists.
MAX_LISTED: Final = 200
#: Identifiers with which a list begins to be one, and letters with which a title does.
MIN_LISTED: Final = 2
MIN_TITLE: Final = 4
#: Publications that hold all words of a text, and interactions of a pair of names.
MAX_PUBLICATIONS: Final = 20
MAX_INTERACTIONS: Final = 50
#: Names that are nearly a text.
MAX_NEAR: Final = 8

_NOT_NAMES: Final = tuple(form for form in Form if form not in (Form.NAME, Form.ENTRY_NAME))

Record = Protein | Citation | Interaction | Taxon | SourceDatabase | DetectionMethod


class Hit(NamedTuple):
    """A protein that a text may mean, and how the text was read."""

    protein: Protein
    how: str = ""
    is_exact: bool = False


class Listed(NamedTuple):
    """One identifier of a list, and what it means."""

    text: str
    meaning: Meaning
    hits: Sequence[Hit]

    @property
    def verdict(self) -> str:
        """What became of it, in words."""
        if not self.hits:
            return "not found"
        if not self.meaning.matches:
            return "of another species"
        hows = "; ".join(dict.fromkeys(hit.how for hit in self.hits[:5] if hit.how))
        if self.meaning.certain is None:
            return f"ambiguous{': ' * bool(hows)}{hows}"
        return hows or "as it is"


@dataclass(frozen=True)
class SearchResult:
    """What a text may mean; `exact` is what it is the whole name or identifier of."""

    text: str = ""
    exact: list[Record] = field(default_factory=list)
    #: Whether what is exact has no other meaning, as a name of several proteins has.
    is_certain: bool = True
    hits: list[Hit] = field(default_factory=list)
    #: In other species than the one that is searched.
    elsewhere: list[Hit] = field(default_factory=list)
    #: Proteins with a matrix of this ID, and names that are nearly the text.
    matrices: list[Hit] = field(default_factory=list)
    near: list[Hit] = field(default_factory=list)
    listed: list[Listed] = field(default_factory=list)
    publications: list[Citation] = field(default_factory=list)
    interactions: list[Interaction] = field(default_factory=list)
    species: list[Taxon] = field(default_factory=list)
    vocabulary: list[SourceDatabase | DetectionMethod] = field(default_factory=list)
    #: TFLink IDs of binding sites.
    sites: list[str] = field(default_factory=list)
    #: Among which species it was searched.
    taxa: list[Taxon] = field(default_factory=list)
    #: Whether there are more proteins.
    is_cut: bool = False
    #: What kind of identifier it is, and which, where it is one of a form of its own.
    form: Form | None = None
    value: str = ""

    @property
    def proteins(self) -> list[Protein]:
        return [hit.protein for hit in self.hits]

    @property
    def proteins_elsewhere(self) -> list[Protein]:
        return [hit.protein for hit in self.elsewhere]

    @property
    def is_anything(self) -> bool:
        return any(self.others) or bool(self.hits or self.elsewhere or self.listed)

    @property
    def others(self) -> tuple[Sequence[Record | str | Hit], ...]:
        """All but proteins by name, in the groups of the page."""
        return (
            self.publications,
            self.interactions,
            self.species,
            self.vocabulary,
            self.matrices,
            self.sites,
        )

    @property
    def only(self) -> Record | None:
        """What is certainly meant, where that is one thing."""
        return self.exact[0] if len(self.exact) == 1 and self.is_certain else None


def find(
    text: str,
    limit: int,
    proteins: ProteinQuerySet | None = None,
    scope: Taxon | None = None,
    *,
    typing: bool = False,
) -> SearchResult:
    """What `text` may mean in a species (or in all), with `limit` proteins at most.

    While someone is `typing`, titles, lists and near misses are left out.
    """
    text = clean(text)
    if not text or "\x00" in text:
        return SearchResult()
    if proteins is None:
        # Species apart: joined, SQLite may begin with the seven of them and read all proteins,
        # where its statistics are of before a migration.
        proteins = Protein.objects.prefetch_related("taxon", "gene_ids")
    return _Search(text, limit, proteins, scope, typing=typing).result()


class _Candidate(NamedTuple):
    """A protein by primary key, with how the text was read, and where it comes."""

    pk: int
    how: str
    rank: tuple[int, ...]


class _Search:
    def __init__(
        self, text: str, limit: int, proteins: ProteinQuerySet, scope: Taxon | None, *, typing: bool
    ) -> None:
        self.text, self.limit, self.searched, self.scope = text, limit, proteins, scope
        self.typing = typing
        self.taxa = None if scope is None else (scope.pk,)

    def result(self) -> SearchResult:
        pairs_of_text = pairs(self.text)
        halves = {half for pair in pairs_of_text for half in pair}
        texts = {self.text} | halves | set(self._parts())
        self.taxa_with_names = list(Taxon.objects.with_names())
        self.meanings = resolve(texts, self.taxa, species=self.taxa_with_names)
        meaning = self.meanings[self.text]
        interactions, is_certain_pair = self._interactions(pairs_of_text)
        species = self._species()
        result = SearchResult(
            text=self.text,
            publications=self._publications(),
            interactions=interactions,
            species=[taxon for taxon, _ in species],
            vocabulary=list(_vocabulary(self.text)),
            sites=self._sites(),
            listed=self._listed(),
            taxa=[taxon for taxon, _ in self.taxa_with_names],
            form=self._form(),
            value=self._value(*_NOT_NAMES),
        )
        result = self._with_proteins(result, meaning)
        exact: list[Record] = [
            *(hit.protein for hit in result.hits if hit.is_exact),
            *(result.publications if self._is_publication() else ()),
            *interactions,
            *(taxon for taxon, is_exact in species if is_exact),
            *(one for one in result.vocabulary if fold(self.text) in _keys(one)),
        ]
        is_certain = (not meaning.matches or meaning.certain is not None) and (
            not interactions or is_certain_pair
        )
        result = replace(result, exact=exact, is_certain=is_certain)
        return self._with_near(result)

    # Proteins.

    def _with_proteins(self, result: SearchResult, meaning: Meaning) -> SearchResult:
        exact = [_candidate(match) for match in meaning.matches]
        begun = self._beginnings({one.pk for one in exact})
        groups = {
            "matrices": self._matrices(),
            "elsewhere": [_candidate(match) for match in meaning.elsewhere],
        }
        listed = [[_candidate(match) for match in _all_of(one.meaning)] for one in result.listed]
        self._read_facts(
            one.pk for group in (exact, begun, *groups.values(), *listed) for one in group
        )
        named = self._in_order(exact) + self._in_order(begun)
        shown = named[: self.limit]
        ordered = {name: self._in_order(group) for name, group in groups.items()}
        self._load(one.pk for group in (shown, *ordered.values(), *listed) for one in group)
        whole = {one.pk for one in exact}
        result = replace(
            result,
            hits=[hit._replace(is_exact=hit.protein.pk in whole) for hit in self._hits(shown)],
            is_cut=len(named) > self.limit or meaning.has_more,
            listed=[
                one._replace(hits=self._hits(self._in_order(candidates), is_exact=True))
                for one, candidates in zip(result.listed, listed, strict=True)
            ],
            matrices=self._hits(ordered["matrices"]),
            elsewhere=self._hits(ordered["elsewhere"]),
        )
        for hit in (*result.hits, *result.elsewhere):
            hit.protein.read_as = hit.how
        return result

    def _read_facts(self, keys: Iterable[int]) -> None:
        """Read what proteins are put in order by: hundreds, of which few are shown."""
        order = {taxon.pk: order_of(taxon.code) for taxon, _ in self.taxa_with_names}
        columns = ("pk", "taxon", "interaction_count", "name_key", "accession")
        wanted = list(set(keys))
        rows = (
            Protein.objects.filter(pk__in=wanted).order_by() if wanted else Protein.objects.none()
        )
        self.facts = {
            pk: (order[taxon], interactions, name, accession)
            for pk, taxon, interactions, name, accession in rows.values_list(*columns)
        }

    def _load(self, keys: Iterable[int]) -> None:
        wanted = list(set(keys))
        loaded = self.searched.filter(pk__in=wanted).order_by() if wanted else ()
        self.by_key = {protein.pk: protein for protein in loaded}

    def _in_order(self, candidates: Iterable[_Candidate]) -> list[_Candidate]:
        """Human, mouse, rat ... first, then by how it was read, then by evidence."""

        def key(one: _Candidate) -> tuple[object, ...]:
            species, interactions, name, accession = self.facts[one.pk]
            return species, one.rank, -interactions, name, accession

        return sorted((one for one in candidates if one.pk in self.facts), key=key)

    def _hits(self, candidates: Iterable[_Candidate], *, is_exact: bool = False) -> list[Hit]:
        return [
            Hit(self.by_key[one.pk], one.how, is_exact)
            for one in candidates
            if one.pk in self.by_key
        ]

    def _beginnings(self, exact: Collection[int]) -> list[_Candidate]:
        """Proteins of which an accession or a name begins so, those of the best name first."""
        if self.text.isdigit():
            return []
        begun: dict[int, _Candidate] = {}
        for pk, stored, kind in self._names_beginning():
            how = (
                "" if kind == NameKind.PRIMARY else f"{stored}, {KIND_WORDS[NameKind(kind)]} of it"
            )
            if pk not in exact and (pk not in begun or (begun[pk].how and not how)):
                begun[pk] = _Candidate(pk, how, (int(bool(how)),))
        for pk in self._accessions_beginning():
            if pk not in exact:
                begun.setdefault(pk, _Candidate(pk, "", (0,)))
        return list(begun.values())

    def _names_beginning(self) -> Iterator[tuple[int, str, int]]:
        key = folded_name(self.text)
        if len(key) < MIN_NAME:
            return
        names = ProteinName.objects.filter(folded__prefix=key)
        if self.taxa:
            names = names.filter(protein__taxon__in=self.taxa)
        yield from names.order_by("folded").values_list("protein", "text", "kind")[:_BEGINNINGS]

    def _accessions_beginning(self) -> Iterator[int]:
        start = self.text.upper()
        if not identifiers.begins_accession(start):
            return
        # A stretch of the index in its order, for PostgreSQL's sake too.
        rows = Protein.objects.filter(accession__range=(start, start + "Z" * 10))
        if self.taxa:
            rows = rows.filter(taxon__in=self.taxa)
        yield from rows.order_by("accession").values_list("pk", flat=True)[: self.limit + 1]

    def _matrices(self) -> list[_Candidate]:
        matrix = self._value(Form.JASPAR)
        if not matrix:
            return []
        chosen = Q(matrix_id=matrix) if "." in matrix else Q(matrix_id__prefix=f"{matrix}.")
        rows = JasparMatrix.objects.filter(chosen).order_by("matrix_id")
        if self.taxa:
            rows = rows.filter(protein__taxon__in=self.taxa)
        described = rows.values_list("protein", "matrix_id")[:_BEGINNINGS]
        return [_Candidate(pk, f"described by {one}", (0,)) for pk, one in described]

    # What else a text may be.

    @cached_property
    def _readings(self) -> Sequence[Reading]:
        return self.meanings[self.text].readings

    def _value(self, *forms: Form) -> str:
        """The value of the text as one of some forms, empty where it has none of them."""
        return next((one.value for one in self._readings if one.form in forms), "")

    def _form(self) -> Form | None:
        return next((one.form for one in self._readings if one.form in _NOT_NAMES), None)

    def _publications(self) -> list[Citation]:
        if pmid := self._value(Form.PMID):
            return list(public_citations().with_pmids([int(pmid)]))
        if doi := self._value(Form.DOI):
            # By the index of the lower case; publishers do not agree on capitals.
            chosen = public_citations().exclude(doi="").alias(doi_key=Lower("doi"))
            return list(chosen.filter(doi_key=doi.lower()).order_by("pmid")[:MAX_PUBLICATIONS])
        return [] if self.typing else self._titles()

    def _titles(self) -> list[Citation]:
        """Publications whose title and authors hold all words, where the text is no identifier."""
        meaning = self.meanings[self.text]
        if self._form() is not None or meaning.matches or len(self.text) < MIN_TITLE:
            return []
        holding = publications_holding(self.text).values("pk")
        chosen = public_citations().filter(pk__in=holding)
        return list(chosen.order_by("-year", "pmid")[:MAX_PUBLICATIONS])

    def _is_publication(self) -> bool:
        return bool(self._value(Form.PMID, Form.DOI))

    def _sites(self) -> list[str]:
        site = self._value(Form.SITE)
        if not site:
            return []
        is_here = any(
            model._default_manager.filter(tflink_id=site).exists()
            for model in (BindingSite, FormerSiteID)
        )
        return [site] if is_here else []

    def _species(self) -> list[tuple[Taxon, bool]]:
        """Species that are meant, each with whether the text is its whole name."""
        folded = fold(self.text)
        meant = []
        for taxon, names in self.taxa_with_names:
            is_exact = folded in names or folded == str(taxon.ncbi_taxon_id)
            if is_exact or (len(folded) >= MIN_BEGINNING and _begins(names, folded)):
                meant.append((taxon, is_exact))
        return meant

    # Pairs and lists.

    def _interactions(self, split: Sequence[tuple[str, str]]) -> tuple[list[Interaction], bool]:
        """Interactions of the pairs that the text may be, and whether one is certainly meant."""
        ends = {
            (tf.pk, target.pk): self._is_certain(first) and self._is_certain(second)
            for first, second in split
            for tf in self.meanings[first].matches
            for target in self.meanings[second].matches
        }
        if not ends:
            return [], False
        tfs, targets = ({pair[place] for pair in ends} for place in (0, 1))
        rows = Interaction.objects.public().filter(tf__in=tfs, target__in=targets)
        read = rows.select_related("tf__taxon", "target").order_by()[:_BEGINNINGS]
        meant = [one for one in read if (one.tf_id, one.target_id) in ends]
        meant.sort(key=lambda one: (order_of(one.tf.taxon.code), one.tf.accession))
        is_certain = len(meant) == 1 and ends[meant[0].tf_id, meant[0].target_id]
        return meant[:MAX_INTERACTIONS], is_certain

    def _is_certain(self, text: str) -> bool:
        return self.meanings[text].certain is not None

    def _parts(self) -> list[str]:
        """All that may be an identifier of the list that the text may be."""
        if self.typing:
            return []
        whole = split_identifiers(self.text, frozenset)
        at_commas = split_identifiers(self.text, lambda _: ())
        at_blanks = split_identifiers(self.text, lambda _: (), at_blanks=True)
        return list(dict.fromkeys([*whole, *at_commas, *at_blanks]))[: 3 * MAX_LISTED]

    def _listed(self) -> list[Listed]:
        """The identifiers of a list, where the text is one."""
        if self.typing or self._means_something(self.text):
            return []
        parts = split_identifiers(self.text, self._meaningful, at_blanks=True)[:MAX_LISTED]
        meant = [part for part in parts if self._means_something(part)]
        if len(parts) < MIN_LISTED or len(meant) < MIN_LISTED:
            return []
        return [Listed(part, self.meanings[part], ()) for part in parts if part in self.meanings]

    def _meaningful(self, texts: Collection[str]) -> Collection[str]:
        return {text for text in texts if self._means_something(text)}

    def _means_something(self, text: str) -> bool:
        meaning = self.meanings.get(text)
        return meaning is not None and bool(meaning.matches or meaning.elsewhere)

    def _with_near(self, result: SearchResult) -> SearchResult:
        """With names that are nearly the text, where it is nothing else."""
        if self.typing or result.is_anything:
            return result
        distances: dict[int, Near] = {}
        for near in near_names(self.text, _BEGINNINGS):
            distances.setdefault(near.protein, near)
        self._read_facts(distances)
        candidates = [
            _Candidate(one.protein, f"named {one.text}", (one.distance,))
            for one in distances.values()
        ]
        ordered = sorted(self._in_order(candidates), key=lambda one: one.rank)
        nearest = (
            ordered
            if self.scope is None
            else [one for one in ordered if self.facts[one.pk][0] == order_of(self.scope.code)]
        )
        self._load(one.pk for one in nearest[:MAX_NEAR])
        return replace(result, near=self._hits(nearest[:MAX_NEAR]))


def _candidate(match: Match) -> _Candidate:
    return _Candidate(match.pk, match.how, (int(match.reading.inferred), match.rank))


def _all_of(meaning: Meaning) -> Sequence[Match]:
    return meaning.matches or meaning.elsewhere


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
