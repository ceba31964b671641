"""Filters of the lists, each answered from an index or from a small table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from proteins.domain.evidence import SmallScale
from proteins.domain.methods import MethodClass
from proteins.domain.tiers import Tier
from proteins.models import (
    DetectionMethod,
    Effect,
    Evidence,
    Protein,
    Reporting,
    ReviewStatus,
    SourceDatabase,
    Taxon,
)
from proteins.models.querysets import EvidenceQuerySet
from proteins.models.querysets.evidence import links_to_sources

Rows = QuerySet[Any]
#: Evidence rows whose keys are written into a query at most; a million interactions share
#: some 7,600.
READ_AT_MOST: Final = 10_000
_SOURCE_KEYS: Final = "source_keys"


class OfferedFilter(SimpleListFilter):
    """By one of a few values, each with its label."""

    offered: ClassVar[Sequence[tuple[Any, Any]]] = ()

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [(str(value), str(label)) for value, label in self.offered]


class ColumnFilter(OfferedFilter):
    """By a column that holds one of a few choices."""

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        if self.value() not in dict(self.lookup_choices):
            return queryset
        return queryset.filter(**{str(self.parameter_name): self.value()})


class SpeciesFilter(SimpleListFilter):
    """By the species of `tf`, `protein` or of the protein itself."""

    title = "species"
    parameter_name = "species"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        return list(Taxon.objects.values_list("code", "scientific_name"))

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        if self.value() is None:
            return queryset
        proteins = Protein.objects.filter(taxon__code=self.value()).values_list("pk", flat=True)
        model = queryset.model
        if model is Protein:
            return queryset.filter(pk__in=proteins)
        if not hasattr(model, "tf"):
            return queryset.filter(protein__in=proteins)
        # The TFs among them are few, and read here: given the query instead, PostgreSQL
        # reads the whole table, because it takes species to be evenly spread in it.
        theirs = model._default_manager.filter(tf=OuterRef("pk"))
        return queryset.filter(tf__in=list(proteins.filter(Exists(theirs))))


class FunctionFilter(OfferedFilter):
    title = "function"
    parameter_name = "function"
    offered = (
        ("tf", "transcription factor"),
        ("target", "target gene"),
        ("both", "transcription factor and target gene"),
    )

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        wanted = {
            "tf": {"is_tf": True},
            "target": {"is_target": True},
            "both": {"is_tf": True, "is_target": True},
        }
        return queryset.filter(**wanted.get(self.value() or "", {}))


class CuratedFilter(ColumnFilter):
    """By a choice that nearly all rows leave at its first value.

    The index holds the other rows alone; SQLite uses it only where the query repeats, word
    for word, the index's own condition.
    """

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        usual, *others = dict(self.lookup_choices)
        if self.value() in others:
            queryset = queryset.exclude(**{str(self.parameter_name): usual})
        return super().queryset(request, queryset)


class StatusFilter(CuratedFilter):
    title = "review status"
    parameter_name = "status"
    offered = ReviewStatus.choices


class EffectFilter(CuratedFilter):
    title = "effect"
    parameter_name = "effect"
    offered = Effect.choices


class ReportingFilter(CuratedFilter):
    title = "whether it is reported"
    parameter_name = "reporting"
    offered = Reporting.choices


class EvidenceFilter(OfferedFilter):
    """By a part of the evidence: a filter on a few thousand rows."""

    def evidence(self, value: str) -> EvidenceQuerySet:
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        value = self.value()
        if value is None:
            return queryset
        rows = self.evidence(value)
        if queryset.model is Evidence:
            return queryset.filter(pk__in=rows.values("pk"))
        # Read here, because a database that sees how many there are chooses better between
        # them and another filter; given the query it takes them for few.
        keys = list(rows.order_by().values_list("pk", flat=True)[: READ_AT_MOST + 1])
        if len(keys) > READ_AT_MOST:
            return queryset.filter(evidence__in=rows.values("pk"))
        return queryset.filter(evidence__in=keys)


class SourceFilter(EvidenceFilter):
    title = "source database"
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        memo = vars(request)  # two filters of a list offer them
        if _SOURCE_KEYS not in memo:
            memo[_SOURCE_KEYS] = list(SourceDatabase.objects.values_list("key", flat=True))
        return [(key, key) for key in memo[_SOURCE_KEYS]]

    def evidence(self, value: str) -> EvidenceQuerySet:
        return Evidence.objects.from_source(value)


class MethodFilter(EvidenceFilter):
    title = "detection method"
    parameter_name = "method"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [(name, name) for name in DetectionMethod.objects.values_list("name", flat=True)]

    def evidence(self, value: str) -> EvidenceQuerySet:
        return Evidence.objects.by_method(value)


class SmallScaleFilter(EvidenceFilter):
    title = "small-scale evidence"
    parameter_name = "small_scale"
    offered = tuple((scale.name, scale.label) for scale in reversed(SmallScale))

    def evidence(self, value: str) -> EvidenceQuerySet:
        scales = [scale for scale in SmallScale if scale.name == value]
        return Evidence.objects.at_scale(*scales)


class TierFilter(EvidenceFilter):
    title = "tier of support"
    parameter_name = "tier"
    offered = tuple((tier.label, tier.label) for tier in reversed(Tier))

    def evidence(self, value: str) -> EvidenceQuerySet:
        return Evidence.objects.at_tier(*(tier for tier in Tier if tier.label == value))


class MethodClassFilter(EvidenceFilter):
    title = "class of method"
    parameter_name = "method_class"
    offered = tuple((each.name.lower(), each.label) for each in MethodClass)

    def evidence(self, value: str) -> EvidenceQuerySet:
        classes = [each for each in MethodClass if each.name.lower() == value]
        return Evidence.objects.of_class(*classes)


class SingleSourceFilter(EvidenceFilter):
    title = "number of databases"
    parameter_name = "single_source"
    offered = (("true", "one only"), ("false", "two or more"))

    def evidence(self, value: str) -> EvidenceQuerySet:
        if value == "true":
            return Evidence.objects.from_single_source()
        return Evidence.objects.from_several_sources()


class OtherSourceFilter(SourceFilter):
    """By a database that must not be among those of the evidence."""

    title = "database left out"
    parameter_name = "exclude_source"

    def evidence(self, value: str) -> EvidenceQuerySet:
        return Evidence.objects.all().not_linked_by(links_to_sources(value))


#: The filters by evidence of each list whose records have it.
EVIDENCE_FILTERS: Final = (
    SourceFilter,
    OtherSourceFilter,
    SingleSourceFilter,
    MethodFilter,
    MethodClassFilter,
    SmallScaleFilter,
    TierFilter,
)
