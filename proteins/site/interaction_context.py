"""The context of an interaction: its drawing, in the page and as a file, and all of its routes as a
table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from proteins.caching.conditional import unless_unchanged
from proteins.drawing.context import PHONE, ContextPicture
from proteins.drawing.palette import PALETTES
from proteins.exports.cells import Words, tsv_values
from proteins.models import Interaction
from proteins.queries.interaction_context import Context
from proteins.queries.interaction_page import accessions_of, interaction_of
from proteins.site.forms import StateForm
from proteins.site.network import DRAWING_POLICY, theme_field
from proteins.site.parameters import reads, redirected

_COLUMNS: Final = (
    "relation", "protein", "name", "first_tf", "first_target", "first_effect", "first_tier",
    "second_tf", "second_target", "second_effect", "second_tier",
)  # fmt: skip


class ThemeForm(StateForm):
    theme = theme_field()


def drawings(context: Context) -> dict[str, ContextPicture]:
    """What the page draws: for wide screens, and for phones; nothing where there is no route."""
    if not context.shared and not context.intermediate:
        return {}
    return {"wide": ContextPicture(context), "phone": ContextPicture(context, PHONE)}


@require_safe
@unless_unchanged
def picture(request: HttpRequest, identifier: str) -> HttpResponse:
    context = _requested(request, identifier, "interaction-context-svg")
    if isinstance(context, HttpResponse):
        return context
    form = ThemeForm(request.GET)
    theme = form.state.get("theme", "light")
    if form.errors:
        return HttpResponseBadRequest("The theme is “light” or “dark”.\n", "text/plain")
    drawing = render_to_string(
        "proteins/interaction_context_svg.html",
        {
            "picture": ContextPicture(context, palette=PALETTES[theme]),
            "host": request.build_absolute_uri("/").rstrip("/"),
        },
    )
    return HttpResponse(
        drawing,
        "image/svg+xml; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{_file_name(context, "svg")}"',
            "Content-Security-Policy": DRAWING_POLICY,
        },
    )


@require_safe
@reads()
@unless_unchanged
def table(request: HttpRequest, identifier: str) -> HttpResponse:
    context = _requested(request, identifier, "interaction-context-tsv")
    if isinstance(context, HttpResponse):
        return context
    return HttpResponse(
        tsv_values([_COLUMNS, *_rows(context)], Words()),
        "text/tab-separated-values; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{_file_name(context, "tsv")}"'},
    )


def _rows(context: Context) -> Iterator[tuple[str, ...]]:
    tf, target = context.tf.accession, context.target.accession
    for relation, routes in (
        ("shared regulator", context.shared),
        ("intermediate regulator", context.intermediate),
    ):
        for protein, first, second in routes:
            own = protein.accession
            ends = (tf, own) if relation.startswith("intermediate") else (own, tf)
            yield (
                relation, own, protein.name, *ends, first.effect.label, first.tier.label,
                own, target, second.effect.label, second.tier.label,
            )  # fmt: skip


def _requested(request: HttpRequest, identifier: str, name: str) -> Context | HttpResponse:
    """The context of the requested interaction, or a redirect to its URL."""
    pair = accessions_of(identifier)
    record = interaction_of(*pair) if pair else None
    if record is None:
        raise Http404("TFLink has no such interaction.")
    return redirected(request, reverse(name, args=[record.key])) or _context(record)


def _context(record: Interaction) -> Context:
    if record.tf_id == record.target_id:
        raise Http404("A protein that regulates itself has no context of its own.")
    return Context.read(record)


def _file_name(context: Context, suffix: str) -> str:
    return f"{context.tf.accession}-{context.target.accession}-context.{suffix}".lower()
