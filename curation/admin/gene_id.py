from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from curation.admin.base.admin import ProteinPartAdmin
from curation.admin.base.filters import SpeciesFilter
from curation.admin.base.search import proteins_meant
from proteins.models import GeneID


@admin.register(GeneID)
class GeneIDAdmin(ProteinPartAdmin[GeneID]):
    list_display = ("ncbi_gene_id", "protein")
    list_filter = (SpeciesFilter,)
    ordering = ("ncbi_gene_id", "id")
    search_fields = ("=ncbi_gene_id",)
    search_help_text = "An NCBI gene ID, or the start of a protein's accession or name."
    nothing_yet = "Gene IDs come with proteins, and are changed on the page of a protein."

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[GeneID], search_term: str
    ) -> tuple[QuerySet[GeneID], bool]:
        # A gene ID finds every gene ID of the proteins that have it.
        if search_term.strip():
            queryset = queryset.filter(protein__in=proteins_meant(request, search_term))
        return queryset, False
