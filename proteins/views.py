"""The public pages. Each view reads through a named query and renders; none writes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from proteins import identifiers, machines
from proteins.forms import BrowseForm
from proteins.models import Protein, Taxon
from proteins.paging import KeysetPage

BROWSE_PAGE_SIZE = 50


def _accession_or_empty(text: str) -> str:
    try:
        return identifiers.parse_accession(text)
    except identifiers.IdentifierError:
        return ""


@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    form = BrowseForm(request.GET, taxa=Taxon.objects.all())
    found = Protein.objects.all()
    if text := form.state.get("q"):
        found = found.matching(text)
    if species := form.state.get("species"):
        found = found.of_species(species)
    if function := form.state.get("function"):
        found = found.with_function(function)
    page = KeysetPage.of(found, form, request.path, BROWSE_PAGE_SIZE)
    head = machines.browse_head(request, is_whole=not request.GET)
    return render(request, "proteins/browse.html", {"form": form, "page": page, "head": head})


