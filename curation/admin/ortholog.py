from __future__ import annotations

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from curation.admin.base.admin import ProteinPartAdmin
from curation.admin.base.filters import SpeciesFilter
from curation.admin.base.search import proteins_meant
from proteins.models import Ortholog


@admin.register(Ortholog)
class OrthologAdmin(ProteinPartAdmin[Ortholog]):
    list_display = ("identifier", "taxon", "protein", "in_tflink")
    list_filter = (SpeciesFilter,)
    list_select_related = ("protein", "taxon")
    ordering = ("identifier", "id")
    search_fields = ("identifier",)
    search_help_text = "The start of an identifier, or of a protein's accession or name."
    nothing_yet = "Orthologs come with proteins, and are changed on the page of a protein."
    large_table = True

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Ortholog], search_term: str
    ) -> tuple[QuerySet[Ortholog], bool]:
        text = search_term.strip()
        if text:
            queryset = queryset.filter(
                Q(identifier__prefix=text) | Q(protein__in=proteins_meant(request, text))
            )
        return queryset, False
