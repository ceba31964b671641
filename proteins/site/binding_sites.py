"""The list of binding sites: those of a region of a genome, of a TF, or by ID."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from proteins.caching.conditional import unless_unchanged
from proteins.domain.binding_sites import explained
from proteins.models import BindingSite
from proteins.queries.evidence import read_evidence
from proteins.queries.site_page import SitePage
from proteins.site import metadata, page_figures
from proteins.site.cite import CiteBox
from proteins.site.forms import SiteListForm
from proteins.site.paging import PageLink
from proteins.site.parameters import reads
from proteins.site.shown_site import ShownSite

#: Formats of the same sites in the API.
_FILES: Final = ("tsv", "csv", "gff3", "bed", "fasta")


@require_safe
@reads(*SiteListForm.names())
@unless_unchanged
def sites(request: HttpRequest) -> HttpResponse:
    form = SiteListForm(request.GET, options={})
    chosen = form.chosen(BindingSite.objects.all())
    page = SitePage([], [])
    if form.is_chosen:
        page = SitePage.read(chosen, form.place("after"), form.place("before"))
    of_tf = page.sites if "tf" in form.state else []
    support = read_evidence({site.evidence_id for site in page.sites})
    state = {name: value for name, value in form.state.items() if name not in form.where}
    context = {
        "form": form,
        "rows": [
            (ShownSite.of(site, support[site.evidence_id]), support[site.evidence_id])
            for site in page.sites
        ],
        "links": [PageLink(word, _url(request.path, form.step(step))) for word, step in page.steps],
        "files": [(name.upper(), _file(state, name)) for name in _FILES],
        "start": _url(request.path, state),
        "counting": explained(),
        "figure": _figure(of_tf),
        "citation": CiteBox.of(request, "Binding sites", _url(request.path, state)),
        "head": metadata.sites_head(request, is_whole=not form.state),
    }
    return render(request, "proteins/sites.html", context)


def _figure(sites: list[BindingSite]) -> page_figures.ShownFigure | None:
    """Where a TF binds, on a page of its sites; none where the page has those of several."""
    if len({site.tf_id for site in sites}) != 1:
        return None
    tf = sites[0].tf
    if all(site.start is None for site in sites):
        # Those that are not placed come first.
        placed = BindingSite.objects.of_tf(tf).filter(start__isnull=False).order_by()
        sites = list(placed[:1])
    return page_figures.chromosomes_figure(tf, sites)


def _url(path: str, state: dict[str, str]) -> str:
    return f"{path}?{urlencode(state)}" if state else path


def _file(state: dict[str, str], name: str) -> str:
    return _url(reverse("api-binding-site-list"), {**state, "format": name})
