"""The filters of the interactions' list, as the kinds of rows that they let through.

Filters by evidence are evaluated on Evidence rows, those by effect, review status and reporting on
their values: arrays hold both. The others (a time of change, named proteins) need the tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any, Final

import numpy as np
from django.http import QueryDict
from numpy.typing import NDArray

from proteins.analysis import species, store
from proteins.analysis.core.edges import Edges, Kind, edges_of
from proteins.filters.interactions import OF_KIND, InteractionFilterSet
from proteins.models import Interaction, Taxon

#: The species is a property of a request; the rest of the list's filters are its own.
NAMES: Final = tuple(name for name in InteractionFilterSet.base_filters if name != "taxon")


class TooManyError(Exception):
    """A filter that only the tables can answer lets too many interactions through."""

    def __init__(self) -> None:
        super().__init__(
            f"the filters let more than {species.READ_AT_ONCE:,} interactions through that have "
            "to be read one by one; leave out changed_since, or choose a later time"
        )


def filters_of(values: Mapping[str, Any], taxon: Taxon) -> InteractionFilterSet:
    """The list's own FilterSet, from values of JSON: texts, numbers, truth values or lists."""
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, [_text(each) for each in (value if _is_list(value) else [value])])
    data["taxon"] = str(taxon.ncbi_taxon_id)
    return InteractionFilterSet(data, Interaction.objects.public())


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def chosen(filters: InteractionFilterSet, edges: Edges) -> tuple[Edges, NDArray[np.bool_]]:
    """Return the interactions to count among, and which of their kinds."""
    values = {name: filters.values[name] for name in NAMES}
    named = {name for name, value in values.items() if value not in (None, [])}
    if not named <= OF_KIND:
        rows = list(islice(_rows(filters), species.READ_AT_ONCE + 1))
        if len(rows) > species.READ_AT_ONCE:
            raise TooManyError
        edges = edges_of(rows)
        return edges, np.ones(len(edges.kinds), dtype=bool)
    keep = np.ones(len(edges.kinds), dtype=bool)
    for place, name in enumerate(Kind._fields):
        if name in OF_KIND and values[name]:
            keep &= np.isin(edges.kinds[:, place], [int(value) for value in values[name]])
    if (evidence := filters.evidence()) is not None:
        keys = np.fromiter(evidence.keys(), np.int64)
        keep &= np.isin(edges.kinds[:, 0], keys)
    return edges, keep


def _rows(filters: InteractionFilterSet) -> Any:
    return store.rows_of(filters.qs.order_by().values_list(*store.COLUMNS).iterator())
