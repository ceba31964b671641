"""Filters of the queue of proposals; what each means is named in `curation.inbox`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.contrib.admin.views.main import ChangeList
from django.db.models import Choices
from django.http import HttpRequest

from curation import inbox
from curation.admin.base.admin import curator
from curation.inbox import Proposals
from curation.models import Origin, ProposalState, RecordKind
from proteins.models import Taxon

Lookups = list[tuple[str, str]]
#: The choice of the first filter that shows all, open and decided.
ALL = "all"


class StateFilter(SimpleListFilter):
    """Open ones, unless others are requested."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Lookups:
        decided = [state for state in ProposalState if state != ProposalState.OPEN]
        return [*((state.value, str(state.label)) for state in decided), (ALL, "open and decided")]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for number, choice in enumerate(super().choices(changelist)):
            yield {**choice, "display": "open"} if number == 0 else dict(choice)

    def queryset(self, request: HttpRequest, queryset: Proposals) -> Proposals:
        value = self.value()
        if value == ALL:
            return queryset
        state = value if value in ProposalState.values else ProposalState.OPEN
        return queryset.filter(state=state)


class OneOfFilter(SimpleListFilter):
    """By a column that holds one of a few choices."""

    choice: type[Choices]

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Lookups:
        return [(str(value), str(label)) for value, label in self.choice.choices]

    def queryset(self, request: HttpRequest, queryset: Proposals) -> Proposals:
        value = self.value()
        if value not in self.choice.values:
            return queryset
        return queryset.filter(**{str(self.parameter_name): value})


class OriginFilter(OneOfFilter):
    title = "origin"
    parameter_name = "origin"
    choice = Origin


class KindFilter(OneOfFilter):
    title = "kind"
    parameter_name = "kind"
    choice = RecordKind


class SpeciesFilter(SimpleListFilter):
    title = "species"
    parameter_name = "species"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Lookups:
        return list(Taxon.objects.values_list("code", "scientific_name"))

    def queryset(self, request: HttpRequest, queryset: Proposals) -> Proposals:
        value = self.value()
        species = {str(code) for code, _ in self.lookup_choices}
        return inbox.of_species(queryset, value) if value in species else queryset


class AgeFilter(SimpleListFilter):
    title = "age"
    parameter_name = "age"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Lookups:
        return [(age, words) for age, (words, _) in inbox.AGES.items()]

    def queryset(self, request: HttpRequest, queryset: Proposals) -> Proposals:
        return inbox.older_than(queryset, self.value() or "")


class AssignedFilter(SimpleListFilter):
    title = "assigned to"
    parameter_name = "assigned"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Lookups:
        return [("me", "me"), ("nobody", "unassigned"), ("others", "others")]

    def queryset(self, request: HttpRequest, queryset: Proposals) -> Proposals:
        return inbox.assigned_to(queryset, self.value() or "", curator(request))


class AuthorFilter(SimpleListFilter):
    title = "opened by"
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Lookups:
        return [("me", "me"), ("others", "others")]

    def queryset(self, request: HttpRequest, queryset: Proposals) -> Proposals:
        return inbox.opened_by(queryset, self.value() or "", curator(request))
