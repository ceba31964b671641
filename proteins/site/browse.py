"""The list of all proteins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from proteins.caching.conditional import unless_unchanged
from proteins.models import Protein
from proteins.queries.browse import BrowsePage
from proteins.queries.totals import counted
from proteins.site import metadata
from proteins.site.browse_form import FIRST_ORDER, BrowseForm
from proteins.site.paging import sorted_by
from proteins.site.parameters import reads


class Head(NamedTuple):
    """A column head, with the URL that sorts by it and how it is sorted now."""

    label: str
    url: str = ""
    aria_sort: str = ""
    is_number: bool = False


#: Each with the order of its first click.
_COLUMNS: Final = (
    ("Name", "name"),
    ("Accession", "accession"),
    ("Gene ID", ""),
    ("Species", ""),
    ("Role", ""),
    ("Targets", "-target_count"),
    ("Regulators", "-tf_count"),
    ("Interactions", "-interaction_count"),
    ("Small-scale", ""),
)
_NUMBERS: Final = frozenset({"Targets", "Regulators", "Interactions"})


@require_safe
@reads(*BrowseForm.names())
@unless_unchanged
def browse(request: HttpRequest) -> HttpResponse:
    form = BrowseForm(request.GET)
    page = page_of(form)
    filters = {name: value for name, value in form.state.items() if name not in form.not_filters}
    state = {name: value for name, value in form.state.items() if name not in form.where}
    context = {
        "form": form,
        "page": page,
        "heads": [_head(request.path, state, *column) for column in _COLUMNS],
        "links": [(word, _url(request.path, form.step(step))) for word, step in page.steps],
        "start": _url(request.path, state),
        "is_inside": bool(form.state.keys() & form.where),
        "caption": f"Proteins{' that match the filters' * form.is_filtered}, {form.order_label}",
        "total": counted(form.chosen(Protein.objects.all())),
        "files": _files(filters),
        "head": metadata.browse_head(request, is_whole=not form.state),
    }
    return render(request, "proteins/browse.html", context)


def page_of(form: BrowseForm) -> BrowsePage:
    """Read the page that a form describes."""
    proteins = form.chosen(Protein.objects.all())
    return BrowsePage.read(proteins, form.order, form.place, backward=form.is_backward)


def _files(filters: Mapping[str, str]) -> list[tuple[str, str]]:
    """The API's files of what is listed; none where there is no API."""
    try:
        url = reverse("api-protein-list")
    except NoReverseMatch:
        return []
    return [(kind.upper(), _url(url, {**filters, "format": kind})) for kind in ("tsv", "csv")]


def _url(path: str, state: Mapping[str, str]) -> str:
    query = urlencode({name: value for name, value in state.items() if value})
    return f"{path}?{query}" if query else path


def _head(path: str, state: Mapping[str, str], label: str, order: str) -> Head:
    is_number = label in _NUMBERS
    if not order:
        return Head(label, is_number=is_number)
    direction, order = sorted_by(order, state.get("sort") or FIRST_ORDER)
    # The bare URL has the first order, and is its only URL.
    wanted = "" if order == FIRST_ORDER else order
    return Head(label, _url(path, {**state, "sort": wanted}), direction, is_number)
