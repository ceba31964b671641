"""Autocompletes that stand what a form may be sent."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect

from proteins.identifiers import MAX_INTEGER


def is_id(text: str) -> bool:
    """Whether a text can be the id of a row."""
    # Lengths are compared first: int() refuses a very long text.
    digits = text.isascii() and text.isdigit() and len(text) <= len(str(MAX_INTEGER))
    return digits and int(text) <= MAX_INTEGER


class SafeAutocompleteSelect(AutocompleteSelect):
    """Django's asks the database for whatever was sent, and fails over what is no number."""

    def optgroups(
        self, name: str, value: Collection[Any], attrs: dict[str, Any] | None = None
    ) -> Any:
        known = [item for item in value if is_id(str(item))]
        return super().optgroups(name, known, attrs)
