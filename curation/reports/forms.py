"""The form by which a reader reports an error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Final

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from curation.actions.report_message import CATEGORIES, clean_message, read_pmids
from curation.models import MAX_MESSAGE, MIN_MESSAGE, RecordKind

#: Of a line of PubMed IDs; ten of them with labels have 140 characters.
_MAX_LINE: Final = 300


class ReportForm(forms.Form):
    """The form of a report: errors are beside their fields, and what was typed stays.

    `homepage` is seen by programs only: who fills it in is none of our readers.
    """

    category = forms.ChoiceField(
        label="What is wrong?",
        choices=(),
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose what is wrong."),
    )
    message = forms.CharField(
        label="What should it say, and how do you know?",
        help_text=(
            f"{MIN_MESSAGE} to {MAX_MESSAGE:,} characters. Please give no personal data: curators "
            "read this, and so does whoever has the address of your report."
        ),
        widget=forms.Textarea,
        required=False,  # `clean_message` says what is missing
        strip=False,
    )
    pmids = forms.CharField(
        label="Supporting publications (optional)",
        help_text="PubMed IDs, such as 9186514, with spaces or commas between them.",
        required=False,
        max_length=_MAX_LINE,
        error_messages={"max_length": "This is too long for ten PubMed IDs."},
    )
    homepage = forms.CharField(required=False)

    #: What people see.
    visible_names: ClassVar[tuple[str, ...]] = ("category", "message", "pmids")

    def __init__(self, kind: RecordKind, data: QueryDict | None = None) -> None:
        super().__init__(data)
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (it is, above)
        field.choices = [(item.value, str(item.label)) for item in CATEGORIES[kind]]

    def clean_message(self) -> str:
        return clean_message(self.cleaned_data["message"])

    def clean_pmids(self) -> list[int]:
        return read_pmids(self.cleaned_data["pmids"])

    @property
    def is_trapped(self) -> bool:
        """Whether a field was filled in that no person sees."""
        return bool(self.data.get("homepage"))

    @property
    def mistakes(self) -> Iterator[tuple[BoundField, Any]]:
        """The fields that have errors, in the order of the page."""
        if self.is_bound:
            yield from (
                (self[name], self.errors[name])
                for name in self.visible_names
                if name in self.errors
            )
