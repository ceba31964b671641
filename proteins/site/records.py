"""The pages of interactions, publications, source databases, detection methods and species.

Each has one canonical URL; other spellings and former accessions are redirected permanently.
What is not there is answered with 404 and a way on, an interaction that was rejected with 410
and the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from proteins.analysis.conservation import of_interaction
from proteins.caching.conditional import unless_unchanged
from proteins.domain import identifiers
from proteins.models import Citation, Interaction, Taxon
from proteins.queries.interaction_page import (
    InteractionPage,
    accessions_of,
    interaction_of,
    proteins_of,
    rejected_interaction,
)
from proteins.queries.publication_page import Part, Supported
from proteins.queries.reviews import review_of
from proteins.queries.search import find
from proteins.queries.supported_interactions import COUNTED, PAGE_SIZE, WEAKEST, Place
from proteins.queries.vocabulary_page import (
    MethodPage,
    SourcePage,
    SpeciesPage,
    method_of,
    source_of,
)
from proteins.site import edit_links, metadata, page_figures
from proteins.site.cite import CiteBox
from proteins.site.forms import SupportedForm
from proteins.site.interaction_context import drawings
from proteins.site.paging import Head, PageLink, api_files, numbered, sorted_by
from proteins.site.parameters import PLACES, reads, redirected
from proteins.site.publication import ShownPublication


@require_safe
@reads()
@unless_unchanged
def interaction(request: HttpRequest, identifier: str) -> HttpResponse:
    pair = accessions_of(identifier)
    record = interaction_of(*pair) if pair else None
    if record is None and pair is None:
        return _interaction_by_names(request, identifier)
    if record is None:
        if pair and (rejected := rejected_interaction(*pair)) is not None:
            return _rejected(request, rejected)
        tf, target = proteins_of(*pair) if pair else (None, None)
        context: dict[str, Any] = {"pair": pair, "tf": tf, "target": target}
        if pair:
            context["text"] = ""  # not what one would search for
        return _not_here(request, "interaction", identifier, **context)
    if elsewhere := redirected(request, record.get_absolute_url()):
        return elsewhere
    head = metadata.interaction_head(request, record)
    page = InteractionPage.read(record)
    figures = {"evidence_figure": page_figures.evidence_figure(page), **drawings(page.context)}
    conserved = of_interaction(record)
    return _page(request, "interaction", record, page, head, conserved=conserved, **figures)


def _interaction_by_names(request: HttpRequest, identifier: str) -> HttpResponse:
    """Redirect to the interaction that an edited URL (`/interaction/ING1-BAX/`) means, where that
    is one; the redirect is not permanent, as names are not."""
    results = find(identifier, 1, typing=True)
    if isinstance(results.only, Interaction):
        return redirect(results.only)
    return _not_here(request, "interaction", identifier, candidates=results.interactions)


@require_safe
@reads(*SupportedForm.names())
@unless_unchanged
def publication(request: HttpRequest, pmid: str) -> HttpResponse:
    try:
        number = identifiers.parse_pmid(pmid)
    except identifiers.IdentifierError:
        return _not_here(request, "publication", pmid)
    record = Citation.objects.with_pmids([number]).first()
    answer = _supporting(
        request, "publication", record, ShownPublication.read, metadata.publication_head, "pmid"
    )
    return answer or _not_here(request, "publication", pmid, pmid=number)


@require_safe
@reads(*SupportedForm.names())
@unless_unchanged
def source(request: HttpRequest, key: str) -> HttpResponse:
    record = source_of(key) if _is_text(key) else None
    answer = _supporting(request, "source", record, SourcePage.read, metadata.source_head, "key")
    return answer or _not_here(request, "source", key)


@require_safe
@reads(*SupportedForm.names())
@unless_unchanged
def method(request: HttpRequest, name: str) -> HttpResponse:
    record = method_of(name) if _is_text(name) else None
    answer = _supporting(request, "method", record, MethodPage.read, metadata.method_head, "name")
    return answer or _not_here(request, "method", name)


# Its numbers are cached for a while, and their age is no part of any tag.
@require_safe
@reads()
@unless_unchanged
def species(request: HttpRequest, code: str) -> HttpResponse:
    taxa = list(Taxon.objects.all())
    record = next((taxon for taxon in taxa if taxon.code == code.capitalize()), None)
    if record is None:
        return _not_here(request, "species", code, taxa=taxa)
    if elsewhere := redirected(request, record.get_absolute_url()):
        return elsewhere
    head = metadata.species_head(request, record)
    page = SpeciesPage.read(record)
    figures = page_figures.species_figures(record, tfs=bool(page.tfs), targets=bool(page.targets))
    overlap = page_figures.species_overlap(record) if figures else None
    return _page(request, "species", record, page, head, figures=figures, overlap=overlap)


def _supporting(
    request: HttpRequest,
    kind: str,
    record: Any,
    read: Callable[..., Any],
    head_of: Callable[..., metadata.PageHead],
    column: str,
) -> HttpResponse | None:
    """The page of what supports interactions, its canonical URL, or None if it is not public.

    `column` identifies the record to the API's filter of interactions.
    """
    if record is None:
        return None
    if elsewhere := redirected(request, record.get_absolute_url()):
        return elsewhere
    form = SupportedForm(request.GET, options={})
    after, before = (
        place if name in form.state else None
        for name, place in zip(PLACES, _places(request), strict=True)
    )
    page = read(record, Part(form.among, after, before, form.order, form.number))
    if not page.is_public:
        return None
    if not page.supported.is_sortable:
        form.read_by_support(COUNTED)
    is_whole = _is_first(request) and not form.state
    head = head_of(request, record, is_first=is_whole)
    name = "pmid" if kind == "publication" else kind
    chosen = {**form.filters, name: str(getattr(record, column))}
    return _page(
        request,
        kind,
        record,
        page,
        head,
        form=form,
        heads=_heads(request, form, page.supported),
        links=_links(request, form, page.supported),
        api=_api_list(**chosen),
        files=api_files("api-interaction-list", chosen),
    )


#: The orders by which heads sort: of the first click and, where support is read, of the other.
_SORTS: Final = (("Interaction", "tf"), ("Publications", "-publications"))


def _heads(request: HttpRequest, form: SupportedForm, supported: Supported) -> dict[str, Head]:
    """The heads that sort, by their labels; only that of support where there is too much."""
    by_support = form.order in ("", WEAKEST)
    other = "" if form.order else WEAKEST
    direction = "ascending" if form.order else "descending"
    url = _with_query(request, form.step({"sort": other if by_support else ""}))
    heads = {"Support": Head("Support", url, direction * by_support)}
    for label, order in _SORTS if supported.is_sortable else ():
        aria_sort, following = sorted_by(order, form.order)
        heads[label] = Head(label, _with_query(request, form.step({"sort": following})), aria_sort)
    return heads


def _links(request: HttpRequest, form: SupportedForm, supported: Supported) -> list[PageLink]:
    def link(label: str, step: Mapping[str, str]) -> PageLink:
        return PageLink(label, _with_query(request, form.step(step)))

    if supported.number is None:
        return [link(word, step) for word, step in supported.page.steps]
    pages = -(-supported.interactions.number // PAGE_SIZE)
    return numbered(
        supported.number, pages, lambda word, n: link(word, {"page": str(n)} if n > 1 else {})
    )


def _page(
    request: HttpRequest,
    kind: str,
    record: Any,
    page: Any,
    head: metadata.PageHead,
    **more: Any,
) -> HttpResponse:
    editor = edit_links.may_edit(request)
    is_first = _is_first(request)
    context = {
        "head": head,
        "page": page,
        "record": record,
        "path": quote(request.path),
        "editor": editor,
        "citation": CiteBox.of(request, head.name, record.get_absolute_url()),
        **more,
        # A place that could not be read is reported; the first page is shown.
        "is_lost": not is_first and _places(request) == (None, None),
        "is_first": is_first,
    }
    response = render(request, f"proteins/{kind}.html", context)
    return edit_links.for_editors(response) if editor else response


def _with_query(request: HttpRequest, query: dict[str, str]) -> str:
    path = quote(request.path)
    state = urlencode({name: value for name, value in query.items() if value})
    return f"{path}?{state}" if state else path


def _api_list(**chosen: object) -> str:
    """The URL of the same interactions in the API; empty on a site that has none."""
    try:
        return f"{reverse('api-interaction-list')}?{urlencode(chosen)}"
    except NoReverseMatch:
        return ""


def _places(request: HttpRequest) -> tuple[Place | None, Place | None]:
    """Where the page of a list begins, and where it ends; None for what no page links to."""
    after, before = (
        Place.read(values[0]) if len(values := request.GET.getlist(name)) == 1 else None
        for name in PLACES
    )
    return after, before


def _is_first(request: HttpRequest) -> bool:
    """Whether no place is given from which the page of a list would begin."""
    return not any(request.GET.get(name) for name in PLACES)


def _is_text(text: str) -> bool:
    """Whether a database can look it up, and could store it."""
    try:
        return bool(text) and identifiers.parse_text(text, "name") == text
    except identifiers.IdentifierError:
        return False


def _rejected(request: HttpRequest, record: Interaction) -> HttpResponse:
    """Say that an interaction was rejected, when and why; it stays so until a curator reopens
    it, and whoever asks may be told that it is gone (410)."""
    review = review_of(record)
    context = {"record": record, "review": review, "at": review.at if review else None}
    return render(request, "proteins/interaction_rejected.html", context, status=410)


def _not_here(request: HttpRequest, kind: str, requested: str, **more: Any) -> HttpResponse:
    context = {
        "kind": kind,
        "requested": identifiers.shown(requested),
        "text": requested if requested.isprintable() and len(requested) <= 100 else "",
        **more,
    }
    return render(request, "proteins/record_not_found.html", context, status=404)
