from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, Q, QuerySet
from django.forms import ModelChoiceField, ModelForm
from django.http import HttpRequest
from django.utils.safestring import SafeString

from curation.admin.base import CurationAdmin, curator, drop_pins
from curation.admin.evidence_html import evidence_html
from curation.admin.filters import MethodFilter, SmallScaleFilter, SourceFilter, SpeciesFilter
from curation.admin.search import proteins_meant
from curation.importing.lock import wait_for_import
from curation.models import RecordKind
from curation.pins import pin_changes, site_values
from proteins.models import BindingSite, Evidence


@admin.register(BindingSite)
class BindingSiteAdmin(CurationAdmin[BindingSite]):
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

    def get_queryset(self, request: HttpRequest) -> QuerySet[BindingSite]:
        return super().get_queryset(request).prefetch_related("evidence__sources__via")

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

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        if db_field.name == "evidence":
            kwargs["queryset"] = Evidence.objects.with_content()
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "evidence" and field is not None:
            field.widget.attrs["data-width"] = "75%"
        return field

    def get_view_on_site_url(self, obj: BindingSite | None = None) -> str | None:
        return obj.tf.get_absolute_url() if obj is not None else None

    @admin.display(description="databases")
    def databases(self, site: BindingSite) -> str:
        return ", ".join(str(source) for source in site.evidence.sources.all())

    @admin.display(description="supported by")
    def supported_by(self, site: BindingSite) -> SafeString:
        return evidence_html(Evidence.objects.with_content().get(pk=site.evidence_id))
