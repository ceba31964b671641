from __future__ import annotations

from django.contrib import admin
from django.db.models import URLField

from curation.admin.base.admin import VocabularyAdmin
from proteins.models import SourceDatabase


@admin.register(SourceDatabase)
class SourceDatabaseAdmin(VocabularyAdmin[SourceDatabase]):
    list_display = ("key", "name", "via", "publication", "url", "version", "licence")
    list_select_related = ("via", "publication")
    list_filter = tuple(
        (field, admin.EmptyFieldListFilter)
        for field in ("via", "publication", "version", "licence")
    )
    sortable_by = ("key", "name")
    search_fields = ("key", "name", "=publication__pmid")
    search_help_text = "Part of the name, or the PubMed ID of the database's own paper."
    nothing_yet = "The vocabulary comes with `manage.py migrate`."
    autocomplete_fields = ("via", "publication")
    # What Django 6.0 does by itself.
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    fixed_once_made = ("key",)
