"""The state of pages in their URLs: filters, order, page, search."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, ClassVar, Final, TypeVar

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet
from django.http import QueryDict

from proteins.domain import identifiers
from proteins.domain.methods import MethodClass
from proteins.domain.names import MAX_NAME_LENGTH
from proteins.filters.binding_sites import BindingSiteFilterSet
from proteins.filters.evidence import SMALL_SCALE, EvidenceFilterSet
from proteins.filters.fields import (
    Choices,
    Counted,
    FilterSet,
    ParameterField,
    UnlistedError,
    given,
    repeated,
)
from proteins.filters.interactions import InteractionFilterSet
from proteins.filters.vocabularies import METHOD_CLASSES, TIERS
from proteins.models import DetectionMethod, Evidence, SourceDatabase
from proteins.models.querysets import ROW_ORDERS, EvidenceQuerySet
from proteins.queries.side_facets import SideFacets
from proteins.queries.site_page import Place, place_in

Key = TypeVar("Key")

#: What each order of `ROW_ORDERS` is called, ascending and descending.
_ORDER_LABELS = {
    "name": ("name, A to Z", "name, Z to A"),
    "accession": ("accession, A to Z", "accession, Z to A"),
    "sources": ("fewest databases first", "most databases first"),
    "publications": ("fewest publications first", "most publications first"),
    "small_scale": ("small-scale evidence last", "small-scale evidence first"),
    "tier": ("lowest tier of support first", "highest tier of support first"),
    "status": ("unreviewed first", "disputed first, then confirmed"),
}
#: More rows than any protein has; a number beyond it is a slip or an attack.
_MAX_PAGE = 100_000
_EMPTY: Final[tuple[Any, ...]] = (None, "", [])

ORDERS: Choices = [
    ("", "strongest support first"),
    *(
        (sign + key, _ORDER_LABELS[key][index])
        for key in ROW_ORDERS
        for index, sign in enumerate(("", "-"))
    ),
]
SITE_ORDERS: Choices = [
    ("", "small-scale evidence first"),
    ("small_scale", "small-scale evidence last"),
]


def choice_field(label: str, what: str, choices: Choices) -> forms.ChoiceField:
    """A parameter that takes one of some words; `what` they are called in an error."""
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=choices,
        error_messages={"invalid_choice": f"No {what} is called “%(value)s”."},
    )


class StateForm(forms.Form):
    """State in a URL; what is not understood is reported and left out.

    A parameter with this form's prefix that it has no field for is an error too: a filter
    that is ignored in silence shows wrong rows as right ones.
    """

    #: Fields that order or page the rows rather than choose among them.
    not_filters: ClassVar[frozenset[str]] = frozenset(
        {"sort", "page", "after", "before", "of", "limit"}
    )

    @classmethod
    def names(cls) -> set[str]:
        """The parameters that it reads, without a prefix."""
        return set(cls.base_fields)

    def clean(self) -> dict[str, Any]:
        for name, field in self.fields.items():
            values = given(self.data, self.add_prefix(name))
            many = isinstance(field, ParameterField) and field.many
            if (reason := repeated(values)) and not many:
                self.errors.pop(name, None)
                self.add_error(name, f"“{name}” is {reason}.")
        names = {self.add_prefix(name) for name in self.fields}
        prefix = f"{self.prefix}-" if self.prefix else ""
        for name in self.data:
            if name.startswith(prefix) and name not in names:
                self.add_error(
                    None,
                    f"There is no filter called {identifiers.shown(name.removeprefix(prefix))}.",
                )
        return self.cleaned_data

    @property
    def state(self) -> dict[str, str]:
        """The fields that are filled in and understood, as the URL has them."""
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}

    @property
    def is_filtered(self) -> bool:
        return bool(self.state.keys() - self.not_filters)


class PagedForm(StateForm):
    """The state of a table of one protein that is paged by number."""

    page = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=_MAX_PAGE,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            "This page does not exist; the first page is shown.",
        ),
    )

    def number(self, pages: int) -> int:
        """The number of the page; the first where there is no such page, with an error."""
        number = int(self.state.get("page", 1))
        if number <= pages:
            return number
        self.add_error(
            "page", f"There is no page {number}: the last is {pages}. This is the first."
        )
        return 1


class FilterForm(StateForm):
    """The state of a list whose filters are those of a FilterSet, as the API has them.

    Those that the FilterSet names so are controls; of the others those that have a value.
    """

    filterset_class: ClassVar[type[FilterSet]] = FilterSet

    def __init__(
        self,
        query: QueryDict,
        *,
        prefix: str | None = None,
        given: Collection[str] = (),
        options: Mapping[str, Choices],
    ) -> None:
        """`given` are filters whose value the page has by itself; `options` the choices that
        come from the database."""
        super().__init__(query, prefix=prefix)
        self.given = given
        filters, controls = self.filterset_class.base_filters, self.filterset_class.controls
        names = [name for name in dict.fromkeys([*controls, *filters]) if name not in given]
        self.fields = {
            name: _control(name, filters[name], options.get(name)) for name in names
        } | self.fields

    def chosen(self, rows: QuerySet[Any]) -> Any:
        """Those of some rows that pass the filters."""
        if not self.is_filtered:
            return rows
        return self.filterset_class(self.data, rows, form=self, given=self.given).qs

    @classmethod
    def names(cls) -> set[str]:
        return super().names() | set(cls.filterset_class.base_filters)

    def clean(self) -> dict[str, Any]:
        super().clean()
        query = self.data
        self.data = spelled = {name: ",".join(given(self.data, name)) for name in self.data}
        for name, field in self.fields.items():
            raw = spelled.get(self.add_prefix(name))
            if not raw or not isinstance(field, ParameterField):
                continue
            if name in self.errors:
                if repeated(given(query, self.add_prefix(name))) and not field.many:
                    continue
                reason = _reason(field, raw, self.errors[name].as_data()[0])
                self.errors[name] = self.error_class([reason])
                continue
            text = field.spelled(raw, self.cleaned_data[name])
            spelled[self.add_prefix(name)] = text
            if field.choices and text not in dict(field.choices):
                field.choices = [*field.choices, (text, text.replace(",", ", "))]
        return self.cleaned_data

    @property
    def state(self) -> dict[str, str]:
        self.is_valid()
        return {
            name: str(self.data[self.add_prefix(name)])
            for name, value in self.cleaned_data.items()
            if value not in _EMPTY
        }

    @property
    def controls(self) -> list[forms.BoundField]:
        shown = {*self.filterset_class.controls, *self.state, "sort"}
        where = self.not_filters - {"sort"}
        return [self[name] for name in self.fields if name in shown - where]

    #: The controls that a toolbar shows at once; the others are folded away.
    first: ClassVar[tuple[str, ...]] = ()
    #: The filters of few values, each of which is a link (`proteins.site.picks`).
    picked: ClassVar[tuple[str, ...]] = ()

    @property
    def first_controls(self) -> list[forms.BoundField]:
        names = {field.name for field in self.controls}
        return [self[name] for name in self.first if name in names]

    @property
    def more_controls(self) -> list[forms.BoundField]:
        at_once = {*self.first, *self.picked}
        return [field for field in self.controls if field.name not in at_once]

    @property
    def picked_state(self) -> list[tuple[str, str]]:
        """The parameters of the filters that are links, which a form that is sent passes on."""
        state = self.state
        return [(self.add_prefix(name), state[name]) for name in self.picked if name in state]

    @property
    def is_more_set(self) -> bool:
        """Whether any that is folded away has a value, other than the order."""
        return bool(self.state.keys() - {*self.first, *self.picked, *self.not_filters})


class PlacedForm(FilterForm):
    """The state of a list whose pages begin at a place, which `of` binds to filters and order."""

    #: What says which page.
    where: ClassVar[frozenset[str]] = frozenset({"after", "before", "page", "of"})
    after = forms.CharField(required=False)
    before = forms.CharField(required=False)
    of = forms.CharField(required=False, max_length=40)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("of", "") != self._digest():
            for name in ("after", "before"):
                if cleaned.get(name):
                    self.add_error(
                        name,
                        "This link belongs to a list with other filters or another order; the "
                        "first page is shown.",
                    )
        return self.cleaned_data

    def step(self, step: Mapping[str, str]) -> dict[str, str]:
        """The state of a page of the same list, at the place of a step."""
        self.is_valid()
        of = {"of": self._digest()} if step.keys() & {"after", "before"} else {}
        state = {name: value for name, value in self.state.items() if name not in self.where}
        return {**state, **step, **of}

    def row(self, name: str, read: Callable[[str], Key]) -> Key | None:
        """What `read` makes of the row that `after` or `before` names; none, with an error,
        where it is not one."""
        text = self.state.get(name)
        if not text:
            return None
        try:
            return read(text)
        except identifiers.IdentifierError as error:
            self.add_error(name, f"{error}; these are the first.")
            return None

    def _digest(self) -> str:
        """A short digest of filters and order; empty for the whole list in its first order."""
        chosen = sorted(
            (name, str(self.data[self.add_prefix(name)]))
            for name, value in self.cleaned_data.items()
            if name not in self.where and value not in _EMPTY
        )
        text = repr(chosen).encode("utf-8", "surrogatepass")
        return hashlib.blake2b(text, digest_size=4).hexdigest() if chosen else ""


def _control(name: str, parameter: Any, options: Choices | None) -> ParameterField:
    field: ParameterField = copy.copy(parameter.field)
    choices = options if options is not None else field.choices
    field.choices = [("", "any"), *choices] if choices else []
    if not field.label:
        field.label, field.help_text = name, parameter.about
    return field


def _reason(field: ParameterField, raw: str, error: forms.ValidationError) -> str:
    """Why a value was not understood, as a sentence."""
    if field.noun:
        cause = error.__cause__
        values = cause.values if isinstance(cause, UnlistedError) else [raw]
        return f"No {field.noun} is called {', '.join(f'“{value}”' for value in values)}."
    reason = str(error.message)
    return f"{reason[0].upper()}{reason[1:]}."


class InteractionTableForm(FilterForm, PagedForm):
    """The state of a table of one protein's interactions."""

    filterset_class = InteractionFilterSet
    first = ("q", "source", "method_class")
    picked = ("tier",)
    sort = choice_field("Order", "order", ORDERS)


class SiteTableForm(PlacedForm):
    """The state of the table of a TF's binding sites, paged by TFLink ID."""

    filterset_class = BindingSiteFilterSet
    sort = choice_field("Order", "order", SITE_ORDERS)

    @property
    def is_small_scale_last(self) -> bool:
        return self.state.get("sort") == "small_scale"

    def place(self, name: str) -> str | None:
        return self.row(name, identifiers.parse_tflink_site)


class SiteListForm(PlacedForm):
    """The state of the list of binding sites of a region, paged by place."""

    filterset_class = BindingSiteFilterSet
    shown: ClassVar[tuple[str, ...]] = ("region", "assembly", "strand", "small_scale")
    #: What it is a list of: all sites are in files alone.
    chosen_by: ClassVar[frozenset[str]] = frozenset({"region", "tf", "tflink_id"})

    @property
    def is_chosen(self) -> bool:
        """Whether it says of which sites."""
        return bool(self.chosen_by & self.state.keys())

    @property
    def controls(self) -> list[forms.BoundField]:
        names = dict.fromkeys([*self.shown, *self.state])
        return [self[name] for name in names if name not in self.not_filters]

    def place(self, name: str) -> Place | None:
        return self.row(name, place_in)


SUPPORTED_ORDERS: Choices = [
    ("", "strongest support first"),
    ("support", "weakest support first"),
    ("tf", "TF, A to Z"),
    ("-tf", "TF, Z to A"),
    ("target", "target, A to Z"),
    ("-target", "target, Z to A"),
    ("-publications", "most publications first"),
    ("publications", "fewest publications first"),
]


class SupportedForm(PlacedForm):
    """The state of the list of what a publication, database or method supports, paged by place,
    or by number where it is sorted."""

    filterset_class: ClassVar[type[EvidenceFilterSet]] = EvidenceFilterSet
    sort = choice_field("Order", "order", SUPPORTED_ORDERS)
    page = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=_MAX_PAGE,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            "This page does not exist; the first page is shown.",
        ),
    )

    @property
    def order(self) -> str:
        return self.state.get("sort", "")

    @property
    def order_label(self) -> str:
        return dict(SUPPORTED_ORDERS)[self.order]

    @property
    def number(self) -> int:
        return int(self.state.get("page", 1))

    def read_by_support(self, most: int) -> None:
        """Offer the orders of a list that is too long to be sorted; another is an error."""
        field = self.fields["sort"]
        if isinstance(field, forms.ChoiceField):
            field.choices = SUPPORTED_ORDERS[:2]
        if self.order not in dict(SUPPORTED_ORDERS[:2]):
            self.add_error(
                "sort",
                f"More than {most:,} interactions are listed by support only. Filter them, or "
                "download them to sort them.",
            )

    @property
    def filters(self) -> dict[str, str]:
        """The state without the place."""
        return {name: value for name, value in self.state.items() if name not in self.not_filters}

    def among(self, evidence: EvidenceQuerySet) -> EvidenceQuerySet:
        """Those of some evidence that the filters let through."""
        rows = Evidence.objects.none()
        return self.filterset_class(self.data, rows, form=self).among(evidence)


def vocabulary_options(
    sources: Iterable[SourceDatabase], methods: Iterable[DetectionMethod]
) -> dict[str, Choices]:
    by_key = [(source.key, str(source)) for source in sources]
    return {
        "source": by_key,
        "method": [(method.name, method.name) for method in methods],
        "exclude_source": by_key,
    }


def facet_options(
    sources: Mapping[int, SourceDatabase],
    methods: Mapping[int, DetectionMethod],
    facets: SideFacets,
) -> dict[str, Choices]:
    """What filters of a protein's interactions offer: only what chooses any, with how many; of
    methods those of a class that chooses any."""
    by_key = [
        (source.key, Counted(str(source), facets.sources[pk]))
        for pk, source in sources.items()
        if facets.sources[pk]
    ]
    return {
        "source": by_key,
        "exclude_source": by_key,
        "method": [
            (method.name, method.name)
            for method in methods.values()
            if facets.classes[MethodClass(method.method_class)]
        ],
        "tier": _counted(TIERS, facets.tiers),
        "small_scale": _counted(SMALL_SCALE, facets.scales),
        "method_class": _counted(METHOD_CLASSES, facets.classes),
    }


def _counted(choices: Mapping[str, Key], numbers: Mapping[Key, int]) -> Choices:
    return [
        (word, Counted(word.replace("_", " "), numbers[each]))
        for word, each in choices.items()
        if numbers.get(each)
    ]


class ProteinPublicationsForm(PagedForm):
    """The state of the list of the publications of one protein."""

    retracted = choice_field("Show", "choice", [("", "all"), ("1", "retracted ones only")])


#: What says that all species are searched; without it the last choice counts.
ALL_SPECIES: Final = "all"


class SearchForm(StateForm):
    taxon = forms.CharField(label="Species", required=False)
    q = forms.CharField(
        label="Accession, name, gene ID or PubMed ID",
        required=False,
        validators=[
            MaxLengthValidator(
                MAX_NAME_LENGTH, "Please search for %(limit_value)d characters at most."
            )
        ],
    )
