"""A figure as a file: SVG or TSV, by the end of its URL.

What a URL does not say right is refused: a figure of something else would be taken for it. Where
there is no data there is no figure (404).
"""

from __future__ import annotations

from typing import Final

from django import forms
from django.http import HttpResponse
from django.template.loader import render_to_string

from proteins.analysis.species import RETRY_AFTER, NotReadyError
from proteins.domain.identifiers import MAX_TERM_LENGTH
from proteins.drawing.figure import Figure, Size, Theme, style, style_digest
from proteins.exports.cells import Words, tsv_values
from proteins.site.forms import StateForm, choice_field

SUFFIXES: Final = ("svg", "tsv")
_PLAIN: Final = "text/plain; charset=utf-8"
_TSV: Final = "text/tab-separated-values; charset=utf-8"
#: A drawing that is opened by itself is a document: it may have its own style and nothing else.
_POLICY: Final = (
    "default-src 'none'; style-src {}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_WORDS: Final = Words()


class FigureForm(StateForm):
    """How a figure is drawn: how wide, and in which colours."""

    size = choice_field("Size", "size", [(each.value, each.value) for each in Size])
    theme = choice_field("Theme", "theme", [(each.value, each.value) for each in Theme])

    @property
    def drawn_size(self) -> Size:
        return Size(self.state.get("size", Size.WIDE))

    @property
    def drawn_theme(self) -> Theme:
        return Theme(self.state.get("theme", Theme.SYSTEM))


class IdeogramForm(FigureForm):
    """Beside that, on which assembly: without one, that of most sites."""

    assembly = forms.CharField(required=False, max_length=MAX_TERM_LENGTH)


def refused(form: FigureForm) -> HttpResponse | None:
    """The response to a query that says something else."""
    if form.is_valid():
        return None
    errors = [str(error) for listed in form.errors.values() for error in listed]
    return HttpResponse("\n".join(errors) + "\n", _PLAIN, status=400)


def figure_file(figure: Figure | None, form: FigureForm, name: str, suffix: str) -> HttpResponse:
    """The file of a figure, called `name`; 404 where there is none."""
    if figure is None:
        return HttpResponse("TFLink has no data for this figure.\n", _PLAIN, status=404)
    if suffix == "tsv":
        table = tsv_values([list(figure.columns), *figure.rows], _WORDS)
        return _file(table, _TSV, f'attachment; filename="{name}.tsv"')
    return _drawing(figure, form, name)


def not_ready(error: NotReadyError) -> HttpResponse:
    response = HttpResponse(f"{error}\n", _PLAIN, status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def _drawing(figure: Figure, form: FigureForm, name: str) -> HttpResponse:
    theme = form.drawn_theme
    context = {
        "drawing": figure.drawn(form.drawn_size),
        "label": figure.label,
        "style": style(theme),
        # Of one theme it has a ground: it is for paper, or for another page.
        "has_ground": theme is not Theme.SYSTEM,
    }
    text = render_to_string("proteins/figure_svg.html", context)
    response = _file(text, "image/svg+xml; charset=utf-8", f'attachment; filename="{name}.svg"')
    response["Content-Security-Policy"] = _POLICY.format(style_digest(theme))
    return response


def _file(content: str, media_type: str, disposition: str) -> HttpResponse:
    return HttpResponse(content, media_type, headers={"Content-Disposition": disposition})
