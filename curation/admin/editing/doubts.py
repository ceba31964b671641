"""Doubts about what is typed: shown before the first saving, and saved by the second.

A form is refused once, with its doubts, and comes back with a hidden field that names them.
Saving again is an answer to these and to no others: whoever changes something meanwhile is warned
of that too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.datastructures import MultiValueDict

from curation.checks.sense import Doubt

if TYPE_CHECKING:
    _Form = forms.BaseForm
else:
    _Form = forms.Form

#: The hidden field that names the doubts which the page showed.
FIELD: Final = "seen_doubts"


class DoubtingForm(_Form):
    """A form that may doubt what is typed."""

    seen_doubts = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    #: The doubts that the form comes back with.
    shown_doubts: list[Doubt]

    def doubts(self) -> list[Doubt]:
        """Return the doubts about a form that is whole, and that would change something."""
        return []

    def field_for_doubt(self, name: str) -> str | None:
        """Return the form's field that shows a doubt about a record's field; None is the whole."""
        return name if name in self.fields else None

    def check_doubts(self) -> None:
        """Refuse a form with doubts once; call it where nothing else is wrong."""
        doubts = self.doubts()
        name = name_of(doubts)
        if not doubts or self.cleaned_data.get(FIELD) == name:
            return
        self.shown_doubts = doubts
        data = MultiValueDict(
            {key: list(self.data.getlist(key)) for key in self.data}  # type: ignore[attr-defined]
        )
        data[self.add_prefix(FIELD)] = name
        self.data = data
        for doubt in doubts:
            self.add_error(self.field_for_doubt(doubt.field), doubt.text)


def name_of(doubts: Iterable[Doubt]) -> str:
    """Return a short text that represents these doubts and no others."""
    text = "\n".join(f"{doubt.field}\t{doubt.text}" for doubt in doubts)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def has_doubts(form: Any) -> bool:
    """Whether a form came back for its doubts alone."""
    return bool(getattr(form, "shown_doubts", None))
