"""Autocompletes that bear whatever a form may be sent."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, NamedTuple

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Model, QuerySet

from proteins.domain.identifiers import MAX_INTEGER
from proteins.models import Protein, Taxon


class _Name(NamedTuple):
    """How people name a record of a model, and how the column writes it."""

    column: str
    hint: str
    written: Callable[[str], str]


#: Suggestions for one text, over all pages; who wants another types on.
MOST_SUGGESTIONS: Final = 60
#: Of those that match exactly: a name may be that of a protein of each species.
_MOST_EXACT: Final = 20

_NAMED_BY: Final[Mapping[type[Model], _Name]] = {
    Protein: _Name("accession", "its accession", str.upper),
    Taxon: _Name("code", "its two letters", str.capitalize),
}


def is_id(text: str) -> bool:
    """Whether a text can be the id of a row."""
    # Lengths are compared first: int() refuses a very long text.
    digits = text.isascii() and text.isdigit() and len(text) <= len(str(MAX_INTEGER))
    return digits and int(text) <= MAX_INTEGER


class DeskAutocomplete(AutocompleteJsonView):
    """Suggestions with what distinguishes them, and with exact matches first.

    A model's admin says how (`CurationAdmin.suggestion`, `CurationAdmin.exact_matches`).
    """

    def get_queryset(self) -> Any:
        suggested: QuerySet[Model] = super().get_queryset()
        related = self.model_admin.list_select_related
        if isinstance(related, tuple):
            suggested = suggested.select_related(*related)
        exact = getattr(self.model_admin, "exact_matches", lambda _: None)(self.term)
        if exact is None:
            return suggested
        keys = list(exact.values_list("pk", flat=True)[:_MOST_EXACT])
        # The rows of the list's own query: what a field may not name is not among them.
        first = list(suggested.filter(pk__in=keys))
        return first + list(suggested.exclude(pk__in=keys)[: MOST_SUGGESTIONS - len(first)])

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        result = super().serialize_result(obj, to_field_name)
        named = getattr(self.model_admin, "suggestion", str)
        return {**result, "text": named(obj)}


class SafeAutocompleteSelect(AutocompleteSelect):
    """Django's queries the database for whatever was sent, and fails over what is no number.

    A protein may be named by its accession as well, a species by its letters: without
    JavaScript nothing is completed, and the page has a plain field (`record_fieldset.html`).
    """

    @property
    def hint(self) -> str:
        """What the plain field takes; empty where there is none."""
        return _NAMED_BY.get(self.field.remote_field.model, _Name("", "", str)).hint

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        sent = data.getlist(name) if hasattr(data, "getlist") else [data.get(name)]
        value = next((text for text in reversed(sent) if text), None)
        model = self.field.remote_field.model
        if value is None or is_id(value) or model not in _NAMED_BY or "\x00" in value:
            return value
        how = _NAMED_BY[model]
        named = model._default_manager.filter(**{how.column: how.written(value.strip())})
        pk = named.values_list("pk", flat=True).first()
        return value if pk is None else str(pk)

    def optgroups(
        self, name: str, value: Collection[Any], attrs: dict[str, Any] | None = None
    ) -> Any:
        ids = [item for item in value if is_id(str(item))]
        return super().optgroups(name, ids, attrs)
