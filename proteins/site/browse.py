"""The list of all proteins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from proteins.caching.conditional import unless_unchanged
from proteins.models import Protein
from proteins.queries.browse import NUMBERED, PAGE_SIZE, BrowsePage, browse_facets
from proteins.site import metadata
from proteins.site.browse_form import FIRST_ORDER, BrowseForm
from proteins.site.paging import Head, PageLink, api_files, numbered, sorted_by
from proteins.site.parameters import reads
from proteins.site.picks import first_picks, more_picks

#: Each with the order of its first click.
_COLUMNS: Final = (
    ("Name", "name"),
    ("Accession", "accession"),
    ("Species", ""),
    ("Role", ""),
    ("Targets", "-target_count"),
    ("Regulators", "-tf_count"),
    ("Interactions", "-interaction_count"),
    ("By support", ""),
)
#: The glossary's terms of heads.
_TERMS: Final = {"By support": "tier"}
_NUMBERS: Final = frozenset({"Targets", "Regulators", "Interactions"})


@require_safe
@reads(*BrowseForm.names())
@unless_unchanged
def browse(request: HttpRequest) -> HttpResponse:
    form = BrowseForm(request.GET)
    page = page_of(form)
    selection = tuple(sorted(form.filters.items()))
    counts = browse_facets(form.chosen(Protein.objects.all()), selection)
    form.count(counts)
    state = {name: value for name, value in form.state.items() if name not in form.where}

    def picked(name: str, value: str) -> str:
        return _url(request.path, {**state, name: value})

    # A species that is chosen is the same for all.
    has_species = form.state.get("taxon", ",").count(",") > 0
    context = {
        "form": form,
        "has_species": has_species,
        "most": max((protein.interaction_count for protein in page.proteins), default=0),
        "picks": first_picks(form, picked),
        "more_picks": more_picks(form, picked),
        "page": page,
        "heads": [
            _head(request.path, state, *column)
            for column in _COLUMNS
            if has_species or column[0] != "Species"
        ],
        "links": _links(request.path, form, page, counts.total),
        "chips": [(*chip, _url(request.path, without)) for *chip, without in form.chips],
        "start": _url(request.path, state),
        "is_inside": bool(form.state.keys() & form.where),
        "caption": f"Proteins{' that match the filters' * form.is_filtered}, {form.order_label}",
        "total": counts.total,
        "rows": _rows(page, counts.total),
        "files": api_files("api-protein-list", form.filters),
        "head": metadata.browse_head(request, is_whole=not form.state),
    }
    return render(request, "proteins/browse.html", context)


def page_of(form: BrowseForm) -> BrowsePage:
    """Read the page that a form describes."""
    proteins = form.chosen(Protein.objects.all())
    return BrowsePage.read(
        proteins, form.order, form.place, backward=form.is_backward, number=form.number
    )


def _links(path: str, form: BrowseForm, page: BrowsePage, total: int) -> list[PageLink]:
    """The pages that can be gone to. The first have numbers, so that a URL never skips over more
    rows than those have; from the last of them one goes on from its last row."""

    def link(label: str, step: Mapping[str, str]) -> PageLink:
        return PageLink(label, _url(path, form.step(step)))

    if page.number is None:
        return [link(word, step) for word, step in page.steps]
    pages, following = -(-total // PAGE_SIZE), dict(page.steps).get("Next", {})

    def to(label: str, number: int) -> PageLink:
        if number > NUMBERED:
            return link(label, following if label == "Next" else {"page": "last"})
        return link(label, {"page": str(number)} if number > 1 else {})

    return numbered(page.number, pages, to, NUMBERED)


def _rows(page: BrowsePage, total: int) -> str:
    """Which of how many rows are on a page, in words."""
    if page.number is None:
        return f"{len(page.proteins):,} of {total:,} on this page"
    first = (page.number - 1) * PAGE_SIZE
    return f"{first + 1:,}–{first + len(page.proteins):,} of {total:,}"


def _url(path: str, state: Mapping[str, str]) -> str:
    query = urlencode({name: value for name, value in state.items() if value})
    return f"{path}?{query}" if query else path


def _head(path: str, state: Mapping[str, str], label: str, order: str) -> Head:
    is_number = label in _NUMBERS
    if not order:
        return Head(label, is_number=is_number, term=_TERMS.get(label, ""))
    direction, order = sorted_by(order, state.get("sort") or FIRST_ORDER)
    # The bare URL has the first order, and is its only URL.
    wanted = "" if order == FIRST_ORDER else order
    return Head(label, _url(path, {**state, "sort": wanted}), direction, is_number)
