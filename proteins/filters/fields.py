"""What a value of a filter may look like, and how it is read: strictly, or refused.

A filter that is misread in silence shows wrong rows as right ones, so that each value is
read by a rule of its own, and what breaks the rule is an error that says why. Where a
filter takes several values they are joined by commas, or the parameter is repeated.
"""

from __future__ import annotations

import copy
import datetime
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple, Self, TypeVar

import django_filters  # type: ignore[import-untyped]
from django import forms
from django.db.models import F, QuerySet
from django.utils.datastructures import MultiValueDict
from django.utils.dateparse import parse_date, parse_datetime

from proteins.domain import identifiers
from proteins.domain.fold import fold
from proteins.domain.identifiers import shown
from proteins.domain.names import MAX_NAME_LENGTH, parse_name
from proteins.hooks import Tallies
from proteins.queries.resolver import resolve, uncertain
from proteins.queries.totals import COUNTED, Total, counted

#: Reads one value; its ValueError is meant for people.
Reader = Callable[[str], Any]
Rows = TypeVar("Rows", bound="QuerySet[Any]")
#: Makes of all values of a parameter what is compared with the database.
Resolver = Callable[[list[Any]], list[Any]]
Schema = dict[str, Any]

MAX_VALUES = 100
#: What the schema says of each parameter that takes several values.
SEVERAL_VALUES: Final = f"Up to {MAX_VALUES} values, joined by commas or the parameter repeated."
MAX_TEXT_LENGTH = 300
NAME_SCHEMA: Schema = {"type": "string", "maxLength": MAX_NAME_LENGTH}
_WHOLE_NUMBER = re.compile(r"^[0-9]{1,12}\Z", re.ASCII)
_SEPARATOR = re.compile(r"(?<!\\),")
TRUTH = {"true": True, "false": False}
#: The values of a select with what each is called.
Choices = list[tuple[str, str]]


class Counted(str):
    """The label of a choice with the number of rows that it leaves: `GTRD (684)`."""

    word: str
    number: int

    def __new__(cls, word: str, number: int) -> Self:
        label = super().__new__(cls, f"{word} ({number:,})")
        label.word, label.number = word, number
        return label


class UnlistedError(ValueError):
    """Values that a vocabulary does not have."""

    def __init__(self, reason: str, values: Sequence[object]) -> None:
        super().__init__(reason)
        self.values = values


def whole_number(smallest: int = 0, largest: int = identifiers.MAX_INTEGER) -> Reader:
    """A reader of whole numbers, written in digits alone."""

    def read(text: str) -> int:
        if not _WHOLE_NUMBER.match(text) or not smallest <= int(text) <= largest:
            raise ValueError(f"{shown(text)} is not a whole number from {smallest} to {largest}")
        return int(text)

    return read


def word(words: Mapping[str, Any]) -> Reader:
    """A reader of one of some words; a space is read as the underscore."""

    def read(text: str) -> Any:
        try:
            return words[text.replace(" ", "_")]
        except KeyError:
            reason = f"{shown(text)} is none of: {', '.join(words)}"
            raise UnlistedError(reason, [text]) from None

    return read


def pattern(expression: str, what: str) -> Reader:
    """A reader of what follows a regular expression; `what` describes it in errors."""
    compiled = re.compile(expression)

    def read(text: str) -> str:
        if not compiled.match(text):
            raise ValueError(f"{shown(text)} is not {what}")
        return text

    return read


def text(value: str) -> str:
    """Any text of some length, without control characters."""
    return identifiers.parse_text(value, "text", MAX_TEXT_LENGTH) if value != "-" else value


def name_text(value: str) -> str:
    """The name of a protein, which may be a list of genes and longer than other texts."""
    return parse_name(value) or value


def moment(value: str) -> datetime.datetime:
    """A date (its first moment) or a date and time, ISO 8601; UTC where no offset is given."""
    # `+` is a space in a URL; people forget to write it as %2B.
    repaired = re.sub(r" (\d\d:\d\d)\Z", r"+\1", value) if "T" in value else value
    try:
        parsed = parse_datetime(repaired)
        if parsed is None and (day := parse_date(repaired)) is not None:
            parsed = datetime.datetime.combine(day, datetime.time())
        if parsed is not None:
            aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=datetime.UTC)
            return aware.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError(
        f"{shown(value)} is not a date or time such as 2026-11-21 or 2026-11-21T09:30:00Z"
    )


def given(query: Mapping[str, Any], name: str) -> list[str]:
    """Return the values of a parameter, once for each time that a query has it."""
    if isinstance(query, MultiValueDict):
        return [str(value) for value in query.getlist(name)]
    return [query[name]] if query.get(name) is not None else []


def repeated(values: Sequence[str]) -> str:
    """Return what is wrong where a parameter of one value is repeated; empty where it is not."""
    return f"given {len(values)} times; it takes one value" if len(values) > 1 else ""


class ParameterInput(forms.TextInput):
    """An input whose parameter may be repeated in a URL: `tf=A&tf=B` is `tf=A,B`."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        values = given(data, name)
        return values[0] if len(values) == 1 else values or None


class ParameterField(forms.Field):
    """Reads one parameter: one value, or up to `MAX_VALUES`, joined by commas or repeated.

    On a page it is a control: a select of `choices`, where it has any, or an input.
    """

    widget = ParameterInput

    def __init__(
        self,
        *,
        read: Reader,
        many: bool = False,
        resolve: Resolver | None = None,
        choices: Choices | None = None,
        noun: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.read, self.many, self.resolve = read, many, resolve
        self.choices, self.noun = choices or [], noun

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return [] if self.many else None
        try:
            if isinstance(value, list):
                value = self._joined(value)
            if "\x00" in value:
                raise ValueError("it holds a NUL character")
            if not self.many:
                return self.read(value.strip())
            values = [self.read(part) for part in self._parts(value)]
            return self.resolve(values) if self.resolve else values
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def spelled(self, raw: str, value: Any) -> str:
        """How a URL has a value that was read: by its vocabulary's own spelling."""
        if not self.many or not all(isinstance(each, str) for each in value):
            return raw.strip()
        return ",".join(each.replace(",", "\\,") for each in value)

    def _joined(self, values: list[str]) -> str:
        if not self.many:
            raise ValueError(repeated(values))
        return ",".join(values)

    def _parts(self, value: str) -> list[str]:
        # Each once, in the order given; `\\,` is a comma within a value.
        parts = [part.replace("\\,", ",").strip() for part in _SEPARATOR.split(value)]
        if "" in parts:
            raise ValueError("a value between two commas is empty")
        if len(parts) > MAX_VALUES:
            raise ValueError(f"{len(parts)} values are given; at most {MAX_VALUES} are taken")
        return list(dict.fromkeys(parts))


class ParameterFilter(django_filters.Filter):  # type: ignore[misc]
    """One filter: how its value is read, what it is compared with, how it is documented.

    `schema` is the OpenAPI schema of one value, `about` what it chooses, in words. On a page
    it has a `label`; `control` holds what else a `ParameterField` is made with.
    """

    field_class = ParameterField

    def __init__(
        self,
        about: str,
        read: Reader,
        schema: Schema | None = None,
        *,
        field_name: str | None = None,
        lookup: str = "exact",
        many: bool = False,
        resolve: Resolver | None = None,
        method: str | None = None,
        label: str = "",
        **control: Any,
    ) -> None:
        super().__init__(
            field_name,
            lookup,
            label=label,
            method=method,
            read=read,
            many=many,
            resolve=resolve,
            **control,
        )
        self.about = about
        self.value_schema: Schema = schema or {"type": "string", "maxLength": MAX_TEXT_LENGTH}
        self.many = many

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        if value is None or value == []:
            return qs
        if not self.many:
            return qs.filter(**{f"{self.field_name}__{self.lookup_expr}": value})
        # One value is compared by equality, which keeps the order of a composite index.
        if len(value) == 1:
            return qs.filter(**{self.field_name: value[0]})
        return qs.filter(**{f"{self.field_name}__in": value})

    def parameter(self, name: str) -> Schema:
        """The OpenAPI parameter object of this filter."""
        about = self.about
        schema = self.value_schema
        if self.many:
            about += f" {SEVERAL_VALUES}"
            schema = {"type": "array", "items": schema, "maxItems": MAX_VALUES}
        parameter = {"name": name, "in": "query", "description": about, "schema": schema}
        return parameter | ({"style": "form", "explode": False} if self.many else {})


@dataclass(frozen=True)
class QueryState:
    """What has been read to answer a query: for its next page the same, but for `bounds`."""

    total: Total | None = None
    #: Whether the evidence supports few rows, and how many if so.
    is_evidence_rare: bool | None = None
    supported: int = 0
    #: The primary keys of its TFs.
    tfs: tuple[int, ...] | None = None
    #: The primary keys between which a cursor implies that the TFs of its page are.
    bounds: range | None = None
    #: How many rows of each TF match, where that has been counted.
    tally: Tallies | None = None


class Wanted(NamedTuple):
    """The page that is requested: so many rows from its place on, in the order of TFs or not."""

    rows: int
    by_tf: bool = False
    downward: bool = False


def accessions_of(values: Sequence[str], taxa: Collection[int] | None) -> list[str]:
    """Return the accessions of proteins that identifiers certainly mean, each once.

    What has the form of an accession is one, present or former. Raises `ValueError` where
    another identifier means none, or several, and names these.
    """
    others = [value for value in values if not identifiers.is_accession(value.upper())]
    meanings = resolve(others, taxa) if others else {}
    reasons = [uncertain(one) for one in meanings.values() if one.certain is None]
    if reasons:
        hint = "give an accession" + (", or the species as taxon" if taxa is None else "")
        raise ValueError(f"{'; '.join(reasons)}; {hint}")
    meant = {text: one.certain.accession for text, one in meanings.items() if one.certain}
    return list(dict.fromkeys(meant.get(value, value.upper()) for value in values))


#: The form of each set of filters.
_form_classes: Final[dict[type, type[forms.Form]]] = {}


class FilterSet(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of one resource: parameters of the API, and a form on the pages."""

    #: Those that pages offer as controls; the others they take, too.
    controls: Sequence[str] = ()
    #: The filters that take proteins by any identifier, each with the filter by their species,
    #: if there is one.
    takes_proteins: Mapping[str, str] = {}
    #: Parameters that no index answers, each with those of which one must be beside it.
    needs: Mapping[str, Sequence[str]] = {}
    #: The limit to which rows are counted one by one.
    counts_to = COUNTED
    #: Few rows match: they are sorted rather than read in order.
    few = False
    #: None where all rows are requested.
    wanted: Wanted | None = None

    def __init__(
        self,
        data: Mapping[str, Any],
        queryset: QuerySet[Any],
        *,
        form: forms.Form | None = None,
        given: Collection[str] = (),
    ) -> None:
        """`given` names filters that the rows have passed already; a page has a `form`."""
        # What the class above does, but for a copy of all filters and of the form's class: a
        # quarter of the time of a list. Those that have a value are copied (`_filter`).
        self.is_bound, self.data, self.queryset = True, data, queryset
        self.request = self.form_prefix = None
        self.filters = self.base_filters
        self.given, self.state = frozenset(given), QueryState()
        self._has_read_proteins = False
        if form is not None:
            self._form = form

    def is_valid(self) -> bool:
        cleaned = self.form.cleaned_data if super().is_valid() else {}
        self._read_proteins()
        for name, others in self.needs.items():
            if cleaned.get(name) not in (None, []) and not any(map(self.has, others)):
                self.form.add_error(name, f"it needs the parameter {' or '.join(others)} beside it")
                self.__dict__.pop("values", None)
        return bool(self.form.is_valid())

    @cached_property
    def values(self) -> dict[str, Any]:
        """The value of each filter, empty where none is given or it was not understood."""
        self.form.is_valid()
        self._read_proteins()
        cleaned = self.form.cleaned_data
        return {
            name: cleaned.get(name, [] if self.base_filters[name].many else None)
            for name in self.base_filters
        }

    def _read_proteins(self) -> None:
        """Let what names proteins be their accessions, or be an error with the candidates."""
        if self._has_read_proteins:
            return
        self._has_read_proteins = True
        cleaned = self.form.cleaned_data
        for name, species in self.takes_proteins.items():
            if values := cleaned.get(name):
                try:
                    cleaned[name] = accessions_of(values, cleaned.get(species) or None)
                except ValueError as error:
                    self.form.add_error(name, str(error))

    def has(self, *names: str) -> bool:
        """Whether any of some filters has a value, or the rows have passed it already."""
        return not self.given.isdisjoint(names) or any(self.values[name] for name in names)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        for name, value in self.values.items():
            if value not in (None, []):
                queryset = self._filter(name).filter(queryset, value)
        return queryset

    def _filter(self, name: str) -> ParameterFilter:
        """A filter of this set alone, whose `method` is one of this set's."""
        own: ParameterFilter = copy.deepcopy(self.base_filters[name])
        own.parent, own.model = self, self.queryset.model
        return own

    def get_form_class(self) -> type[forms.Form]:
        own = type(self)
        if own not in _form_classes:
            fields = {name: each.field for name, each in self.base_filters.items()}
            _form_classes[own] = type(f"{own.__name__}Form", (forms.Form,), fields)
        return _form_classes[own]

    def any_of(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """The `method` of a filter that the filter set applies itself, with others."""
        return queryset

    def filled(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """The `method` of a filter by whether a column of text is empty."""
        return queryset.exclude(**{name: ""}) if value else queryset.filter(**{name: ""})

    def total(self, filtered: QuerySet[Any]) -> Total:
        """The number of rows that match on all pages."""
        return counted(filtered, self.counts_to)

    @classmethod
    def parameters(cls) -> list[Schema]:
        return [each.parameter(name) for name, each in cls.base_filters.items()]


# The kinds of filter that resources share.


def accessions(about: str, **kwargs: Any) -> ParameterFilter:
    schema = {"type": "string", "example": "Q9UK53"}
    return ParameterFilter(about, identifiers.parse_accession, schema, many=True, **kwargs)


def named_proteins(about: str, **kwargs: Any) -> ParameterFilter:
    """A filter by proteins that takes any identifier (see `FilterSet.takes_proteins`)."""
    schema = {"type": "string", "example": "Q9UK53"}
    about = (
        f"{about}: its UniProt accession, or any identifier or name that means one protein, of the "
        "species of taxon where that is given. A name with a comma is written ARG5\\\\,6."
    )
    return ParameterFilter(about, name_text, schema, many=True, **kwargs)


def numbers(
    about: str, *, largest: int = identifiers.MAX_INTEGER, **kwargs: Any
) -> ParameterFilter:
    schema = {"type": "integer", "minimum": 1, "maximum": largest}
    return ParameterFilter(about, whole_number(1, largest), schema, many=True, **kwargs)


def number(about: str, *, lookup: str = "exact", **kwargs: Any) -> ParameterFilter:
    schema = {"type": "integer", "minimum": 0, "maximum": identifiers.MAX_INTEGER}
    return ParameterFilter(about, whole_number(), schema, lookup=lookup, **kwargs)


def limits(field_name: str, least: str, most: str) -> tuple[ParameterFilter, ParameterFilter]:
    """The filters by the least and by the most that a number may be, each with what it says."""
    return (
        number(least, field_name=field_name, lookup="gte"),
        number(most, field_name=field_name, lookup="lte"),
    )


def truth(about: str, *, yes: str = "yes", no: str = "no", **kwargs: Any) -> ParameterFilter:
    choices = [("true", yes), ("false", no)]
    return ParameterFilter(about, word(TRUTH), {"type": "boolean"}, choices=choices, **kwargs)


def words(about: str, listed: Mapping[str, Any], **kwargs: Any) -> ParameterFilter:
    schema = {"type": "string", "enum": list(listed)}
    choices = [(each, each.replace("_", " ")) for each in listed]
    return ParameterFilter(about, word(listed), schema, many=True, choices=choices, **kwargs)


#: Of records that have a change number.
CHANGED_SINCE: Final = (
    "Changed at or after this date or time. So that none is missed, the records of a write that "
    "may have been under way at that moment are among them: expect some again. To follow all "
    "changes, and what has gone, read the list of changes."
)


def since(about: str, **kwargs: Any) -> ParameterFilter:
    schema = {"type": "string", "example": "2026-11-21"}
    return ParameterFilter(about, moment, schema, lookup="gte", **kwargs)


def free_text(about: str, *, lookup: str = "exact", **kwargs: Any) -> ParameterFilter:
    return ParameterFilter(about, text, lookup=lookup, **kwargs)


def by_row(queryset: Rows, column: str, values: Any, *, indexed: bool) -> Rows:
    """Those whose `column` is among `values`; without its index unless `indexed`."""
    if indexed:
        return queryset.filter(**{f"{column}__in": values})
    unindexed = f"unindexed_{column}"
    return queryset.alias(**{unindexed: F(column) + 0}).filter(**{f"{unindexed}__in": values})


def listed(
    values: Sequence[Any], vocabulary: Mapping[Any, Any], what: str, names: Iterable[str]
) -> list[Any]:
    """What a vocabulary has, by fold, for each value, in whatever spelling.

    Raises `UnlistedError` with the values that it lacks.
    """
    keys = [fold(value) if isinstance(value, str) else value for value in values]
    missing = [value for value, key in zip(values, keys, strict=True) if key not in vocabulary]
    if missing:
        named = ", ".join(shown(str(value)) for value in missing)
        raise UnlistedError(f"{named}: no such {what}; known: {', '.join(names)}", missing)
    return [vocabulary[key] for key in keys]
