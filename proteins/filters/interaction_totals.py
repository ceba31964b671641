"""Totals of queries of interactions.

Each protein's numbers of targets and of TFs are stored: they are the total of a query by
proteins alone.
Where a page reads all rows that match they are counted, at what the page costs. What is left
are common properties of many rows. Where arrays have been counted they say how many; otherwise
their share among a part of the TFs gives an estimate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet, Sum

from proteins.filters.evidence import CHOOSE
from proteins.filters.fields import QueryState, Wanted
from proteins.hooks import Tallies
from proteins.models import Interaction, Protein
from proteins.models.querysets import ProteinQuerySet
from proteins.queries.totals import READ, Total, estimate

_OF_PROTEINS: Final = frozenset({"tf", "taxon", "target", "either"})
#: The filters that choose evidence.
OF_EVIDENCE: Final = frozenset(CHOOSE)
#: With fewer TFs than this, a sample from some places of the table is the better estimate.
_FEWEST_TFS: Final = 10


@dataclass(frozen=True)
class InteractionQuery:
    """A query of interactions, as its filters have resolved it."""

    #: The filters that have a value.
    named: frozenset[str]
    state: QueryState
    #: What matches on all pages, and what matches of any TFs.
    rows: QuerySet[Any]
    rows_of_tfs: Callable[[Sequence[int]], QuerySet[Any]]
    tfs: ProteinQuerySet
    targets: Sequence[int]
    eithers: Sequence[int]
    evidence: Any
    #: A page reads all rows that match.
    is_read_whole: bool


def total(query: InteractionQuery) -> Total:
    named = query.named
    if query.state.is_evidence_rare and named <= OF_EVIDENCE:
        return Total(query.state.supported - _rejected(query))
    if not named & {"target", "either"}:
        return _of_tfs(query)
    if named == {"target"}:
        return Total(_sum(query.targets, "tf_count"))
    if named == {"either"}:
        return Total(_of_either(query.eithers))
    # Thousands a protein at most, which the page reads as well.
    return Total(query.rows.order_by().count())


def tfs_of_page(tally: Tallies, wanted: Wanted, bounds: range | None) -> list[int]:
    """The TFs that have the rows of a page, which begins within the first of `bounds`."""
    numbers = dict(zip(tally.tfs, tally.numbers, strict=True))
    place = None if bounds is None else bounds[-1] if wanted.downward else bounds[0]
    tfs: list[int] = []
    rows = 0
    for tf in sorted({*numbers, *tally.uncounted}, reverse=wanted.downward):
        if bounds is not None and tf not in bounds:
            continue
        tfs.append(tf)
        # All rows of the TF at which the page begins may be before that place.
        rows += numbers.get(tf, 0) if tf != place else 0
        if rows >= wanted.rows:
            break
    return tfs


def ends_among(keys: Sequence[int]) -> int:
    """How many ends of interactions some proteins are: those among them count twice."""
    return _sum(keys, "interaction_count")


def targets_of(keys: Sequence[int]) -> int:
    """How many interactions some TFs have."""
    return _sum(keys, "target_count")


def _sum(keys: Sequence[int], column: str) -> int:
    sums: Mapping[str, int | None] = Protein.objects.filter(pk__in=keys).aggregate(
        total=Sum(column)
    )
    return sums["total"] or 0


def _rejected(query: InteractionQuery) -> int:
    """How many interactions that the evidence supports the public does not see."""
    rows = Interaction.objects.rejected().filter(evidence__in=query.evidence)
    return rows.order_by().count()


def _of_either(keys: Sequence[int]) -> int:
    among_them = Interaction.objects.public().filter(tf__in=keys, target__in=keys)
    return ends_among(keys) - among_them.order_by().count()


def _of_tfs(query: InteractionQuery) -> Total:
    tfs = query.tfs.filter(target_count__gt=0).order_by()
    if query.named <= _OF_PROTEINS:
        return Total(tfs.aggregate(total=Sum("target_count"))["total"] or 0)
    if query.is_read_whole:
        return Total(query.rows.order_by().count())
    counts = list(tfs.order_by("pk").values_list("pk", "target_count"))
    every = sum(count for _, count in counts)
    step = every // READ + 1
    sample = counts[step // 2 :: step]
    if step > 1 and len(sample) < _FEWEST_TFS < len(counts):
        return estimate(query.rows)
    matching = query.rows_of_tfs([key for key, _ in sample]).order_by().count()
    if step == 1:
        return Total(matching)
    return Total.about(matching * every / max(sum(count for _, count in sample), 1))
