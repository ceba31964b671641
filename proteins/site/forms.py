"""What a reader can ask of a page through its address: filters, order, page, search."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, cast

from django import forms
from django.core.validators import MaxLengthValidator
from django.http import QueryDict

from proteins.domain import identifiers
from proteins.domain.evidence import SmallScale
from proteins.models import (
    DetectionMethod,
    Effect,
    Reporting,
    ReviewStatus,
    SourceDatabase,
)
from proteins.models.querysets import ROW_ORDERS

#: What each order of `ROW_ORDERS` is called, ascending and descending.
_ORDER_LABELS = {
    "name": ("name, A to Z", "name, Z to A"),
    "accession": ("accession, A to Z", "accession, Z to A"),
    "sources": ("fewest databases first", "most databases first"),
    "publications": ("fewest publications first", "most publications first"),
    "small_scale": ("small-scale evidence last", "small-scale evidence first"),
    "status": ("unreviewed first", "disputed first, then confirmed"),
}
SMALL_SCALE_WORDS = {scale.name.lower(): scale for scale in SmallScale}
STATUS_WORDS = {
    status.name.lower(): status for status in ReviewStatus if status != ReviewStatus.REJECTED
}
EFFECT_WORDS = {effect.name.lower(): effect for effect in Effect}
REPORTING_WORDS = {reporting.label.replace(" ", "_"): reporting for reporting in Reporting}
#: More rows than any protein has; a number beyond it is a slip or an attack.
_MAX_PAGE = 100_000

Choices = list[tuple[str, str]]

ORDERS: Choices = [
    ("", "best supported first"),
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


def _text(label: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        help_text=hint,
        validators=[
            MaxLengthValidator(
                identifiers.MAX_NAME_LENGTH, "Please search for %(limit_value)d characters at most."
            )
        ],
    )


def _choice(label: str, what: str, choices: Choices) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=choices,
        error_messages={"invalid_choice": f"No {what} is called “%(value)s”."},
    )


def _words(words: Iterable[str], none: str = "any") -> Choices:
    return [("", none), *((word, word.replace("_", " ")) for word in words)]


class StateForm(forms.Form):
    """State that stands in the address; what is not understood is said and left out.

    A parameter with this form's prefix that it has no field for is an error too: a filter
    that is ignored in silence shows wrong rows as right ones.
    """

    #: Fields that order or page the rows rather than choose among them.
    not_filters: ClassVar[frozenset[str]] = frozenset({"sort", "page", "after", "before"})

    def offer(self, name: str, choices: Choices) -> None:
        """Give a field the choices that are in the database now."""
        cast(forms.ChoiceField, self.fields[name]).choices = [("", "any"), *choices]

    def clean(self) -> dict[str, Any]:
        known = {self.add_prefix(name) for name in self.fields}
        prefix = f"{self.prefix}-" if self.prefix else ""
        for name in self.data:
            if name.startswith(prefix) and name not in known:
                self.add_error(
                    None,
                    f"There is no filter called {identifiers.shown(name.removeprefix(prefix))}.",
                )
        return self.cleaned_data

    @property
    def state(self) -> dict[str, str]:
        """The fields that are filled in and understood, as the address has them."""
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
            ("invalid", "min_value", "max_value"), "There is no such page; this is the first."
        ),
    )


class InteractionTableForm(PagedForm):
    """The state of a table of one protein's interactions."""

    q = _text("Name or accession")
    source = _choice("Database", "source database", choices=[])
    method = _choice("Method", "detection method", choices=[])
    small_scale = _choice("Small-scale", "kind of evidence", _words(SMALL_SCALE_WORDS))
    effect = _choice("Effect", "effect", _words(EFFECT_WORDS))
    status = _choice("Review status", "review status", _words(STATUS_WORDS))
    reporting = _choice("Reported", "state of reporting", _words(REPORTING_WORDS))
    sort = _choice("Order", "order", ORDERS)

    def __init__(
        self,
        query: QueryDict,
        *,
        prefix: str,
        sources: Iterable[SourceDatabase],
        methods: Iterable[DetectionMethod],
    ) -> None:
        super().__init__(query, prefix=prefix)
        self.offer("source", [(source.key, str(source)) for source in sources])
        self.offer("method", [(method.name, method.name) for method in methods])


class SiteTableForm(PagedForm):
    """The state of the table of a TF's binding sites."""

    small_scale = _choice("Small-scale", "kind of evidence", _words(SMALL_SCALE_WORDS))
    sort = _choice("Order", "order", SITE_ORDERS)


class ProteinPublicationsForm(PagedForm):
    """The state of the list of the publications of one protein."""

    retracted = _choice("Show", "choice", [("", "all"), ("1", "retracted ones only")])


class SearchForm(StateForm):
    q = _text("Accession, name, gene ID or PubMed ID")
