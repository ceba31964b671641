"""A drawing of squares, bars or lines as a file with a style of its own."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.template.loader import render_to_string

from proteins.drawing.figure import Drawing, Theme, style, style_digest

#: A drawing that is opened by itself is a document: it may have its own style and nothing else.
_POLICY: Final = (
    "default-src 'none'; style-src {}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def drawing_file(drawing: Drawing, label: str, theme: Theme, name: str) -> HttpResponse:
    """A drawing as a file with a style of its own."""
    context = {
        "drawing": drawing,
        "label": label,
        "style": style(theme),
        # Of one theme it has a ground: it is for paper, or for another page.
        "has_ground": theme is not Theme.SYSTEM,
    }
    text = render_to_string("proteins/figure_svg.html", context)
    headers = {"Content-Disposition": f'attachment; filename="{name}.svg"'}
    response = HttpResponse(text, "image/svg+xml; charset=utf-8", headers=headers)
    response["Content-Security-Policy"] = _POLICY.format(style_digest(theme))
    return response
