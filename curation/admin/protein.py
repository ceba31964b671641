from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Field, ForeignKey, QuerySet
from django.forms import BaseModelFormSet, ModelChoiceField, ModelForm
from django.forms import Field as FormField
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from curation.admin.base import (
    CurationAdmin,
    ProteinPartInline,
    drop_pins,
    mark_changed,
    pin_protein,
    protein_as_stored,
)
from curation.admin.filters import FunctionFilter, SpeciesFilter
from curation.models import RecordKind
from proteins.models import GeneID, JasparMatrix, Ortholog, Protein
from proteins.querysets import ProteinQuerySet


class GeneIDInline(ProteinPartInline[GeneID]):
    model = GeneID


class JasparMatrixInline(ProteinPartInline[JasparMatrix]):
    model = JasparMatrix


class OrthologInline(ProteinPartInline[Ortholog]):
    model = Ortholog

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "taxon" and field is not None:
            # Read once, not once for each row of the form.
            field.choices = list(field.iterator(field))
        return field

    def formfield_for_dbfield(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> FormField | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            # Species are few and settled: no icons for them in each row.
            for offer in ("add", "change", "delete", "view"):
                setattr(field.widget, f"can_{offer}_related", False)
        return field


@admin.register(Protein)
class ProteinAdmin(CurationAdmin[Protein]):
    list_display = (
        "accession",
        "shown_name",
        "taxon",
        "genes",
        "function",
        "target_count",
        "tf_count",
    )
    list_filter = (SpeciesFilter, FunctionFilter, "has_page")
    list_select_related = ("taxon",)
    sortable_by = ("accession", "shown_name", "target_count", "tf_count")
    search_fields = ("accession",)  # `get_search_results` says how it is done
    search_help_text = "The start of an accession or a name, or an NCBI gene ID."
    autocomplete_fields = ("taxon",)
    fixed_once_made = ("accession", "taxon")
    readonly_fields = ("interactions", "declared_interactions", "has_page", "changed_at")
    fieldsets = (
        (None, {"fields": ("accession", "name", "taxon")}),
        ("Declared function", {"fields": ("declared_tf", "declared_target")}),
        (
            "As it stands",
            {"fields": ("interactions", "declared_interactions", "has_page", "changed_at")},
        ),
    )
    inlines = (GeneIDInline, JasparMatrixInline, OrthologInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Protein]:
        return super().get_queryset(request).prefetch_related("gene_ids")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Protein], search_term: str
    ) -> tuple[QuerySet[Protein], bool]:
        assert isinstance(queryset, ProteinQuerySet)  # noqa: S101  (by the model's manager)
        return (queryset.matching(search_term) if search_term.strip() else queryset), False

    def save_model(
        self, request: HttpRequest, obj: Protein, form: ModelForm[Protein], change: bool
    ) -> None:
        if change:
            # Before the first write; `save_related` compares after the last.
            form.protein_before = protein_as_stored(obj.pk)  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def delete_model(self, request: HttpRequest, obj: Protein) -> None:
        drop_pins(RecordKind.PROTEIN, obj.pk)
        super().delete_model(request, obj)

    def save_related(
        self,
        request: HttpRequest,
        form: ModelForm[Protein],
        formsets: list[BaseModelFormSet[Any, Any]],
        change: bool,
    ) -> None:
        super().save_related(request, form, formsets, change)
        if any(formset.has_changed() for formset in formsets):
            mark_changed(form.instance.pk)
        if change:
            before = form.protein_before  # type: ignore[attr-defined]
            pin_protein(request, form.instance.pk, before)

    @admin.display(description="name", ordering="name_key")
    def shown_name(self, protein: Protein) -> str:
        return protein.name

    @admin.display(description="NCBI gene IDs")
    def genes(self, protein: Protein) -> str:
        return ", ".join(str(gene) for gene in protein.gene_ids.all())

    @admin.display(description="interactions")
    def interactions(self, protein: Protein) -> SafeString | str:
        if not protein.pk:
            return "-"
        return format_html(
            '<a href="{}?q={}">{} targets, {} TFs</a>',
            reverse("admin:proteins_interaction_changelist"),
            protein.accession,
            f"{protein.target_count:,}",
            f"{protein.tf_count:,}",
        )
