"""Lists of the admin: their cost is bounded, and they name the filters that are on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR, ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst

from curation.admin.base import change_list

if TYPE_CHECKING:
    _Paginator = Paginator[Any]
else:
    # Django's class takes a type parameter only in its stubs.
    _Paginator = Paginator


class ActiveFilter(NamedTuple):
    """A filter that is on, and the URL of the list without it."""

    title: str
    choice: str
    without: str


class BoundedChangeList(ChangeList):
    """A list whose cost does not grow with its table.

    It sorts by the columns of `sortable_by` only, whatever its URL requests: those have an
    index. Of a large table, the rows that pass search and filters are cut at `COUNTED`
    before they are sorted, so that a common value costs no more than a rare one.
    """

    model_admin: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_popup:
            # Django's "Select ... to change" says less of where one is.
            self.title = capfirst(str(self.opts.verbose_name_plural))

    def get_ordering_field(self, field_name: str | Callable[..., Any]) -> Any:
        if field_name not in (self.sortable_by or ()):
            return None
        return super().get_ordering_field(field_name)

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        matches = super().get_queryset(request, *args, **kwargs)
        if not self.model_admin.large_table or not matches.query.where:
            return matches
        within = matches.order_by().prefetch_related(None).values("pk")[: change_list.COUNTED + 1]
        rows = self.apply_select_related(self.root_queryset.filter(pk__in=within))
        return rows.order_by(*self.get_ordering(request, rows))

    @cached_property
    def active_filters(self) -> list[ActiveFilter]:
        """Return the filters of the side bar that are on, for the line above the rows."""
        return [
            ActiveFilter(
                str(spec.title),
                str(choice["display"]),
                self.get_query_string(remove=[str(name) for name in spec.expected_parameters()]),
            )
            for spec in self.filter_specs
            if any(name in self.filter_params for name in spec.expected_parameters())
            for choice in spec.choices(self)
            if choice["selected"]
        ]

    @property
    def other_lookups(self) -> bool:
        """Whether the URL cuts the list by something that no filter shows."""
        shown = {name for spec in self.filter_specs for name in spec.expected_parameters()}
        return bool(self.get_filters_params().keys() - shown)

    @property
    def without_search(self) -> str:
        return self.get_query_string(remove=[SEARCH_VAR])

    @property
    def nothing_yet(self) -> str:
        """The message where the list holds nothing at all."""
        return str(getattr(self.model_admin, "nothing_yet", ""))

    @property
    def export_url(self) -> str:
        """The URL of the list's rows as CSV; empty where the list has none."""
        try:
            url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_export")
        except NoReverseMatch:
            return ""
        return url + self.get_query_string(remove=[PAGE_VAR])


class WholeChangeList(BoundedChangeList):
    """The same rows as a list, all of them and none read yet, for an export."""

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet[Any]:
        return ChangeList.get_queryset(self, request, *args, **kwargs)

    def get_results(self, request: HttpRequest) -> None:
        """Nothing is counted: whoever exports reads to the end."""


def is_export(request: HttpRequest) -> bool:
    """Whether all rows are requested: then no search looks only at the first of many."""
    match = request.resolver_match
    return match is not None and str(match.url_name).endswith("_export")


#: Rows counted at most; who needs what lies beyond searches or filters.
COUNTED: Final = 10_000


class BoundedPaginator(_Paginator):
    """Counts `COUNTED` rows at most; `capped` is whether there are more."""

    @cached_property
    def _counted(self) -> int:
        if isinstance(self.object_list, QuerySet):
            return self.object_list.order_by()[: COUNTED + 1].count()
        return len(self.object_list)

    @property
    def capped(self) -> bool:
        return self._counted > COUNTED

    @cached_property
    def count(self) -> int:
        return min(self._counted, COUNTED)
