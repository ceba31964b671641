"""The state of the list of all proteins in its URL."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.http import QueryDict

from proteins.domain import identifiers
from proteins.filters.fields import Choices
from proteins.filters.proteins import BrowseFilterSet
from proteins.models import DetectionMethod, SourceDatabase, Taxon
from proteins.queries.browse import Place, place_in
from proteins.site.forms import PlacedForm, choice_field, vocabulary_options

#: What the list begins with: what most readers look for.
FIRST_ORDER: Final = "-interaction_count"
ORDERS: Choices = [
    ("", "most interactions first"),
    ("interaction_count", "fewest interactions first"),
    ("accession", "accession, A to Z"),
    ("-accession", "accession, Z to A"),
    ("name", "name, A to Z"),
    ("-name", "name, Z to A"),
    ("-target_count", "most targets first"),
    ("target_count", "fewest targets first"),
    ("-tf_count", "most regulators first"),
    ("tf_count", "fewest regulators first"),
]


# What URLs of the list had before they had the API's parameters.
_FORMER: Final = frozenset({"species", "function", "small_scale", "sites"})
_YES_NO: Final = {"yes": "true", "no": "false"}
_FUNCTIONS: Final = {
    "tf": {"is_tf": "true"},
    "target": {"is_target": "true"},
    "both": {"is_tf": "true", "is_target": "true"},
}
_FORMER_ORDERS: Final = {
    "targets": "target_count",
    "regulators": "tf_count",
    "interactions": "interaction_count",
}


def _translated(query: QueryDict, taxa: Iterable[Taxon]) -> QueryDict:
    """A query with the API's parameters in the place of former ones."""
    translated = query.copy()
    for former in _FORMER:
        translated.pop(former, None)
    for name, value in _of_former(query, taxa).items():
        if value:
            translated.setdefault(name, value)
    sort = query.get("sort", "")
    key = sort.removeprefix("-")
    if key in _FORMER_ORDERS:
        translated["sort"] = sort.replace(key, _FORMER_ORDERS[key])
    if translated.get("sort") == FIRST_ORDER:
        # It has one URL, the shortest.
        del translated["sort"]
    return translated


def _of_former(query: QueryDict, taxa: Iterable[Taxon]) -> dict[str, str]:
    codes = {taxon.code: str(taxon.ncbi_taxon_id) for taxon in taxa}
    species, function = query.get("species", ""), query.get("function", "")
    small_scale, sites = query.get("small_scale", ""), query.get("sites", "")
    return {
        "taxon": codes.get(species, species),
        "has_small_scale": _YES_NO.get(small_scale, small_scale),
        "has_binding_sites": _YES_NO.get(sites, sites),
        **_FUNCTIONS.get(function, {"is_tf": function}),
    }


class BrowseForm(PlacedForm):
    """The state of the list of all proteins, paged by the place where a page stopped."""

    filterset_class = BrowseFilterSet
    first = ("q", "taxon", "is_tf", "source", "method_class")
    sort = choice_field("Order", "order", ORDERS)
    page = forms.ChoiceField(
        required=False,
        choices=[("", "first"), ("last", "last")],
        error_messages={"invalid_choice": "This page does not exist; the first page is shown."},
    )

    def __init__(self, query: QueryDict) -> None:
        taxa = list(Taxon.objects.all())
        sources = SourceDatabase.objects.supporting().with_publication()
        options = vocabulary_options(sources, DetectionMethod.objects.used())
        options["taxon"] = [(str(taxon.ncbi_taxon_id), taxon.scientific_name) for taxon in taxa]
        super().__init__(_translated(query, taxa), options=options)

    @classmethod
    def names(cls) -> set[str]:
        return super().names() | _FORMER

    @property
    def order(self) -> str:
        return self.state.get("sort") or FIRST_ORDER

    @property
    def order_label(self) -> str:
        return dict(ORDERS)[self.state.get("sort", "")]

    @property
    def place(self) -> Place | None:
        """From where the page goes on, in either direction; None at the end it begins at."""
        text = self.state.get("after") or self.state.get("before")
        return place_in(self.order, text) if text else None

    @property
    def is_backward(self) -> bool:
        state = self.state
        return "after" not in state and ("before" in state or "page" in state)

    def clean(self) -> dict[str, Any]:
        for name in ("after", "before"):
            self._check_place(name)
        given = [name for name in ("after", "before", "page") if self.cleaned_data.get(name)]
        for name in given[1:]:
            self.add_error(
                name, f"Give “{given[0]}” or “{name}”, not both; “{given[0]}” was taken."
            )
        return super().clean()

    def _check_place(self, name: str) -> None:
        text = self.cleaned_data.get(name)
        if not text:
            return
        try:
            place_in(self.cleaned_data.get("sort") or FIRST_ORDER, text)
        except identifiers.IdentifierError as error:
            self.add_error(name, f"{error}; the first page is shown.")
