"""The parameters that a page reads, and those that it passes over."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, Final, ParamSpec
from urllib.parse import unquote, unquote_plus

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, QueryDict

from proteins.caching.conditional import canonical_query

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]

#: Those of a list that is paged by places.
PLACES: Final = ("after", "before")


def reads(*names: str) -> Callable[[View[Arguments]], View[Arguments]]:
    """Let a view see these parameters alone.

    Any other (`utm_source`) has no part in the page, in the URLs that it writes, or in the
    key by which the page cache has it; nor have parameters without a value, and their order.
    """

    def decorator(view: View[Arguments]) -> View[Arguments]:
        @functools.wraps(view)
        def narrowed(
            request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
        ) -> HttpResponse:
            _narrow(request, frozenset(names))
            return view(request, *args, **kwargs)

        return narrowed

    return decorator


def redirected(request: HttpRequest, url: str) -> HttpResponsePermanentRedirect | None:
    """A permanent redirect to the canonical URL, unless the request has it."""
    if request.path == unquote(url):
        return None
    query = request.GET.urlencode()
    return HttpResponsePermanentRedirect(f"{url}?{query}" if query else url)


def _narrow(request: HttpRequest, names: frozenset[str]) -> None:
    parts = request.META.get("QUERY_STRING", "").split("&")
    # As they came: the page cache distinguishes bytes that decode to the same text.
    passed = [part for part in parts if _name_of(part) in names and part.partition("=")[2]]
    query = canonical_query("&".join(passed))
    request.META = {**request.META, "QUERY_STRING": query}
    # As Django reads it.
    raw = query.encode("latin-1", "replace")
    request.GET = QueryDict(raw, encoding=request.encoding)


def _name_of(part: str) -> str:
    return unquote_plus(part.partition("=")[0])
