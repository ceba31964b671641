"""Whether an interaction is reported between the orthologs of its proteins in other species.

Three answers: reported there; not reported though testable (both have an ortholog there, and the
TF's has targets there); not testable. Beside them stands the chance that the ortholog pair would be
reported by the degrees of its proteins alone. Ortholog links are the union of both directions:
one in six is stated at one end only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from proteins.analysis.core.degree_model import sigmoid
from proteins.analysis.species import Counted, Species, Unit, read_species
from proteins.models import Ortholog, Protein, Taxon

_CHUNK: Final = 5_000
#: Proteins whose orthologs are looked up each.
_FEW: Final = 500


class Conserved(StrEnum):
    REPORTED = "reported"
    NOT_REPORTED = "not reported"
    NOT_TESTABLE = "not testable"


@dataclass(frozen=True)
class OrthologPairs:
    """The answer of one species for one interaction."""

    taxon: Taxon
    answer: Conserved
    #: Accessions of ortholog pairs: those that are reported, or those that could be.
    pairs: tuple[tuple[str, str], ...] = ()
    #: The chance that one of them is reported by degrees alone; None where it is not testable.
    expected: float | None = None


def conservation(
    pairs: Sequence[tuple[int, int]], taxon: Taxon, other: Taxon, *, both_ends: bool = True
) -> list[OrthologPairs]:
    """Return the answer of one other species for each interaction (TF, target) of a species."""
    links = orthologs({key for pair in pairs for key in pair}, taxon, other, both_ends=both_ends)
    species = read_species(other)
    keep = np.ones(len(species.edges.kinds), dtype=bool)
    counted = species.counted(Unit.PROTEIN, species.edges, keep)
    keys = _keys({name for names in links.values() for name in names}, other)
    return [_of_pair(species, counted, links, keys, pair) for pair in pairs]


def orthologs(
    keys: Collection[int], taxon: Taxon, other: Taxon, *, both_ends: bool = True
) -> Mapping[int, set[str]]:
    """The orthologs of proteins in another species by identifier, as the proteins themselves state
    them, or, of `both_ends`, their orthologs too. Not each is a protein here."""
    own = {accession: key for key, accession in _accessions(keys).items()}
    links: defaultdict[int, set[str]] = defaultdict(set)
    for key, identifier in _stated(other, protein=keys):
        links[key].add(identifier)
    back = list(_stated(taxon, identifier=own)) if both_ends else []
    of_other = dict(_chunked(Protein, "pk", {key for key, _ in back}, taxon=other))
    for key, identifier in back:
        if key in of_other:
            links[own[identifier]].add(of_other[key])
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


def _accessions(keys: Collection[int]) -> dict[int, str]:
    return dict(_chunked(Protein, "pk", keys))


def _keys(accessions: Collection[str], taxon: Taxon) -> dict[str, int]:
    pairs = _chunked(Protein, "accession", accessions, taxon=taxon)
    return {accession: key for key, accession in pairs}


def _chunked(
    model: type[Protein], column: str, values: Collection[int] | Collection[str], **equal: object
) -> Iterator[tuple[int, str]]:
    listed = list(values)
    for start in range(0, len(listed), _CHUNK):
        rows = model.objects.filter(**{f"{column}__in": listed[start : start + _CHUNK]}, **equal)
        yield from rows.order_by().values_list("pk", "accession")


def _of_pair(
    species: Species,
    counted: Counted,
    links: Mapping[int, set[str]],
    keys: Mapping[str, int],
    pair: tuple[int, int],
) -> OrthologPairs:
    tfs = [
        tf
        for tf in sorted(links.get(pair[0], ()))
        if tf in keys and len(species.edges.of_tf(keys[tf])[0])
    ]
    targets = sorted(links.get(pair[1], ()))
    if not tfs or not targets:
        return OrthologPairs(species.taxon, Conserved.NOT_TESTABLE)
    possible = [(tf, target) for tf in tfs for target in targets]
    here = [(keys[tf], keys[target]) for tf, target in possible if target in keys]
    reported = [
        one for one in possible if one[1] in keys and _is_there(species, keys[one[0]], keys[one[1]])
    ]
    return OrthologPairs(
        species.taxon,
        Conserved.REPORTED if reported else Conserved.NOT_REPORTED,
        tuple(reported or possible),
        _expected(species, counted, here),
    )


def _is_there(species: Species, tf: int, target: int) -> bool:
    targets, _ = species.edges.of_tf(tf)
    place = int(np.searchsorted(targets, target))
    return place < len(targets) and int(targets[place]) == target


def _expected(species: Species, counted: Counted, pairs: Sequence[tuple[int, int]]) -> float:
    """The chance that any of some pairs is there, each by its degrees."""
    fitted, missing = counted.fitted(every=False), 1.0
    for tf, target in pairs:
        place = int(np.searchsorted(counted.matrix.tfs, tf))
        gene = int(fitted.gene_class[species.proteins.of[target]])
        if gene >= 0:
            own = fitted.tf_class[place : place + 1]
            z = fitted.model.log_odds(own, np.array([gene]))
            missing *= 1.0 - float(sigmoid(z)[0, 0])
    return 1.0 - missing
