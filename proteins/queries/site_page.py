"""A page of binding sites: of a list (of a region, a TF, or by ID) in the order of places, or of
the table of one TF in the order of TFLink IDs.

Nothing is skipped over: a page begins beyond the place, or the ID, where another ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from proteins.domain import identifiers
from proteins.models import BindingSite
from proteins.models.lookups import row_beyond
from proteins.models.querysets import BindingSiteQuerySet
from proteins.queries.interaction_rows import stored_sites
from proteins.queries.keyset import Cursor, KeysetPage, Steps, steps

PAGE_SIZE: Final = 50
#: Of the table of one TF, one of several on a page.
TABLE_PAGE_SIZE: Final = 25

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
    def read(cls, sites: BindingSiteQuerySet, after: Place | None, before: Place | None) -> Self:
        """The sites after a place, or before one; without either, the first."""
        cursor = Cursor.of(after, before)
        backward = bool(cursor and cursor.backward)
        ordered = sites.by_place(backward=backward)
        page = _keys(ordered, ("place", "tflink_id"), PAGE_SIZE, cursor, downward=backward)
        rows = stored_sites(page.rows, "evidence", "tf__taxon")
        ways = steps(rows, written_place, previous=page.has_previous, following=page.has_next)
        return cls(rows, ways)

    @classmethod
    def of_tf(
        cls,
        sites: BindingSiteQuerySet,
        after: str | None,
        before: str | None,
        *,
        small_scale_last: bool,
    ) -> Self:
        """The sites of one TF after a TFLink ID, or before one; without either, the first."""
        cursor = Cursor.of((after,) if after else None, (before,) if before else None)
        ascending = small_scale_last != bool(cursor and cursor.backward)
        ordered = sites.small_scale_last() if ascending else sites.small_scale_first()
        page = _keys(ordered, ("tflink_id",), TABLE_PAGE_SIZE, cursor, downward=not ascending)
        rows = stored_sites(page.rows)
        ways = steps(rows, str, previous=page.has_previous, following=page.has_next)
        return cls(rows, ways)


def _keys(
    ordered: BindingSiteQuerySet,
    columns: Sequence[str],
    size: int,
    cursor: Cursor | None,
    *,
    downward: bool,
) -> KeysetPage[int]:
    if cursor:
        ordered = ordered.filter(row_beyond(columns, cursor.key, downward=downward))
    return KeysetPage.of(list(ordered.values_list("pk", flat=True)[: size + 1]), size, cursor)
