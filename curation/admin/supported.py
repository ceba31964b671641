"""What the admin of interactions and of binding sites has in common: a TF, and evidence."""

from __future__ import annotations

from typing import Any, TypeVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from curation.admin.evidence_html import evidence_html
from curation.admin.record_admin import RecordAdmin
from curation.admin.record_form import RecordForm
from curation.importing.three_way import evidence_as_json
from curation.records import Values
from proteins import identifiers
from proteins.evidence_content import EvidenceContent, SmallScale
from proteins.models import BindingSite, DetectionMethod, Evidence, Interaction, SourceDatabase

Supported = TypeVar("Supported", bound=Interaction | BindingSite)

SCALES = [(scale.label, scale.label) for scale in reversed(SmallScale)]


class SupportedForm(RecordForm[Supported]):
    """A form in which evidence is what a biologist knows: databases, methods, publications."""

    sources = forms.ModelMultipleChoiceField(
        SourceDatabase.objects.with_publication(),
        to_field_name="key",
        required=False,
        label="source databases",
    )
    methods = forms.ModelMultipleChoiceField(
        DetectionMethod.objects.all(),
        to_field_name="name",
        required=False,
        label="detection methods",
    )
    pmids = forms.CharField(
        label="publications",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60, "spellcheck": "false"}),
        help_text="PubMed IDs; paste as many as you like, separated by anything.",
    )
    small_scale = forms.ChoiceField(choices=SCALES, label="small-scale evidence")

    def shown(self, name: str, value: Any) -> dict[str, Any]:
        if name != "evidence":
            return super().shown(name, value)
        return {**value, "pmids": ", ".join(str(pmid) for pmid in value["pmids"])}

    def field_for(self, name: str) -> str:
        return "sources" if name == "evidence" else name

    def said(self) -> Values:
        said = super().said()
        content = EvidenceContent.of(
            (source.key for source in self.cleaned_data["sources"]),
            (method.name for method in self.cleaned_data["methods"]),
            self.cleaned_data["pmids"],
            SmallScale[self.cleaned_data["small_scale"].upper().replace(" ", "_")],
        )
        return {**said, "evidence": evidence_as_json(content)}

    def clean_pmids(self) -> list[int]:
        words = self.cleaned_data["pmids"].replace(",", " ").replace(";", " ").split()
        try:
            return sorted({identifiers.parse_pmid(word) for word in words})
        except identifiers.IdentifierError as error:
            raise forms.ValidationError(str(error)) from error


class SupportedAdmin(RecordAdmin[Supported]):
    def get_queryset(self, request: HttpRequest) -> QuerySet[Supported]:
        return super().get_queryset(request).prefetch_related("evidence__sources__via")

    @admin.display(description="databases")
    def databases(self, record: Supported) -> str:
        return ", ".join(str(source) for source in record.evidence.sources.all())

    @admin.display(description="supported by")
    def supported_by(self, record: Supported) -> SafeString:
        return evidence_html(Evidence.objects.with_content().get(pk=record.evidence_id))
