"""What the admin of interactions and of binding sites has in common: a TF, and evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from curation.admin.editing.admin import RecordAdmin
from curation.admin.editing.evidence_html import owners_of, pubmed_link, warnings_html
from curation.admin.editing.form import RecordForm
from curation.admin.editing.pasted import PastedError, parse_pmids
from curation.checks.sense import Doubt, doubts_about_pmids
from curation.records import Values
from curation.shared.three_way import evidence_as_json
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.models import (
    BindingSite,
    Citation,
    DetectionMethod,
    Effect,
    Evidence,
    Interaction,
    SourceDatabase,
)

Supported = TypeVar("Supported", bound=Interaction | BindingSite)

SCALES = [(scale.label, scale.label) for scale in reversed(SmallScale)]
#: Publications that are listed openly; more are folded away.
LISTED = 10


class SupportedForm(RecordForm[Supported]):
    """A form in which evidence is in a biologist's terms: databases, methods, publications."""

    sources = forms.ModelMultipleChoiceField(
        SourceDatabase.objects.select_related("via"),
        to_field_name="key",
        required=False,
        label="Source databases",
        widget=forms.CheckboxSelectMultiple,
    )
    methods = forms.ModelMultipleChoiceField(
        DetectionMethod.objects.all(),
        to_field_name="name",
        required=False,
        label="Detection methods",
        widget=forms.CheckboxSelectMultiple,
    )
    pmids = forms.CharField(
        label="Publications",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60, "spellcheck": "false"}),
        validators=[MaxLengthValidator(100_000)],
        help_text=(
            "PubMed IDs, several at once, separated by anything; “PMID:” and addresses of PubMed "
            "are understood. Take one out to remove it."
        ),
    )
    small_scale = forms.ChoiceField(
        choices=SCALES,
        label="Small-scale evidence",
        widget=forms.RadioSelect,
        initial=SmallScale.NOT_STATED.label,
    )

    def shown(self, name: str, value: Any) -> dict[str, Any]:
        if name != "evidence":
            return super().shown(name, value)
        return {**value, "pmids": ", ".join(str(pmid) for pmid in value["pmids"])}

    def field_for(self, name: str) -> str:
        return "sources" if name == "evidence" else name

    def submitted_values(self) -> Values:
        submitted = super().submitted_values()
        content = EvidenceContent.of(
            (source.key for source in self.cleaned_data["sources"]),
            (method.name for method in self.cleaned_data["methods"]),
            self.cleaned_data["pmids"],
            SmallScale[self.cleaned_data["small_scale"].upper().replace(" ", "_")],
        )
        return {**submitted, "evidence": evidence_as_json(content)}

    def doubts(self) -> list[Doubt]:
        """Look at the publications that the form adds."""
        pmids = set(self.changes.get("evidence", {}).get("pmids", ()))
        if pmids and self.instance.pk:
            evidence = self.instance.evidence.citations.values_list("pmid", flat=True)
            pmids -= set(evidence)
        return doubts_about_pmids(pmids)

    def clean_pmids(self) -> list[int]:
        try:
            return parse_pmids(self.cleaned_data["pmids"])
        except PastedError as error:
            raise ValidationError([ValidationError(text) for text in error.problems]) from error

    def clean(self) -> dict[str, Any] | None:
        cleaned = self.cleaned_data
        if (
            {"sources", "pmids"} <= cleaned.keys()
            and not cleaned["sources"]
            and not cleaned["pmids"]
        ):
            self.add_error("sources", "Choose at least one source database, or a publication.")
        return super().clean()


def united_fields(initial: Mapping[str, Any], typed: QueryDict) -> QueryDict:
    """Return what the form of a record would send that shows what was typed for a new one, too.

    Lists are united; of what has one value, the value that was typed is taken where it says
    something.
    """
    fields = QueryDict(mutable=True)
    for name in ("sources", "methods"):
        fields.setlist(name, list(dict.fromkeys([*initial[name], *typed.getlist(name)])))
    fields["pmids"] = ", ".join(filter(None, [initial["pmids"], typed.get("pmids", "")]))
    says_nothing = {"effect": str(Effect.UNKNOWN.value), "small_scale": SmallScale.NOT_STATED.label}
    for name, nothing in says_nothing.items():
        value = typed.get(name, nothing)
        fields[name] = str(initial[name]) if value == nothing else value
    fields["seen"] = str(initial["seen"])
    fields["reason"] = typed.get("reason", "")
    return fields


class SupportedAdmin(RecordAdmin[Supported]):
    def get_queryset(self, request: HttpRequest) -> QuerySet[Supported]:
        return super().get_queryset(request).prefetch_related("evidence__sources__via")

    @admin.display(description="databases")
    def databases(self, record: Supported) -> str:
        return ", ".join(str(source) for source in record.evidence.sources.all())

    @admin.display(description="publications now")
    def publications_now(self, record: Supported) -> SafeString | str:
        """The titles and standing of what the field above names by PubMed ID."""
        if not record.pk:
            return "-"
        evidence = Evidence.objects.with_content().get(pk=record.evidence_id)
        owners = owners_of(evidence)
        lines = [_publication(citation, owners) for citation in evidence.citations.all()]
        if not lines:
            return "none"
        if len(lines) <= LISTED:
            return _listed(lines)
        return format_html(
            "{}<details><summary>{} more</summary>{}</details>",
            _listed(lines[:LISTED]),
            len(lines) - LISTED,
            _listed(lines[LISTED:]),
        )


def _listed(lines: Iterable[SafeString]) -> SafeString:
    items = format_html_join("", "<li>{}</li>", ((line,) for line in lines))
    return format_html('<ul class="publications">{}</ul>', items)


def _publication(citation: Citation, owners: dict[int, str]) -> SafeString:
    where = " ".join(str(part) for part in (citation.journal, citation.year) if part)
    own = owners.get(citation.pk)
    if own is None and getattr(citation, "is_database_paper", False):
        own = "another database"
    return format_html(
        "{}{} {} {}{}",
        pubmed_link(citation),
        warnings_html(citation),
        citation.title or "(title not looked up yet)",
        where,
        format_html(" (the paper of {} itself)", own) if own else "",
    )
