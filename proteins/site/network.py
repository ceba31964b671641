"""The neighbourhood of a protein: its page, its drawing and its files."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.contrib.staticfiles import finders
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import json_script
from django.views.decorators.http import require_safe

from proteins.caching.conditional import unless_unchanged
from proteins.domain.evidence import SmallScale
from proteins.domain.tiers import Tier
from proteins.drawing.layout import LABEL_LENGTH
from proteins.drawing.legend import legend
from proteins.drawing.palette import PALETTES
from proteins.drawing.svg import EFFECT_CLASSES, Picture
from proteins.exports import graphs
from proteins.filters.fields import Choices
from proteins.models import Effect, Protein
from proteins.models.querysets import Partner
from proteins.queries.neighbourhood import (
    DEFAULT_LIMIT,
    LIMITS,
    MAX_LIMIT,
    Edge,
    Network,
    Node,
    Role,
    Selection,
    read_network,
)
from proteins.site.cite import CiteBox
from proteins.site.forms import StateForm, choice_field
from proteins.site.not_found import no_such_protein
from proteins.site.parameters import reads, redirected

LIBRARY = "vendor/cytoscape/cytoscape.min.js"
#: A drawing that is opened by itself is a document, which could run scripts and load files.
#: This one has attributes only, and needs nothing.
DRAWING_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


_SIDES: Final[Choices] = [
    ("", "both sides"),
    ("regulators", "regulators only"),
    ("targets", "targets only"),
]
_TIERS: Final[Choices] = [
    ("", "any support"),
    ("repeated", "repeated or better"),
    ("supported", "supported or better"),
    ("strong", "strong only"),
]
_EFFECTS: Final[Choices] = [
    ("", "any effect"),
    ("activation", "activation"),
    ("repression", "repression"),
    ("both", "both"),
]


class NetworkForm(StateForm):
    """Which neighbours to show, and how many. What is not understood is refused: a file or a
    picture of something else would be taken for the requested one."""

    limit = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MAX_LIMIT,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            f"The limit is a number of neighbours, from 1 to {MAX_LIMIT}.",
        ),
    )
    side = choice_field("Show", "side", _SIDES)
    tier = choice_field("Support", "choice of tiers", _TIERS)
    effect = choice_field("Effect", "effect", _EFFECTS)

    @property
    def selection(self) -> Selection:
        state = self.state
        side, tier, effect = (state.get(name, "") for name in ("side", "tier", "effect"))
        sides: dict[str, tuple[Partner, ...]] = {"regulators": ("tf",), "targets": ("target",)}
        least = next((each for each in Tier if each.label == tier), None)
        return Selection(
            int(state.get("limit", DEFAULT_LIMIT)),
            sides.get(side, ("target", "tf")),
            tuple(each for each in Tier if least is not None and each >= least),
            tuple(each for each in Effect if each.name.lower() == effect),
        )

    @property
    def controls(self) -> list[forms.BoundField]:
        return [self[name] for name in ("side", "tier", "effect")]

    def query(self, **changes: str) -> str:
        """The query of a URL with this state; empty for what is shown at first."""
        state = {name: value for name, value in {**self.state, **changes}.items() if value}
        if state.get("limit") == str(DEFAULT_LIMIT):
            del state["limit"]
        state.pop("theme", None)
        return f"?{urlencode(state)}" if state else ""


class PictureForm(NetworkForm):
    theme = forms.ChoiceField(
        required=False,
        choices=[(name, name) for name in PALETTES],
        error_messages={"invalid_choice": "The theme is “light” or “dark”."},
    )


@dataclass(frozen=True)
class Regulation:
    """What one TF of the picture regulates in it: the picture's lines in words."""

    tf: Node
    small_scale: list[Edge] = field(default_factory=list)
    others: list[Edge] = field(default_factory=list)


class _Compact(DjangoJSONEncoder):
    """Without the spaces that would be a tenth of the data."""

    item_separator = ","
    key_separator = ":"


class Choice(NamedTuple):
    """How many neighbours can be shown, and where."""

    limit: int
    url: str
    is_current: bool


@require_safe
@reads("limit", "side", "tier", "effect")
@unless_unchanged
def network_page(request: HttpRequest, accession: str) -> HttpResponse:
    form = NetworkForm(request.GET)
    requested = _requested(request, accession, "protein-network", form)
    if isinstance(requested, HttpResponse):
        return requested
    network, _ = requested
    picture = Picture.of(network)
    context = {
        "protein": network.protein,
        "network": network,
        "picture": picture,
        "legend": legend(),
        "description": describe(network),
        "host": "",
        "regulations": _regulations(network),
        "counts": {role.value: len(network.with_role(role)) for role in Role},
        "form": form,
        "choices": _choices(network, form),
        "query": form.query(),
        "data": json_script(_data(picture), "network-data", _Compact),
        "citation": CiteBox.of(
            request,
            f"Network of {network.protein}, {network.protein.taxon}",
            reverse("protein-network", args=[network.centre.accession.lower()]) + form.query(),
        ),
        "is_interactive": finders.find(LIBRARY) is not None,
    }
    return render(request, "proteins/network.html", context)


@require_safe
@unless_unchanged
def network_picture(request: HttpRequest, accession: str) -> HttpResponse:
    form = PictureForm(request.GET)
    requested = _requested(request, accession, "protein-network-svg", form)
    if isinstance(requested, HttpResponse):
        return requested
    network, state = requested
    context = {
        "network": network,
        "picture": Picture.of(network, state.get("theme", "light")),
        "description": describe(network),
        # Where the file is opened from a disk, its links still lead here.
        "host": request.build_absolute_uri("/").rstrip("/"),
    }
    drawing = render_to_string("proteins/network_svg.html", context)
    return HttpResponse(
        drawing,
        "image/svg+xml; charset=utf-8",
        headers={
            "Content-Disposition": f'inline; filename="{_file_name(network, "svg")}"',
            "Content-Security-Policy": DRAWING_POLICY,
        },
    )


@require_safe
@unless_unchanged
def network_file(request: HttpRequest, accession: str, suffix: str) -> HttpResponse:
    form = NetworkForm(request.GET)
    requested = _requested(request, accession, f"protein-network-{suffix}", form)
    if isinstance(requested, HttpResponse):
        return requested
    network, _ = requested
    kind = graphs.FORMATS[suffix]
    return HttpResponse(
        "".join(kind.network(network)),
        f"{kind.media_type}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{_file_name(network, suffix)}"'},
    )


def _requested(
    request: HttpRequest, accession: str, name: str, form: NetworkForm
) -> tuple[Network, dict[str, str]] | HttpResponse:
    """The requested neighbourhood, or the response where there is none to show."""
    protein = Protein.objects.by_accession(accession).select_related("taxon").first()
    if protein is None:
        return no_such_protein(request, accession)
    url = reverse(name, args=[protein.accession.lower()])
    if elsewhere := redirected(request, url):
        return elsewhere
    state = form.state
    if form.errors:
        context = {"protein": protein, "form": form}
        return render(request, "proteins/network_refused.html", context, status=400)
    return read_network(protein, form.selection), state


def _file_name(network: Network, suffix: str) -> str:
    return f"{network.centre.accession.lower()}-network-{network.limit}.{suffix}"


def describe(network: Network) -> str:
    """The picture in a sentence or two, for whoever does not see it."""
    centre = network.protein.label
    parts = [
        _counted(network, Role.REGULATOR, "protein that regulates it, to its left"),
        _counted(network, Role.TARGET, "protein that it regulates, to its right"),
        _counted(network, Role.BOTH, "protein that does both, above and below"),
    ]
    around = "; ".join(part for part in parts if part) or "no other protein"
    itself = f" {centre} regulates itself." if network.regulates_itself else ""
    return f"{centre} in the middle, and {around}.{itself} Arrows go from regulator to target."


def _counted(network: Network, role: Role, words: str) -> str:
    count = len(network.with_role(role))
    if count > 1:
        words = words.replace("protein", "proteins", 1).replace("that regulates", "that regulate")
        words = words.replace("that does", "that do")
    return f"{count} {words}" if count else ""


def _choices(network: Network, form: NetworkForm) -> list[Choice]:
    """The numbers of neighbours that would show something else than another of them."""
    url = reverse("protein-network", args=[network.centre.accession.lower()])
    # What is not shown is not counted one by one: this is the limit of its neighbours.
    total = network.protein.listed_interactions if network.has_more else len(network.neighbours)
    shown = [LIMITS[0], *(more for less, more in pairwise(LIMITS) if total > less)]
    if len(shown) < 2:
        return []
    return [
        Choice(
            limit,
            url + form.query(limit=str(limit)),
            limit == network.limit,
        )
        for limit in shown
    ]


def _regulations(network: Network) -> list[Regulation]:
    regulations: dict[Node, Regulation] = {}
    for edge in network.edges:
        regulation = regulations.setdefault(edge.tf, Regulation(edge.tf))
        is_small = edge.small_scale == SmallScale.YES
        (regulation.small_scale if is_small else regulation.others).append(edge)
    return [regulations[node] for node in network.nodes if node in regulations]


def _data(picture: Picture) -> dict[str, Any]:
    """What `network.js` draws from; rows of values, not objects, to keep the page light."""
    network, layout = picture.network, picture.layout
    numbers = {node: number for number, node in enumerate(network.nodes)}
    return {
        "file": _file_name(network, "png"),
        "labelLength": LABEL_LENGTH,
        "proteinAddress": reverse("protein", args=["accession"]),
        "interactionAddress": reverse("interaction", args=["TF-TARGET"]),
        "effects": list(EFFECT_CLASSES.values()),
        "middle": [round(layout.half_width * 2, 1), round(layout.half_height * 2, 1)],
        "nodes": [
            [node.accession, node.name, node.role.value, *map(round, layout.points[node])]
            for node in network.nodes
        ],
        "edges": [
            [
                numbers[edge.tf],
                numbers[edge.target],
                edge.effect.value,
                edge.small_scale.value,
                edge.publications,
                edge.databases,
            ]
            for edge in network.edges
        ],
        "palettes": {
            name: {
                "ground": palette.ground,
                "text": palette.text,
                "outline": palette.outline,
                "centreLabel": palette.centre_label,
                **palette.effects,
                **palette.roles,
            }
            for name, palette in PALETTES.items()
        },
    }
