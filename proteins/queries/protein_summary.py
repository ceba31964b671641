"""What a protein's interactions add up to: publications, verdicts, what is no longer reported.

The largest hubs have over 12,000 targets, and their evidence repeats: interactions are
grouped by evidence first, in one scan of the index of pairs for each side, and only the
few hundred groups are looked into further.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from django.db.models import Count

from proteins.models import (
    Citation,
    Effect,
    EvidenceCitation,
    Interaction,
    Protein,
    Reporting,
    ReviewStatus,
)
from proteins.models.querysets import InteractionQuerySet
from proteins.queries.side_facets import Described, SideFacets, described


@dataclass(frozen=True)
class SideTally:
    """What the interactions of one side (its targets, or its TFs) add up to."""

    evidence: Counter[int]
    confirmed: int
    disputed: int
    not_reported: int
    both_effects: int
    #: Those with an effect, of whatever kind.
    with_effect: int

    @classmethod
    def of(cls, rows: InteractionQuerySet) -> SideTally:
        evidence: Counter[int] = Counter()
        statuses: Counter[int] = Counter()
        reporting: Counter[int] = Counter()
        effects: Counter[int] = Counter()
        columns = ("evidence_id", "status", "reporting", "effect")
        groups = rows.order_by().values_list(*columns).annotate(number=Count("pk"))
        for key, status, reported, effect, number in groups:
            evidence[key] += number
            statuses[status] += number
            reporting[reported] += number
            effects[effect] += number
        return cls(
            evidence,
            statuses[ReviewStatus.CONFIRMED],
            statuses[ReviewStatus.DISPUTED],
            reporting[Reporting.WITHDRAWN],
            effects[Effect.BOTH],
            effects.total() - effects[Effect.UNKNOWN],
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
        public = Interaction.objects.public()
        targets = SideTally.of(public.of_tf(protein) if protein.target_count else public.none())
        tfs = SideTally.of(public.of_target(protein) if protein.tf_count else public.none())
        evidence = targets.evidence + tfs.evidence
        itself = None
        if protein.target_count and protein.tf_count:
            own = public.of_itself(protein).order_by().values_list("evidence_id", flat=True)
            itself = next(iter(own), None)
        if itself is not None:
            evidence[itself] -= 1
        links = _citations(evidence)
        cited: Counter[int] = Counter()
        for key, pmid in links:
            cited[pmid] += evidence[key]
        flagged = Citation.objects.retracted().order_by().values_list("pmid", flat=True)
        retracted = frozenset(pmid for pmid in flagged if pmid in cited)
        resting = {key for key, pmid in links if pmid in retracted}
        return cls(
            targets,
            tfs,
            itself is not None,
            evidence,
            described(evidence),
            cited,
            retracted,
            sum(evidence[key] for key in resting),
        )

    def facets(self, side: SideTally) -> SideFacets:
        """How the interactions of a side divide by what filters choose among."""
        return SideFacets.of(side.evidence, self.described)

    def ranked(self, own: Collection[int], *, primary: bool) -> list[Cited]:
        """Primary publications, or databases' `own` papers, the most-citing first."""
        chosen = [Cited(*item) for item in self.cited.items() if (item[0] in own) != primary]
        return sorted(chosen, key=lambda cited: (-cited.number, cited.pmid))


def read_facets(protein: Protein, side: str) -> dict[Literal["targets", "tfs"], SideFacets]:
    """The facets of one side alone; nothing for what is no side of interactions."""
    public = Interaction.objects.public()
    if side == "targets":
        tally = SideTally.of(public.of_tf(protein))
        return {"targets": SideFacets.of(tally.evidence, described(tally.evidence))}
    if side == "tfs":
        tally = SideTally.of(public.of_target(protein))
        return {"tfs": SideFacets.of(tally.evidence, described(tally.evidence))}
    return {}


def _citations(evidence: Collection[int]) -> list[tuple[int, int]]:
    """The PubMed IDs of each of some evidence."""
    links: Any = EvidenceCitation.objects.filter(evidence__in=list(evidence))
    return list(links.values_list("evidence_id", "citation__pmid"))
