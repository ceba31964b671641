"""The state of the list of all proteins in its URL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from django import forms
from django.http import QueryDict

from proteins.caching.shared import shared
from proteins.domain import facets, identifiers
from proteins.filters.fields import Choices, Counted, ParameterField
from proteins.filters.proteins import BrowseFilterSet
from proteins.filters.vocabularies import METHOD_CLASSES, PUBLIC_STATUSES, TIERS
from proteins.models import DetectionMethod, SourceDatabase, Taxon
from proteins.queries.browse import NUMBERED, BrowseFacets, Place, place_in
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
    # The first page, and the first order, have one URL, the shortest.
    for name, first in (("sort", FIRST_ORDER), ("page", "1")):
        if translated.get(name) == first:
            del translated[name]
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


class _Vocabulary(NamedTuple):
    """What the filters offer, before anything is counted."""

    taxa: list[Taxon]
    sources: list[SourceDatabase]
    methods: list[DetectionMethod]


@shared
def _vocabulary() -> _Vocabulary:
    return _Vocabulary(
        list(Taxon.objects.all()),
        list(SourceDatabase.objects.supporting().with_publication()),
        list(DetectionMethod.objects.used()),
    )


class BrowseForm(PlacedForm):
    """The state of the list of all proteins, paged by number and, beyond the first pages, by the
    place where a page stopped."""

    filterset_class = BrowseFilterSet
    first = ("taxon", "q", "source")
    picked = ("is_tf", "is_target", "has_small_scale")
    sort = choice_field("Order", "order", ORDERS)
    page = forms.ChoiceField(
        required=False,
        choices=[("", ""), *((str(each), "") for each in range(2, NUMBERED + 1)), ("last", "")],
        error_messages={"invalid_choice": "This page does not exist; the first page is shown."},
    )

    def __init__(self, query: QueryDict) -> None:
        self.taxa, self.sources, self.methods = taxa, _, _ = _vocabulary()
        options = vocabulary_options(self.sources, self.methods)
        options["taxon"] = [(str(taxon.ncbi_taxon_id), taxon.scientific_name) for taxon in taxa]
        super().__init__(_translated(query, taxa), options=options)

    @classmethod
    def names(cls) -> set[str]:
        return super().names() | _FORMER

    @property
    def filters(self) -> dict[str, str]:
        """The state without order and place."""
        return {name: value for name, value in self.state.items() if name not in self.not_filters}

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
        return "after" not in state and ("before" in state or state.get("page") == "last")

    @property
    def number(self) -> int:
        """The number of the page, where it has one."""
        state = self.state
        has_number = not state.keys() & {"after", "before"} and state.get("page") != "last"
        return int(state.get("page", 1)) if has_number else 1

    @property
    def chips(self) -> list[tuple[str, str, dict[str, str]]]:
        """The label and value of each filter that is set, and the state without it."""
        state = {name: value for name, value in self.state.items() if name not in self.where}
        return [
            (str(self[name].label), self._in_words(name, value), {**state, name: ""})
            for name, value in state.items()
            if name not in self.not_filters
        ]

    def _in_words(self, name: str, value: str) -> str:
        if name in self.picked and value == "true":
            return ""  # its label says it
        label = dict(getattr(self.fields[name], "choices", None) or {}).get(value, value)
        return label.word if isinstance(label, Counted) else str(label)

    def count(self, counts: BrowseFacets) -> None:
        """Let each filter that is not set offer only what chooses any, with how many; of one
        that is set the value has the number of all that match."""
        state = self.state
        for name, numbers in self._numbers(counts).items():
            field = self.fields[name]
            if not isinstance(field, ParameterField):
                continue
            if name in state:
                field.choices = [
                    (value, Counted(label, counts.total) if value == state[name] else label)
                    for value, label in field.choices
                ]
                continue
            field.choices = [
                (value, Counted(label, numbers[value]) if value else label)
                for value, label in field.choices
                if not value or numbers.get(value)
            ]

    def _numbers(self, counts: BrowseFacets) -> dict[str, Mapping[str, int]]:
        """How many proteins each value of each filter would leave."""

        def truth(number: int) -> dict[str, int]:
            return {"true": number, "false": counts.total - number}

        words, of_class = counts.words, self._words_by_class()
        return {
            "taxon": {str(taxon.ncbi_taxon_id): counts.taxa[taxon.pk] for taxon in self.taxa},
            "is_tf": truth(counts.tfs),
            "is_target": truth(counts.targets),
            "source": {source.key: words[facets.source(source.pk)] for source in self.sources},
            "method": {method.name: words[facets.method(method.pk)] for method in self.methods},
            "method_class": {
                word: counts.with_any(of_class.get(each, ()))
                for word, each in METHOD_CLASSES.items()
            },
            "tier": {word: words[facets.TIERS[tier]] for word, tier in TIERS.items()},
            "status": {
                word: words[facets.STATUSES[each]] for word, each in PUBLIC_STATUSES.items()
            },
            "has_small_scale": truth(words[facets.SMALL_SCALE]),
            "has_binding_sites": truth(words[facets.BINDING_SITES]),
        }

    def _words_by_class(self) -> dict[int, list[str]]:
        words: dict[int, list[str]] = {}
        for method in self.methods:
            words.setdefault(method.method_class, []).append(facets.method(method.pk))
        return words

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
