from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from curation.admin.base import curator, drop_pins
from curation.admin.filters import MethodFilter, SmallScaleFilter, SourceFilter, SpeciesFilter
from curation.admin.search import proteins_meant
from curation.admin.supported import SupportedAdmin
from curation.importing.lock import wait_for_import
from curation.models import RecordKind
from curation.pins import pin_changes, site_values
from proteins.models import BindingSite


@admin.register(BindingSite)
class BindingSiteAdmin(SupportedAdmin[BindingSite]):
    list_display = ("tflink_id", "tf", "assembly", "position", "strand", "databases", "overlaps")
    list_filter = (SpeciesFilter, SourceFilter, MethodFilter, SmallScaleFilter)
    list_select_related = ("tf", "evidence")
    ordering = ("tf_id", "tflink_id")
    large_table = True
    search_fields = ("tflink_id",)
    search_help_text = "The start of a TFLink ID, or of the TF's accession or name; a gene ID."
    autocomplete_fields = ("tf", "evidence")
    fixed_once_made = ("tflink_id", "tf")
    readonly_fields = ("supported_by",)

    def get_fields(self, request: HttpRequest, obj: BindingSite | None = None) -> Any:
        place = ("assembly", "chromosome", ("start", "end"), "strand", "overlaps", "sequence")
        shown = ("supported_by",) if obj is not None else ()
        return ("tflink_id", "tf", *place, *shown, "evidence")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[BindingSite], search_term: str
    ) -> tuple[QuerySet[BindingSite], bool]:
        text = search_term.strip()
        if text.lower().startswith("tflink"):
            queryset = queryset.filter(Q(tflink_id__prefix=f"TFLink{text[6:].upper()}"))
        elif text:
            queryset = queryset.filter(tf__in=proteins_meant(request, text))
        return queryset, False

    def save_model(
        self, request: HttpRequest, obj: BindingSite, form: ModelForm[BindingSite], change: bool
    ) -> None:
        if not change:
            super().save_model(request, obj, form, change)
            return
        wait_for_import()
        before = site_values(BindingSite.objects.get(pk=obj.pk))
        super().save_model(request, obj, form, change)
        pin_changes(
            kind=RecordKind.BINDING_SITE,
            record_id=obj.pk,
            before=before,
            after=site_values(BindingSite.objects.get(pk=obj.pk)),
            user=curator(request),
        )

    def delete_model(self, request: HttpRequest, obj: BindingSite) -> None:
        drop_pins(RecordKind.BINDING_SITE, obj.pk)
        super().delete_model(request, obj)
