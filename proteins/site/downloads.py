"""What a release holds, sent by the application where no web server in front does it."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

from proteins import release_store
from proteins.caching.conditional import unless_unchanged
from proteins.domain.identifiers import shown
from proteins.site.download_pages import ReleasePage, downloads_head, release_head
from proteins.site.parameters import reads

_TYPES: Final = {
    ".gz": "application/gzip",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    "": "text/plain; charset=utf-8",
}
#: Seconds for which any cache may store what never changes.
_MAX_AGE: Final = 31_536_000


@require_safe
def release_file(request: HttpRequest, release: str, name: str) -> HttpResponseBase:
    """A file that the release itself lists; no other path is ever opened."""
    stored = release_store.release(release)
    digest = stored.digests.get(name) if stored else None
    if stored is None or digest is None:
        raise Http404(f"There is no file {shown(name)} of a release {shown(release)}.")
    headers = {
        "Content-Type": _TYPES[PurePath(name).suffix],
        "ETag": f'"{digest}"',
        "Cache-Control": f"public, max-age={_MAX_AGE}, immutable",
        "Accept-Ranges": "bytes",
        "Access-Control-Allow-Origin": "*",
    }
    static = StaticFile(str(stored.path / name), list(headers.items()))
    response: HttpResponseBase = WhiteNoiseMiddleware.serve(static, request)
    return response


@require_safe
@reads()
@unless_unchanged
def downloads(request: HttpRequest) -> HttpResponse:
    """All releases, the newest first."""
    stored = [release for name in release_store.names() if (release := release_store.release(name))]
    listed = [ReleasePage(release, _url(request, release.name)) for release in stored]
    head = downloads_head(request, [page.name for page in listed])
    return render(request, "proteins/downloads.html", {"releases": listed, "head": head})


@require_safe
@reads("species")
@unless_unchanged
def release_page(request: HttpRequest, release: str) -> HttpResponse:
    """A release: the files of one species, what changed, and how it is cited."""
    stored = release_store.release(release)
    if stored is None:
        raise Http404(f"There is no release {shown(release)}.")
    species = request.GET.get("species", "")
    if species and species not in {counts["code"] for counts in stored.manifest["species"]}:
        raise Http404(f"Release {release} has no files of a species {shown(species)}.")
    page = ReleasePage(stored, _url(request, release), species)
    context = {"page": page, "head": release_head(request, page)}
    return render(request, "proteins/release.html", context)


def _url(request: HttpRequest, name: str) -> str:
    return request.build_absolute_uri(reverse("download-release", args=[name]))
