"""The figures of a protein's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from proteins.caching.conditional import unless_unchanged
from proteins.drawing.figure import Figure
from proteins.drawing.histogram import KINDS, DegreeHistogram
from proteins.drawing.ideogram import Ideogram
from proteins.drawing.matrix import MatrixFigure
from proteins.drawing.support_strip import SupportStrip
from proteins.drawing.years import PublicationYears
from proteins.models import Protein
from proteins.queries.degrees import Side, degrees_of
from proteins.queries.protein_summary import read_facets
from proteins.queries.publication_years import YearNumbers
from proteins.queries.site_places import SitePlaces
from proteins.queries.source_matrix import SourceMatrix
from proteins.site.figures.figure_file import FigureForm, IdeogramForm, figure_file, refused
from proteins.site.not_found import no_such_protein
from proteins.site.parameters import redirected


class Requested(NamedTuple):
    """Of which protein a figure is requested, and on which assembly (of some figures alone)."""

    protein: Protein
    assembly: str


Maker = Callable[[Requested], Figure | None]


def _support(requested: Requested) -> Figure | None:
    sides = (("Regulators", "tfs"), ("Targets", "targets"))
    facets = {side: read_facets(requested.protein, side).popitem()[1] for _, side in sides}
    strip = SupportStrip.of([(label, facets[side].tiers) for label, side in sides])
    return strip if strip.bars else None


def _degree(side: Side) -> Maker:
    def make(requested: Requested) -> Figure | None:
        protein = requested.protein
        own = protein.target_count if side == "targets" else protein.tf_count
        if not own:
            return None
        degrees = degrees_of(side, protein.taxon_id)
        return DegreeHistogram(KINDS[side], str(protein.taxon), degrees, protein.label, own)

    return make


def _years(requested: Requested) -> Figure | None:
    numbers = YearNumbers.of_protein(requested.protein)
    what = f"Primary publications on interactions of {requested.protein.label}"
    return PublicationYears(what, numbers.by_year, numbers.undated) if numbers.by_year else None


def _chromosomes(requested: Requested) -> Figure | None:
    places = SitePlaces.shared(*requested)
    return Ideogram(requested.protein.label, places) if places.drawn else None


def _databases(side: Side) -> Maker:
    def make(requested: Requested) -> Figure | None:
        matrix = SourceMatrix.read(requested.protein, side)
        return MatrixFigure(matrix) if matrix.rows and matrix.columns else None

    return make


#: The figures by name, as in `/protein/p03069/out-degree.svg`.
FIGURES: Final[dict[str, Maker]] = {
    "support": _support,
    "out-degree": _degree("targets"),
    "in-degree": _degree("tfs"),
    "publications-by-year": _years,
    "regulator-databases": _databases("tfs"),
    "target-databases": _databases("targets"),
    "chromosomes": _chromosomes,
}


@require_safe
@unless_unchanged
def protein_figure(request: HttpRequest, accession: str, name: str, suffix: str) -> HttpResponse:
    protein = Protein.objects.by_accession(accession).select_related("taxon").first()
    if protein is None:
        return no_such_protein(request, accession)
    key = protein.accession.lower()
    if elsewhere := redirected(request, reverse(f"protein-{name}-{suffix}", args=[key])):
        return elsewhere
    form = IdeogramForm(request.GET) if name == "chromosomes" else FigureForm(request.GET)
    if answer := refused(form):
        return answer
    requested = Requested(protein, form.state.get("assembly", ""))
    return figure_file(FIGURES[name](requested), form, f"{key}-{name}", suffix)
