"""Publications, and filters by their status at PubMed."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from curation import actions
from curation.admin.base.admin import curator
from curation.admin.base.filters import ColumnFilter, EvidenceFilter, OfferedFilter
from curation.admin.base.search import pmid_meant
from curation.admin.citation_lookup import LookupAdmin
from curation.admin.cited_by import cited_by_html
from curation.admin.editing.form import RecordForm
from curation.admin.papers.pages import PaperAdmin
from curation.checks.sense import Doubt, doubts_about_pmids
from curation.models import RecordKind, Revision
from proteins.domain import links
from proteins.models import Citation, Evidence, PubMedStatus, SourceDatabase
from proteins.models.querysets import CitationQuerySet, EvidenceQuerySet

RETRACTED = "retracted"
UNKNOWN = "unknown"


class LiteratureFilter(EvidenceFilter):
    """Of what evidence supports: those that cite a publication that calls for a look."""

    title = "literature"
    parameter_name = "literature"
    offered = (
        (RETRACTED, "cites a retracted publication"),
        (UNKNOWN, "cites a publication that PubMed does not know"),
    )

    def evidence(self, value: str) -> EvidenceQuerySet:
        if value == RETRACTED:
            return Evidence.objects.citing_any_of(Citation.objects.retracted())
        if value == UNKNOWN:
            return Evidence.objects.citing_any_of(Citation.objects.unknown_to_pubmed())
        return Evidence.objects.none()


class PubMedStatusFilter(ColumnFilter):
    """Publications by PubMed's answer."""

    title = "PubMed"
    parameter_name = "pubmed_status"
    offered = (*PubMedStatus.choices, (RETRACTED, "retracted"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Citation]) -> QuerySet[Citation]:
        if self.value() == RETRACTED:
            return queryset.filter(is_retracted=True)
        return super().queryset(request, queryset)


class KindFilter(OfferedFilter):
    title = "kind"
    parameter_name = "kind"
    offered = (("primary", "primary publication"), ("database", "a database's own paper"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Citation]) -> QuerySet[Citation]:
        described = SourceDatabase.objects.exclude(publication=None).values("publication")
        if self.value() == "database":
            return queryset.filter(pk__in=described)
        return queryset.exclude(pk__in=described) if self.value() == "primary" else queryset


class CitationForm(RecordForm[Citation]):
    kind = RecordKind.CITATION

    class Meta:
        model = Citation
        fields = ("pmid", "title", "authors", "journal", "year", "doi", "is_retracted")
        widgets: ClassVar[dict[str, Any]] = {
            "title": forms.Textarea(attrs={"rows": 2}),
            "authors": forms.Textarea(attrs={"rows": 2}),
        }

    def doubts(self) -> list[Doubt]:
        is_new = not self.instance.pk
        return doubts_about_pmids([self.cleaned_data["pmid"]], "pmid") if is_new else []


@admin.register(Citation)
class CitationAdmin(PaperAdmin, LookupAdmin):
    kind = RecordKind.CITATION
    form = CitationForm
    list_display = ("pmid", "title", "journal", "year", "paper_kind", "standing", "pubmed")
    list_filter = (KindFilter, PubMedStatusFilter, ("title", admin.EmptyFieldListFilter))
    sortable_by = ("pmid",)
    search_fields = ("title", "authors")
    search_help_text = "A PubMed ID, or words of the title or an author."
    nothing_yet = "Publications come with what cites them: upload pages or a table."
    fields = (
        "pmid",
        "pubmed",
        "cited_by",
        "title",
        "authors",
        "journal",
        "year",
        "doi",
        "is_retracted",
        "pubmed_status",
        "looked_up_at",
    )
    readonly_fields = ("pubmed", "pubmed_status", "looked_up_at", "cited_by")
    fixed_once_made = ("pmid",)

    def get_queryset(self, request: HttpRequest) -> CitationQuerySet:
        return Citation.objects.with_kind().order_by("pmid")

    def matching(
        self, request: HttpRequest, queryset: QuerySet[Citation], text: str
    ) -> QuerySet[Citation] | None:
        pmid = pmid_meant(text)
        return None if pmid is None else queryset.filter(pmid=pmid)

    def amend(
        self, request: HttpRequest, obj: Citation, form: RecordForm[Citation], reason: str
    ) -> Revision | None:
        return actions.amend_citation(
            user=curator(request),
            citation=obj,
            values=form.changes,
            reason=reason,
            seen=form.cleaned_data["seen"],
        )

    @admin.display(description="kind")
    def paper_kind(self, citation: Citation) -> str:
        own = getattr(citation, "is_database_paper", False)
        return "a database's own paper" if own else "primary publication"

    @admin.display(description="standing")
    def standing(self, citation: Citation) -> SafeString | str:
        if citation.warnings:
            return format_html("<strong>{}</strong>", ", ".join(citation.warnings))
        return citation.get_pubmed_status_display()

    @admin.display(description="PubMed")
    def pubmed(self, citation: Citation) -> SafeString | str:
        if not citation.pk:
            return "-"
        url = links.pubmed(citation.pmid)
        return format_html('<a href="{}" rel="noopener">open in PubMed</a>', url)

    @admin.display(description="cited by")
    def cited_by(self, citation: Citation) -> SafeString | str:
        return cited_by_html(citation) if citation.pk else "-"
