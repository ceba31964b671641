"""What the resources of the API have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, ClassVar, Final

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from proteins.api import release_redirect, sparse
from proteins.api.formats import TABLES, Format, file_response
from proteins.api.parameters import PARAMETER, RELEASE, ParameterBackend, query_errors
from proteins.api.problems import InvalidParameters, ParameterError, SeveralMeant
from proteins.api.records import Record, RecordMaker, only
from proteins.api.serving import NoSlotError, Served
from proteins.api.tables import FileRows, columns_of
from proteins.caching.shared import SharedMemo
from proteins.domain import identifiers
from proteins.domain.identifiers import shown
from proteins.exports.rows import QueryRows
from proteins.filters.fields import given
from proteins.limits import files

#: Records that a serializer reads and writes together for a file.
BATCH: Final = 500
_makers: Final[SharedMemo[RecordMaker]] = SharedMemo(RecordMaker)


class StrictQuery(Served):
    """A view that refuses every parameter of a query; lists read theirs themselves."""

    takes_parameters = False
    #: Those that it takes where it reads none itself.
    own_parameters: tuple[str, ...] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in ("GET", "HEAD") or self.takes_parameters:
            return
        if errors := query_errors(request, self.own_parameters, {sparse.PARAMETER}):
            raise InvalidParameters(errors)


class MovedError(Exception):
    """A record whose identifier has changed."""

    def __init__(self, identifier: str) -> None:
        super().__init__(identifier)
        self.identifier = identifier


class ResourceView(StrictQuery, viewsets.ReadOnlyModelViewSet[Any]):
    """A list with filters and pages, and one record by its identifier."""

    filter_backends = [ParameterBackend]
    filterset_class: ClassVar[Any]
    lookup_url_kwarg = "identifier"
    #: What a record is called in an error.
    noun: ClassVar[str]
    #: In which formats its list can be had, beside JSON.
    formats: ClassVar[tuple[Format, ...]] = TABLES

    #: Whether releases hold its list as frozen files.
    is_released: ClassVar[bool] = False
    #: The requested fields; None for all.
    wanted: frozenset[str] | None = None

    @property
    def takes_parameters(self) -> bool:  # type: ignore[override]
        return self.action == "list"

    @property
    def own_parameters(self) -> tuple[str, ...]:  # type: ignore[override]
        """The parameters beside those of filters and pages."""
        if self.action != "list":
            return (sparse.PARAMETER,)
        formats = (PARAMETER,) if self.formats else ()
        releases = (RELEASE,) if self.is_released else ()
        return (sparse.PARAMETER, *formats, *releases)

    @property
    def offered_formats(self) -> tuple[Format, ...]:
        return self.formats if self.action == "list" else ()

    def field_names(self) -> list[str]:
        """The names of the fields of a record."""
        serializer: Any = self.get_serializer_class()(context={"request": None})
        return list(serializer.fields)

    def read_fields(self, request: Request) -> list[ParameterError]:
        """Read the requested fields; return what is wrong with the parameter."""
        text = ",".join(given(request.query_params, sparse.PARAMETER))
        if not text:
            return []
        self.wanted, reasons = sparse.read(text, self.field_names())
        return sparse.errors(text, reasons)

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        serializer = super().get_serializer(*args, **kwargs)
        sparse.prune(serializer, self.wanted)
        return serializer

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        if self.is_released and RELEASE in request.query_params:
            answer = release_redirect.redirect(request, self)
            if answer is not None:
                return answer
        file_format: Format | None = getattr(request, "file_format", None)
        if file_format is None:
            return self.page(request)
        if request.method == "GET" and not files.is_free(request._request):
            raise NoSlotError
        paginator: Any = self.paginator
        rows = paginator.whole(self.filter_queryset(self.get_queryset()))
        file = FileRows(
            QueryRows(rows),
            lambda: self.records(rows),
            lambda: columns_of(self.get_serializer()),
        )
        return file_response(file_format, file, self.noun.replace(" ", "-") + "s")

    def page(self, request: Request) -> HttpResponse:
        """A page of the list as JSON."""
        paginator: Any = self.paginator
        keys = paginator.page_of_keys(self.filter_queryset(self.get_queryset()), request)
        answer: HttpResponse = paginator.get_paginated_response(self.records_of(keys))
        return answer

    def records(self, rows: QuerySet[Any]) -> Iterator[Sequence[Record]]:
        """The records of a query in its order, some at a time."""
        keys = iter(rows.values_list("pk", flat=True).iterator(chunk_size=BATCH))
        while batch := list(islice(keys, BATCH)):
            yield self.records_of(batch)

    def records_of(self, keys: Sequence[int]) -> Sequence[Record]:
        """The records of some primary keys, in their order; those that are gone are left out."""
        rows = {row.pk: row for row in self.with_details(keys)}
        present = [rows[key] for key in keys if key in rows]
        # A serializer for each batch: it holds what it has written of records that recur.
        records: Sequence[Record] = self.get_serializer(present, many=True).data
        return records

    def first(self, query: QuerySet[Any]) -> Any:
        """The record of a query of one, None where there is none."""
        row = self.detailed(query).first()
        return row and self.get_serializer(row).data

    def with_details(self, rows: Sequence[int]) -> QuerySet[Any]:
        """The records of some rows, with what their serializer shows."""
        records: QuerySet[Any] = self.detailed(self.get_queryset().filter(pk__in=rows))
        return records.order_by()

    def detailed(self, queryset: Any) -> Any:
        """With what the serializer shows, in a fixed number of queries."""
        return queryset

    def identified(self, queryset: Any, identifier: str) -> Any:
        """The one record of an identifier; IdentifierError where it cannot be one."""
        raise NotImplementedError

    def get_object(self) -> Any:
        """The record that the URL names; Http404 where there is none."""
        identifier = self.kwargs["identifier"]
        try:
            if "\x00" in identifier:
                raise identifiers.IdentifierError("An identifier holds no NUL character")
            records = self.identified(self.get_queryset(), identifier)
        except identifiers.IdentifierError as error:
            raise Http404(f"{error}.") from error
        record = self.first(records)
        if record is None:
            if current := self.current_identifier(identifier):
                raise MovedError(current)
            if candidates := self.candidates(identifier):
                raise SeveralMeant(candidates, f"{shown(identifier)} means several {self.noun}s.")
            raise Http404(f"No {self.noun} {shown(identifier)} is here.")
        return record

    def current_identifier(self, identifier: str) -> str:
        """The identifier that took the place of one that is not here; empty if none did."""
        return ""

    def candidates(self, identifier: str) -> Sequence[str]:
        """The identifiers of which one that is not here may mean any."""
        return ()

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        if errors := self.read_fields(request):
            raise InvalidParameters(errors)
        try:
            return Response(self.get_object())
        except MovedError as moved:
            assert request.resolver_match is not None  # noqa: S101  (a view is running)
            name = request.resolver_match.view_name
            return HttpResponsePermanentRedirect(reverse(name, args=[moved.identifier]))


class PlainRecordsView(ResourceView):
    """A resource whose records are made from plain values, any number of them."""

    #: What makes them, of rows and of the fields that are wanted.
    make: ClassVar[Any]

    def records(self, rows: QuerySet[Any]) -> Iterator[Sequence[Record]]:
        # A file is of one moment, and shares nothing with others.
        source = QueryRows(rows)
        return self._made(RecordMaker(self._base, source.cache_limit), source)

    def records_of(self, keys: Sequence[int]) -> Sequence[Record]:
        rows = QueryRows(self.get_queryset().filter(pk__in=keys).order_by())
        batches = type(self).make(self.maker, rows, self.wanted)
        records = dict(pair for batch in batches for pair in batch)
        return [only(records[key], self.wanted) for key in keys if key in records]

    def first(self, query: QuerySet[Any]) -> Any:
        made = self._made(self.maker, QueryRows(query.order_by()[:1]))
        return next((record for records in made for record in records), None)

    def _made(self, maker: RecordMaker, rows: QueryRows) -> Iterator[list[Record]]:
        for batch in type(self).make(maker, rows, self.wanted):
            yield [only(record, self.wanted) for _, record in batch]

    @property
    def maker(self) -> RecordMaker:
        """The maker that records of the present content share."""
        return _makers.of(self.request, self._base)

    @property
    def _base(self) -> str:
        return str(self.request.build_absolute_uri("/")).removesuffix("/")


def number(text: str, what: str, largest: int = identifiers.MAX_INTEGER) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= largest):
        raise identifiers.IdentifierError(f"{shown(text)} is not {what}")
    return int(text)


def resource(singular: str, plural: str, identifier: str, example: str, filtered: str) -> Any:
    """Describe the two operations of a resource in the schema.

    `example` is an identifier (none where the five documents have no such record) and
    `filtered` a query; the documentation links to both.
    """
    tag = plural.capitalize()
    path = f"/api/v1/{plural.replace(' ', '-')}/"
    named = OpenApiParameter(
        "identifier", OpenApiTypes.STR, OpenApiParameter.PATH, description=identifier
    )
    return extend_schema_view(
        list=extend_schema(
            summary=f"List {plural}",
            tags=[tag],
            extensions={"x-example": f"{path}{filtered}"},
        ),
        retrieve=extend_schema(
            summary=f"Read one {singular}",
            tags=[tag],
            parameters=[named],
            extensions={"x-example": f"{path}{example}/"} if example else None,
        ),
    )
