"""Keyset paging: a page begins after the row where another ended, so that the last page
costs what the first does, and rows that come or go meanwhile shift nothing.

A cursor holds the key of that row and the direction. There is no total: to count twelve
million rows costs more than to show a page of them.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from proteins import identifiers
from proteins.api.problems import ParameterError
from proteins.filters import whole_number

PAGE_SIZE = 100
MAX_PAGE_SIZE = 1_000
_MAX_CURSOR_LENGTH = 500

Key = tuple[str | int, ...]


@dataclass(frozen=True)
class Cursor:
    """The key of a row, and on which side of it the page is."""

    key: Key
    backward: bool = False

    def encoded(self) -> str:
        content = json.dumps([int(self.backward), *self.key], separators=(",", ":"))
        return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")

    @classmethod
    def decoded(cls, text: str, types: tuple[type, ...]) -> Cursor:
        """Read one of ours; ValueError for anything else."""
        if len(text) > _MAX_CURSOR_LENGTH:
            raise ValueError("too long")
        try:
            padded = text + "=" * (-len(text) % 4)
            content = json.loads(base64.b64decode(padded.encode(), b"-_", validate=True))
        except (binascii.Error, UnicodeError, RecursionError) as error:
            raise ValueError("not base64 of JSON") from error
        if not isinstance(content, list) or [type(part) for part in content] != [int, *types]:
            raise ValueError("not a key of these rows")
        direction, *key = content
        if direction not in (0, 1) or not all(map(_storable, key)):
            raise ValueError("not a key that a row can have")
        return cls(tuple(key), bool(direction))


def _storable(value: str | int) -> bool:
    """Whether a database can compare a column with it."""
    if isinstance(value, int):
        return 0 <= value <= identifiers.MAX_INTEGER
    return "\x00" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)


class KeysetPagination(BasePagination):
    """Pages in the order of a unique key; subclasses name its columns and their types."""

    key: ClassVar[Mapping[str, type]]
    #: The first column of the key is the row number of a TF.
    begins_with_tf = False
    parameter_names = ("cursor", "page_size")

    #: Set where few rows match: they are sorted, instead of met in order on the key's index.
    sorts = False
    cursor: Cursor | None = None
    page_size = PAGE_SIZE

    def read(self, request: Request) -> None:
        """Read which page is asked for; `errors` says what could not be read."""
        self.errors: list[ParameterError] = []
        if size := request.query_params.get("page_size"):
            try:
                self.page_size = whole_number(1, MAX_PAGE_SIZE)(size)
            except ValueError as error:
                self.errors.append(ParameterError.of("page_size", size, str(error)))
        if cursor := request.query_params.get("cursor"):
            try:
                self.cursor = Cursor.decoded(cursor, tuple(self.key.values()))
            except ValueError:
                reason = "not a cursor of this list; take it from the links next and previous"
                self.errors.append(ParameterError.of("cursor", cursor, reason))

    def bounds(self) -> dict[str, int]:
        """What the cursor implies of the TFs of the page, by row number."""
        if not self.cursor or not self.begins_with_tf:
            return {}
        return {"pk__lte" if self.cursor.backward else "pk__gte": int(self.cursor.key[0])}

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Return the rows of the page, with what their serializer shows.

        The keys are read first, from a query that joins nothing: one that joins what a row
        shows tempts a planner to begin elsewhere and to sort the whole table.
        """
        self.request = request
        keys = list(self._in_order(queryset)[: self.page_size + 1])
        self.goes_on = len(keys) > self.page_size
        keys = keys[: self.page_size]
        if self.cursor and self.cursor.backward:
            keys.reverse()
        self.keys: list[Key] = [key for _, *key in keys]
        rows = {row.pk: row for row in view.with_details([pk for pk, *_ in keys])}
        return [rows[pk] for pk, *_ in keys if pk in rows]

    def whole(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """All rows in the order of the list, as a file has them."""
        first, *others = self.key
        return queryset.order_by(F(first) + 0 if self.sorts else F(first), *map(F, others))

    def _in_order(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        columns = list(self.key)
        backward = bool(self.cursor and self.cursor.backward)
        if self.cursor:
            beyond = TupleLessThan if backward else TupleGreaterThan
            # The bound of the first column is implied, but Django spells the comparison out
            # for SQLite, which then finds no place in the index to begin at.
            bound = {f"{columns[0]}__{'lte' if backward else 'gte'}": self.cursor.key[0]}
            queryset = queryset.filter(beyond(Tuple(*map(F, columns)), self.cursor.key), **bound)
        # Adding zero takes the key's index out of the planner's choice.
        first = F(columns[0]) + 0 if self.sorts else F(columns[0])
        order = [first, *map(F, columns[1:])]
        ordered = [column.desc() if backward else column.asc() for column in order]
        return queryset.order_by(*ordered).values_list("pk", *columns)

    def _link(self, cursor: Cursor) -> str:
        url = self.request.build_absolute_uri()
        return str(replace_query_param(url, "cursor", cursor.encoded()))

    def get_paginated_response(self, data: Any) -> Response:
        backward = bool(self.cursor and self.cursor.backward)
        # On the side that one came from there is a page: that of the cursor's own row.
        has_next = backward or self.goes_on
        has_previous = self.goes_on if backward else bool(self.cursor)
        edges = self.keys or ([self.cursor.key] if self.cursor else [])
        return Response(
            {
                "next": self._link(Cursor(tuple(edges[-1]))) if has_next else None,
                "previous": self._link(Cursor(tuple(edges[0]), backward=True))
                if has_previous
                else None,
                "results": data,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {**link, "description": "The page after this one; null on the last."},
                "previous": {**link, "description": "The page before; null on the first."},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        sizes = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE}
        about = "Where the page begins: taken from the links next and previous."
        return [
            {"name": "cursor", "in": "query", "description": about, "schema": {"type": "string"}},
            {
                "name": "page_size",
                "in": "query",
                "description": "How many rows a page has at most.",
                "schema": sizes,
            },
        ]


class TaxonPagination(KeysetPagination):
    key = {"ncbi_taxon_id": int}


class ProteinPagination(KeysetPagination):
    key = {"accession": str}


class InteractionPagination(KeysetPagination):
    key = {"tf_id": int, "target_id": int}
    begins_with_tf = True


class BindingSitePagination(KeysetPagination):
    key = {"tf_id": int, "tflink_id": str}
    begins_with_tf = True


class CitationPagination(KeysetPagination):
    key = {"pmid": int}


class SourcePagination(KeysetPagination):
    key = {"key": str}


class MethodPagination(KeysetPagination):
    key = {"name": str}
