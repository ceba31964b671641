"""How many rows each choice of a filter leaves, counted when a person opens the filter.

Django's own facets count the whole table once for each choice of each filter of a list. Here one
filter is counted at a time, each choice up to the limit of a list (`change_list.COUNTED`).
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse, QueryDict

from curation.admin.base import change_list

if TYPE_CHECKING:
    from curation.admin.base.admin import CurationAdmin

#: The parameter that names the filter, beside those of the list's own URL.
FILTER: Final = "_filter"
#: Choices of a filter that are counted; a list to choose from has no more.
MOST_CHOICES: Final = 60


class _NoMessages:
    """What a search reports to the page of the list is not reported for each count again."""

    def add(self, *_: object, **__: object) -> None:
        """Drop a message."""


def counts_view(page: CurationAdmin[Any], request: HttpRequest) -> HttpResponse:
    """Answer with the counts of the choices of a filter, in their order, as people read them."""
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    if not page.has_view_or_change_permission(request):
        raise PermissionDenied
    query = request.GET.copy()
    name = query.pop(FILTER, [""])[-1]
    try:
        queries = _choices(_list(page, request, query), name)
        counts = [_count(page, request, QueryDict(text)) for text in queries]
    except IncorrectLookupParameters:
        counts = []
    return JsonResponse({"counts": counts})


def _list(page: CurationAdmin[Any], request: HttpRequest, query: QueryDict) -> ChangeList:
    """Return the list that a URL with this query would show."""
    like_the_list = copy.copy(request)
    like_the_list.GET = query  # type: ignore[assignment]
    like_the_list._messages = _NoMessages()  # type: ignore[attr-defined]
    return page.get_changelist_instance(like_the_list)


def _choices(rows: ChangeList, name: str) -> list[str]:
    """Return the query that each choice of a filter leads to."""
    return [
        str(choice["query_string"]).removeprefix("?")
        for spec in rows.filter_specs
        if name in spec.expected_parameters()
        for choice in spec.choices(rows)
    ][:MOST_CHOICES]


def _count(page: CurationAdmin[Any], request: HttpRequest, query: QueryDict) -> str:
    paginator: Any = _list(page, request, query).paginator
    return f"{change_list.COUNTED:,}+" if paginator.capped else f"{paginator.count:,}"
