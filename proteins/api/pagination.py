"""Keyset paging: a page begins after the row where another ended, so that the last page
costs what the first does, and rows that come or go meanwhile shift nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Container
from dataclasses import replace
from typing import Any, ClassVar

from django.db.models import F, QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from proteins.api.orders import Order
from proteins.api.problems import ParameterError
from proteins.domain.identifiers import shown
from proteins.filters.fields import FilterSet, QueryState, Wanted, whole_number
from proteins.models.lookups import row_beyond
from proteins.queries.keyset import Cursor, Key, KeysetPage
from proteins.queries.totals import Total

PAGE_SIZE = 100
MAX_PAGE_SIZE = 1_000


class KeysetPagination(BasePagination):
    """Pages in one of some orders, each of a unique key."""

    #: The first is the default.
    orders: ClassVar[tuple[Order, ...]]
    parameter_names = ("cursor", "page_size", "sort")
    #: Those that say which page, and mean nothing for a file.
    page_parameters = ("cursor", "page_size")

    #: Set where few rows match: they are sorted, instead of met in order on the key's index.
    sorts = False
    #: The filters of the request, which can count the rows that pass them.
    filterset: FilterSet
    #: Stores the state of the query for its other pages.
    store: Callable[[QueryState], None]
    cursor: Cursor | None = None
    page_size = PAGE_SIZE
    descending = False

    def __init__(self) -> None:
        self.order = self.orders[0]
        self.errors: list[ParameterError] = []

    @property
    def sort(self) -> str:
        """The order as `sort` has it."""
        return f"-{self.order.name}" if self.descending else self.order.name

    @property
    def backward(self) -> bool:
        return bool(self.cursor and self.cursor.backward)

    def read(self, request: Request, filters: bytes) -> None:
        """Read the parameters of the page; `errors` names those that could not be read.

        `filters` is a digest of the filters, to which a cursor is bound.
        """
        self._filters, query = filters, request.query_params
        if size := query.get("page_size"):
            try:
                self.page_size = whole_number(1, MAX_PAGE_SIZE)(size)
            except ValueError as error:
                self.errors.append(ParameterError.of("page_size", size, str(error)))
        is_order = self._read_order(sort) if (sort := query.get("sort")) else True
        if is_order and (cursor := query.get("cursor")):
            types = tuple(self.order.key.values())
            try:
                self.cursor = Cursor.decoded(cursor, self.sort, types, filters)
            except ValueError as error:
                self.errors.append(ParameterError.of("cursor", cursor, str(error)))

    def _read_order(self, sort: str) -> bool:
        by_name = {order.name: order for order in self.orders}
        name = sort.strip()
        order = by_name.get(name.removeprefix("-"))
        if order is None:
            reason = f"{shown(sort)} is none of: {', '.join(self.order_names())}"
            self.errors.append(ParameterError.of("sort", sort, reason))
            return False
        self.order, self.descending = order, name.startswith("-")
        return True

    @classmethod
    def order_names(cls) -> list[str]:
        return [sign + order.name for order in cls.orders for sign in ("", "-")]

    def misfits(self, names: Container[str]) -> list[ParameterError]:
        """What is wrong with the order beside other parameters."""
        others = [name for name in self.order_names() if self.order.name not in name]
        return [
            ParameterError.of(
                "sort",
                self.sort,
                f"no index has this order for a choice by {name}; with it: {', '.join(others)}",
            )
            for name in self.order.not_with
            if name in names
        ]

    def bounds(self) -> range | None:
        """What the cursor implies of the TFs of the page, by primary key."""
        if not self.cursor or not self._is_by_tf:
            return None
        tf = int(self.cursor.key[0])
        return range(tf + 1) if self._downward else range(tf, sys.maxsize)

    def wanted(self) -> Wanted:
        """What is read of the rows: one more than a page has."""
        return Wanted(self.page_size + 1, by_tf=self._is_by_tf, downward=self._downward)

    @property
    def _is_by_tf(self) -> bool:
        return next(iter(self.order.key)) == "tf_id"

    @property
    def _downward(self) -> bool:
        return self.backward != self.descending

    def page_of_keys(self, queryset: Any, request: Request) -> list[int]:
        """Return the primary keys of the page.

        The keys are read first, from a query that joins nothing: one that joins what a row
        shows tempts a planner to begin elsewhere and to sort the whole table.
        """
        self.request = request
        self._queryset = queryset
        rows = list(self._in_order(queryset)[: self.page_size + 1])
        self.keyset_page = KeysetPage.of(rows, self.page_size, self.cursor)
        self.keys: list[Key] = [key for _, *key in self.keyset_page.rows]
        return [pk for pk, *_ in self.keyset_page.rows]

    def whole(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """All rows in the order of the list, as a file has them."""
        return queryset.order_by(*self._columns(downward=self.descending))

    def _in_order(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.cursor:
            key = self.cursor.key
            queryset = queryset.filter(row_beyond(self.order.key, key, downward=self._downward))
        columns = self._columns(downward=self._downward)
        return queryset.order_by(*columns).values_list("pk", *self.order.key)

    def _columns(self, *, downward: bool) -> list[Any]:
        first, *others = self.order.key
        # Adding zero takes the key's index out of the planner's choice.
        columns = [F(first) + 0 if self.sorts else F(first), *map(F, others)]
        return [column.desc() if downward else column.asc() for column in columns]

    def total(self) -> Total:
        """How many rows there are in all; the page itself says so where it is the whole."""
        if self.cursor is None and not self.keyset_page.goes_on:
            return Total(len(self.keys))
        state = self.filterset.state
        total = state.total
        if total is None:
            total = self.filterset.total(self._queryset)
            self.store(replace(state, total=total))
        return total.at_least(len(self.keys))

    def _link(self, key: Key, *, backward: bool = False) -> str:
        cursor = Cursor(tuple(key), self.sort, backward, self._filters)
        url = self.request.build_absolute_uri()
        return str(replace_query_param(url, "cursor", cursor.encoded()))

    def envelope(self) -> dict[str, Any]:
        """The envelope of the rows of the page."""
        edges = self.keys or ([self.cursor.key] if self.cursor else [])
        total = self.total()
        return {
            "total": total.count,
            "total_is_exact": total.is_exact,
            "next": self._link(edges[-1]) if self.keyset_page.has_next else None,
            "previous": (
                self._link(edges[0], backward=True) if self.keyset_page.has_previous else None
            ),
        }

    def get_paginated_response(self, data: Any) -> Response:
        return Response({**self.envelope(), "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["total", "total_is_exact", "next", "previous", "results"],
            "properties": {
                "total": {
                    "type": "integer",
                    "minimum": 0,
                    "description": (
                        "How many rows there are on all pages together. Counted, or taken from "
                        "numbers that are kept, where that is cheap; estimated from a part of "
                        "the rows otherwise, which total_is_exact says."
                    ),
                },
                "total_is_exact": {
                    "type": "boolean",
                    "description": "Whether total was counted; false where it is an estimate.",
                },
                "next": {**link, "description": "The page after this one; null on the last."},
                "previous": {**link, "description": "The page before; null on the first."},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        sizes = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE}
        about = (
            "Where the page begins: taken from the links next and previous, and of use only with "
            "the filters and the order that it was made with."
        )
        orders = "; ".join(f"{order.name}: {order.about}" for order in self.orders)
        names = {"type": "string", "enum": self.order_names(), "default": self.orders[0].name}
        return [
            {"name": "cursor", "in": "query", "description": about, "schema": {"type": "string"}},
            {
                "name": "page_size",
                "in": "query",
                "description": "How many rows a page has at most.",
                "schema": sizes,
            },
            {
                "name": "sort",
                "in": "query",
                "description": f"The order of the rows; a hyphen turns it round. {orders}.",
                "schema": names,
            },
        ]


def in_orders(*orders: Order) -> type[KeysetPagination]:
    """The pages of a list that can be read in these orders."""
    return type("KeysetPagination", (KeysetPagination,), {"orders": orders})
