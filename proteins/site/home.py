"""The home page, search, and suggestions while a search is typed."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from proteins.caching.conditional import SEARCHES, unless_unchanged, unless_unchanged_apart
from proteins.domain import identifiers
from proteins.domain.fold import fold
from proteins.domain.regions import parse_region
from proteins.domain.tiers import Tier
from proteins.domain.written_forms import Form, readings
from proteins.drawing.species_bars import Species, SpeciesBars
from proteins.models import Taxon
from proteins.queries.examples import read_examples
from proteins.queries.home import Home
from proteins.queries.search import SearchResult, find
from proteins.queries.suggestions import suggestions
from proteins.site import metadata, page_figures
from proteins.site.forms import ALL_SPECIES, SearchForm
from proteins.site.parameters import reads

#: Proteins on a page of results.
SEARCH_LIMIT = 50
#: What joins the two ends of a region.
_ENDS = re.compile(r"[0-9]\s*(?:-|\.\.|–)\s*[0-9]")
_BLANKS = re.compile(" {2,}")
#: Seconds for which a browser may cache suggestions.
SUGGESTIONS_MAX_AGE = 60
#: Which species was searched last, by NCBI taxon ID; for a year.
SCOPE_COOKIE = "species"
SCOPE_MAX_AGE = 31_536_000


@require_safe
@reads()
@unless_unchanged
def home(request: HttpRequest) -> HttpResponse:
    page = Home.read()
    taxa = [taxon for taxon, _ in page.species]
    head = metadata.home_head(request)
    context = {"page": page, "taxa": taxa, "head": head, "examples": _examples(), **_bars(page)}
    return render(request, "proteins/home.html", context)


def _examples() -> list[tuple[str, str, str]]:
    """The text, kind and URL of each; whatever species a reader searched last, in all."""
    url = reverse("search")
    return [
        (text, hint, f"{url}?{urlencode({'taxon': ALL_SPECIES, 'q': text})}")
        for text, hint in read_examples()
    ]


def _bars(page: Home) -> dict[str, Any]:
    """The bars of the species by support, and what all come to; nothing without interactions."""
    total, tiers = page.total.interactions, page.total.tiers
    if not total:
        return {}
    return {
        "bars": SpeciesBars(
            [
                Species(str(taxon), taxon.get_absolute_url(), numbers.tiers)
                for taxon, numbers in page.species
                if numbers.interactions
            ]
        ),
        "files": page_figures.species_support_files(),
        "small_scale": tiers[Tier.STRONG] + tiers[Tier.SUPPORTED],
        "single": f"{tiers[Tier.SINGLE] / total:.1%}",
    }


@require_safe
@reads("q", "taxon")
def search(request: HttpRequest) -> HttpResponse:
    """Go to the one thing that is certainly meant, or list what may be."""
    form = SearchForm(request.GET)
    scope = _scope(request, form)
    response = _searched(request, form, scope) if form.errors else _results(request, form, scope)
    if "taxon" in form.state:
        _remember_scope(response, scope)
    patch_vary_headers(response, ["Cookie"])
    return response


def _results(request: HttpRequest, form: SearchForm, scope: Taxon | None) -> HttpResponse:
    """The page of a text in a species, whatever else of the request led to these."""
    return _cached_results(_canonical(request, form, scope), form, scope)


def _canonical(request: HttpRequest, form: SearchForm, scope: Taxon | None) -> HttpRequest:
    """The request with the text without needless blanks, and with the species that is searched."""
    taxon = str(scope.ncbi_taxon_id) if scope else ALL_SPECIES
    query = urlencode({"q": _tidied(form), "taxon": taxon})
    request.META = {**request.META, "QUERY_STRING": query}
    request.GET = QueryDict(query)
    # It is part of the query now.
    request.COOKIES = {name: one for name, one in request.COOKIES.items() if name != SCOPE_COOKIE}
    return request


def _tidied(form: SearchForm) -> str:
    """The text without invisible characters and repeated blanks; line ends and tabs split lists."""
    return _BLANKS.sub(" ", identifiers.without_invisible(form.state.get("q", "")))


def _slot(request: HttpRequest) -> str:
    """What a text shares with its other spellings: in small letters and in capitals it is stored,
    and in one spelling more."""
    text = request.GET["q"]
    spellings = (text.lower(), text.upper())
    place = spellings.index(text) if text in spellings else len(spellings)
    return urlencode({**request.GET.dict(), "q": fold(text), "spelling": place})


@unless_unchanged_apart(SEARCHES, _slot)
def _cached_results(request: HttpRequest, form: SearchForm, scope: Taxon | None) -> HttpResponse:
    return _searched(request, form, scope)


def _searched(request: HttpRequest, form: SearchForm, scope: Taxon | None) -> HttpResponse:
    text = _tidied(form)
    if sites := _sites_query(text):
        return redirect(f"{reverse('sites')}?{urlencode(sites)}")
    results = find(text, SEARCH_LIMIT, scope=scope)
    if results.only is not None:
        return redirect(results.only)
    context = {
        "form": form,
        "text": text,
        "results": results,
        "scope": scope,
        "taxa": results.taxa or Taxon.objects.all(),
        "accession": _accession(results),
    }
    return render(request, "proteins/search.html", context)


def _accession(results: SearchResult) -> str:
    """The accession that a text is, whether such a protein is here or not."""
    return results.value if results.form is Form.ACCESSION else ""


def _scope(request: HttpRequest, form: SearchForm) -> Taxon | None:
    """The species that is searched: as requested, or as the last time; None for all."""
    requested = form.state.get("taxon", "")
    chosen = requested or request.COOKIES.get(SCOPE_COOKIE, "")
    if not chosen or chosen == ALL_SPECIES:
        return None
    names = {str(taxon.ncbi_taxon_id): taxon for taxon in Taxon.objects.all()}
    if chosen not in names and requested:
        shown = identifiers.shown(requested)
        form.add_error("taxon", f"TFLink has no species with the NCBI taxon ID {shown}.")
    return names.get(chosen)


def _remember_scope(response: HttpResponse, scope: Taxon | None) -> None:
    # Of the pages of the search alone: any cookie would have others rendered again.
    path = reverse("search")
    if scope is None:
        response.delete_cookie(SCOPE_COOKIE, path=path, samesite="Lax")
    else:
        response.set_cookie(
            SCOPE_COOKIE,
            str(scope.ncbi_taxon_id),
            max_age=SCOPE_MAX_AGE,
            path=path,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def _sites_query(text: str) -> dict[str, str]:
    """The query of the list of binding sites that a region or a TFLink ID leads to.

    A region has two ends here: `MI:0402` and `GeneID:7157` would be one position otherwise.
    """
    for reading in readings(text):
        if reading.form is Form.SITE:
            return {"tflink_id": reading.value}
    try:
        region = parse_region(text)
    except identifiers.IdentifierError:
        return {}
    return {"region": str(region)} if _ENDS.search(text) else {}


@require_safe
@reads("q", "taxon")
def suggest(request: HttpRequest) -> HttpResponse:
    """What may be meant by what is typed so far; nothing for what cannot be searched for."""
    form = SearchForm(request.GET)
    scope = _scope(request, form)
    response = _cached_suggestions(_canonical(request, form, scope), scope)
    response["Cache-Control"] = f"private, max-age={SUGGESTIONS_MAX_AGE}"
    patch_vary_headers(response, ["Cookie"])
    return response


@unless_unchanged_apart(SEARCHES, _slot)
def _cached_suggestions(request: HttpRequest, scope: Taxon | None) -> HttpResponse:
    return JsonResponse({"suggestions": suggestions(request.GET["q"], scope)})
