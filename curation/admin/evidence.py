from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from curation.admin.base.admin import ReadOnlyAdmin
from curation.admin.base.filters import MethodFilter, SmallScaleFilter, SourceFilter
from curation.admin.base.search import evidence_meant
from curation.admin.editing.evidence_html import evidence_html
from proteins.models import Evidence
from proteins.models.querysets import EvidenceQuerySet


@admin.register(Evidence)
class EvidenceAdmin(ReadOnlyAdmin[Evidence]):
    """Evidence is shared by many interactions and never changes; an interaction is pointed
    at another row instead."""

    list_display = ("__str__", "method_names", "citation_count", "small_scale")
    list_filter = (SourceFilter, MethodFilter, SmallScaleFilter)
    ordering = ("id",)
    search_fields = ("digest",)  # never searched: `get_search_results` says how it is done
    search_help_text = "Databases, detection methods, PubMed IDs, small-scale; several at once."
    nothing_yet = "Evidence comes with the interactions and binding sites that it supports."
    fields = ("says", "supports")
    readonly_fields = ("says", "supports")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Stay out of the lists: people change what supports an interaction on its own page,
        and come here by links only."""
        return False

    def get_queryset(self, request: HttpRequest) -> EvidenceQuerySet:
        return Evidence.objects.with_content().order_by("id")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Evidence], search_term: str
    ) -> tuple[QuerySet[Evidence], bool]:
        assert isinstance(queryset, EvidenceQuerySet)  # noqa: S101  (by `get_queryset`)
        return evidence_meant(queryset, search_term), False

    @admin.display(description="detection methods")
    def method_names(self, evidence: Evidence) -> str:
        return ", ".join(str(method) for method in evidence.methods.all())

    @admin.display(description="what it says")
    def says(self, evidence: Evidence) -> SafeString:
        return evidence_html(evidence)

    @admin.display(description="supports")
    def supports(self, evidence: Evidence) -> SafeString:
        return format_html(
            '<a href="{}?evidence={}">interactions</a>, <a href="{}?evidence={}">binding sites</a>',
            reverse("admin:proteins_interaction_changelist"),
            evidence.pk,
            reverse("admin:proteins_bindingsite_changelist"),
            evidence.pk,
        )
