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

    def matching(
        self, request: HttpRequest, queryset: QuerySet[GeneID], text: str
    ) -> QuerySet[GeneID]:
        # A gene ID finds every gene ID of the proteins that have it.
        return queryset.filter(protein__in=proteins_meant(request, text))


@admin.register(JasparMatrix)
class JasparMatrixAdmin(ProteinPartAdmin[JasparMatrix]):
    list_display = ("matrix_id", "protein")
    list_filter = (SpeciesFilter,)
    ordering = ("matrix_id", "id")
    search_fields = ("matrix_id",)
    search_help_text = "The start of a matrix ID, or of a protein's accession or name."
    nothing_yet = "Matrices come with the pages of TFs, and are changed on the page of a protein."

    def matching(
        self, request: HttpRequest, queryset: QuerySet[JasparMatrix], text: str
    ) -> QuerySet[JasparMatrix]:
        of_protein = Q(protein__in=proteins_meant(request, text))
        return queryset.filter(Q(matrix_id__prefix=text.upper()) | of_protein)


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

    def matching(
        self, request: HttpRequest, queryset: QuerySet[Ortholog], text: str
    ) -> QuerySet[Ortholog]:
        of_protein = Q(protein__in=proteins_meant(request, text))
        return queryset.filter(Q(identifier__prefix=text) | of_protein)


@admin.register(SecondaryAccession)
class SecondaryAccessionAdmin(ReadOnlyAdmin[SecondaryAccession]):
    """Accessions that were merged into others; merging is done on the page of a protein."""

    list_display = ("accession", "protein")
    list_select_related = ("protein",)
    ordering = ("accession",)
    sortable_by = ("accession",)
    search_fields = ("accession",)  # `matching` says how it is done
    search_help_text = "An accession, or what finds the protein that it belongs to now."
    nothing_yet = "No accession was merged into another yet."
    fields = ("accession", "protein")

    def matching(
        self, request: HttpRequest, queryset: QuerySet[SecondaryAccession], text: str
    ) -> QuerySet[SecondaryAccession]:
        former = queryset.filter(accession=text.upper())
        return former or queryset.filter(protein__in=proteins_meant(request, text))
