"""The figures of a publication: the support of what cites it, and its TFs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from proteins.analysis.coverage import read_coverage
from proteins.analysis.species import NotReadyError
from proteins.caching.conditional import unless_unchanged
from proteins.domain import identifiers
from proteins.drawing.figure import Figure
from proteins.queries.coverage import Coverage
from proteins.site.figures.figure_file import FigureForm, figure_file, not_ready, refused
from proteins.site.parameters import redirected
from proteins.site.publication import support_strip, tf_bars

#: The figures by name, as in `/publication/15343339/tfs.svg`.
FIGURES: Final[dict[str, Callable[[Coverage], Figure]]] = {
    "support": support_strip,
    "tfs": tf_bars,
}


@require_safe
@unless_unchanged
def publication_figure(request: HttpRequest, pmid: str, name: str, suffix: str) -> HttpResponse:
    form = FigureForm(request.GET)
    try:
        number = identifiers.parse_pmid(pmid)
    except identifiers.IdentifierError:
        return figure_file(None, form, name, suffix)
    if elsewhere := redirected(request, reverse(f"publication-{name}-{suffix}", args=[number])):
        return elsewhere
    if answer := refused(form):
        return answer
    coverage = read_coverage(number)
    if coverage is None:
        return not_ready(NotReadyError())
    figure = FIGURES[name](coverage) if coverage.interactions else None
    return figure_file(figure, form, f"pmid-{number}-{name}", suffix)
