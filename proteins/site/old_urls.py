"""Addresses of the site that this one replaces, and the icon at the path that browsers try."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe


@require_safe
def moved(
    request: HttpRequest,  # noqa: ARG001
    name: str,
    anchor: str = "",
    file: str = "",  # noqa: ARG001
) -> HttpResponse:
    """Lead to the page that has what was there."""
    return HttpResponsePermanentRedirect(reverse(name) + (f"#{anchor}" if anchor else ""))


@require_safe
def moved_protein(request: HttpRequest, accession: str) -> HttpResponse:  # noqa: ARG001
    return HttpResponsePermanentRedirect(reverse("protein", args=[accession]))


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return HttpResponsePermanentRedirect(static("proteins/icon.svg"))
