"""The indexes of source databases, detection methods and species."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from proteins.caching.conditional import unless_unchanged
from proteins.queries import visibility
from proteins.queries.home import Home
from proteins.site import metadata, page_figures
from proteins.site.parameters import reads


@require_safe
@reads()
@unless_unchanged
def sources(request: HttpRequest) -> HttpResponse:
    records = visibility.sources().with_publication().order_by("name", "key")
    context = {
        "head": metadata.index_head(request, "sources"),
        "records": records,
        "figures": page_figures.sources_figures(),
    }
    return render(request, "proteins/sources.html", context)


@require_safe
@reads()
@unless_unchanged
def methods(request: HttpRequest) -> HttpResponse:
    records = visibility.methods().order_by("method_class", "name")
    context = {"head": metadata.index_head(request, "methods"), "records": records}
    return render(request, "proteins/methods.html", context)


@require_safe
@reads()
@unless_unchanged
def species(request: HttpRequest) -> HttpResponse:
    context = {"head": metadata.index_head(request, "species-list"), "page": Home.read()}
    return render(request, "proteins/species_list.html", context)
