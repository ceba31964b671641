"""What is posted to the look-up: read strictly, or refused with where and why."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, NoReturn

from django.http import UnreadablePostError
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import BaseParser

from proteins.api.negotiation import UTF_8
from proteins.api.problems import InvalidParameters, ParameterError
from proteins.domain import identifiers
from proteins.filters.fields import whole_number
from proteins.queries.resolver import Kind

MAX_IDENTIFIERS: Final = 10_000
#: Identifiers of which an error says what is wrong.
_MAX_ERRORS: Final = 20
#: What no database takes in a query.
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class LookupRequest:
    """Identifiers as they were given; no species or kind is any."""

    identifiers: list[str]
    taxon: int | None = None
    kind: Kind | None = None


def refuse(where: str, value: str, reason: str) -> NoReturn:
    raise InvalidParameters([ParameterError.of(where, value, reason)])


class Utf8Parser(BaseParser):
    """Reads a body as UTF-8, whatever is in it."""

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        charset = (parser_context or {}).get("request").content_params.get("charset", "utf-8")  # type: ignore[union-attr]
        if charset.lower() not in UTF_8:
            raise UnsupportedMediaType(
                media_type or "", f"The body is read as UTF-8, not {charset}."
            )
        try:
            return self.read(stream.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            refuse("body", "", f"byte {error.start} is not valid UTF-8")
        except UnreadablePostError:
            refuse("body", "", "it ended before it was whole")

    def read(self, text: str) -> Any:
        raise NotImplementedError


class JsonParser(Utf8Parser):
    """`{"identifiers": [...], "taxon": 9606, "kind": "name"}`."""

    media_type = "application/json"

    def read(self, text: str) -> LookupRequest:
        return _validated(read_json(text))


class LinesParser(Utf8Parser):
    """One identifier a line; empty lines are passed over."""

    media_type = "text/plain"

    def read(self, text: str) -> LookupRequest:
        lines = re.split("\r\n|\r|\n", text)
        numbered = [(number, line.strip()) for number, line in enumerate(lines, 1) if line.strip()]
        _check_number(len(numbered))
        _check(
            ParameterError.of(f"line {number}", line, "it holds a NUL character")
            for number, line in numbered
            if _UNSTORABLE.search(line)
        )
        return LookupRequest([line for _, line in numbered])


def read_json(text: str) -> Any:
    """Read JSON as its standard has it, or refuse it with where and why."""
    try:
        return json.loads(text, object_pairs_hook=_each_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        refuse("body", "", f"it is not JSON: {error.msg} ({place})")
    except RecursionError:
        refuse("body", "", "it is nested too deeply")
    except ValueError as error:
        # A number too long to be read, or what the two functions below refuse.
        refuse("body", "", str(error).partition(";")[0])


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    properties = dict(pairs)
    if len(properties) < len(pairs):
        raise ValueError("a property is given twice")
    return properties


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number of JSON")


def _validated(body: Any) -> LookupRequest:
    if not isinstance(body, dict):
        refuse("body", shown_value(body), "it is not an object with a list called identifiers")
    properties = ("identifiers", "taxon", "kind")
    _check(
        ParameterError.of(
            name,
            shown_value(value),
            f"there is no such property here; known: {', '.join(properties)}",
        )
        for name, value in body.items()
        if name not in properties
    )
    given = body.get("identifiers")
    if not isinstance(given, list):
        refuse("identifiers", shown_value(given), "it must be given, as a list")
    _check_number(len(given))
    _check(wrong_identifiers(given))
    taxon, kind = body.get("taxon"), body.get("kind")
    if taxon is not None and (not isinstance(taxon, int) or isinstance(taxon, bool)):
        refuse("taxon", shown_value(taxon), "it is not a whole number")
    if kind is not None and not isinstance(kind, str):
        refuse("kind", shown_value(kind), f"it is none of: {', '.join(Kind)}")
    return LookupRequest(
        [str(identifier) for identifier in given],
        None if taxon is None else read_taxon(str(taxon)),
        None if kind is None else read_kind(kind),
    )


def wrong_identifiers(given: list[Any], name: str = "identifiers") -> Iterator[ParameterError]:
    for number, identifier in enumerate(given):
        reason = ""
        if isinstance(identifier, bool) or not isinstance(identifier, str | int):
            reason = "it is neither a text nor a whole number"
        elif isinstance(identifier, str) and (match := _UNSTORABLE.search(identifier)):
            what = "a NUL character" if match[0] == "\x00" else "half of a surrogate pair"
            reason = f"it holds {what}"
        if reason:
            yield ParameterError.of(f"{name}[{number}]", shown_value(identifier), reason)


def _check(errors: Iterator[ParameterError]) -> None:
    if first := list(islice(errors, _MAX_ERRORS)):
        raise InvalidParameters(first)


def _check_number(number: int) -> None:
    if not number:
        refuse("identifiers", "", "none is given")
    if number > MAX_IDENTIFIERS:
        refuse("identifiers", "", f"{number:,} are given; at most {MAX_IDENTIFIERS:,} are taken")


def read_taxon(text: str) -> int:
    try:
        taxon: int = whole_number(1)(text)
    except ValueError as error:
        refuse("taxon", text, str(error))
    return taxon


def read_kind(text: str) -> Kind:
    try:
        return Kind(text)
    except ValueError:
        refuse("kind", text, f"it is none of: {', '.join(Kind)}")


def shown_value(value: Any) -> str:
    """A value in an error, which is ASCII: what it holds may be no text at all."""
    if isinstance(value, str):
        return identifiers.shown(value)
    try:
        return json.dumps(value)
    except (ValueError, RecursionError):
        return "…"
