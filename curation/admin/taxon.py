from __future__ import annotations

from django.contrib import admin

from curation.admin.base.admin import VocabularyAdmin
from proteins.models import Taxon


@admin.register(Taxon)
class TaxonAdmin(VocabularyAdmin[Taxon]):
    list_display = ("scientific_name", "code", "ncbi_taxon_id")
    sortable_by = ("scientific_name", "code", "ncbi_taxon_id")
    search_fields = ("scientific_name", "=code", "=ncbi_taxon_id")
    search_help_text = "Words of the name, the two letters of a species, or an NCBI taxon ID."
    nothing_yet = "The vocabulary comes with `manage.py migrate`."
    # Documents, pins and histories name a species by it.
    fixed_once_made = ("ncbi_taxon_id", "scientific_name")
