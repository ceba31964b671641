"""Species, databases, datasets, detection methods, and the shared evidence that names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet, URLField
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from curation.admin.base.admin import ChangedByRight, ReadOnlyAdmin
from curation.admin.base.filters import EVIDENCE_FILTERS
from curation.admin.base.search import evidence_meant
from curation.admin.editing.evidence_html import evidence_html
from curation.admin.editing.vocabulary import Row, VocabularyAdmin
from curation.admin.vocabulary_forms import DetectionMethodForm, SourceDatabaseForm
from curation.models import VocabularyKind
from proteins.domain.fold import fold
from proteins.domain.identifiers import shown
from proteins.domain.statements import CURATED_HERE
from proteins.models import (
    Dataset,
    DetectionMethod,
    Evidence,
    ReviewReason,
    SourceDatabase,
    Taxon,
    TaxonName,
)
from proteins.models.querysets import EvidenceQuerySet

if TYPE_CHECKING:
    _Inline = admin.StackedInline[TaxonName, Taxon]
    _FormSet = BaseInlineFormSet[TaxonName, Taxon, ModelForm[TaxonName]]
else:
    _Inline, _FormSet = admin.StackedInline, BaseInlineFormSet


class TaxonNames(_FormSet):
    """The other names of one species, each once."""

    def clean(self) -> None:
        super().clean()
        folds: set[str] = set()
        for form in self.forms:
            name = form.cleaned_data.get("name", "")
            if not name or form in self.deleted_forms:
                continue
            if fold(name) in folds:
                raise ValidationError(f"{shown(name)} is given twice.")
            folds.add(fold(name))


class TaxonNameInline(ChangedByRight, _Inline):
    """Strains, synonyms and common names; whoever may change the species may change them."""

    model = TaxonName
    formset = TaxonNames
    extra = 1

    def has_view_permission(self, request: HttpRequest, obj: Taxon | None = None) -> bool:
        return True


@admin.register(Taxon)
class TaxonAdmin(VocabularyAdmin[Taxon]):
    kind = VocabularyKind.TAXON
    inlines = (TaxonNameInline,)
    list_display = ("scientific_name", "code", "ncbi_taxon_id")
    sortable_by = ("scientific_name", "code", "ncbi_taxon_id")
    search_fields = ("scientific_name", "=code", "=ncbi_taxon_id", "names__name")
    search_help_text = "Words of a name, the two letters of a species, or an NCBI taxon ID."
    nothing_yet = "The vocabulary comes with `manage.py migrate`."
    # Documents, pins and histories name a species by it.
    fixed_once_made = ("ncbi_taxon_id", "scientific_name")


class ConfirmedAdmin(VocabularyAdmin[Row]):
    """Vocabularies that tiers follow from: a change that concerns many interactions wants their
    number typed."""

    def get_fields(self, request: HttpRequest, obj: Row | None = None) -> Any:
        fields = super().get_fields(request, obj)
        if obj is not None and self.has_change_permission(request, obj):
            return fields
        return [name for name in fields if name != "confirmed_number"]


@admin.register(SourceDatabase)
class SourceDatabaseAdmin(ConfirmedAdmin[SourceDatabase]):
    kind = VocabularyKind.SOURCE
    form = SourceDatabaseForm
    list_display = (
        "key",
        "name",
        "via",
        "publication",
        "url",
        "version",
        "version_date",
        "licence",
        "is_aggregator",
    )
    list_select_related = ("via", "publication")
    list_filter = (
        *(
            (field, admin.EmptyFieldListFilter)
            for field in ("via", "publication", "version", "licence")
        ),
        "is_aggregator",
    )
    sortable_by = ("key", "name")
    search_fields = ("key", "name", "=publication__pmid")
    search_help_text = "Part of the name, or the PubMed ID of the database's own paper."
    nothing_yet = "The vocabulary comes with `manage.py migrate`."
    autocomplete_fields = ("via", "publication")
    # What Django 6.0 does by itself.
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    fixed_once_made = ("key",)


@admin.register(Dataset)
class DatasetAdmin(VocabularyAdmin[Dataset]):
    kind = VocabularyKind.DATASET
    list_display = ("name", "source", "version", "version_date", "licence", "is_share_alike")
    list_select_related = ("source",)
    list_filter = (
        "is_share_alike",
        "source__is_aggregator",
        ("licence", admin.EmptyFieldListFilter),
    )
    sortable_by = ("name",)
    search_fields = ("name", "licence")
    search_help_text = "Part of the name, or of the licence."
    nothing_yet = "Datasets come with the files of statements that are imported."
    autocomplete_fields = ("source",)
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    # The keys of statements, and what they add to the support of interactions, rest on these.
    fixed_once_made = ("name", "source")

    def why_not_deleted(self, record: Dataset) -> str:
        if fold(record.name) == fold(CURATED_HERE):
            return "what curators state here belongs to it."
        return super().why_not_deleted(record)


@admin.register(DetectionMethod)
class DetectionMethodAdmin(ConfirmedAdmin[DetectionMethod]):
    kind = VocabularyKind.METHOD
    form = DetectionMethodForm
    list_display = ("name", "psi_mi_id", "method_class", "identifies_participant_only")
    list_filter = (
        ("psi_mi_id", admin.EmptyFieldListFilter),
        "method_class",
        "identifies_participant_only",
    )
    sortable_by = ("name", "psi_mi_id")
    search_fields = ("name", "psi_mi_id")
    search_help_text = "Words of the name, or a PSI-MI ID such as MI:0402."
    nothing_yet = "The vocabulary comes with `manage.py migrate`."
    fixed_once_made = ("name",)


@admin.register(ReviewReason)
class ReviewReasonAdmin(VocabularyAdmin[ReviewReason]):
    kind = VocabularyKind.REVIEW_REASON
    list_display = ("name", "meaning")
    sortable_by = ("name",)
    search_fields = ("name", "meaning")
    search_help_text = "Words of a reason, or of when to choose it."
    nothing_yet = "The reasons of reviews come with `manage.py migrate`."
    # Histories name a reason by it.
    fixed_once_made = ("name",)


@admin.register(Evidence)
class EvidenceAdmin(ReadOnlyAdmin[Evidence]):
    """Evidence is shared by many interactions and never changes; an interaction is pointed
    at another row instead."""

    list_display = ("__str__", "method_names", "citation_count", "small_scale", "tier")
    list_filter = EVIDENCE_FILTERS
    ordering = ("id",)
    search_fields = ("digest",)  # never searched: `matching` says how it is done
    search_help_text = "Databases, detection methods, PubMed IDs, small-scale; several at once."
    nothing_yet = "Evidence comes with the interactions and binding sites that it supports."
    fields = ("content", "supports")
    readonly_fields = ("content", "supports")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Stay out of the lists: people change what supports an interaction on its own page,
        and come here by links only."""
        return False

    def get_queryset(self, request: HttpRequest) -> EvidenceQuerySet:
        return Evidence.objects.with_content().order_by("id")

    def matching(
        self, request: HttpRequest, queryset: QuerySet[Evidence], text: str
    ) -> EvidenceQuerySet:
        assert isinstance(queryset, EvidenceQuerySet)  # noqa: S101  (by `get_queryset`)
        return evidence_meant(queryset, text)

    @admin.display(description="detection methods")
    def method_names(self, evidence: Evidence) -> str:
        return ", ".join(str(method) for method in evidence.methods.all())

    @admin.display(description="content")
    def content(self, evidence: Evidence) -> SafeString:
        return evidence_html(evidence)

    @admin.display(description="supports")
    def supports(self, evidence: Evidence) -> SafeString:
        return format_html(
            '<a href="{}?evidence={}">interactions</a>, <a href="{}?evidence={}">binding sites</a>',
            reverse("admin:proteins_interaction_changelist"),
            evidence.pk,
            reverse("admin:proteins_bindingsite_changelist"),
            evidence.pk,
        )
