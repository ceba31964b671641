"""The query of a URL: nothing in it is ignored, and nothing in it breaks a view."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from django.db.models import QuerySet
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request

from proteins.api import sparse
from proteins.api.problems import InvalidParameters, ParameterError
from proteins.caching.bounded import BoundedCache
from proteins.caching.shared import SharedMemo
from proteins.filters.fields import FilterSet, QueryState, given, repeated

#: The parameter that requests a list as a file (`proteins.api.formats`).
PARAMETER: Final = "format"
#: The parameter that requests the frozen file of a release (`proteins.api.release_redirect`).
RELEASE: Final = "release"
_RELEASE: Final = {
    "name": RELEASE,
    "in": "query",
    "description": (
        "Name of a release, or latest: the answer is the way to its frozen file of the format, "
        "taxon and small_scale that are asked for with it."
    ),
    "schema": {"type": "string", "example": "2026.12"},
}


def _undecodable(request: Request) -> Iterator[ParameterError]:
    """Parts of the query that are not UTF-8, which Django would repair in silence."""
    text = request.META.get("QUERY_STRING", "")
    try:
        query = text.encode("latin-1")
    except UnicodeEncodeError:
        query = text.encode("utf-8", "surrogatepass")
    for part in query.split(b"&"):
        name, _, value = unquote_to_bytes(part).partition(b"=")
        try:
            (name + value).decode()
        except UnicodeDecodeError:
            yield ParameterError.of(
                name.decode(errors="replace"), value.decode(errors="replace"), "not valid UTF-8"
            )


def query_errors(
    request: Request, names: Sequence[str], many: Container[str] = ()
) -> list[ParameterError]:
    """What is wrong with a query whatever its values mean; those of `many` may be repeated."""
    errors = list(_undecodable(request))
    reported = {error.parameter for error in errors}
    listed = ", ".join(names) or "none"
    for name, values in request.query_params.lists():
        if name in reported:
            continue
        if name not in names:
            reason = f"there is no such parameter here; known: {listed}"
        elif name not in many and repeated(values):
            reason = repeated(values)
        elif not all(map(str.strip, values)):
            reason = "it has no value"
        else:
            continue
        errors.append(ParameterError.of(name, ",".join(values), reason))
    return errors


def _of_a_file(request: Request, paginator: Any) -> Iterator[ParameterError]:
    """Parameters that mean nothing for a file, or for a file of the requested format."""
    file_format = getattr(request, "file_format", None)
    if file_format is None:
        return
    refused = dict.fromkeys(paginator.page_parameters, "a file holds all rows and has no pages")
    if not file_format.takes_fields:
        refused[sparse.PARAMETER] = f"{file_format.name} has columns of its own; jsonl takes fields"
    if not file_format.takes_sort:
        refused["sort"] = f"{file_format.name} has an order of its own"
    for name, reason in refused.items():
        if name in request.query_params:
            yield ParameterError.of(name, request.query_params[name], reason)


#: The states of so many queries are cached: some 20 MB if each has the TFs of all species.
MOST_QUERIES: Final = 500
_states: Final[SharedMemo[BoundedCache[bytes, QueryState]]] = SharedMemo(
    lambda: BoundedCache(MOST_QUERIES)
)


def _states_of(
    request: Request, filterset: FilterSet
) -> tuple[QueryState, Callable[[QueryState], None]]:
    """What earlier pages of a query have read, and what stores it for later ones."""
    query = filters_digest(filterset)
    states = _states.of(request)
    return states.get(query) or QueryState(), partial(states.put, query)


def filters_digest(filterset: FilterSet) -> bytes:
    """A digest of the filters of a query: its pages, and only they, have the same."""
    values = {name: ",".join(given(filterset.data, name)) for name in filterset.base_filters}
    text = repr((type(filterset).__qualname__, values)).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=16).digest()


class ParameterBackend(BaseFilterBackend):
    """Filters a list by the view's FilterSet, or reports all that is wrong with the query."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        filterset: FilterSet = view.filterset_class(request.query_params, queryset)
        paginator = view.paginator
        paginator.read(request, filters_digest(filterset))
        names = [*filterset.base_filters, *paginator.parameter_names, *view.own_parameters]
        many = {name for name, each in filterset.base_filters.items() if each.many}
        errors = query_errors(request, names, many | {sparse.PARAMETER})
        errors += paginator.errors
        errors += paginator.misfits(request.query_params)
        errors += view.read_fields(request)
        errors += _of_a_file(request, paginator)
        if not filterset.is_valid():
            reported = {error.parameter for error in errors}
            errors += [
                ParameterError.of(name, ",".join(given(request.query_params, name)), str(message))
                for name, messages in filterset.errors.items()
                if name not in reported
                for message in messages
            ]
        if errors:
            raise InvalidParameters(errors)
        state, paginator.store = _states_of(request, filterset)
        filterset.state = replace(state, bounds=paginator.bounds())
        if getattr(request, "file_format", None) is None:
            filterset.wanted = paginator.wanted()
        filtered: QuerySet[Any] = filterset.qs
        paginator.store(filterset.state)
        few_in_order = any(map(request.query_params.__contains__, paginator.order.sorted_with))
        paginator.sorts = filterset.few or few_in_order
        paginator.filterset = filterset
        return filtered

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        filterset: type[FilterSet] = view.filterset_class
        release = [_RELEASE] if view.is_released else []
        return [*filterset.parameters(), sparse.parameter(view.field_names()), *release]
