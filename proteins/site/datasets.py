"""The pages of datasets: where statements come from, and under which licence."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from proteins.caching.conditional import unless_unchanged
from proteins.queries.datasets import counted_datasets, newest_statements
from proteins.site import metadata
from proteins.site.cite import CiteBox
from proteins.site.parameters import reads


@require_safe
@reads()
@unless_unchanged
def datasets(request: HttpRequest) -> HttpResponse:
    context = {"head": metadata.datasets_head(request), "datasets": counted_datasets()}
    return render(request, "proteins/datasets.html", context)


@require_safe
@reads()
@unless_unchanged
def dataset(request: HttpRequest, number: int) -> HttpResponse:
    record = next(iter(counted_datasets(number)), None)
    if record is None:
        raise Http404("There is no such dataset.")
    context = {
        "head": (head := metadata.dataset_head(request, record.dataset)),
        "citation": CiteBox.of(request, head.name, record.dataset.get_absolute_url()),
        "record": record.dataset,
        "counts": record.counts,
        "statements": newest_statements(record.dataset),
    }
    return render(request, "proteins/dataset.html", context)
