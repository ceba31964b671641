"""What a protein has: gene IDs, matrices, orthologs, secondary accessions."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from curation.admin.base.admin import ProteinPartAdmin, ReadOnlyAdmin
from curation.admin.base.filters import SpeciesFilter
from curation.admin.base.search import proteins_meant
from proteins.models import GeneID, JasparMatrix, Ortholog, SecondaryAccession


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
            matches = former or queryset.filter(protein__in=proteins_meant(request, text))
            return matches, False
        return queryset, False
