"""Filters of the queue of proposals; what each means is named in `curation.inbox`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest

from curation import inbox
from curation.admin.base import filters
from curation.admin.base.admin import curator
from curation.admin.base.filters import ColumnFilter, OfferedFilter
from curation.inbox import Proposals
from curation.models import Origin, ProposalState, RecordKind

#: The choice of the first filter that shows all, open and decided.
ALL = "all"


class StateFilter(OfferedFilter):
    """Open ones, unless others are requested."""

    title = "state"
    parameter_name = "state"

    offered = (
        *(choice for choice in ProposalState.choices if choice[0] != ProposalState.OPEN),
        (ALL, "open and decided"),
    )

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for number, choice in enumerate(super().choices(changelist)):
            yield {**choice, "display": "open"} if number == 0 else dict(choice)

    def queryset(self, request: HttpRequest, queryset: Proposals) -> Proposals:
        value = self.value()
        if value == ALL:
            return queryset
        state = value if value in ProposalState.values else ProposalState.OPEN
        return queryset.filter(state=state)


class OriginFilter(ColumnFilter):
    title = "origin"
    parameter_name = "origin"
    offered = Origin.choices


class KindFilter(ColumnFilter):
    title = "kind"
    parameter_name = "kind"
    offered = RecordKind.choices


class SpeciesFilter(filters.SpeciesFilter):
    """By the species that a proposal is stored with."""

    def queryset(self, request: HttpRequest, queryset: Proposals) -> Proposals:
        value = self.value()
        species = {str(code) for code, _ in self.lookup_choices}
        return inbox.of_species(queryset, value) if value in species else queryset


class AgeFilter(OfferedFilter):
    title = "age"
    parameter_name = "age"
    offered = tuple((age, words) for age, (words, _) in inbox.AGES.items())

    def queryset(self, request: HttpRequest, queryset: Proposals) -> Proposals:
        return inbox.older_than(queryset, self.value() or "")


class AssignedFilter(OfferedFilter):
    title = "assigned to"
    parameter_name = "assigned"
    offered = (("me", "me"), ("nobody", "unassigned"), ("others", "others"))

    def queryset(self, request: HttpRequest, queryset: Proposals) -> Proposals:
        return inbox.assigned_to(queryset, self.value() or "", curator(request))


class AuthorFilter(OfferedFilter):
    title = "opened by"
    parameter_name = "by"
    offered = (("me", "me"), ("others", "others"))

    def queryset(self, request: HttpRequest, queryset: Proposals) -> Proposals:
        return inbox.opened_by(queryset, self.value() or "", curator(request))
