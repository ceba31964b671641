"""What the resources of the API have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import viewsets
from rest_framework.request import Request

from proteins.api import release_redirect, sparse
from proteins.api.formats import TABLES, Format, Negotiation, file_response
from proteins.api.parameters import PARAMETER, RELEASE, ParameterBackend, query_errors
from proteins.api.problems import InvalidParameters, ParameterError
from proteins.api.serving import Served
from proteins.api.written import InteractionWriter, json_page
from proteins.domain import identifiers
from proteins.domain.identifiers import shown


class StrictQuery(Served):
    """A view that refuses every parameter of a query; lists read theirs themselves."""

    takes_parameters = False
    #: Those that it takes where it reads none itself.
    own_parameters: tuple[str, ...] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in ("GET", "HEAD") or self.takes_parameters:
            return
        if errors := query_errors(request, self.own_parameters):
            raise InvalidParameters(errors)


class MovedError(Exception):
    """A record whose identifier has changed."""

    def __init__(self, identifier: str) -> None:
        super().__init__(identifier)
        self.identifier = identifier


class ResourceView(StrictQuery, viewsets.ReadOnlyModelViewSet[Any]):
    """A list with filters and pages, and one record by its identifier."""

    filter_backends = [ParameterBackend]
    content_negotiation_class = Negotiation
    filterset_class: ClassVar[Any]
    lookup_url_kwarg = "identifier"
    #: What a record is called in an error.
    noun: ClassVar[str]
    #: In which formats its list can be had, beside JSON.
    formats: ClassVar[tuple[Format, ...]] = TABLES

    #: What writes the JSON of whole records faster than their serializer does, if anything.
    writer: ClassVar[type[InteractionWriter] | None] = None

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

    def known_fields(self) -> list[str]:
        """The names of the fields of a record."""
        serializer: Any = self.get_serializer_class()(context={"request": None})
        return list(serializer.fields)

    def read_fields(self, request: Request) -> list[ParameterError]:
        """Read the requested fields; return what is wrong with the parameter."""
        text = request.query_params.get(sparse.PARAMETER)
        if not text:
            return []
        self.wanted, reasons = sparse.read(text, self.known_fields())
        return sparse.errors(text, reasons)

    def wants(self, *names: str) -> bool:
        """Whether any of some fields is requested."""
        return self.wanted is None or not self.wanted.isdisjoint(names)

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
        paginator: Any = self.paginator
        rows = paginator.whole(self.filter_queryset(self.get_queryset()))
        return file_response(request, file_format, rows, self.noun.replace(" ", "-") + "s")

    def page(self, request: Request) -> HttpResponse:
        """A page of the list as JSON; whole records are put together as text, where there is a
        writer of them."""
        paginator: Any = self.paginator
        queryset = self.filter_queryset(self.get_queryset())
        if self.writer is None or self.wanted is not None:
            rows = paginator.paginate_queryset(queryset, request, self)
            answer: HttpResponse = paginator.get_paginated_response(
                self.get_serializer(rows, many=True).data
            )
            return answer
        texts = self.writer(request).of_keys(paginator.page_of_keys(queryset, request))
        return HttpResponse(json_page(paginator.envelope(), texts), content_type="application/json")

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
        identifier = self.kwargs["identifier"]
        try:
            if "\x00" in identifier:
                raise identifiers.IdentifierError("An identifier holds no NUL character")
            records = self.identified(self.get_queryset(), identifier)
        except identifiers.IdentifierError as error:
            raise Http404(f"{error}.") from error
        record = self.detailed(records).first()
        if record is None:
            if current := self.current_identifier(identifier):
                raise MovedError(current)
            raise Http404(f"No {self.noun} {shown(identifier)} is here.")
        return record

    def current_identifier(self, identifier: str) -> str:
        """The identifier that took the place of one that is not here; empty if none did."""
        return ""

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        if errors := self.read_fields(request):
            raise InvalidParameters(errors)
        try:
            return super().retrieve(request, *args, **kwargs)
        except MovedError as moved:
            assert request.resolver_match is not None  # noqa: S101  (a view is running)
            name = request.resolver_match.view_name
            return HttpResponsePermanentRedirect(reverse(name, args=[moved.identifier]))


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
