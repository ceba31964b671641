"""The home page, search, and suggestions while a search is typed."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from proteins.caching.conditional import unless_unchanged
from proteins.domain import identifiers
from proteins.domain.regions import parse_region
from proteins.drawing.species_bars import SCALES, SpeciesBars
from proteins.queries.home import Home
from proteins.queries.search import find
from proteins.queries.suggestions import suggestions
from proteins.site import metadata
from proteins.site.forms import SearchForm
from proteins.site.parameters import reads

#: Proteins on a page of results.
SEARCH_LIMIT = 50
#: What joins the two ends of a region.
_ENDS = re.compile(r"[0-9]\s*(?:-|\.\.|–)\s*[0-9]")
#: Seconds for which a browser may cache suggestions.
SUGGESTIONS_MAX_AGE = 60


@require_safe
@reads()
@unless_unchanged
def home(request: HttpRequest) -> HttpResponse:
    page = Home.read()
    context = {"page": page, "head": metadata.home_head(request), **_bars(page)}
    return render(request, "proteins/home.html", context)


def _bars(page: Home) -> dict[str, Any]:
    """The bars of the species, wide and for a phone; nothing where scales were not counted."""
    if not page.species or page.total.scales is None:
        return {}
    species = [
        (str(taxon), taxon.get_absolute_url(), numbers.scales or {})
        for taxon, numbers in page.species
    ]
    legend = [
        (css_class, label, page.total.scales.get(scale.label, 0))
        for scale, css_class, label in SCALES
    ]
    return {
        "bars": [
            ("wide-only", SpeciesBars.of(species, 760, 190)),
            ("phone-only", SpeciesBars.of(species, 326, 152)),
        ],
        "legend": legend,
    }


@require_safe
@reads("q")
def search(request: HttpRequest) -> HttpResponse:
    """Go to the one thing that is certainly meant, or list what may be."""
    form = SearchForm(request.GET)
    text = form.state.get("q", "")
    if sites := _sites_query(text):
        return redirect(f"{reverse('sites')}?{urlencode(sites)}")
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


def _sites_query(text: str) -> dict[str, str]:
    """The query of the list of binding sites that a region or a TFLink ID leads to.

    A region has two ends here: `MI:0402` and `GeneID:7157` would be one position otherwise.
    """
    for name, parse in (("region", parse_region), ("tflink_id", identifiers.parse_tflink_site)):
        try:
            meant = str(parse(text))
        except identifiers.IdentifierError:
            continue
        return {name: meant} if name != "region" or _ENDS.search(text) else {}
    return {}


@require_safe
@reads("q")
@cache_control(private=True, max_age=SUGGESTIONS_MAX_AGE)
def suggest(request: HttpRequest) -> HttpResponse:
    """What may be meant by what is typed so far; nothing for what cannot be searched for."""
    text = SearchForm(request.GET).state.get("q", "")
    return JsonResponse({"suggestions": suggestions(text)})
