"""Filters by what PubMed says of the publications that support something."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest

from curation.admin.base.filters import EvidenceFilter
from proteins.models import Citation, Evidence, PubMedStatus
from proteins.models.querysets import EvidenceQuerySet

RETRACTED = "retracted"
UNKNOWN = "unknown"


class LiteratureFilter(EvidenceFilter):
    """Of what evidence supports: those that cite a publication that calls for a look."""

    title = "literature"
    parameter_name = "literature"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [
            (RETRACTED, "cites a retracted publication"),
            (UNKNOWN, "cites a publication that PubMed does not know"),
        ]

    def evidence(self, value: str) -> EvidenceQuerySet:
        if value == RETRACTED:
            return Evidence.objects.citing_any_of(Citation.objects.retracted())
        if value == UNKNOWN:
            return Evidence.objects.citing_any_of(Citation.objects.unknown_to_pubmed())
        return Evidence.objects.none()


class PubMedStatusFilter(SimpleListFilter):
    """Of publications: what PubMed said of them."""

    title = "PubMed"
    parameter_name = "pubmed_status"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        statuses = [(str(status.value), status.label) for status in PubMedStatus]
        return [*statuses, (RETRACTED, "retracted")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Citation]) -> QuerySet[Citation]:
        value = self.value()
        if value == RETRACTED:
            return queryset.filter(is_retracted=True)
        if value in {str(status.value) for status in PubMedStatus}:
            return queryset.filter(pubmed_status=value)
        return queryset
