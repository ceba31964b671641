"""What a protein's interactions add up to: publications, verdicts, what is no longer reported.

The largest hubs have over 12,000 targets, and their evidence repeats: interactions are
grouped by evidence first, in one scan of the index of pairs for each side, and only the
few hundred groups are looked into further.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

from django.db.models import Count, QuerySet, Value
from django.db.models.expressions import Combinable

from proteins.caching.shared import shared
from proteins.models import (
    Citation,
    Effect,
    Interaction,
    Protein,
    Reporting,
    ReviewStatus,
)
from proteins.models.querysets import InteractionQuerySet
from proteins.queries.prepared import Parameter, Prepared
from proteins.queries.side_facets import Described, SideFacets, described


@dataclass(frozen=True)
class SideTally:
    """What the interactions of one side (its targets, or its TFs) add up to."""

    evidence: Counter[int]
    confirmed: int
    disputed: int
    not_reported: int
    both_effects: int
    effects: int

    @classmethod
    def of(cls, groups: Iterable[tuple[int, int, int, int, int]]) -> SideTally:
        """`groups` are evidence, status, reporting, effect, and the number of interactions."""
        evidence: Counter[int] = Counter()
        unusual: list[tuple[int, int, int, int]] = []
        for key, status, reported, effect, number in groups:
            evidence[key] += number
            # Most groups are of one interaction where curated statements support them.
            if status or reported or effect:
                unusual.append((status, reported, effect, number))

        def of(place: int, value: int) -> int:
            return sum(one[-1] for one in unusual if one[place] == value)

        return cls(
            evidence,
            of(0, ReviewStatus.CONFIRMED),
            of(0, ReviewStatus.DISPUTED),
            of(1, Reporting.WITHDRAWN),
            of(2, Effect.BOTH),
            sum(one[-1] for one in unusual if one[2]),
        )


class Cited(NamedTuple):
    """A publication, by how many of a protein's interactions it supports."""

    pmid: int
    number: int


@dataclass(frozen=True)
class Tally:
    """What all interactions of a protein add up to; one with itself is one."""

    targets: SideTally
    tfs: SideTally
    regulates_itself: bool
    #: Interactions by evidence.
    evidence: Counter[int]
    described: dict[int, Described]
    #: How many interactions each publication supports, by PubMed ID.
    cited: Counter[int]
    #: Those of its publications that were retracted, and how many interactions rest on any.
    retracted: frozenset[int]
    on_retracted: int

    @classmethod
    def read(cls, protein: Protein) -> Tally:
        groups: defaultdict[str, list[Any]] = defaultdict(list)
        for side, *group in _GROUPS.rows(protein.pk):
            groups[side].append(group)
        targets, tfs = SideTally.of(groups["targets"]), SideTally.of(groups["tfs"])
        evidence = targets.evidence + tfs.evidence
        itself = groups["itself"]
        if itself:
            evidence[itself[0][0]] -= 1
        public = Interaction.objects.public()
        sides = public.of_tf(protein), public.of_target(protein)
        rows = described(evidence, sides)
        cited: Counter[int] = Counter()
        for key, row in rows.items():
            for pmid in row.pmids:
                cited[pmid] += evidence[key]
        retracted = frozenset(pmid for pmid in _retracted() if pmid in cited)
        resting = [key for key in rows if not retracted.isdisjoint(rows[key].pmids)]
        return cls(
            targets,
            tfs,
            bool(itself),
            evidence,
            rows,
            cited,
            retracted,
            sum(evidence[key] for key in resting),
        )

    def facets(self, side: SideTally) -> SideFacets:
        """How the interactions of a side divide by what filters choose among."""
        return SideFacets.of(side.evidence, self.described, side.effects)

    def ranked(self, own: Collection[int], *, primary: bool) -> list[Cited]:
        """Primary publications, or databases' `own` papers, the most-citing first."""
        return sorted(self._chosen(own, primary=primary), key=_rank)

    def top(self, own: Collection[int], number: int) -> list[Cited]:
        """The most-citing primary publications: as `ranked` begins."""
        return heapq.nsmallest(number, self._chosen(own, primary=True), _rank)

    def _chosen(self, own: Collection[int], *, primary: bool) -> Iterator[Cited]:
        if primary:
            return (Cited(*item) for item in self.cited.items() if item[0] not in own)
        return (Cited(pmid, self.cited[pmid]) for pmid in own if pmid in self.cited)


def _rank(cited: Cited) -> tuple[int, int]:
    return -cited.number, cited.pmid


def read_facets(protein: Protein, side: str) -> dict[Literal["targets", "tfs"], SideFacets]:
    """The facets of one side alone; nothing for what is no side of interactions."""
    public = Interaction.objects.public()
    if side not in ("targets", "tfs"):
        return {}
    rows = public.of_tf(protein) if side == "targets" else public.of_target(protein)
    tally = SideTally.of(_grouped(rows))
    facets = SideFacets.of(tally.evidence, described(tally.evidence, [rows]), tally.effects)
    return {"targets": facets} if side == "targets" else {"tfs": facets}


def _grouped(rows: InteractionQuerySet, *first: Value) -> QuerySet[Any, Any]:
    columns: tuple[str | Combinable, ...] = (*first, "evidence_id", "status", "reporting", "effect")
    return rows.order_by().values_list(*columns).annotate(number=Count("pk"))


def _groups() -> QuerySet[Any, Any]:
    """The groups of both sides of a protein, and of its interaction with itself."""
    public, protein = Interaction.objects.public(), Parameter(0)
    targets, tfs = public.filter(tf=protein), public.filter(target=protein)
    itself = public.filter(tf=protein, target=protein)
    return _grouped(targets, Value("targets")).union(
        _grouped(tfs, Value("tfs")), _grouped(itself, Value("itself")), all=True
    )


_GROUPS: Final = Prepared(_groups)


@shared
def _retracted() -> list[int]:
    """The PubMed IDs of all publications that were retracted: few."""
    return list(Citation.objects.retracted().order_by().values_list("pmid", flat=True))
