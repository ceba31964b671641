"""A page of the list of binding sites: of a region, a TF, or by ID, in the order of places.

Nothing is counted or skipped over: a page begins beyond the place where another ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from proteins.domain import identifiers
from proteins.models import BindingSite
from proteins.models.lookups import row_beyond
from proteins.models.querysets import BindingSiteQuerySet
from proteins.queries.interaction_rows import stored_sites
from proteins.queries.keyset import Cursor, KeysetPage, Steps, steps

PAGE_SIZE: Final = 50

#: Start and TFLink ID; the start is 0 for a site that is not placed.
Place = tuple[int, str]


def place_in(text: str) -> Place:
    """Return the place that a URL names: `START.TFLINKID`. Raises `IdentifierError`."""
    start, _, tflink_id = text.partition(".")
    return identifiers.parse_count(start, "a place"), identifiers.parse_tflink_site(tflink_id)


def written_place(site: BindingSite) -> str:
    """Return the place of a site as URLs have it; `place_in` reads it."""
    return f"{site.start or 0}.{site.tflink_id}"


@dataclass(frozen=True)
class SitePage:
    sites: list[BindingSite]
    steps: Steps

    @classmethod
    def read(
        cls, sites: BindingSiteQuerySet, after: Place | None, before: Place | None
    ) -> SitePage:
        """The sites after a place, or before one; without either, the first."""
        cursor = Cursor.of(after, before)
        backward = bool(cursor and cursor.backward)
        ordered = sites.by_place(backward=backward)
        if cursor:
            columns = ("place", "tflink_id")
            ordered = ordered.filter(row_beyond(columns, cursor.key, downward=backward))
        keys = list(ordered.values_list("pk", flat=True)[: PAGE_SIZE + 1])
        page = KeysetPage.of(keys, PAGE_SIZE, cursor)
        rows = stored_sites(page.rows, "evidence", "tf__taxon")
        ways = steps(rows, written_place, previous=page.has_previous, following=page.has_next)
        return cls(rows, ways)
