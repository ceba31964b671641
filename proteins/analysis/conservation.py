"""Whether an interaction is reported between the orthologs of its proteins in other species.

Three answers: reported there; not reported though testable (both have an ortholog there, and the
TF's has targets there); not testable. Beside them stands the chance that the ortholog pair would be
reported by the degrees of its proteins alone. Ortholog links are the union of both directions:
one in six is stated at one end only.

`conservation` answers for many interactions, from the arrays of the other species;
`of_interaction` for one, in two queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import product
from typing import Any, Final, NamedTuple

import numpy as np
from django.db.models import OuterRef, QuerySet, Subquery, Value
from numpy.typing import NDArray

from proteins.analysis.core.degree_model import sigmoid
from proteins.analysis.species import Counted, Species, Unit, read_species
from proteins.models import Interaction, Ortholog, Protein, Taxon

_CHUNK: Final = 5_000
#: Proteins whose orthologs are looked up each.
_FEW: Final = 500


class Conserved(StrEnum):
    REPORTED = "reported"
    NOT_REPORTED = "not_reported"
    NOT_TESTABLE = "not_testable"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ")


class Untestable(StrEnum):
    """Why there is nothing to compare with."""

    TF = "no ortholog of the TF"
    TARGET = "no ortholog of the target"
    TARGETS = "no targets of the TF’s ortholog"


class Partner(NamedTuple):
    """An ortholog. Those that are no protein here have no primary key."""

    accession: str
    pk: int | None = None
    name: str = ""
    target_count: int = 0

    @property
    def label(self) -> str:
        return self.name or self.accession


Pair = tuple[Partner, Partner]


@dataclass(frozen=True)
class OrthologPairs:
    """The answer of one species for one interaction."""

    taxon: Taxon
    answer: Conserved
    #: Pairs of orthologs: those that are reported, or those that could be.
    pairs: tuple[Pair, ...] = ()
    why: Untestable | None = None
    #: The chance that one of them is reported by degrees alone; None where it is not testable,
    #: and where it was not computed.
    expected: float | None = None

    @property
    def is_reported(self) -> bool:
        return self.answer is Conserved.REPORTED


def answered(
    taxon: Taxon,
    tfs: Collection[Partner],
    targets: Collection[Partner],
    reported: Collection[tuple[int, int]],
) -> OrthologPairs:
    """Return the answer of a species from the orthologs there and the pairs that are reported."""
    regulators = [tf for tf in sorted(tfs) if tf.target_count]
    if not regulators or not targets:
        why = Untestable.TARGET if regulators else Untestable.TARGETS if tfs else Untestable.TF
        return OrthologPairs(taxon, Conserved.NOT_TESTABLE, why=why)
    possible = list(product(regulators, sorted(targets)))
    there = [pair for pair in possible if (pair[0].pk, pair[1].pk) in reported]
    answer = Conserved.REPORTED if there else Conserved.NOT_REPORTED
    return OrthologPairs(taxon, answer, tuple(there or possible))


def of_interaction(interaction: Interaction) -> list[OrthologPairs]:
    """Return the answers of all other species for one interaction, by their names."""
    species: dict[int, Taxon] = {}
    orthologs: defaultdict[tuple[int, str], set[Partner]] = defaultdict(set)
    for taxon, number, name, code, end, accession, pk, label, targets in _links(interaction):
        species.setdefault(
            taxon, Taxon(pk=taxon, ncbi_taxon_id=number, scientific_name=name, code=code)
        )
        if end:
            orthologs[taxon, end].add(Partner(accession, pk, label or "", targets or 0))
    tf, target = interaction.tf.accession, interaction.target.accession
    reported = _reported(
        {one.pk for (_, end), there in orthologs.items() if end == tf for one in there},
        {one.pk for (_, end), there in orthologs.items() if end == target for one in there},
    )
    return [
        answered(taxon, orthologs[key, tf], orthologs[key, target], reported)
        for key, taxon in sorted(species.items(), key=lambda item: item[1].scientific_name)
    ]


def _links(interaction: Interaction) -> QuerySet[Any, tuple[Any, ...]]:
    """The other species, and the orthologs there of both ends, as either end of a link states
    them: species, the end by accession (empty for the species alone), and its ortholog."""
    proteins = (interaction.tf, interaction.target)
    own = interaction.tf.taxon
    ours = Protein.objects.filter(accession=OuterRef("identifier"), taxon=OuterRef("taxon"))
    stated = Ortholog.objects.filter(protein__in=proteins).exclude(taxon=own)
    back = Ortholog.objects.filter(
        identifier__in=[protein.accession for protein in proteins], taxon=own
    ).exclude(protein__taxon=own)
    return (
        Taxon.objects.exclude(pk=own.pk)
        .order_by()
        .values_list(
            *("pk", "ncbi_taxon_id", "scientific_name", "code"),
            *(Value(""), Value(""), Value(0), Value(""), Value(0)),
        )
        .union(
            stated.order_by().values_list(
                *_species_of("taxon"),
                *("protein__accession", "identifier"),
                *(Subquery(ours.values(name)) for name in ("pk", "name", "target_count")),
            ),
            back.order_by().values_list(
                *_species_of("protein__taxon"),
                *("identifier", "protein__accession"),
                *("protein__pk", "protein__name", "protein__target_count"),
            ),
        )
    )


def _species_of(path: str) -> list[str]:
    return [f"{path}__{name}" for name in ("pk", "ncbi_taxon_id", "scientific_name", "code")]


def _reported(tfs: Iterable[int | None], targets: Iterable[int | None]) -> set[tuple[int, int]]:
    """The public interactions among some TFs and some targets."""
    ends = [key for key in tfs if key], [key for key in targets if key]
    rows = Interaction.objects.public().filter(tf__in=ends[0], target__in=ends[1])
    return set(rows.order_by().values_list("tf_id", "target_id"))


class Compared(NamedTuple):
    """A target of a TF with the answer of one other species."""

    target: Partner
    answer: OrthologPairs


def of_targets(
    tf: Protein,
    others: Iterable[Taxon],
    target: Protein | None = None,
    *,
    both_ends: bool = True,
) -> list[Compared]:
    """Return the answers of other species for all targets of a TF, or for one, by species and
    accession; within a read snapshot of the caller."""
    rows = Interaction.objects.public().of_tf(tf)
    rows = rows if target is None else rows.of_target(target)
    columns = ("target__accession", "target_id", "target__name", "target__target_count")
    targets = [Partner(*row) for row in rows.order_by("target__accession").values_list(*columns)]
    pairs = [(tf.pk, one.pk) for one in targets if one.pk is not None]
    return [
        Compared(*one)
        for other in others
        for one in zip(
            targets, conservation(pairs, tf.taxon, other, both_ends=both_ends), strict=True
        )
    ]


def conservation(
    pairs: Sequence[tuple[int, int]], taxon: Taxon, other: Taxon, *, both_ends: bool = True
) -> list[OrthologPairs]:
    """Return the answer of one other species for each interaction (TF, target) of a species."""
    links = orthologs({key for pair in pairs for key in pair}, taxon, other, both_ends=both_ends)
    species = _Other(read_species(other), links)
    return [species.answer(*pair) for pair in pairs]


def orthologs(
    keys: Collection[int], taxon: Taxon, other: Taxon, *, both_ends: bool = True
) -> Mapping[int, set[str]]:
    """The orthologs of proteins in another species by identifier, as the proteins themselves state
    them, or, of `both_ends`, their orthologs too. Not each is a protein here."""
    own = {one.accession: one.pk for one in _proteins("pk", keys)}
    links: defaultdict[int, set[str]] = defaultdict(set)
    for key, identifier in _stated(other, protein=keys):
        links[key].add(identifier)
    back = list(_stated(taxon, identifier=own)) if both_ends else []
    of_other = {one.pk: one for one in _proteins("pk", {key for key, _ in back}, taxon=other)}
    for key, identifier in back:
        if key in of_other:
            links[own[identifier]].add(of_other[key].accession)
    return links


def _stated(taxon: Taxon, **among: Collection[int] | Collection[str]) -> Iterator[tuple[int, str]]:
    """Yield protein and identifier of the orthologs of a species, of which one is among values.

    Of few values they are looked up; of many all orthologs of the species are read once.
    """
    ((column, values),) = among.items()
    rows = Ortholog.objects.filter(taxon=taxon).order_by()
    if len(values) <= _FEW:
        rows = rows.filter(**{f"{column}__in": list(values)})
    wanted, place = set(values), 0 if column == "protein" else 1
    for row in rows.values_list("protein_id", "identifier").iterator(chunk_size=_CHUNK):
        if row[place] in wanted:
            yield row


class _Row(NamedTuple):
    pk: int
    accession: str
    name: str


def _proteins(
    column: str, values: Collection[int] | Collection[str], **equal: object
) -> Iterator[_Row]:
    listed = list(values)
    for start in range(0, len(listed), _CHUNK):
        chosen = {f"{column}__in": listed[start : start + _CHUNK], **equal}
        rows = Protein.objects.filter(**chosen).order_by()
        for row in rows.values_list("pk", "accession", "name"):
            yield _Row(*row)


class _Other:
    """Another species, from which the answers for many interactions are computed."""

    def __init__(self, species: Species, links: Mapping[int, set[str]]) -> None:
        self._species, self._links = species, links
        self._chances: dict[int, NDArray[np.float64]] = {}
        listed = {name for names in links.values() for name in names}
        rows = {one.accession: one for one in _proteins("accession", listed, taxon=species.taxon)}
        self._partners = {name: self._partner(name, rows.get(name)) for name in listed}

    def answer(self, tf: int, target: int) -> OrthologPairs:
        tfs, targets = self._linked(tf), self._linked(target)
        keys = {one.pk for one in targets if one.pk is not None}
        reported = {
            (one.pk, key) for one in tfs if one.pk is not None for key in self._hit(one.pk, keys)
        }
        answer = answered(self._species.taxon, tfs, targets, reported)
        if answer.answer is Conserved.NOT_TESTABLE:
            return answer
        return replace(answer, expected=self._expected(product(tfs, keys)))

    def _linked(self, key: int) -> list[Partner]:
        return [self._partners[name] for name in self._links.get(key, ())]

    def _partner(self, accession: str, row: _Row | None) -> Partner:
        if row is None:
            return Partner(accession)
        targets, _ = self._species.edges.of_tf(row.pk)
        return Partner(row.accession, row.pk, row.name, len(targets))

    def _hit(self, tf: int, keys: Collection[int]) -> Iterator[int]:
        """Those of some proteins that a TF regulates."""
        targets, _ = self._species.edges.of_tf(tf)
        for key in keys:
            place = int(np.searchsorted(targets, key))
            if place < len(targets) and int(targets[place]) == key:
                yield key

    def _expected(self, pairs: Iterable[tuple[Partner, int]]) -> float:
        """The chance that any of some pairs is there, each by its degrees."""
        missing = 1.0
        for tf, target in pairs:
            if tf.pk is not None and tf.target_count:
                missing *= 1.0 - self._chance(tf.pk, target)
        return 1.0 - missing

    def _chance(self, tf: int, target: int) -> float:
        gene = int(self._counted.fitted(every=False).gene_class[self._species.proteins.of[target]])
        return float(self._of_classes(tf)[gene]) if gene >= 0 else 0.0

    def _of_classes(self, tf: int) -> NDArray[np.float64]:
        """The chance that a TF regulates a gene of each class of degree."""
        if tf not in self._chances:
            fitted = self._counted.fitted(every=False)
            own = fitted.tf_class[[int(np.searchsorted(self._counted.matrix.tfs, tf))]]
            every = np.arange(len(fitted.model.genes.degree))
            self._chances[tf] = sigmoid(fitted.model.log_odds(own, every))[0]
        return self._chances[tf]

    @cached_property
    def _counted(self) -> Counted:
        edges = self._species.edges
        keep = np.ones(len(edges.kinds), dtype=bool)
        return self._species.counted(Unit.PROTEIN, edges, keep)
