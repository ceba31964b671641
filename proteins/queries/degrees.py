"""How many targets TFs have, and how many regulators genes have: proteins by their counters.

The counters of proteins are read in two queries, each from an index that has all of it: at
110,000 proteins a tenth of a second, once for each state of the content.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final, Literal

from django.db.models import Count

from proteins.caching.shared import shared
from proteins.models import Protein

#: The counter of proteins by what it counts.
COUNTERS: Final = {"targets": "target_count", "tfs": "tf_count"}
Side = Literal["targets", "tfs"]
#: Proteins by number of partners.
Degrees = Mapping[int, int]
_BySpecies = Mapping[tuple[Side, int], Degrees]


@shared
def _read() -> _BySpecies:
    degrees: defaultdict[tuple[Side, int], dict[int, int]] = defaultdict(dict)
    side: Side
    for side, counter in COUNTERS.items():  # type: ignore[assignment]
        rows = Protein.objects.filter(**{f"{counter}__gt": 0}).order_by()
        for taxon, degree, number in rows.values_list("taxon", counter).annotate(Count("pk")):
            degrees[side, taxon][degree] = number
    return degrees


def degrees_of(side: Side, taxon: int) -> Degrees:
    """The degrees of the TFs (`targets`) or of the targets (`tfs`) of a species, by primary key;
    requests of one state of the content share them."""
    return _read().get((side, taxon), {})
