"""The public pages. Each view reads through a named query and renders; none writes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from proteins import editing, identifiers, machines
from proteins.conditional import unless_unchanged
from proteins.forms import BrowseForm
from proteins.models import Protein, Taxon
from proteins.paging import KeysetPage
from proteins.protein_page import ProteinPage

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


@require_safe
@unless_unchanged
def protein(request: HttpRequest, accession: str) -> HttpResponse:
    found = Protein.objects.with_details().by_accession(accession).first()
    if found is None:
        return no_such_protein(request, accession)
    address = found.get_absolute_url()
    if request.path != address:
        query = request.GET.urlencode()
        return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
    page = ProteinPage.read(found, request.GET, address)
    editor = editing.may_edit(request)
    head = machines.protein_head(request, found)
    context = {"page": page, "protein": found, "editor": editor, "head": head}
    response = render(request, "proteins/protein.html", context)
    return editing.for_editors(response) if editor else response


def no_such_protein(request: HttpRequest, asked_for: str) -> HttpResponse:
    context = {
        "accession": _accession_or_empty(asked_for),
        "asked_for": identifiers.shown(asked_for),
        # It may be a name, for which the search box then stands ready.
        "text": asked_for if asked_for.isprintable() and len(asked_for) <= 100 else "",
    }
    return render(request, "proteins/protein_not_found.html", context, status=404)
