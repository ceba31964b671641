"""How many interactions pass some filters.

Each protein's numbers of targets and of TFs are kept, so that by proteins alone it is known.
Where a page reads all rows that match they are counted, at what the page costs. What is left
are common properties of many rows: those of a part of the TFs stand for all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from django.db.models import QuerySet, Sum

from proteins.models import Interaction, Protein
from proteins.queries.totals import READ, Total, estimated

if TYPE_CHECKING:
    from proteins.filters.interactions import InteractionFilterSet

_OF_PROTEINS: Final = frozenset({"tf", "taxon", "target", "either"})
_OF_EVIDENCE: Final = frozenset({"source", "method", "pmid", "small_scale"})
#: Of fewer TFs than this, those of some places of the table tell more.
_FEWEST_TFS: Final = 10


def total(filterset: InteractionFilterSet, rows: QuerySet[Any]) -> Total:
    """How many rows the filters let through; `rows` are those beyond a cursor's TF."""
    asked = {name for name, value in filterset.form.cleaned_data.items() if value}
    if filterset.known.evidence_is_few and asked <= _OF_EVIDENCE:
        return Total(filterset.known.supported - filterset.rejected())
    if not asked & {"target", "either"}:
        return _of_tfs(filterset, rows, plain=not asked - _OF_PROTEINS)
    if asked == {"target"}:
        return Total(_sum(filterset.targets, "tf_count"))
    if asked == {"either"}:
        return Total(_of_either(filterset))
    # Thousands a protein at most, which the page reads as well.
    return Total(filterset.all_pages(rows).order_by().count())


def _sum(keys: list[int], column: str) -> int:
    found: Mapping[str, int | None] = Protein.objects.filter(pk__in=keys).aggregate(
        total=Sum(column)
    )
    return found["total"] or 0


def ends_among(keys: list[int]) -> int:
    """How many ends of interactions some proteins are: those among them count twice."""
    return _sum(keys, "interaction_count")


def _of_either(filterset: InteractionFilterSet) -> int:
    keys = filterset.eithers
    among_them = Interaction.objects.public().filter(tf__in=keys, target__in=keys)
    return ends_among(keys) - among_them.order_by().count()


def _of_tfs(filterset: InteractionFilterSet, rows: QuerySet[Any], *, plain: bool) -> Total:
    tfs = filterset.all_tfs().filter(target_count__gt=0).order_by()
    if plain:
        return Total(tfs.aggregate(total=Sum("target_count"))["total"] or 0)
    if filterset.few or filterset.reads_all:
        return Total(filterset.all_pages(rows).order_by().count())
    counts = list(tfs.order_by("pk").values_list("pk", "target_count"))
    every = sum(count for _, count in counts)
    step = every // READ + 1
    sample = counts[step // 2 :: step]
    if step > 1 and len(sample) < _FEWEST_TFS < len(counts):
        return estimated(filterset.all_pages(rows))
    found = filterset.whole([key for key, _ in sample]).order_by().count()
    if step == 1:
        return Total(found)
    return Total.about(found * every / max(sum(count for _, count in sample), 1))
