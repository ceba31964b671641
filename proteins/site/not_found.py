"""The page for a protein that is not here, with a search for it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from proteins.domain import identifiers
from proteins.queries.protein_names import candidates_of


def no_such_protein(request: HttpRequest, requested: str) -> HttpResponse:
    """The page of an accession that no protein has, or that was divided into several."""
    accession = _accession_or_empty(requested)
    if candidates := candidates_of(accession):
        choice = {"accession": accession, "candidates": candidates, "text": ""}
        return render(request, "proteins/protein_choice.html", choice, status=300)
    context = {
        "accession": accession,
        "requested": identifiers.shown(requested),
        # It may be a name, which the search box then offers to search for.
        "text": requested if requested.isprintable() and len(requested) <= 100 else "",
    }
    return render(request, "proteins/protein_not_found.html", context, status=404)


def _accession_or_empty(text: str) -> str:
    try:
        return identifiers.parse_accession(text)
    except identifiers.IdentifierError:
        return ""
