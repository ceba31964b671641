from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from curation import actions
from curation.admin.base import curator
from curation.admin.filters import (
    EffectFilter,
    MethodFilter,
    ReportingFilter,
    SmallScaleFilter,
    SourceFilter,
    SpeciesFilter,
    StatusFilter,
)
from curation.admin.search import interactions_meant
from curation.admin.supported import SupportedAdmin
from proteins.models import Effect, Interaction, ReviewStatus


@admin.register(Interaction)
class InteractionAdmin(SupportedAdmin[Interaction]):
    list_display = (
        "__str__",
        "species",
        "databases",
        "publications",
        "small_scale",
        "effect",
        "status",
    )
    list_filter = (
        StatusFilter,
        SpeciesFilter,
        SourceFilter,
        MethodFilter,
        SmallScaleFilter,
        EffectFilter,
        ReportingFilter,
    )
    list_select_related = ("tf__taxon", "target", "evidence")
    ordering = ("tf_id", "target_id")
    large_table = True
    search_fields = ("tf__accession",)  # `get_search_results` says how it is done
    search_help_text = (
        "The start of an accession or a name, a gene ID, a PubMed ID, or a pair: Q9UK53-Q07812. "
        "Of several words each must be found."
    )
    autocomplete_fields = ("tf", "target", "evidence")
    fixed_once_made = ("tf", "target")
    readonly_fields = ("supported_by", "reporting", "changed_at")

    def get_fieldsets(self, request: HttpRequest, obj: Interaction | None = None) -> Any:
        pair = (None, {"fields": ("tf", "target")})
        if obj is None:
            return (pair, (None, {"fields": ("evidence", "effect", "status")}))
        return (
            pair,
            (None, {"fields": ("supported_by", "effect", "status", "reporting", "changed_at")}),
            (
                "Supported by other evidence",
                {
                    "fields": ("evidence",),
                    "description": (
                        "Evidence is shared and never changes: to correct it here, pick the "
                        "row that says what is right. Search by databases, methods and "
                        "PubMed IDs."
                    ),
                },
            ),
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Interaction], search_term: str
    ) -> tuple[QuerySet[Interaction], bool]:
        return queryset.filter(interactions_meant(request, search_term)), False

    def save_model(
        self, request: HttpRequest, obj: Interaction, form: ModelForm[Interaction], change: bool
    ) -> None:
        effect, status = Effect(obj.effect), ReviewStatus(obj.status)
        if change:
            actions.amend_interaction(
                interaction=obj,
                evidence=obj.evidence,
                effect=effect,
                status=status,
                user=curator(request),
            )
        else:
            added = actions.add_interaction(
                tf=obj.tf, target=obj.target, evidence=obj.evidence, effect=effect, status=status
            )
            obj.pk = added.pk

    def delete_model(self, request: HttpRequest, obj: Interaction) -> None:
        actions.remove_interaction(interaction=obj)

    def why_not_deleted(self, record: Interaction) -> str:
        return super().why_not_deleted(record) or actions.why_not_removed(record)

    @admin.display(description="species")
    def species(self, interaction: Interaction) -> str:
        return interaction.tf.taxon.scientific_name

    @admin.display(description="publications")
    def publications(self, interaction: Interaction) -> int:
        return interaction.evidence.citation_count

    @admin.display(description="small-scale")
    def small_scale(self, interaction: Interaction) -> str:
        return interaction.evidence.get_small_scale_display()
