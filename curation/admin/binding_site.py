from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from curation import actions
from curation.admin.base.admin import curator
from curation.admin.base.filters import EVIDENCE_FILTERS, SpeciesFilter
from curation.admin.base.search import pmid_meant, proteins_meant
from curation.admin.citation import LiteratureFilter
from curation.admin.editing.form import RecordForm
from curation.admin.editing.supported import SupportedAdmin, SupportedForm
from curation.models import RecordKind, Revision
from proteins.domain.binding_sites import SITE_FIELDS
from proteins.models import BindingSite, Evidence


class BindingSiteForm(SupportedForm[BindingSite]):
    kind = RecordKind.BINDING_SITE

    class Meta:
        model = BindingSite
        fields = ("tflink_id", "tf", *SITE_FIELDS)
        widgets: ClassVar[dict[str, Any]] = {"sequence": forms.Textarea(attrs={"rows": 3})}


@admin.register(BindingSite)
class BindingSiteAdmin(SupportedAdmin[BindingSite]):
    kind = RecordKind.BINDING_SITE
    form = BindingSiteForm
    list_display = ("tflink_id", "tf", "assembly", "position", "strand", "databases", "overlaps")
    list_filter = (
        SpeciesFilter,
        *EVIDENCE_FILTERS,
        LiteratureFilter,
    )
    list_select_related = ("tf", "evidence")
    ordering = ("tf_id", "tflink_id")
    large_table = True
    search_fields = ("tflink_id",)
    search_help_text = (
        "The start of a TFLink ID, or of the TF's accession or name; a gene ID; PMID 27924024."
    )
    nothing_yet = "Binding sites come with the pages of their TFs: upload pages."
    autocomplete_fields = ("tf",)
    fixed_once_made = ("tflink_id", "tf")
    readonly_fields = ("publications_now",)
    fieldsets = (
        (None, {"fields": ("tflink_id", "tf")}),
        (
            "Place",
            {
                "fields": (
                    "assembly",
                    "chromosome",
                    ("start", "end"),
                    "strand",
                    "overlaps",
                    "sequence",
                )
            },
        ),
        (
            "Supported by",
            {"fields": ("sources", "methods", "pmids", "publications_now", "small_scale")},
        ),
    )

    def matching(
        self, request: HttpRequest, queryset: QuerySet[BindingSite], text: str
    ) -> QuerySet[BindingSite]:
        if text.lower().startswith("tflink"):
            return queryset.filter(Q(tflink_id__prefix=f"TFLink{text[6:].upper()}"))
        if text.lower().startswith("pmid") and (pmid := pmid_meant(text)) is not None:
            return queryset.filter(evidence__in=Evidence.objects.citing(pmid).values("pk"))
        return queryset.filter(tf__in=proteins_meant(request, text))

    def amend(
        self, request: HttpRequest, obj: BindingSite, form: RecordForm[BindingSite], reason: str
    ) -> Revision | None:
        return actions.amend_binding_site(
            user=curator(request),
            site=obj,
            values=form.changes,
            reason=reason,
            seen=form.cleaned_data["seen"],
        )
