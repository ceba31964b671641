"""Datasets, with how many statements each has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

from django.db.models import Count

from proteins.domain.statements import StatementState
from proteins.models import Dataset, Statement

#: Statements that the page of a dataset lists, filters and sorts; the API has all.
SHOWN: Final = 150


class CountedDataset(NamedTuple):
    """A dataset, and its statements by state, in words; states without any are left out."""

    dataset: Dataset
    counts: list[tuple[str, int]]

    @property
    def active(self) -> int:
        return dict(self.counts).get(StatementState.ACTIVE.label, 0)


def counted_datasets(number: int | None = None) -> list[CountedDataset]:
    """Return all datasets in the order of their names, or the one of a primary key."""
    chosen, statements = Dataset.objects.with_source(), Statement.objects.order_by()
    if number is not None:
        chosen, statements = chosen.filter(pk=number), statements.filter(dataset=number)
    counts: dict[int, list[tuple[str, int]]] = defaultdict(list)
    rows = statements.values("dataset", "state").annotate(number=Count("pk"))
    for key, state, count in sorted(rows.values_list("dataset", "state", "number")):
        counts[key].append((StatementState(state).label, count))
    return [CountedDataset(dataset, counts[dataset.pk]) for dataset in chosen]


def newest_statements(dataset: Dataset) -> Sequence[Statement]:
    """Return the newest active statements of a dataset."""
    active = Statement.objects.public().filter(dataset=dataset, state=StatementState.ACTIVE)
    return list(active.with_details().order_by("-pk")[:SHOWN])
