"""How a page of the site is cited: the box on the page, and its files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, get_script_prefix, resolve, reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from proteins import release_store as releases
from proteins.caching.conditional import last_import
from proteins.exports import citation
from proteins.exports.citation import CitedPage, long_date
from proteins.site.parameters import reads

#: Seconds for which any cache may hold the citation of TFLink itself.
_MAX_AGE: Final = 86_400
#: What can be cited by itself: the URL names of pages, each with the parameter that names the
#: record, and what it is called.
_PAGES: Final = {
    "protein": ("accession", "protein"),
    "interaction": ("identifier", "interaction"),
    "publication": ("pmid", "publication PMID"),
    "source": ("key", "source database"),
    "method": ("name", "detection method"),
    "species": ("code", "species"),
    "dataset": ("number", "dataset"),
    "download-release": ("release", "release"),
    "protein-network": ("accession", "network of protein"),
    # What these show is in their query.
    "sites": ("", "binding sites"),
    "enrichment": ("", "regulators of a list of genes"),
}
_LONGEST: Final = 300


@dataclass(frozen=True)
class CiteBox:
    """The citation of a page: its text, the files of it and the URL that lasts."""

    text: str
    bibtex: str
    ris: str
    url: str

    @classmethod
    def of(cls, request: HttpRequest, title: str, path: str) -> CiteBox:
        """`path` is the canonical one of the page, with its query where that names the record."""
        page = _page(request, title, request.build_absolute_uri(path))
        query = urlencode({"of": path.removeprefix(_prefix())})
        files = {suffix: f"{reverse(f'cite-{suffix}')}?{query}" for suffix in citation.FILES}
        return cls(page.text, files["bib"], files["ris"], page.url)


def _prefix() -> str:
    """What the site's paths begin with where it is served below one."""
    return get_script_prefix().rstrip("/")


def _page(request: HttpRequest, title: str, url: str) -> CitedPage:
    return CitedPage(title, url, timezone.now().date(), _edition(request))


def _edition(request: HttpRequest) -> str:
    """The newest release and its date, else the date of the newest import."""
    release = releases.release(releases.latest_name())
    if release is not None:
        return f"Release {release.name} of {long_date(release.moment.date())}"
    imported = last_import(request)
    return f"Data imported on {long_date(imported.date())}" if imported else ""


@require_safe
@reads("of")
def cite(request: HttpRequest, suffix: str) -> HttpResponse:
    """The citation of TFLink itself, or of the page whose path is `of`."""
    path = request.GET.get("of", "")
    if not path:
        response = _file(citation.FILES[suffix], f"tflink.{suffix}")
        cache_control(public=True, max_age=_MAX_AGE)(lambda _: response)(request)
        return response
    if "?" in path:
        # It may hold a list of genes, which is unpublished research.
        request.is_private = True  # type: ignore[attr-defined]
    title, name = _title(path.partition("?")[0])
    page = _page(request, title, request.build_absolute_uri(f"{_prefix()}{path}"))
    return _file(page.file(suffix), f"tflink-{name}.{suffix}")


def _title(path: str) -> tuple[str, str]:
    """What a page is called in its citation, and in the name of a file."""
    try:
        match = resolve(path) if len(path) <= _LONGEST else None
    except Resolver404:
        match = None
    if match is None or (match.url_name or "") not in _PAGES:
        raise Http404("Only the pages of records can be cited by themselves.")
    parameter, noun = _PAGES[match.url_name or ""]
    if not parameter:
        return noun, match.url_name or ""
    value = str(match.kwargs[parameter])
    shown = value.upper() if parameter in ("accession", "identifier") else value
    name = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in value)
    return f"{noun} {shown}", name


def _file(file: citation.File, name: str) -> HttpResponse:
    return HttpResponse(
        file.text,
        content_type=f"{file.content_type}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
