"""robots.txt and sitemaps (sitemaps.org, version 0.9) over all proteins.

A part begins at an accession and holds the next 5,000, each read from the index of accessions:
none is skipped over or counted, so that the last part costs what the first does. No date of a
last change is given: what a page shows of others has none that could be had at this price.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from proteins import release_store as releases
from proteins.domain import identifiers
from proteins.models import Taxon
from proteins.queries.accessions import accessions_from
from proteins.site.paging import UrlPattern

#: Addresses in one part; 50,000 are the most that the protocol allows.
PART_SIZE: Final = 5000
#: Seconds for which the beginnings of parts are cached, and responses may be by proxies.
MAX_AGE: Final = 3600
_KEY: Final = "proteins.sitemap_parts"
_PAGES: Final = (
    "home",
    "browse",
    "downloads",
    "help",
    "help-statistics",
    "sources",
    "methods",
    "species-list",
)
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_ROBOTS: Final = """\
User-agent: *
# Each filter, order and page of a table shows what the records' own pages show.
Disallow: {root}*/?
Disallow: {root}search/
Disallow: {root}report/protein/
Disallow: {root}report/interaction/
Disallow: {root}admin/
Disallow: {root}api/
Allow: {root}api/v1/docs/$
"""

_cacheable = cache_control(public=True, max_age=MAX_AGE)


@require_safe
@_cacheable
def robots(request: HttpRequest) -> HttpResponse:
    rules = _ROBOTS.format(root=reverse("home"))
    text = f"{rules}\nSitemap: {request.build_absolute_uri(reverse('sitemap'))}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
@_cacheable
def index(request: HttpRequest) -> HttpResponse:
    paths = [reverse("sitemap-pages")]
    paths += [reverse("sitemap-proteins", args=[begin.lower()]) for begin in part_beginnings()]
    return _xml(request, "sitemapindex", "sitemap", paths)


@require_safe
@_cacheable
def pages(request: HttpRequest) -> HttpResponse:
    """What there is beside proteins: their lists, the species and releases among them."""
    frozen = [reverse("download-release", args=[name]) for name in releases.names()]
    species = [taxon.get_absolute_url() for taxon in Taxon.objects.all()]
    return _xml(
        request,
        "urlset",
        "url",
        [*map(reverse, _PAGES), *species, *frozen],
    )


@require_safe
@_cacheable
def proteins(request: HttpRequest, begin: str) -> HttpResponse:
    try:
        first = identifiers.parse_accession(begin)
    except identifiers.IdentifierError as error:
        raise Http404 from error
    listed = accessions_from(first)[:PART_SIZE]
    path = UrlPattern.of("protein", "{}")
    return _xml(request, "urlset", "url", (path.url(a.lower()) for a in listed))


def part_beginnings() -> list[str]:
    """The accession at which each part begins."""
    beginnings: list[str] | None = cache.get(_KEY)
    if beginnings is None:
        beginnings = list(_beginnings())
        cache.set(_KEY, beginnings, MAX_AGE)
    return beginnings


def _beginnings() -> Iterator[str]:
    begin = accessions_from("")[:1]
    while begin:
        yield begin[0]
        begin = accessions_from(begin[0])[PART_SIZE : PART_SIZE + 1]


def _xml(request: HttpRequest, root: str, item: str, paths: Iterable[str]) -> HttpResponse:
    host = escape(request.build_absolute_uri("/").rstrip("/"))
    rows = "".join(f"<{item}><loc>{host}{path}</loc></{item}>\n" for path in paths)
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">\n{rows}</{root}>\n'
    )
    return HttpResponse(text, content_type="application/xml; charset=utf-8")
