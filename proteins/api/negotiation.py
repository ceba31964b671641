"""Content negotiation (RFC 9110, 12.5.1): which form of an answer the header Accept prefers, and
what a request's Content-Type is.

Types are compared without regard to case. Everything here is UTF-8, and a CSV has its header, so
that a parameter which says just that is met; of other parameters nothing here depends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, Protocol

from django.http.request import MediaType
from rest_framework import exceptions
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request

from proteins.api.parameters import PARAMETER
from proteins.api.problems import InvalidParameters, ParameterError

JSON: Final = "json"
UTF_8: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
#: The values that a parameter of a media type may have here, in small letters.
_MET: Final = {"charset": UTF_8 | {"*"}, "header": frozenset({"present"})}


class Named(Protocol):
    """A format that a view offers beside its renderers."""

    @property
    def name(self) -> str: ...

    @property
    def media_type(self) -> str: ...


class NotAcceptableError(exceptions.NotAcceptable):
    def __init__(self, offered: Iterable[str]) -> None:
        super().__init__(f"Only this can be had here: {', '.join(offered)}.")


class Negotiation(BaseContentNegotiation):
    """Chooses a renderer, or a format of the view (`request.file_format`, else None)."""

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:
        content = MediaType(request.content_type)
        return next((each for each in parsers if _specificity(content, each.media_type)), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[Any], format_suffix: str | None = None
    ) -> tuple[Any, str]:
        view = (request.parser_context or {}).get("view")
        offered: Sequence[Named] = getattr(view, "offered_formats", ())
        by_type = {each.media_type: each for each in renderers}
        file_format = _requested(request, offered)
        first = next(iter(by_type))
        if file_format is None and (not offered or PARAMETER not in request.query_params):
            files = {each.media_type: each for each in offered}
            first = preferred_type(request.headers.get("Accept", ""), [*by_type, *files])
            file_format = files.get(first)
        request.file_format = file_format  # type: ignore[attr-defined]
        renderer = by_type.get(first) or next(iter(by_type.values()))
        return renderer, renderer.media_type


def _requested(request: Request, offered: Sequence[Named]) -> Named | None:
    """The format that the query names; None for JSON, or where it names none."""
    name = request.query_params.get(PARAMETER)
    if not offered or name is None or name == JSON:
        return None
    by_name = {each.name: each for each in offered}
    if name not in by_name:
        reason = f"it is none of: {', '.join((JSON, *by_name))}"
        raise InvalidParameters([ParameterError.of(PARAMETER, name, reason)])
    return by_name[name]


def preferred_type(accept: str, offered: Sequence[str]) -> str:
    """Return the type that a header Accept prefers, the first of several; NotAcceptableError
    where it takes none."""
    ranges = [MediaType(part) for part in accept.split(",") if part.strip()] or [MediaType("*/*")]
    best, chosen = (0.0, 0, 0), ""
    for media_type in offered:
        rank = _rank(ranges, media_type)
        if rank[0] > 0 and (not chosen or rank > best):
            best, chosen = rank, media_type
    if not chosen:
        raise NotAcceptableError(offered)
    return chosen


def _rank(ranges: Sequence[MediaType], media_type: str) -> tuple[float, int, int]:
    """How much a type is preferred: by the quality that its most specific range gives it."""
    matching = [
        (specificity, -place, each)
        for place, each in enumerate(ranges)
        if (specificity := _specificity(each, media_type))
    ]
    if not matching:
        return 0.0, 0, 0
    specificity, place, each = max(matching, key=lambda match: match[:2])
    return each.quality, specificity, place


def _specificity(each: MediaType, media_type: str) -> int:
    """How exactly a range names a type: 0 where it does not, 3 where it names it in full."""
    main, _, sub = media_type.partition("/")
    if each.main_type not in (main, "*") or each.sub_type not in (sub, "*"):
        return 0
    if any(
        str(value).lower() not in _MET.get(name, (str(value).lower(),))
        for name, value in each.range_params.items()
    ):
        return 0
    return 1 + (each.main_type != "*") + (each.sub_type != "*")
