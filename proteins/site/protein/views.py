"""The page of a protein, one table of it for htmx, and the page of all its publications."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from proteins.caching.conditional import unless_unchanged
from proteins.models import Protein
from proteins.queries.evidence import Vocabulary
from proteins.queries.protein_summary import read_facets
from proteins.site import edit_links, metadata
from proteins.site.cite import CiteBox
from proteins.site.forms import ProteinPublicationsForm
from proteins.site.not_found import elsewhere_or_none, no_such_protein
from proteins.site.parameters import reads, redirected
from proteins.site.protein.page import ProteinPage
from proteins.site.protein.publications import PublicationsPage
from proteins.site.protein.table_choice import table_parameters
from proteins.site.protein.tables import TABLES, Tables

#: The headers by which responses of a page with separate parts vary.
_PARTS = ("HX-Request", "HX-Target")


class HtmxRequest(HttpRequest):
    """A request as `HtmxMiddleware` passes it on."""

    htmx: HtmxDetails


@require_safe
@reads(*table_parameters())
@unless_unchanged
def protein(request: HttpRequest, accession: str) -> HttpResponse:
    record = Protein.objects.select_related("taxon", "change").by_accession(accession).first()
    if record is None:
        return elsewhere_or_none(request, accession)
    if elsewhere := redirected(request, record.get_absolute_url()):
        return elsewhere
    htmx = cast(HtmxRequest, request).htmx
    if htmx and htmx.target in TABLES:
        response = _table(request, record, htmx.target)
    else:
        response = _whole_page(request, record)
    patch_vary_headers(response, _PARTS)
    return response


def _whole_page(request: HttpRequest, record: Protein) -> HttpResponse:
    page = ProteinPage.read(record, request.GET, request.path)
    editor = edit_links.may_edit(request)
    head = metadata.protein_head(request, record, page.names.gene_ids, page.names.alternate)
    context = {
        "page": page,
        "protein": record,
        "editor": editor,
        "head": head,
        "citation": CiteBox.of(request, head.name, record.get_absolute_url()),
    }
    response = render(request, "proteins/protein.html", context)
    return edit_links.for_editors(response) if editor else response


def _table(request: HttpRequest, record: Protein, name: str) -> HttpResponse:
    """One table alone, which htmx puts in the place of the one that is there."""
    vocabulary, facets = Vocabulary.read(), read_facets(record, name)
    tables = Tables.read(record, request.GET, request.path, vocabulary, facets, [name])
    table = getattr(tables, name)
    editor = edit_links.may_edit(request)
    context = {
        "table": table,
        "protein": record,
        "label": record.label,
        "editor": editor,
    }
    part = "site_section" if name == "sites" else "interaction_section"
    response = render(request, f"proteins/{part}.html", context)
    if table is not None:
        # Without the fields that were left empty, and what was not understood.
        response["HX-Push-Url"] = table.table_url.url()
    return edit_links.for_editors(response) if editor else response


@require_safe
@reads(*ProteinPublicationsForm.names())
@unless_unchanged
def publications(request: HttpRequest, accession: str) -> HttpResponse:
    """All publications that support the interactions of a protein, page by page."""
    record = Protein.objects.select_related("taxon", "change").by_accession(accession).first()
    if record is None:
        return no_such_protein(request, accession)
    page = PublicationsPage.read(record, request.GET)
    if elsewhere := redirected(request, page.path):
        return elsewhere
    context = {"page": page, "protein": record, "form": page.form}
    return render(request, "proteins/protein_publications.html", context)
