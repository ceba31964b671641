"""The public URLs of the site, from its own URL configuration, with what tests fill in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.urls import URLPattern, URLResolver, get_resolver


def public_urls(values: Mapping[str, str], otherwise: str) -> Iterator[str]:
    """Yield each path outside the admin, once, its parameters by name.

    A parameter without a value here is given `otherwise`, so that a path that is added is
    visited as well, if only as one at which nothing is.
    """
    seen: set[str] = set()
    for route, names in _routes(get_resolver().url_patterns, "/"):
        if route.startswith("/admin/"):
            continue
        for name in names:
            route = route.replace(name, values.get(name.strip("<>").split(":")[-1], otherwise))
        if route not in seen:
            seen.add(route)
            yield route


def _routes(
    patterns: list[URLPattern | URLResolver], prefix: str
) -> Iterator[tuple[str, list[str]]]:
    for pattern in patterns:
        route = str(pattern.pattern)
        if route.startswith("^"):
            continue
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, prefix + route)
        else:
            parts = route.split("<")
            yield prefix + route, ["<" + part.split(">")[0] + ">" for part in parts[1:]]
