"""The figures of a species, and those of all data."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from proteins.analysis.overlap import combinations_of
from proteins.analysis.species import NotReadyError
from proteins.caching.conditional import unless_unchanged
from proteins.drawing.figure import Figure
from proteins.drawing.histogram import KINDS, DegreeHistogram
from proteins.drawing.overlap import SourceOverlap
from proteins.drawing.species_bars import Species, SpeciesBars
from proteins.drawing.years import PublicationYears
from proteins.models import Taxon
from proteins.queries.degrees import Side, degrees_of
from proteins.queries.home import tiers_by_species
from proteins.queries.publication_years import YearNumbers
from proteins.site.figures.figure_file import FigureForm, figure_file, not_ready, refused
from proteins.site.parameters import redirected

#: A figure of a species, or of all where there is none.
Maker = Callable[[Taxon | None], Figure | None]


def _degree(side: Side) -> Maker:
    def make(taxon: Taxon | None) -> Figure | None:
        degrees = degrees_of(side, taxon.pk) if taxon else {}
        return DegreeHistogram(KINDS[side], str(taxon), degrees) if degrees else None

    return make


def _overlap(taxon: Taxon | None) -> Figure | None:
    combinations = combinations_of(taxon.pk if taxon else None)
    of = f" in {taxon}" if taxon else ""
    return SourceOverlap(of, combinations) if combinations else None


def _years(_: Taxon | None) -> Figure | None:
    numbers = YearNumbers.read()
    what = "Primary publications in TFLink"
    return PublicationYears(what, numbers.by_year, numbers.undated) if numbers.by_year else None


def _support(_: Taxon | None) -> Figure | None:
    species = [
        Species(str(taxon), taxon.get_absolute_url(), tiers) for taxon, tiers in tiers_by_species()
    ]
    return SpeciesBars(species) if species else None


#: The figures of a species by name, as in `/species/Sc/out-degree.svg`.
OF_SPECIES: Final[dict[str, Maker]] = {
    "out-degree": _degree("targets"),
    "in-degree": _degree("tfs"),
    "overlap": _overlap,
}
#: Those of all data, as in `/sources/overlap.svg`.
OF_ALL: Final[dict[str, Maker]] = {"overlap": _overlap, "publications-by-year": _years}
#: Those of all species side by side, as in `/species/support.svg`.
OF_ALL_SPECIES: Final[dict[str, Maker]] = {"support": _support}


@require_safe
@unless_unchanged
def species_figure(request: HttpRequest, code: str, name: str, suffix: str) -> HttpResponse:
    taxon = Taxon.objects.filter(code=code.capitalize()).first()
    if taxon is None:
        return figure_file(None, FigureForm(), name, suffix)
    if elsewhere := redirected(request, reverse(f"species-{name}-{suffix}", args=[taxon.code])):
        return elsewhere
    return _answer(request, partial(OF_SPECIES[name], taxon), f"{taxon.code}-{name}", suffix)


@require_safe
@unless_unchanged
def sources_figure(request: HttpRequest, name: str, suffix: str) -> HttpResponse:
    return _answer(request, partial(OF_ALL[name], None), f"tflink-{name}", suffix)


@require_safe
@unless_unchanged
def all_species_figure(request: HttpRequest, name: str, suffix: str) -> HttpResponse:
    return _answer(request, partial(OF_ALL_SPECIES[name], None), f"tflink-species-{name}", suffix)


def _answer(
    request: HttpRequest, make: Callable[[], Figure | None], name: str, suffix: str
) -> HttpResponse:
    form = FigureForm(request.GET)
    if answer := refused(form):
        return answer
    try:
        return figure_file(make(), form, name, suffix)
    except NotReadyError as error:
        return not_ready(error)
