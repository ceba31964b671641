"""A figure as a file: SVG or TSV, by the end of its URL.

What a URL does not say right is refused: a figure of something else would be taken for it. Where
there is no data there is no figure (404).
"""

from __future__ import annotations

from typing import Final

from django import forms
from django.http import HttpResponse

from proteins.analysis.species import RETRY_AFTER, NotReadyError
from proteins.domain.identifiers import MAX_TERM_LENGTH
from proteins.drawing.figure import Figure, Size, Theme
from proteins.exports.cells import Words, tsv_values
from proteins.site.drawing_file import drawing_file
from proteins.site.forms import StateForm, choice_field

SUFFIXES: Final = ("svg", "tsv")
_PLAIN: Final = "text/plain; charset=utf-8"
_TSV: Final = "text/tab-separated-values; charset=utf-8"
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
    return drawing_file(figure.drawn(form.drawn_size), figure.label, form.drawn_theme, name)


def _file(content: str, media_type: str, disposition: str) -> HttpResponse:
    return HttpResponse(content, media_type, headers={"Content-Disposition": disposition})
