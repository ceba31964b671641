"""What a value of a filter may look like, and how it is read: strictly, or refused.

A filter that is misread in silence shows wrong rows as right ones, so that each value is
read by a rule of its own, and what breaks the rule is an error that says why. Where a
filter takes several values they stand in one parameter, joined by commas.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import django_filters  # type: ignore[import-untyped]
from django import forms
from django.db.models import QuerySet
from django.utils.dateparse import parse_date, parse_datetime

from proteins.domain import identifiers
from proteins.domain.fold import fold
from proteins.domain.identifiers import shown
from proteins.queries.totals import COUNTED, Total, counted

#: Reads one value; its ValueError is meant for people.
Reader = Callable[[str], Any]
#: Makes of all values of a parameter what is compared with the database.
Resolver = Callable[[list[Any]], list[Any]]
Schema = dict[str, Any]

MAX_VALUES = 100
MAX_TEXT_LENGTH = 300
_WHOLE_NUMBER = re.compile(r"^[0-9]{1,12}\Z", re.ASCII)
_SEPARATOR = re.compile(r"(?<!\\),")
TRUTH = {"true": True, "false": False}


def whole_number(smallest: int = 0, largest: int = identifiers.MAX_INTEGER) -> Reader:
    """A reader of whole numbers, written in digits alone."""

    def read(text: str) -> int:
        if not _WHOLE_NUMBER.match(text) or not smallest <= int(text) <= largest:
            raise ValueError(f"{shown(text)} is not a whole number from {smallest} to {largest}")
        return int(text)

    return read


def word(words: Mapping[str, Any]) -> Reader:
    """A reader of one of some words; a space may stand for the underscore."""

    def read(text: str) -> Any:
        try:
            return words[text.replace(" ", "_")]
        except KeyError:
            raise ValueError(f"{shown(text)} is none of: {', '.join(words)}") from None

    return read


def pattern(expression: str, what: str) -> Reader:
    """A reader of what follows a regular expression; `what` says it in words."""
    compiled = re.compile(expression)

    def read(text: str) -> str:
        if not compiled.match(text):
            raise ValueError(f"{shown(text)} is not {what}")
        return text

    return read


def text(value: str) -> str:
    """Any text of some length, without control characters."""
    return identifiers.parse_text(value, "text", MAX_TEXT_LENGTH) if value != "-" else value


def moment(value: str) -> datetime.datetime:
    """A date (its first moment) or a date and time, ISO 8601; UTC where no offset is given."""
    # `+` stands for a space in an address; people forget to write it as %2B.
    repaired = re.sub(r" (\d\d:\d\d)\Z", r"+\1", value) if "T" in value else value
    try:
        found = parse_datetime(repaired)
        if found is None and (day := parse_date(repaired)) is not None:
            found = datetime.datetime.combine(day, datetime.time())
        if found is not None:
            aware = found if found.tzinfo else found.replace(tzinfo=datetime.UTC)
            return aware.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError(
        f"{shown(value)} is not a date or time such as 2026-11-21 or 2026-11-21T09:30:00Z"
    )


class ParameterField(forms.Field):
    """Reads one parameter: one value, or up to `MAX_VALUES` joined by commas."""

    def __init__(
        self,
        *,
        read: Reader,
        many: bool = False,
        resolve: Resolver | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.read, self.many, self.resolve = read, many, resolve

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return [] if self.many else None
        try:
            if "\x00" in value:
                raise ValueError("it holds a NUL character")
            if not self.many:
                return self.read(value.strip())
            values = [self.read(part) for part in self._parts(value)]
            return self.resolve(values) if self.resolve else values
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

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

    `schema` is the OpenAPI schema of one value, `about` what it chooses, in words.
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
    ) -> None:
        super().__init__(
            field_name, lookup, label="", method=method, read=read, many=many, resolve=resolve
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
            about += f" Up to {MAX_VALUES} values are joined by commas."
            schema = {"type": "array", "items": schema, "maxItems": MAX_VALUES}
        parameter = {"name": name, "in": "query", "description": about, "schema": schema}
        return parameter | ({"style": "form", "explode": False} if self.many else {})


@dataclass
class Known:
    """What was found out about what is asked for, the same on each of its pages."""

    total: Total | None = None
    #: Whether the evidence asked for supports few rows, and how many if so.
    evidence_is_few: bool | None = None
    supported: int = 0
    #: The TFs asked for, by row number.
    tfs: list[int] | None = None


class FilterSet(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of one resource."""

    #: Parameters that no index answers, each with the one that must be given with it.
    needs: Mapping[str, str] = {}
    #: Where a cursor says between which rows the TFs of its page are.
    bounds: range | None = None
    #: So many rows of these are counted one by one.
    counts_to = COUNTED
    #: Few rows match: they are found in another way than in order, and sorted.
    few = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = Known()

    def is_valid(self) -> bool:
        if not super().is_valid():
            return False
        asked = self.form.cleaned_data
        for name, other in self.needs.items():
            if asked[name] not in (None, []) and not asked[other]:
                self.form.add_error(name, f"it needs the parameter {other} beside it")
        return bool(self.form.is_valid())

    def any_of(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """The `method` of a filter that the filter set applies itself, with others."""
        return queryset

    def total(self, filtered: QuerySet[Any]) -> Total:
        """How many rows there are of what it let through."""
        return counted(filtered, self.counts_to)

    @classmethod
    def parameters(cls) -> list[Schema]:
        return [found.parameter(name) for name, found in cls.base_filters.items()]


# The kinds of filter that resources share.


def accessions(about: str, **kwargs: Any) -> ParameterFilter:
    schema = {"type": "string", "example": "Q9UK53"}
    return ParameterFilter(about, identifiers.parse_accession, schema, many=True, **kwargs)


def numbers(
    about: str, *, largest: int = identifiers.MAX_INTEGER, **kwargs: Any
) -> ParameterFilter:
    schema = {"type": "integer", "minimum": 1, "maximum": largest}
    return ParameterFilter(about, whole_number(1, largest), schema, many=True, **kwargs)


def number(about: str, *, lookup: str = "exact", **kwargs: Any) -> ParameterFilter:
    schema = {"type": "integer", "minimum": 0, "maximum": identifiers.MAX_INTEGER}
    return ParameterFilter(about, whole_number(), schema, lookup=lookup, **kwargs)


def truth(about: str, **kwargs: Any) -> ParameterFilter:
    return ParameterFilter(about, word(TRUTH), {"type": "boolean"}, **kwargs)


def words(about: str, choices: Mapping[str, Any], **kwargs: Any) -> ParameterFilter:
    schema = {"type": "string", "enum": list(choices)}
    return ParameterFilter(about, word(choices), schema, many=True, **kwargs)


def since(about: str, **kwargs: Any) -> ParameterFilter:
    schema = {"type": "string", "example": "2026-11-21"}
    return ParameterFilter(about, moment, schema, lookup="gte", **kwargs)


def free_text(about: str, *, lookup: str = "exact", **kwargs: Any) -> ParameterFilter:
    return ParameterFilter(about, text, lookup=lookup, **kwargs)


def known(
    asked: Sequence[Any], found: Mapping[Any, Any], what: str, all_known: Iterable[str]
) -> list[Any]:
    """What each value (a text in whatever spelling) stands for; ValueError names those unknown."""
    keys = [fold(value) if isinstance(value, str) else value for value in asked]
    missing = [
        shown(str(value)) for value, key in zip(asked, keys, strict=True) if key not in found
    ]
    if missing:
        raise ValueError(f"{', '.join(missing)}: no such {what}; known: {', '.join(all_known)}")
    return [found[key] for key in keys]
