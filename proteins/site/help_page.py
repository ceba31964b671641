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
from proteins.drawing.method_mark import method_mark
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
