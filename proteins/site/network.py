"""The neighbourhood of a protein: its page, its drawing and its files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from proteins.caching.conditional import unless_unchanged
from proteins.domain import identifiers
from proteins.domain.evidence import SmallScale
from proteins.domain.tiers import Tier
from proteins.drawing.legend import legend
from proteins.drawing.palette import PALETTES
from proteins.drawing.svg import Picture
from proteins.exports import graphs, network_tables
from proteins.filters.fields import Choices
from proteins.models import Effect, Protein
from proteins.models.querysets import Partner
from proteins.queries.neighbourhood import (
    DEFAULT_LIMIT,
    LIMITS,
    MAX_EXPANDED,
    MAX_EXPANSIONS,
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
#: TFs that the page lists; the files have all of them.
_LISTED: Final = 100
#: What is written of a network, by suffix: its media type, and how.
FILES: Final[dict[str, tuple[str, Callable[[Network], Iterable[str]]]]] = {
    **{suffix: (kind.media_type, kind.network) for suffix, kind in graphs.FORMATS.items()},
    **network_tables.FORMATS,
}
#: What says which network it is, in the order of its URLs.
STATE: Final = ("side", "tier", "effect", "limit", "expand")


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
    expand = forms.CharField(required=False, max_length=200)
    side = choice_field("Show", "side", _SIDES)
    tier = choice_field("Support", "choice of tiers", _TIERS)
    effect = choice_field("Effect", "effect", _EFFECTS)

    #: What is expanded adds to the neighbours, and chooses none.
    not_filters = StateForm.not_filters | {"expand"}

    def clean_expand(self) -> str:
        """The accessions as they are written, each once."""
        texts = self.cleaned_data["expand"].split(",") if self.cleaned_data["expand"] else []
        try:
            accessions = list(dict.fromkeys(map(identifiers.parse_accession, texts)))
        except identifiers.IdentifierError as error:
            raise forms.ValidationError(f"What is to be expanded: {error}.") from error
        if len(accessions) > MAX_EXPANSIONS:
            raise forms.ValidationError(f"At most {MAX_EXPANSIONS} proteins can be expanded.")
        return ",".join(accessions)

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
            tuple(filter(None, state.get("expand", "").split(","))),
        )

    @property
    def controls(self) -> list[forms.BoundField]:
        return [self[name] for name in ("side", "tier", "effect")]

    @property
    def rest(self) -> dict[str, str]:
        """The state beside the controls."""
        return {name: self.state[name] for name in ("limit", "expand") if name in self.state}

    def query(self, **changes: str) -> str:
        """The query of a URL with this state; empty for what is shown at first."""
        merged = {**self.state, **changes}
        state = {name: merged[name] for name in STATE if merged.get(name)}
        if state.get("limit") == str(DEFAULT_LIMIT):
            del state["limit"]
        return f"?{urlencode(state, safe=',')}" if state else ""


def theme_field() -> forms.ChoiceField:
    """In whose colours a drawing is."""
    return forms.ChoiceField(
        required=False,
        choices=[(name, name) for name in PALETTES],
        error_messages={"invalid_choice": "The theme is “light” or “dark”."},
    )


class PictureForm(NetworkForm):
    theme = theme_field()


@dataclass(frozen=True)
class Regulation:
    """What one TF of the picture regulates in it: the picture's lines in words."""

    tf: Node
    small_scale: list[Edge] = field(default_factory=list)
    others: list[Edge] = field(default_factory=list)


class Choice(NamedTuple):
    """How many neighbours can be shown, and where."""

    limit: int
    url: str
    is_current: bool


@require_safe
@reads(*STATE)
@unless_unchanged
def network_page(request: HttpRequest, accession: str) -> HttpResponse:
    form = NetworkForm(request.GET)
    requested = _requested(request, accession, "protein-network", form)
    if isinstance(requested, HttpResponse):
        return requested
    network, _ = requested
    regulations = _regulations(network)
    context = {
        "protein": network.protein,
        "network": network,
        "picture": Picture.of(network, toggles=_toggles(network, form)),
        "legend": legend(),
        "description": describe(network),
        "host": "",
        "regulations": regulations[:_LISTED],
        "unlisted": max(0, len(regulations) - _LISTED),
        "form": form,
        "choices": _choices(network, form),
        "query": form.query(),
        "start": form.query(expand=""),
        "file": _file_name(network, "png"),
        "most_expanded": MAX_EXPANDED,
        "library": LIBRARY if finders.find(LIBRARY) is not None else "",
        "citation": CiteBox.of(
            request,
            f"Network of {network.protein}, {network.protein.taxon}",
            reverse("protein-network", args=[network.centre.accession.lower()]) + form.query(),
        ),
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
    media_type, write = FILES[suffix]
    return HttpResponse(
        "".join(write(network)),
        f"{media_type}; charset=utf-8",
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
    names = [network.centre.accession, "network", str(network.limit)]
    names += [node.accession for node in network.expanded]
    return f"{'-'.join(names).lower()}.{suffix}"


def _toggles(network: Network, form: NetworkForm) -> dict[Node, str]:
    """By node the query that expands it, or takes away what it and those that came by it brought
    in."""
    expanded = [node.accession for node in network.expanded]
    toggles = {}
    for node in network.nodes[1:]:
        if node in network.expanded:
            rest = [each for each in expanded if each != node.accession]
            toggles[node] = form.query(expand=",".join(rest)) or "."
        elif network.can_expand:
            toggles[node] = form.query(expand=",".join([*expanded, node.accession]))
    return toggles


def describe(network: Network) -> str:
    """The picture in a sentence or two, for whoever does not see it."""
    centre = network.protein.label
    own = network.neighbours
    parts = [
        _counted(own, Role.REGULATOR, "protein that regulates it, to its left"),
        _counted(own, Role.BOTH, "protein that does both, to its left"),
        _counted(own, Role.TARGET, "protein that it regulates, to its right"),
    ]
    around = "; ".join(part for part in parts if part) or "no other protein"
    itself = f" {centre} regulates itself." if network.regulates_itself else ""
    further = len(network.nodes) - 1 - len(own)
    labels = " and ".join(node.label for node in network.expanded)
    added = f" Further out, {further} neighbours of {labels}." if further else ""
    return (
        f"{centre} in the middle, and {around}.{itself}{added} Arrows go from regulator to target."
    )


def _counted(nodes: Iterable[Node], role: Role, words: str) -> str:
    count = sum(node.role == role for node in nodes)
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
