"""The home page, search, suggestions while a search is typed, and the citation as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from proteins.caching.conditional import unless_unchanged
from proteins.domain import identifiers
from proteins.exports import citation
from proteins.queries.home import Home
from proteins.queries.search import find
from proteins.queries.suggestions import suggestions
from proteins.site import metadata
from proteins.site.forms import SearchForm
from proteins.site.parameters import reads

#: Proteins on a page of results.
SEARCH_LIMIT = 50
#: Seconds for which a browser may keep suggestions, and anybody the citation.
SUGGESTIONS_KEPT_FOR = 60
CITATION_KEPT_FOR = 86_400


@require_safe
@reads()
@unless_unchanged
def home(request: HttpRequest) -> HttpResponse:
    context = {"page": Home.read(), "head": metadata.home_head(request)}
    return render(request, "proteins/home.html", context)


@require_safe
@reads("q")
def search(request: HttpRequest) -> HttpResponse:
    """Go to the one thing that is certainly meant, or list what may be."""
    form = SearchForm(request.GET)
    text = form.state.get("q", "")
    results = find(text, SEARCH_LIMIT)
    if results.only is not None:
        return redirect(results.only)
    context = {
        "form": form,
        "text": text,
        "results": results,
        "accession": text.upper() if identifiers.is_accession(text.upper()) else "",
    }
    return render(request, "proteins/search.html", context)


@require_safe
@reads("q")
@cache_control(private=True, max_age=SUGGESTIONS_KEPT_FOR)
def suggest(request: HttpRequest) -> HttpResponse:
    """What may be meant by what is typed so far; nothing for what cannot be searched for."""
    text = SearchForm(request.GET).state.get("q", "")
    return JsonResponse({"suggestions": suggestions(text)})


@require_safe
@cache_control(public=True, max_age=CITATION_KEPT_FOR)
def cite(request: HttpRequest, suffix: str) -> HttpResponse:  # noqa: ARG001
    file = citation.FILES[suffix]
    return HttpResponse(
        file.text,
        content_type=f"{file.content_type}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="tflink.{suffix}"'},
    )
