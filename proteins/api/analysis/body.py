"""The properties of a question: of JSON that was posted, or of a query. Unknown ones are errors,
and all errors are reported at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final, TypeVar

from django.http import QueryDict

from proteins.analysis import evidence, identifiers
from proteins.api import sparse
from proteins.api.lookup_body import Utf8Parser, read_json, shown_value, wrong_identifiers
from proteins.api.problems import InvalidParameters, ParameterError
from proteins.filters.fields import given, whole_number
from proteins.filters.interactions import InteractionFilterSet
from proteins.filters.vocabularies import taxon_keys
from proteins.models import Taxon

Word = TypeVar("Word", bound=StrEnum)
#: Identifiers of a query: longer lists are posted.
MAX_IN_QUERY: Final = 100
_MOST_ERRORS: Final = 20


class ObjectParser(Utf8Parser):
    """A JSON object."""

    media_type = "application/json"

    def read(self, text: str) -> dict[str, Any]:
        body = read_json(text)
        if not isinstance(body, dict):
            raise InvalidParameters(
                [ParameterError.of("body", shown_value(body), "it is not an object")]
            )
        return body


class Body:
    """Properties by name, each read by what it may be; `check` raises what is wrong with them."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values
        self._errors: list[ParameterError] = []
        self._names: list[str] = []

    def wrong(self, name: str, reason: str, value: Any = None) -> None:
        shown = self._values.get(name) if value is None else value
        self._errors.append(ParameterError.of(name, shown_value(shown), reason))

    def taxon(self, *, required: bool = True) -> Taxon | None:
        """The species."""
        number = self.whole("taxon", 2**31 - 1)
        if number is None:
            if required and not self._is_wrong("taxon"):
                self.wrong("taxon", "it must be given: an NCBI taxon ID", "")
            return None
        try:
            return Taxon.objects.get(pk=taxon_keys([number])[0])
        except ValueError as error:
            self.wrong("taxon", str(error))
            return None

    def identifiers(self, name: str, most: int, *, required: bool = True) -> list[str]:
        value = self._value(name)
        if value is None:
            if required:
                self.wrong(name, "it must be given, as a list", "")
            return []
        if not isinstance(value, list):
            self.wrong(name, "it is not a list")
            return []
        if len(value) > most:
            self.wrong(name, f"{len(value):,} are given; at most {most:,} are taken", "")
            return []
        self._errors.extend(list(wrong_identifiers(value, name))[:_MOST_ERRORS])
        return [str(each) for each in value]

    def choice(self, name: str, words: type[Word], default: Word) -> Word:
        value = self._value(name)
        if value is None:
            return default
        try:
            return words(value)
        except ValueError:
            self.wrong(name, f"it is none of: {', '.join(words)}")
            return default

    def optional(self, name: str, words: type[Word]) -> Word | None:
        """One of some words, or none of them."""
        first = next(iter(words))
        value = self.choice(name, words, first)
        return None if self._values.get(name) is None else value

    def text(self, name: str) -> str | None:
        value = self._value(name)
        if value is None or isinstance(value, str):
            return value
        self.wrong(name, "it is given more than once")
        return None

    def one_of(self, name: str, words: Iterable[str], default: str) -> str:
        value = self._value(name)
        listed = list(words)
        if value is None or value in listed:
            return value or default
        self.wrong(name, f"it is none of: {', '.join(listed)}")
        return default

    def whole(self, name: str, most: int, least: int = 1) -> int | None:
        """A whole number: of JSON as such, of a query as its digits."""
        value = self._value(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | str):
            self.wrong(name, "it is not a whole number")
            return None
        try:
            return int(whole_number(least, most)(str(value)))
        except ValueError as error:
            self.wrong(name, str(error))
            return None

    def fields(self, names: Iterable[str]) -> frozenset[str] | None:
        """The columns that are wanted, as a list or joined by commas; None for all."""
        value = self._value(sparse.PARAMETER)
        text = ",".join(map(str, value)) if isinstance(value, list) else value
        if text is not None and not isinstance(text, str):
            self.wrong(sparse.PARAMETER, "it is not a list of names")
            return None
        wanted, reasons = sparse.read(text, list(names))
        for reason in reasons:
            self.wrong(sparse.PARAMETER, reason)
        return wanted

    def filters(self, taxon: Taxon | None) -> InteractionFilterSet | None:
        """The interactions' filters, by their names in the list."""
        values = {name: self._value(name) for name in evidence.NAMES}
        present = {name: value for name, value in values.items() if value is not None}
        wrong = [name for name, value in present.items() if not _is_value(value)]
        for name in wrong:
            self.wrong(name, "it is neither a text, a number, true or false, nor a list of these")
        if wrong or taxon is None:
            return None
        filters = evidence.filters_of(present, taxon)
        if not filters.is_valid():
            for name, messages in filters.errors.items():
                for message in messages:
                    self.wrong(name, str(message))
        return filters

    def check(self) -> None:
        """Raise where anything is wrong, a property that nothing has read too."""
        for name in self._values:
            if name not in self._names:
                listed = ", ".join(dict.fromkeys(self._names))
                self.wrong(name, f"there is no such property here; known: {listed}")
            elif self._values[name] is None and not self._is_wrong(name):
                self._errors.append(ParameterError.of(name, "null", "it is null: leave it out"))
        if self._errors:
            raise InvalidParameters(self._errors[:_MOST_ERRORS])

    def _is_wrong(self, name: str) -> bool:
        return any(error.parameter == name for error in self._errors)

    def _value(self, name: str) -> Any:
        self._names.append(name)
        return self._values.get(name)


def _is_value(value: Any) -> bool:
    values = value if isinstance(value, list) else [value]
    return all(isinstance(each, str | int | float | bool) for each in values)


def of_query(query: QueryDict, lists: Iterable[str], left_out: Iterable[str]) -> dict[str, Any]:
    """The properties of a query: lists are split as pasted ones are, filters may be repeated."""
    properties: dict[str, Any] = {}
    for name in query:
        values = given(query, name)
        if name in lists:
            properties[name] = identifiers.split("\n".join(values))
        elif name not in left_out:
            properties[name] = values if len(values) > 1 else values[0]
    return properties
