from __future__ import annotations

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from curation.admin.base.admin import ProteinPartAdmin
from curation.admin.base.filters import SpeciesFilter
from curation.admin.base.search import proteins_meant
from proteins.models import JasparMatrix


@admin.register(JasparMatrix)
class JasparMatrixAdmin(ProteinPartAdmin[JasparMatrix]):
    list_display = ("matrix_id", "protein")
    list_filter = (SpeciesFilter,)
    ordering = ("matrix_id", "id")
    search_fields = ("matrix_id",)
    search_help_text = "The start of a matrix ID, or of a protein's accession or name."
    nothing_yet = "Matrices come with the pages of TFs, and are changed on the page of a protein."

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[JasparMatrix], search_term: str
    ) -> tuple[QuerySet[JasparMatrix], bool]:
        text = search_term.strip()
        if text:
            queryset = queryset.filter(
                Q(matrix_id__prefix=text.upper()) | Q(protein__in=proteins_meant(request, text))
            )
        return queryset, False
