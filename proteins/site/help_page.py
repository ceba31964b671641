"""Help: how to read a page, what the terms mean, what the files hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from proteins.caching.conditional import unless_unchanged
from proteins.domain.glossary import GLOSSARY
from proteins.domain.methods import MARKED, MethodClass
from proteins.domain.tiers import Tier
from proteins.drawing.evidence_matrix import EvidenceMatrix
from proteins.drawing.histogram import DegreeHistogram
from proteins.drawing.ideogram import Ideogram
from proteins.drawing.method_mark import method_mark
from proteins.drawing.overlap import SourceOverlap
from proteins.drawing.species_bars import SpeciesBars
from proteins.drawing.support_strip import SupportStrip
from proteins.drawing.years import PublicationYears
from proteins.exports import sites, statement_table
from proteins.exports.interaction_table import CSV_COLUMNS
from proteins.exports.meanings import MEANINGS
from proteins.queries import visibility
from proteins.site import metadata
from proteins.site.parameters import reads

_FILES: Final[tuple[tuple[str, Iterable[str], Mapping[str, str]], ...]] = (
    ("Interactions (TSV; from Effect on in CSV only)", CSV_COLUMNS, MEANINGS),
    ("Binding sites (TSV, CSV)", sites.COLUMNS, MEANINGS),
    ("Statements (CSV)", statement_table.COLUMNS, statement_table.COLUMNS),
)
#: The data of figures (TSV): the name of each, and whose it is.
_FIGURES: Final[tuple[tuple[str, Mapping[str, str]], ...]] = (
    ("Support of a protein: support.tsv", SupportStrip.columns),
    ("Support by species: support.tsv", SpeciesBars.columns),
    (
        "Targets per TF and regulators per target, of a protein or a species: out-degree.tsv, "
        "in-degree.tsv",
        DegreeHistogram.columns,
    ),
    ("Binding sites along the chromosomes, of a TF: chromosomes.tsv", Ideogram.columns),
    ("Evidence of an interaction by source database: evidence.tsv", EvidenceMatrix.columns),
    ("Combinations of source databases, of a species or all: overlap.tsv", SourceOverlap.columns),
    (
        "Publications by year, of a protein or all: publications-by-year.tsv",
        PublicationYears.columns,
    ),
)


@require_safe
@reads()
@unless_unchanged
def help_page(request: HttpRequest) -> HttpResponse:
    context = {
        "head": metadata.help_head(request),
        "glossary": GLOSSARY.values(),
        "tiers": sorted(Tier, reverse=True),
        "classes": [(each, method_mark([each])) for each in (*MARKED, MethodClass.OTHER)],
        "files": [
            (name, [(column, meanings[column]) for column in columns])
            for name, columns, meanings in _FILES
        ],
        "figures": [(name, columns.items()) for name, columns in _FIGURES],
        "sources": visibility.sources().with_publication().order_by("name", "key"),
    }
    return render(request, "proteins/help.html", context)


@require_safe
@reads()
@unless_unchanged
def statistics(request: HttpRequest) -> HttpResponse:
    """The formulas behind questions about lists of genes."""
    return render(
        request, "proteins/help_statistics.html", {"head": metadata.statistics_head(request)}
    )
