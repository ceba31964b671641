"""The query of an address: nothing in it is ignored, and nothing in it breaks a view."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from django.db.models import QuerySet
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request

from proteins.api import sparse
from proteins.api.problems import InvalidParameters, ParameterError
from proteins.caching.bounded import BoundedCache
from proteins.caching.shared import SharedMemo
from proteins.filters.fields import FilterSet, Known

#: By which a list is asked for as a file (`proteins.api.formats`).
PARAMETER: Final = "format"
#: By which the frozen file of a release is asked for (`proteins.api.release_redirect`).
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


def query_errors(request: Request, known: Sequence[str]) -> list[ParameterError]:
    """What is wrong with a query whatever its values mean."""
    errors = list(_undecodable(request))
    told = {error.parameter for error in errors}
    known_list = ", ".join(known) or "none"
    for name, values in request.query_params.lists():
        if name in told:
            continue
        if name not in known:
            reason = f"there is no such parameter here; known: {known_list}"
        elif len(values) > 1:
            reason = f"given {len(values)} times; give it once, several values joined by commas"
        elif not values[0].strip():
            reason = "it has no value"
        else:
            continue
        errors.append(ParameterError.of(name, ",".join(values), reason))
    return errors


def _of_a_file(request: Request, paginator: Any) -> Iterator[ParameterError]:
    """Parameters that mean nothing for a file, or for a file of the format asked for."""
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


#: What is known of so many questions is kept: some 20 MB if each has the TFs of a species.
MOST_QUESTIONS: Final = 1_000
_questions: Final[SharedMemo[BoundedCache[bytes, Known]]] = SharedMemo(
    lambda: BoundedCache(MOST_QUESTIONS)
)


def _known(request: Request, filterset: FilterSet) -> Known:
    """What earlier pages found out about the question, which this one adds to."""
    values = {name: request.query_params.get(name) for name in filterset.base_filters}
    text = repr((type(filterset).__qualname__, values)).encode("utf-8", "surrogatepass")
    question = hashlib.blake2b(text, digest_size=16).digest()
    return _questions.of(request).of({question}, lambda _: {question: Known()})[question]


class ParameterBackend(BaseFilterBackend):
    """Filters a list by the view's FilterSet, or says all that is wrong with the query."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        filterset: FilterSet = view.filterset_class(request.query_params, queryset)
        paginator = view.paginator
        paginator.read(request)
        known = [*filterset.base_filters, *paginator.parameter_names, *view.own_parameters]
        errors = query_errors(request, known)
        errors += paginator.errors
        errors += paginator.misfits(request.query_params)
        errors += view.read_fields(request)
        errors += _of_a_file(request, paginator)
        if not filterset.is_valid():
            told = {error.parameter for error in errors}
            errors += [
                ParameterError.of(name, request.query_params.get(name, ""), str(message))
                for name, messages in filterset.errors.items()
                if name not in told
                for message in messages
            ]
        if errors:
            raise InvalidParameters(errors)
        filterset.known = _known(request, filterset)
        filterset.bounds = paginator.bounds()
        filtered: QuerySet[Any] = filterset.qs
        few_in_order = any(map(request.query_params.__contains__, paginator.order.sorted_with))
        paginator.sorts = filterset.few or few_in_order
        paginator.filterset = filterset
        return filtered

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        filterset: type[FilterSet] = view.filterset_class
        release = [_RELEASE] if view.is_released else []
        return [*filterset.parameters(), sparse.parameter(view.known_fields()), *release]
