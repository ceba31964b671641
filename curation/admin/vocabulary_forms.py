"""Forms of vocabularies whose values tiers and classes of support follow from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms

from curation.admin.editing.vocabulary import Row, VocabularyForm
from curation.checks.sense import Doubt, doubts_about_method
from curation.shared.evidence_columns import interactions_concerned
from curation.shared.large_changes import is_large, is_typed
from proteins.domain.methods import MethodClass
from proteins.domain.tiers import SupportRules
from proteins.models import DetectionMethod, Protein, SourceDatabase
from proteins.queries.support_rules import read_support_rules


class ConfirmedForm(VocabularyForm[Row]):
    """A form that wants the number of interactions typed whose tier, class of method or number of
    databases a change concerns, where these are many."""

    confirmed_number = forms.CharField(
        required=False, label="Number to confirm", widget=forms.HiddenInput
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance.pk and not self.errors:
            self._confirm(cleaned)
        return cleaned

    def _confirm(self, cleaned: dict[str, Any]) -> None:
        number = interactions_concerned(self.changed_rules(read_support_rules(), cleaned))
        if not is_large(number, Protein.objects.totals()["interactions"]):
            return
        self.fields["confirmed_number"].widget = forms.TextInput()
        if not is_typed(number, cleaned.get("confirmed_number", "")):
            self.add_error(
                "confirmed_number",
                f"This changes the tier of support, the class of method or the number of databases "
                f"of {number:,} interactions: type {number:,} to confirm it. Nothing was changed.",
            )

    def changed_rules(self, rules: SupportRules, cleaned: dict[str, Any]) -> SupportRules:
        """Return the rules as they are with what was typed."""
        raise NotImplementedError


class SourceDatabaseForm(ConfirmedForm[SourceDatabase]):
    def changed_rules(self, rules: SupportRules, cleaned: dict[str, Any]) -> SupportRules:
        key = self.instance.key
        traits = rules.sources[key]._replace(is_aggregator=cleaned["is_aggregator"])
        return replace(rules, sources={**rules.sources, key: traits})


class DetectionMethodForm(ConfirmedForm[DetectionMethod]):
    def doubts(self) -> list[Doubt]:
        """Look at an ID of PSI-MI that is new here, or of which something new is said."""
        if not {"psi_mi_id", "identifies_participant_only"} & set(self.changed_data):
            return []
        only = bool(self.cleaned_data["identifies_participant_only"])
        return doubts_about_method(self.cleaned_data["psi_mi_id"] or "", identifies_only=only)

    def changed_rules(self, rules: SupportRules, cleaned: dict[str, Any]) -> SupportRules:
        name, value = self.instance.name, cleaned["method_class"]
        # Left empty, the class is what the name suggests.
        methods = {one: each for one, each in rules.methods.items() if one != name}
        if value not in (None, ""):
            methods[name] = MethodClass(int(value))
        return replace(rules, methods=methods)
