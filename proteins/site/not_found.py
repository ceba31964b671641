"""What a URL leads to that names no protein by accession: the one that it certainly means, or a
page with those that it may mean, and a search."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from proteins.domain import identifiers
from proteins.models import Protein
from proteins.queries.protein_names import candidates_of
from proteins.queries.resolver import Meaning, resolve_one

#: Candidates that the page lists; the search lists all.
_LISTED = 10


def elsewhere_or_none(request: HttpRequest, requested: str) -> HttpResponse:
    """Redirect to the protein that an edited URL (`/protein/TP53/`) means, where that is one.

    The redirect is not permanent: a name may become that of another protein, too.
    """
    meaning = resolve_one(requested)
    if meaning.certain is not None:
        return redirect(Protein.objects.get(pk=meaning.certain.pk))
    return _no_such_protein(request, requested, meaning)


def no_such_protein(request: HttpRequest, requested: str) -> HttpResponse:
    return _no_such_protein(request, requested, resolve_one(requested))


def _no_such_protein(request: HttpRequest, requested: str, meaning: Meaning) -> HttpResponse:
    """The page of an accession that no protein has, or that was divided into several."""
    accession = _accession_or_empty(requested)
    if successors := candidates_of(accession):
        choice = {"accession": accession, "candidates": successors, "text": ""}
        return render(request, "proteins/protein_choice.html", choice, status=300)
    context = {
        "accession": accession,
        "requested": identifiers.shown(requested),
        # It may be a name, which the search box then offers to search for.
        "text": requested if requested.isprintable() and len(requested) <= 100 else "",
        "candidates": meaning.matches[:_LISTED],
    }
    return render(request, "proteins/protein_not_found.html", context, status=404)


def _accession_or_empty(text: str) -> str:
    try:
        return identifiers.parse_accession(text)
    except identifiers.IdentifierError:
        return ""
