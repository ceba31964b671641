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
    pairs: Sequence[tuple[int, int]], taxon: Taxon, other: Taxon
) -> list[OrthologPairs]:
    """Return the answer of one other species for each interaction (TF, target) of a species."""
    links = orthologs({key for pair in pairs for key in pair}, taxon, other)
    species = read_species(other)
    keep = np.ones(len(species.edges.kinds), dtype=bool)
    counted = species.counted(Unit.PROTEIN, species.edges, keep)
    names = _accessions({key for keys in links.values() for key in keys})
    return [_of_pair(species, counted, links, names, pair, other) for pair in pairs]


def orthologs(keys: Collection[int], taxon: Taxon, other: Taxon) -> Mapping[int, set[int]]:
    """The orthologs of proteins in another species, as either of the two states them."""
    links: defaultdict[int, set[int]] = defaultdict(set)
    own = _accessions(keys)
    by_accession = {accession: key for key, accession in own.items()}
    listed = sorted(keys)
    for start in range(0, len(listed), _CHUNK):
        some = listed[start : start + _CHUNK]
        stated = Ortholog.objects.filter(protein__in=some, taxon=other).order_by()
        named = list(stated.values_list("protein_id", "identifier"))
        there = _keys({identifier for _, identifier in named}, other)
        for key, identifier in named:
            if identifier in there:
                links[key].add(there[identifier])
        accessions = [own[key] for key in some if key in own]
        back = Ortholog.objects.filter(identifier__in=accessions, taxon=taxon, protein__taxon=other)
        for key, identifier in back.order_by().values_list("protein_id", "identifier"):
            links[by_accession[identifier]].add(key)
    return links


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
    links: Mapping[int, set[int]],
    names: Mapping[int, str],
    pair: tuple[int, int],
    taxon: Taxon,
) -> OrthologPairs:
    tfs = [tf for tf in sorted(links.get(pair[0], ())) if len(species.edges.of_tf(tf)[0])]
    targets = sorted(links.get(pair[1], ()))
    if not tfs or not targets:
        return OrthologPairs(taxon, Conserved.NOT_TESTABLE)
    possible = [(tf, target) for tf in tfs for target in targets]
    reported = [one for one in possible if _is_there(species, *one)]
    return OrthologPairs(
        taxon,
        Conserved.REPORTED if reported else Conserved.NOT_REPORTED,
        tuple((names[tf], names[target]) for tf, target in reported or possible),
        _expected(species, counted, possible),
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
