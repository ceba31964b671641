"""Counts by species (publications, binding sites, interactions by scale), and what source databases
and detection methods support.

Each reads a whole table once, so it is called at the end of an import and never by a page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, Final

from django.db.models import Count, Q, QuerySet

from proteins.domain.evidence import SmallScale
from proteins.models import (
    BindingSite,
    Evidence,
    EvidenceCitation,
    EvidenceMethod,
    EvidenceSource,
    Interaction,
    Protein,
    Taxon,
)

#: Rows that are read together.
_CHUNK: Final = 5_000


def sites_by_species() -> dict[str, int]:
    """Return the number for each species that has any, by its code."""
    rows = _by_tf(BindingSite.objects.all()).annotate(number=Count("pk"))
    counts = list(rows.values_list("tf", "number"))
    species = _species_of(tf for tf, _ in counts)
    numbers: Counter[str] = Counter()
    for tf, number in counts:
        numbers[species[tf]] += number
    return dict(numbers)


def scales_by_species() -> dict[str, dict[str, int]]:
    """Return how many public interactions there are of each scale (by its label) for each
    species that has any (by its code); the species of an interaction is that of its TF."""
    # As a set that is looked into: where evidence is joined, SQLite may begin with it.
    of_scale = {
        scale.name.lower(): Count(
            "pk", filter=Q(evidence__in=Evidence.objects.filter(small_scale=scale).values("pk"))
        )
        for scale in SmallScale
    }
    counts = list(_by_tf(Interaction.objects.public()).annotate(**of_scale))
    species = _species_of(row["tf"] for row in counts)
    numbers: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in counts:
        numbers[species[row["tf"]]].update(
            {scale.label: row[scale.name.lower()] for scale in SmallScale}
        )
    return {code: dict(counter) for code, counter in numbers.items()}


def supported_by_vocabulary() -> tuple[dict[str, dict[str, int]], dict[str, dict[str, int]]]:
    """Return how many public interactions, of how many TFs, each source database supports (by its
    key), and each detection method (by its name)."""
    # In the order of an index that has all three columns: nothing is sorted.
    rows = Interaction.objects.public().order_by("tf", "evidence").values("tf", "evidence")
    counts = rows.annotate(number=Count("pk")).values_list("tf", "evidence", "number")
    sources = _Supported(EvidenceSource.objects.values_list("evidence", "source__key"))
    methods = _Supported(EvidenceMethod.objects.values_list("evidence", "method__name"))
    # There may be nearly as many pairs as interactions: none is stored.
    for tf, evidence, number in counts.iterator(chunk_size=_CHUNK):
        sources.add(tf, evidence, number)
        methods.add(tf, evidence, number)
    return sources.numbers(), methods.numbers()


class _Supported:
    """What each of some names supports, by the links of evidence to them."""

    def __init__(self, links: Iterable[tuple[int, str]]) -> None:
        self._names: defaultdict[int, list[str]] = defaultdict(list)
        for evidence, name in links:
            self._names[evidence].append(name)
        self._interactions: Counter[str] = Counter()
        self._tfs: defaultdict[str, set[int]] = defaultdict(set)

    def add(self, tf: int, evidence: int, number: int) -> None:
        for name in self._names.get(evidence, ()):
            self._interactions[name] += number
            self._tfs[name].add(tf)

    def numbers(self) -> dict[str, dict[str, int]]:
        return {
            name: {"interactions": number, "tfs": len(self._tfs[name])}
            for name, number in self._interactions.items()
        }


def _by_tf(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    return rows.order_by("tf").values("tf")


def _species_of(tfs: Iterable[int]) -> dict[int, str]:
    proteins = Protein.objects.filter(pk__in=list(tfs)).order_by()
    return dict(proteins.values_list("pk", "taxon__code"))


def publications_by_species() -> dict[str, int]:
    """Return the number for each species that has any, by its code.

    The species of an interaction is that of its TF. Reads every interaction once, so that it
    is called at the end of an import and never by a page; the result of the query are the few
    thousand pairs of evidence and species.
    """
    rows = Interaction.objects.public().order_by()
    species_of: defaultdict[int, list[int]] = defaultdict(list)
    for evidence, taxon in rows.values_list("evidence", "tf__taxon").distinct().iterator():
        species_of[evidence].append(taxon)
    publications: defaultdict[int, set[int]] = defaultdict(set)
    links = EvidenceCitation.objects.order_by().values_list("evidence", "citation")
    for evidence, citation in links.iterator():
        for taxon in species_of.get(evidence, ()):
            publications[taxon].add(citation)
    codes = dict(Taxon.objects.values_list("pk", "code"))
    return {codes[taxon]: len(citations) for taxon, citations in publications.items()}
