from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from curation.admin.base.admin import ReadOnlyAdmin
from curation.admin.base.search import proteins_meant
from proteins.models import SecondaryAccession


@admin.register(SecondaryAccession)
class SecondaryAccessionAdmin(ReadOnlyAdmin[SecondaryAccession]):
    """Accessions that were merged into others; merging is done on the page of a protein."""

    list_display = ("accession", "protein")
    list_select_related = ("protein",)
    ordering = ("accession",)
    sortable_by = ("accession",)
    search_fields = ("accession",)  # `get_search_results` says how it is done
    search_help_text = "An accession, or what finds the protein that it belongs to now."
    nothing_yet = "No accession was merged into another yet."
    fields = ("accession", "protein")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[SecondaryAccession], search_term: str
    ) -> tuple[QuerySet[SecondaryAccession], bool]:
        text = search_term.strip()
        if text:
            former = queryset.filter(accession=text.upper())
            found = former or queryset.filter(protein__in=proteins_meant(request, text))
            return found, False
        return queryset, False
