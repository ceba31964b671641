"""The figure of an interaction: which database reports which kind of evidence."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from proteins.caching.conditional import unless_unchanged
from proteins.drawing.evidence_matrix import EvidenceMatrix
from proteins.models import Interaction, Statement
from proteins.queries.documents import documents_of
from proteins.queries.interaction_page import SHOWN_STATEMENTS, accessions_of, interaction_of
from proteins.site.figures.figure_file import FigureForm, figure_file, refused
from proteins.site.parameters import redirected


@require_safe
@unless_unchanged
def interaction_figure(request: HttpRequest, identifier: str, suffix: str) -> HttpResponse:
    pair, form = accessions_of(identifier), FigureForm(request.GET)
    record = interaction_of(*pair) if pair else None
    if record is None:
        return figure_file(None, form, identifier, suffix)
    url = reverse(f"interaction-evidence-{suffix}", args=[record.key])
    if elsewhere := redirected(request, url):
        return elsewhere
    return refused(form) or figure_file(_matrix(record), form, f"{record.key}-evidence", suffix)


def _matrix(record: Interaction) -> EvidenceMatrix | None:
    statements = Statement.objects.of_interaction(record)[:SHOWN_STATEMENTS]
    name = f"{record.tf.label} → {record.target.label}"
    matrix = EvidenceMatrix.of(name, documents_of(record.support_id), statements)
    return matrix if matrix.reports else None
