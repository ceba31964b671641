from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from curation import actions
from curation.accounts import drafts
from curation.admin.base.admin import curator
from curation.admin.base.autocomplete import is_id
from curation.admin.base.filters import (
    EVIDENCE_FILTERS,
    EffectFilter,
    ReportingFilter,
    SpeciesFilter,
    StatusFilter,
)
from curation.admin.base.search import interactions_meant
from curation.admin.citation import LiteratureFilter
from curation.admin.editing.form import RecordForm
from curation.admin.editing.supported import SupportedAdmin, SupportedForm, united_fields
from curation.admin.editing.verbs import VerbForm
from curation.admin.review_form import PublicReasonFields
from curation.admin.statement_links import statements_html
from curation.admin.verbs import ReviewAdmin
from curation.admin.verbs_in_lists import ReviewActions
from curation.checks.sense import Doubt, doubts_about_pair
from curation.models import Proposal, RecordKind, Revision
from curation.permissions import Right, may
from curation.records.review import PUBLIC_FIELDS
from proteins.models import Interaction


class InteractionForm(PublicReasonFields, VerbForm[Interaction], SupportedForm[Interaction]):
    kind = RecordKind.INTERACTION

    class Meta:
        model = Interaction
        fields = ("tf", "target", "effect")

    def doubts(self) -> list[Doubt]:
        if self.instance.pk:
            return super().doubts()
        pair = self.cleaned_data["tf"], self.cleaned_data["target"]
        return doubts_about_pair(*pair) + super().doubts()


@admin.register(Interaction)
class InteractionAdmin(ReviewActions, ReviewAdmin, SupportedAdmin[Interaction]):
    kind = RecordKind.INTERACTION
    form = InteractionForm
    new_ones_are_proposed = True
    change_list_template = "admin/curation/interaction_list.html"
    list_display = (
        "__str__",
        "status",
        "effect",
        "tier",
        "species",
        "databases",
        "publications",
        "small_scale",
    )
    list_filter = (
        StatusFilter,
        SpeciesFilter,
        *EVIDENCE_FILTERS,
        EffectFilter,
        ReportingFilter,
        LiteratureFilter,
    )
    list_select_related = ("tf__taxon", "target", "evidence")
    ordering = ("tf_id", "target_id")
    large_table = True
    search_fields = ("tf__accession",)  # `matching` says how it is done
    search_help_text = (
        "The start of an accession or a name, a gene ID, a PubMed ID, or a pair: GAL4-AFR1, "
        "Q9UK53-Q07812. "
        "Of several words each must be found."
    )
    nothing_yet = "Interactions come with imports: upload pages or a table."
    autocomplete_fields = ("tf", "target")
    fixed_once_made = ("tf", "target")
    readonly_fields = ("verdict", "statements", "publications_now", "reporting", "changed_at")
    fieldsets = (
        (None, {"fields": ("tf", "target", "verdict", "effect")}),
        (
            "What readers are told of the review",
            {
                "fields": PUBLIC_FIELDS,
                "description": "For readers, beside the reason below, which stays at the desk.",
            },
        ),
        ("Statements", {"fields": ("statements",)}),
        (
            "Supported by",
            {"fields": ("sources", "methods", "pmids", "publications_now", "small_scale")},
        ),
        ("Current state", {"fields": ("reporting", "changed_at")}),
    )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"may_add_from": may(curator(request), Right.PROPOSE), **(extra_context or {})}
        return super().changelist_view(request, context)

    def matching(
        self, request: HttpRequest, queryset: QuerySet[Interaction], text: str
    ) -> QuerySet[Interaction]:
        return queryset.filter(interactions_meant(request, text))

    def amend(
        self, request: HttpRequest, obj: Interaction, form: RecordForm[Interaction], reason: str
    ) -> Revision | None:
        return actions.amend_interaction(
            user=curator(request),
            interaction=obj,
            values=form.changes,
            reason=reason,
            seen=form.cleaned_data["seen"],
        )

    # Adding a pair that is there

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method == "POST" and object_id is None and self.correction(request) is None:
            existing = self._existing(request)
            if existing is not None and self.has_change_permission(request, existing):
                return self._lead_to(request, existing, extra_context)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _existing(self, request: HttpRequest) -> Interaction | None:
        """Return the interaction of the two that the form to add one names."""
        form = self.get_form(request)(request.POST)
        tf, target = (str(form[name].data or "") for name in ("tf", "target"))
        if not (is_id(tf) and is_id(target)):
            return None
        return Interaction.objects.filter(tf=int(tf), target=int(target)).first()

    def _lead_to(
        self,
        request: HttpRequest,
        existing: Interaction,
        extra_context: dict[str, Any] | None,
    ) -> HttpResponse:
        """Show the form of the interaction that is there, with what was typed added to it."""
        form = self.get_form(request, existing, change=True)(instance=existing)
        fields = united_fields(form.initial, request.POST)
        fields[drafts.FIELD] = request.POST.get(drafts.FIELD, "")
        request.POST = fields  # type: ignore[assignment]
        request.draft_moves = True  # type: ignore[attr-defined]
        request.refusal = ValidationError(  # type: ignore[attr-defined]
            f"{existing} is there already. What you typed is added to it below; save it if "
            "that is what you mean."
        )
        url = self.url_of("change", existing.pk)
        return self._changeform_view(  # type: ignore[attr-defined,no-any-return]
            request, str(existing.pk), url, extra_context
        )

    def add(
        self, request: HttpRequest, obj: Interaction, form: RecordForm[Interaction], reason: str
    ) -> None:
        added = actions.add_interaction(
            user=curator(request), tf=obj.tf, target=obj.target, values=form.changes, reason=reason
        )
        obj.pk = added.pk

    def propose(
        self,
        request: HttpRequest,
        obj: Interaction,
        form: RecordForm[Interaction],
        change: bool,
        reason: str,
    ) -> Proposal:
        if change:
            return super().propose(request, obj, form, change, reason)
        return actions.propose_interaction(
            user=curator(request), tf=obj.tf, target=obj.target, values=form.changes, reason=reason
        )

    def remove(self, request: HttpRequest, record: Model, reason: str, seen: int) -> None:
        assert isinstance(record, Interaction)  # noqa: S101  (it is what this admin is of)
        actions.remove_interaction(
            user=curator(request), interaction=record, reason=reason, seen=seen
        )

    def why_not_deleted(self, record: Interaction) -> str:
        return super().why_not_deleted(record) or actions.why_not_removed(record)

    @admin.display(description="what sources say of it")
    def statements(self, interaction: Interaction) -> SafeString | str:
        return statements_html(interaction)

    @admin.display(description="species")
    def species(self, interaction: Interaction) -> str:
        return interaction.tf.taxon.scientific_name

    @admin.display(description="publications")
    def publications(self, interaction: Interaction) -> int:
        return interaction.evidence.citation_count

    @admin.display(description="small-scale")
    def small_scale(self, interaction: Interaction) -> str:
        return interaction.evidence.get_small_scale_display()

    @admin.display(description="tier")
    def tier(self, interaction: Interaction) -> str:
        return interaction.evidence.get_tier_display()
