"""The form of a record: what is typed becomes values, and nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.datastructures import MultiValueDict

from curation.models import MAX_COMMENT, RecordKind, Revision
from curation.records import RecordGoneError, Values, records_of
from curation.records.history import FieldDifference, differences, rewound, since, version_of
from curation.records.wording import lines_of
from curation.shared.field_changes import united_values
from proteins.domain.identifiers import MAX_INTEGER

Record = TypeVar("Record", bound=models.Model)

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm
else:
    # Django's class takes a type parameter only in its stubs.
    class _ModelForm(Generic[Record], forms.ModelForm): ...


class SeenField(forms.IntegerField):
    """The version of the record that a form shows, as the page sent it.

    What is no such number, or is missing, counts as the first version: then every change
    since is one that the person has not seen, and nothing is written over it.
    """

    def __init__(self) -> None:
        super().__init__(
            widget=forms.HiddenInput, required=False, min_value=0, max_value=MAX_INTEGER
        )

    def clean(self, value: Any) -> int:
        try:
            return super().clean(value) or 0
        except ValidationError:
            return 0


@dataclass(frozen=True)
class Conflict:
    """A field that another user changed while the form was open."""

    kind: str
    field: FieldDifference
    #: What the person typed, or None where they left the field alone.
    typed: Any
    is_mine: bool
    #: What the form holds now.
    united: Any

    @property
    def before(self) -> list[str]:
        return lines_of(self.kind, self.field.name, self.field.before)

    @property
    def after(self) -> list[str]:
        return lines_of(self.kind, self.field.name, self.field.after)

    @property
    def holds_both(self) -> bool:
        """Whether the form holds what both persons changed, and not only what this one typed."""
        return self.is_mine and bool(self.united != self.typed)

    @property
    def mine(self) -> list[str]:
        return lines_of(self.kind, self.field.name, self.typed)


class RecordForm(_ModelForm[Record]):
    """A form over the values of a record (`curation.records`).

    `seen` is the version of the record that the form shows. Where another user changed the
    record since, the form comes back with what was typed, fields that were left alone brought
    up to date, and both versions (`conflicts`); saving again then puts what was typed over it.
    """

    kind: ClassVar[RecordKind]
    #: The action's refusal of the last attempt; shown with the form (`RecordAdmin`).
    refusal: ClassVar[ValidationError | None] = None
    #: What a proposal that the form corrects would make of the record's fields, and what
    #: identifies the record that it would add.
    proposed: ClassVar[Values] = {}
    fixed: ClassVar[Mapping[str, int]] = {}

    seen = SeenField()
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        required=False,
        max_length=MAX_COMMENT,
        help_text="Colleagues read it in the record's history.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A browser would cut what is pasted, without a message.
        self.fields["reason"].widget.attrs.pop("maxlength", None)
        self.conflicts: list[Conflict] = []
        self.meanwhile: list[Revision] = []
        #: What the form would change of the record as it is now.
        self.changes: Values = {}
        if self.instance.pk and not self.is_bound:
            self.initial["seen"] = version_of(self.kind, self.instance.pk)
            records = records_of(self.kind)
            now = records.values(records.get(self.instance.pk))
            for name in now:
                self.initial.update(self.shown(name, self.proposed.get(name, now[name])))
        elif not self.instance.pk:
            for name, value in self.proposed.items():
                self.initial.update(self.shown(name, value))
            for name, key in self.fixed.items():
                self.initial[name], self.fields[name].disabled = key, True

    def proposed_beside(self) -> Values:
        """Return what is proposed of fields that the form does not have."""
        own = self.submitted_values()
        return {name: value for name, value in self.proposed.items() if name not in own}

    def submitted_values(self) -> Values:
        """Return the cleaned values of the form, by the fields of the record."""
        fields = self.cleaned_data.keys() & records_of(self.kind).writable
        return {name: self.cleaned_data[name] for name in fields}

    def shown(self, name: str, value: Any) -> dict[str, Any]:
        """Return the initial data of the form's fields that show a field of the record."""
        return {name: value} if name in self.fields else {}

    def field_for(self, name: str) -> str:
        """Return the form's field under which an error of a record's field is shown."""
        return name

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        refusal = self.refusal
        # Where values are not whole, what changed meanwhile is reported once they are.
        if not self.errors:
            submitted = self.submitted_values()
            try:
                self._compare(submitted)
            except RecordGoneError as error:
                self.add_error(None, error)
                refusal = None
        # Another user may have saved between the check of this form and its saving: then
        # their changes explain more than the refusal of the action.
        if refusal is not None and not self.meanwhile:
            self._refuse(refusal)
        if not self.errors:
            self.check_changes()
        # Whatever else there is to say, a form with a refusal is shown again, and not saved.
        if self.refusal is not None and not self.errors:
            self._refuse(self.refusal)
        return cleaned

    def check_changes(self) -> None:
        """Add an error where what is whole, and not overtaken, makes no sense to save."""
        nothing = not (self.changes or self.proposed)
        if self.instance.pk and nothing and self.cleaned_data["reason"]:
            self.add_error(
                None,
                "Nothing was saved: you gave a reason and changed nothing. To say something "
                "about this record, write a comment on the page of its history.",
            )

    def _refuse(self, refusal: ValidationError) -> None:
        if not hasattr(refusal, "error_dict"):
            self.add_error(None, refusal)
            return
        labels = records_of(self.kind).labels
        for name, messages in refusal.message_dict.items():
            field = self.field_for(name)
            if field in self.fields:
                self.add_error(field, messages)
            elif name == NON_FIELD_ERRORS:
                self.add_error(None, messages)
            else:
                label = labels.get(name, name)
                self.add_error(None, [f"{label}: {message}" for message in messages])

    def _compare(self, submitted: Values) -> None:
        if not self.instance.pk:
            self.changes = submitted
            return
        seen = self.cleaned_data["seen"]
        if seen > version_of(self.kind, self.instance.pk):
            # No page ever showed this number.
            seen = self.cleaned_data["seen"] = 0
        # The history first: what is saved between the two is then found on the next saving.
        # The other way round the form would show older values under a newer version.
        self.meanwhile = since(self.kind, self.instance.pk, seen)
        records = records_of(self.kind)
        now = records.values(records.get(self.instance.pk))
        opened = rewound(now, reversed(self.meanwhile))
        self.changes = {name: value for name, value in submitted.items() if value != now[name]}
        if self.meanwhile:
            self._bring_up_to_date(submitted, opened, now)

    def _bring_up_to_date(self, submitted: Values, opened: Values, now: Values) -> None:
        data = MultiValueDict(
            {key: list(self.data.getlist(key)) for key in self.data}  # type: ignore[attr-defined]
        )
        changed = {name: [opened[name], now[name]] for name in now if opened[name] != now[name]}
        for field in differences(self.kind, changed):
            mine = field.name in submitted and submitted[field.name] != opened[field.name]
            typed = submitted.get(field.name)
            united = united_values(typed, *changed[field.name]) if mine else field.after
            self.conflicts.append(Conflict(self.kind, field, typed, mine, united))
            if united != typed:
                for key, value in self.shown(field.name, united).items():
                    _put(data, self.add_prefix(key), value)
        newest = self.meanwhile[-1].pk
        _put(data, self.add_prefix("seen"), newest)
        self.data = data
        who = sorted({str(item.user or item.run or "somebody") for item in self.meanwhile})
        self.add_error(
            None,
            f"While this form was open, {' and '.join(who)} changed this record. Nothing of yours "
            "was saved yet, and nothing is lost: look at both versions below, and save again.",
        )


def _put(data: MultiValueDict[str, Any], key: str, value: Any) -> None:
    """Set a field as a browser would send it; an unchecked box is not sent at all."""
    if value is None or value is False:
        data.pop(key, None)
    elif isinstance(value, list):
        data.setlist(key, [str(item) for item in value])
    else:
        data[key] = "on" if value is True else str(value)
